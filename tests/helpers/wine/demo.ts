/**
 * `deno task demo:windows`: the main job, by the real deno.exe under Wine, in a network of its own: an entry before and after,
 * with the Linux kernel's own `ip neigh` as witness. Nothing of the machine's own table is touched.
 */
import {
  enterSession,
  exitWith,
  type InSession,
  type Session,
} from "./session.ts";

const ADDRESS = "192.0.2.7";
const KEY = ["--interface", "Ethernet"];

/** Shows the commands as they run; the first that fails ends it with its exit code. */
export const inSession: InSession = async (session) => {
  await witness(session, "neigh", "replace", ADDRESS, ...lladdr(1));
  await witness(session, "neigh", "show", ADDRESS);
  for (
    const words of [
      ["set", ADDRESS, "02-fc-00-00-00-05", ...KEY],
      ["list", "--subnet", "192.0.2.0/29"],
    ]
  ) {
    const code = await neighbor(session, words);
    if (code !== 0) return code;
  }
  const after = await witness(session, "neigh", "show", ADDRESS);
  if (after.includes("02:fc:00:00:00:05")) return 0;
  console.error("The kernel's table did not change");
  return 1;
};

function lladdr(last: number): string[] {
  return ["lladdr", `02:fc:00:00:00:0${last}`, "dev", "Ethernet"];
}

async function neighbor(
  session: Session,
  words: readonly string[],
): Promise<number> {
  console.log(`> deno run --allow-ffi cli.ts ${words.join(" ")}`);
  const { code, stdout, stderr } = await session.denoExe([
    ...["run", "--quiet", "--cached-only", "--allow-ffi", "cli.ts"],
    ...words,
  ]).output();
  console.log(new TextDecoder().decode(stdout));
  if (code !== 0) console.error(new TextDecoder().decode(stderr));
  return code;
}

async function witness(
  session: Session,
  ...words: string[]
): Promise<string> {
  console.log(`$ ip ${words.join(" ")}`);
  const { stdout, stderr } = await session.ip(...words);
  console.log(stdout + stderr);
  return stdout;
}

if (import.meta.main) {
  await exitWith(enterSession(import.meta.url, Deno.args, ["cli.ts"]));
}
