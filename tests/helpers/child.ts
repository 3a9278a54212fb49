/**
 * Runs code of this checkout in a child process, with only the permissions that a
 * test names.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** The exit code and the output of a child process. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DECODER = new TextDecoder();

async function deno(args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  return {
    code,
    stdout: DECODER.decode(stdout),
    stderr: DECODER.decode(stderr),
  };
}

/** Runs `deno run cli.ts …` without any permission and without prompts. */
export function runCli(...args: readonly string[]): Promise<Ended> {
  return deno([
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "cli.ts",
    ...args,
  ]);
}

/** Runs a module's text in the checkout's folder, without any permission. */
export async function runScript(source: string): Promise<Ended> {
  const url = `data:application/typescript,${encodeURIComponent(source)}`;
  const quiet = ["--quiet", "--no-prompt", "--no-check"];
  return await deno(["run", ...quiet, "--config", "deno.json", url]);
}

/** The start of a script that makes Deno believe it runs on another system. */
export function pretend(os: string): string {
  return `Object.defineProperty(Deno, "build", {
    value: { ...Deno.build, os: ${JSON.stringify(os)} },
  });\n`;
}

/** The checkout's own module as an import from anywhere. */
export function urlOf(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}
