/**
 * Runs cli.ts in a child process, on the network of a test.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** The path of cli.ts. */
export const CLI: string = fileURLToPath(
  new URL("../../../cli.ts", import.meta.url),
);

/** The exit code and the output of a command. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with the permission README names, and text on its stdin. */
export async function neighbor(
  words: readonly string[],
  stdin = "",
  permission: readonly string[] = ["--allow-ffi"],
): Promise<Ran> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permission, CLI, ...words],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // A command with a usage mistake does not read its input
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
