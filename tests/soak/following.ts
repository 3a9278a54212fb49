/**
 * The command as a process that stays, followed line by line, and what it costs.
 *
 * @module
 */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { words } from "../helpers/linux/process.ts";
import { pause } from "../helpers/pause.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Of `/proc/PID/stat`, per second. */
const TICKS = 100;

/** A line of `--json`. */
export type JsonLine = Readonly<Record<string, unknown>>;

/** A command that stays until it is ended. */
export class Following implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;
  #complaints = "";

  /** Starts it; each line of its standard output goes to `take`. */
  constructor(verb: string, args: string[], take: (line: JsonLine) => void) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...words("--allow-ffi", "--allow-read"),
        ...["cli.ts", verb, ...args, "--json"],
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = this.#follow(take);
  }

  async #follow(take: (line: JsonLine) => void): Promise<void> {
    const complaining = (async () => {
      const text = this.#child.stderr.pipeThrough(new TextDecoderStream());
      for await (const part of text) this.#complaints += part;
    })();
    let rest = "";
    const text = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      const lines = (rest + part).split("\n");
      rest = lines.pop()!;
      for (const line of lines) take(JSON.parse(line));
    }
    await complaining;
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Its open descriptors. */
  descriptors(): number {
    return [...Deno.readDirSync(`/proc/${this.#child.pid}/fd`)].length;
  }

  /** What it has in memory, in MiB. */
  memory(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#child.pid}/status`);
    return Number(/VmRSS:\s+([0-9]+)/.exec(status)![1]) / 1024;
  }

  /** The share of a processor that it takes for so many milliseconds, in percent. */
  async load(milliseconds: number): Promise<number> {
    const used = () => {
      const stat = Deno.readTextFileSync(`/proc/${this.#child.pid}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    };
    const before = used();
    const start = performance.now();
    await pause(milliseconds);
    return 100_000 * (used() - before) / (performance.now() - start);
  }

  /** Ends it as a user does; it is to end well. */
  async end(): Promise<void> {
    this.#child.kill("SIGINT");
    await this.#read;
    const { code } = await this.#child.status;
    assert(code === 0, `it ended with ${code}: ${this.#complaints}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended
    }
    await this.#read.catch(() => {});
    await this.#child.status;
  }
}
