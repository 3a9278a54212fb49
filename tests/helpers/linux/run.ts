/**
 * Runs the tests of tests/linux in a network namespace of their own, so that no
 * table of this computer is ever touched:
 *
 *   deno run -A tests/helpers/linux/run.ts [options of deno test]
 *
 * Where the kernel does not allow such a namespace, it says so and passes.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { namespaceOption } from "./namespace.ts";
import { MARK } from "./network.ts";

const FOLDER = fileURLToPath(new URL("../../linux", import.meta.url));

function skip(reason: string): never {
  console.error(`SKIPPED: tests/linux did not run: ${reason}`);
  Deno.exit(0);
}

if (Deno.build.os !== "linux") skip("this is not Linux");

const namespace = namespaceOption();
if ("reason" in namespace) skip(namespace.reason);

const { code } = new Deno.Command("unshare", {
  args: [namespace.option, Deno.execPath(), "test", "-A", ...Deno.args, FOLDER],
  env: { [MARK]: "1" },
  stdout: "inherit",
  stderr: "inherit",
}).outputSync();
Deno.exit(code);
