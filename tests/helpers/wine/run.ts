/**
 * `deno task test:windows`: the tests of tests/windows/ with a Windows Deno. On Windows that is the one that runs this;
 * on Linux it is deno.exe under Wine, in a session of its own. Arguments go to `deno test`.
 */
import { denoVersion } from "./parts.ts";
import { linuxDeno, places } from "./places.ts";
import { enterSession, exitWith, type InSession } from "./session.ts";

/** Runs the tests in a session, showing their output as it comes and counting from its summary. */
export const inSession: InSession = async (session, given) => {
  // `deno task` hands the "--" before its arguments over
  const args = given[0] === "--" ? given.slice(1) : given;
  const lock = await hasLock() ? ["--frozen"] : [];
  const words = ["test", "--allow-all", ...lock, "--cached-only", ...args];
  if (!args.some((arg) => arg.endsWith(".ts"))) words.push("tests/windows/");
  const child = session.denoExe(words, {
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();

  const summary = /(\d+ passed[^\n(]*)/;
  let last = "";
  for await (const chunk of child.stdout) {
    for (let at = 0; at < chunk.length;) {
      at += await Deno.stdout.write(chunk.subarray(at));
    }
    last = (last + new TextDecoder().decode(chunk)).slice(-4000);
  }
  const { code } = await child.status;
  const counted =
    summary.exec(last.slice(last.search(/^(ok|FAILED) \| /m)))?.[1]?.trim() ??
      "no summary";
  console.log(
    `deno.exe ${denoVersion} under Wine: ${counted}, exit code ${code}`,
  );
  return code;
};

async function hasLock(): Promise<boolean> {
  return await Deno.stat(`${places.checkout}/deno.lock`).then(
    () => true,
    () => false,
  );
}

/** Everything that deno.exe may load: the tests, what they import, and the command they start. */
async function modules(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(`${places.checkout}/${folder}`)
  ) {
    if (isDirectory) found.push(...await modules(`${folder}/${name}`));
    else if (name.endsWith(".ts")) found.push(`${folder}/${name}`);
  }
  return found;
}

async function testOnWindows(args: string[]): Promise<number> {
  const child = new Deno.Command(linuxDeno, {
    args: ["test", "--allow-all", ...args, "tests/windows/"],
    cwd: places.checkout,
  }).spawn();
  return (await child.status).code;
}

if (import.meta.main) {
  if (Deno.build.os === "windows") Deno.exit(await testOnWindows(Deno.args));
  const cache = ["cli.ts", "mod.ts", ...await modules("tests/windows")];
  await exitWith(enterSession(import.meta.url, Deno.args, cache));
}
