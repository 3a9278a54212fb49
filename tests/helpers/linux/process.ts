/**
 * Programs of their own on the network of a test: scripts that import this
 * package, and the command while it runs.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { LIBC_PATHS } from "../../../ffi/linux/netlink/libc.ts";
import { soon } from "./watching.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The import line of a script. */
export const MOD: string = new URL("../../../mod.ts", import.meta.url).href;

/** The arguments of `deno run`. */
export function words(...grants: readonly string[]): string[] {
  return [
    ...["run", "--quiet", "--no-prompt", "--no-check", "--no-lock"],
    ...["--config", `${ROOT}/deno.json`, ...grants],
  ];
}

/** Runs a script, a minute at most; returns its output. */
export async function script(
  source: string,
  ...grants: readonly string[]
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...words("--allow-ffi", ...grants), "-"],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  clearTimeout(late);
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout).trim();
}

/** A running command and the lines it prints. */
export class Command implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, ...args: string[]) {
    this.#child = new Deno.Command(command, {
      args,
      cwd: ROOT,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
  }

  /** The next line; `undefined` after the last. */
  async line(): Promise<string | undefined> {
    const { value, done } = await soon(this.#lines.next());
    return done === true ? undefined : value;
  }

  /** Sends a signal and waits for the end; returns the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // The process has ended already
    }
    await this.#lines.return?.();
    await this.#child.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>) {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** The C library, by the path that a scoped grant names. */
export const LIBC: string | undefined = LIBC_PATHS[Deno.build.arch].find(
  (path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  },
);
