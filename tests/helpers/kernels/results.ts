/**
 * What a guest leaves of its tests: a report and an exit code for each file.
 *
 * @module
 */

import { readJunit, type TestResult } from "../run.ts";
import type { Cause } from "../skipped.ts";

/** How long a file may take: emulation is slow, and slower on a busy computer. */
export const FILE_MINUTES = 30;

// The exit codes of `timeout` where the time was up
const LATE = [124, 137];

/** A file that was not begun, because the minutes for its kernel were over. */
export const UNREACHED: Cause = {
  missing: "the minutes that were given to this kernel were over",
  remedy: "deno task test:kernels with more --minutes, or without",
};
const UNREACHED_CODE = "unreached";

/**
 * The lines of the guest's script that run the files with the command; after so
 * many minutes since its boot, no further file is begun.
 */
export function filesScript(
  files: readonly string[],
  command: string,
  minutes = Infinity,
  seconds = FILE_MINUTES * 60,
): string {
  const end = Number.isFinite(minutes)
    ? `
  if [ "$(cut -d. -f1 /proc/uptime)" -ge ${minutes * 60} ]; then
    echo ${UNREACHED_CODE} >"$out/$name.code"
    continue
  fi`
    : "";
  return `
# A process each: one that hangs or crashes takes no other file along
for file in ${files.join(" ")}; do
  name=$(basename "$file")${end}
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
    if (code === UNREACHED_CODE) {
      results.push({ name: `all of ${file}`, file, outcome: "skipped" });
      continue;
    }
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
