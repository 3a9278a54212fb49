/**
 * The completions in a real shell, in a folder of its own, with interfaces that
 * a test makes up.
 *
 * @module
 */

import { completionScript } from "../../cli/completions/script.ts";
import { INTERFACES } from "../../cli/completions/words.ts";
import type { Shell } from "../../cli/usage/verbs.ts";
import { type Cause, notInstalled, skip } from "./skipped.ts";

/** Device names; a shell that evaluated the last two would run a command. */
export const DEVICES = ["eth0", "eth1", "wlan0", "$(touch>p)", "a;b"] as const;

/** A program that a test runs. */
export type Run = (
  command: string,
  args: readonly string[],
  stdin: string,
) => Promise<string>;

/** The environment of a test: a folder that contains only `pins.json`. */
export interface Bench {
  /** The path of the script. */
  readonly script: string;
  /** The output of the program, on both streams. */
  readonly run: Run;
}

/** A test of one shell, skipped with a message where it is missing. */
export function shellTest(
  shell: Exclude<Shell, "powershell">,
  name: string,
  test: (bench: Bench) => Promise<void>,
): void {
  const missing = missingShell(shell);
  if (missing !== undefined) skip(name, missing);
  Deno.test({
    name,
    ignore: missing !== undefined,
    async fn() {
      const root = await Deno.makeTempDir();
      try {
        for (const device of DEVICES) {
          await Deno.mkdir(`${root}/net/${device}`, { recursive: true });
        }
        // Not every name there is a device
        await Deno.writeTextFile(`${root}/net/bonding_masters`, "");
        const script = `${root}/neighbor.${shell}`;
        const text = completionScript(shell)
          .replaceAll(INTERFACES, `${root}/net`);
        await Deno.writeTextFile(script, text);
        const cwd = `${root}/work`;
        await Deno.mkdir(cwd);
        await Deno.writeTextFile(`${cwd}/pins.json`, "");
        await test({ script, run: runner(cwd) });
        const left = [...Deno.readDirSync(cwd)].map((one) => one.name);
        if (left.length !== 1) throw new Error(`It left ${left.join(", ")}`);
      } finally {
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}

function missingShell(shell: string): Cause | undefined {
  if (Deno.build.os === "windows") {
    return {
      missing: "Windows has none of these shells",
      remedy: "on Linux: deno task test",
    };
  }
  try {
    new Deno.Command(shell, { args: ["-c", ":"], stdin: "null" }).outputSync();
    return undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return notInstalled(shell);
  }
}

function runner(cwd: string): Run {
  return async (command, args, stdin) => {
    const child = new Deno.Command(command, {
      args: [...args],
      cwd,
      env: { HOME: "/nonexistent", HISTFILE: "/dev/null", TERM: "dumb" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
    const { stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout) + decoder.decode(stderr);
  };
}
