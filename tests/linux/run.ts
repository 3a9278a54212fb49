/**
 * Runs the tests of this folder in a network namespace of their own, so that no
 * table of this computer is ever touched:
 *
 *   deno run -A tests/linux/run.ts [options of deno test]
 *
 * Where the kernel does not allow such a namespace, it says so and passes.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { MARK } from "./network.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

function skip(reason: string): never {
  console.error(`SKIPPED: tests/linux did not run: ${reason}`);
  Deno.exit(0);
}

if (Deno.build.os !== "linux") skip("this is not Linux");

/** Whether a program runs here and succeeds. */
function works(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

if (!works("ip", "-V")) skip("there is no ip (iproute2) to tell the truth");
if (!works("unshare", "-rn", "true")) skip("unshare -rn is not allowed");

const { code } = new Deno.Command("unshare", {
  args: ["-rn", Deno.execPath(), "test", "-A", ...Deno.args, FOLDER],
  env: { [MARK]: "1" },
  stdout: "inherit",
  stderr: "inherit",
}).outputSync();
Deno.exit(code);
