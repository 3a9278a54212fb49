/**
 * Runs the command on an emulated processor, where a new process costs seconds:
 * inside the process of a test, or in one of its own with much patience.
 *
 * @module
 */

import { assert } from "@std/assert";
import { main } from "../../../cli.ts";
import { CLI, type Ran } from "./command.ts";

/** `neighbor` with these arguments; what it prints is kept. */
export async function mainHere(...words: readonly string[]): Promise<Ran> {
  const kept = [keep(Deno.stdout), keep(Deno.stderr)] as const;
  try {
    const code = await main(words);
    const [stdout, stderr] = [kept[0].text(), kept[1].text()];
    return { code, stdout, stderr };
  } finally {
    for (const one of kept) one.restore();
  }
}

type Stream = Pick<typeof Deno.stdout, "write" | "writeSync">;

/** Keeps what is written to a stream. */
function keep(stream: Stream): { text(): string; restore(): void } {
  const { write, writeSync } = stream;
  const decoder = new TextDecoder();
  let text = "";
  stream.writeSync = (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    return bytes.length;
  };
  stream.write = (bytes) => Promise.resolve(stream.writeSync(bytes));
  return {
    text: () => text,
    restore() {
      Object.assign(stream, { write, writeSync });
    },
  };
}

/** The command in a process of its own, which a signal ends. */
export class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  /** What it has printed. */
  text = "";
  readonly #read: Promise<void>;

  constructor(...words: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", CLI, ...words],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#read = this.#collect();
  }

  async #collect(): Promise<void> {
    const { stdout } = this.#child;
    for await (const one of stdout.pipeThrough(new TextDecoderStream())) {
      this.text += one;
    }
  }

  /** Waits for a line that matches. */
  async line(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.text), `${pattern}`);
  }

  /** Interrupts it; returns its exit code. */
  async interrupt(): Promise<number> {
    this.#child.kill("SIGINT");
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended
    }
    await this.#child.status;
    await this.#read;
  }
}

/** Waits until something is so; five minutes at most, because a guest is slow. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 300_000;
  while (!holds()) {
    assert(performance.now() < end, `not within five minutes: ${what}`);
    await new Promise((go) => setTimeout(go, 20));
  }
}
