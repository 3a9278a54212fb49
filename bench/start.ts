/**
 * What the command costs before it does anything, beside Deno doing nothing.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Pair } from "./ratio.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

function deno(...args: string[]): () => void {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
    stdin: "null",
  });
  return () => {
    const { success, stderr } = command.outputSync();
    if (success) return;
    throw new Error(
      `deno ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`,
    );
  };
}

/** The pairs that start a process each time. */
export function startPairs(): Pair[] {
  return [{
    name: "cli.ts --version",
    by: "deno eval ''",
    subject: deno("run", "--allow-ffi", "cli.ts", "--version"),
    reference: deno("eval", ""),
    calls: 1,
    rounds: 60,
    target: 1.5,
  }];
}
