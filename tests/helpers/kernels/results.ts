/**
 * What a guest leaves of its tests: a report and an exit code for each file.
 *
 * @module
 */

import { readJunit, type TestResult } from "../run.ts";

/** How long a file may take: emulation is slow, and slower on a busy computer. */
export const FILE_MINUTES = 10;

// The exit codes of `timeout` where the time was up
const LATE = [124, 137];

/** The lines of the guest's script that run the files with the command. */
export function filesScript(
  files: readonly string[],
  command: string,
  seconds = FILE_MINUTES * 60,
): string {
  return `
# A process each: one that hangs or crashes takes no other file along
for file in ${files.join(" ")}; do
  name=$(basename "$file")
  timeout -k 5 ${seconds} ${command} "--junit-path=$out/$name.xml" "$file"
  echo $? >"$out/$name.code"
done
`;
}

/**
 * The results of all tests. A file that ended early, late or not at all counts as
 * one failed test, unless its report has a failure.
 */
export async function readResults(
  out: string,
  files: readonly string[],
): Promise<TestResult[]> {
  const results: TestResult[] = [];
  const read = (name: string) =>
    Deno.readTextFile(`${out}/${name}`).catch(() => "");
  for (const file of files) {
    const name = file.split("/").at(-1)!;
    const ofFile = readJunit(await read(`${name}.xml`));
    results.push(...ofFile);
    const code = (await read(`${name}.code`)).trim();
    if (ofFile.some(({ outcome }) => outcome === "failed")) continue;
    if (code === "0" && ofFile.length > 0) continue;
    const why = code === ""
      ? "the guest ended before it"
      : LATE.includes(Number(code))
      ? `it had not ended after ${FILE_MINUTES} minutes`
      : code === "0"
      ? "it has no test"
      : `it ended with ${code}`;
    results.push({ name: `${file}: ${why}`, file, outcome: "failed" });
  }
  return results;
}
