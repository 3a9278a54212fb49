/**
 * Prints the lines of a streamed answer, by its kind.
 *
 * @module
 */

import { type Kind, lostLine } from "./answer.ts";
import { Outlet, type Text } from "./outlet.ts";
import { toJson } from "./json.ts";
import type { AsyncStream } from "./stream.ts";

/** Options of a printer. */
export interface PrinterOptions {
  readonly stdout: AsyncStream;
  readonly stderr: AsyncStream;
  readonly kind: Kind;
  readonly asJson: boolean;
  /** Stops a watch whose reader is gone. */
  readonly stop: () => void;
  /** Resolves at an interrupt. */
  readonly stopped: Promise<void>;
}

/**
 * Prints lines to standard output and standard error, by the kind of the answer:
 *
 * - `finite`: waits for a slow reader, goes on if the reader has gone
 * - `watch`: waits for a slow reader, ends if the reader has gone
 * - `guard`: drops lines where the reader stalls, and counts them
 */
export class Printer {
  readonly #out: Outlet;
  readonly #err: Outlet;
  readonly #kind: Kind;
  readonly #stopped: Promise<void>;

  /** Takes the streams and the kind of the answer. */
  constructor(options: PrinterOptions) {
    const { stdout, stderr, kind, asJson, stop } = options;
    const drops = kind === "guard";
    const lost = (count: number) => {
      const { json, text } = lostLine(count);
      return (asJson ? toJson(json) : text) + "\n";
    };
    this.#kind = kind;
    this.#stopped = options.stopped;
    this.#err = new Outlet(stderr, { drops, lost, failed() {} });
    this.#out = new Outlet(stdout, {
      drops,
      lost,
      failed: ({ message }) => {
        if (kind === "watch") stop();
        if (kind !== "guard") return;
        this.#err.put(
          `neighbor: ${message}: the guard continues without output\n`,
        );
      },
    });
  }

  /** Prints to standard output. */
  async out(text: Text): Promise<void> {
    await this.#put(text, this.#out, this.#err);
  }

  /** Prints to standard error. */
  async err(text: string): Promise<void> {
    await this.#put(text, this.#err, this.#out);
  }

  /**
   * Waits until everything was written; after an interrupt only while the reader
   * keeps reading. Returns whether standard output is complete, and the error of
   * writing it. A reader that has gone is not an error.
   */
  async end(): Promise<{ isWhole: boolean; error?: Error }> {
    const written = Promise.all([this.#out.drained(), this.#err.drained()]);
    await Promise.race([written, this.#stopped]);
    const isWhole = await this.#out.drainedOrStalled();
    await this.#err.drainedOrStalled();
    const { error } = this.#out;
    return error === undefined || error instanceof Deno.errors.BrokenPipe
      ? { isWhole }
      : { isWhole, error };
  }

  async #put(text: Text, outlet: Outlet, other: Outlet): Promise<void> {
    if (this.#kind === "finite") {
      // A terminal shows both streams, so their order must be kept
      await Promise.race([other.drained(), this.#stopped]);
    }
    outlet.put(text);
    if (outlet.isFull) await Promise.race([outlet.room(), this.#stopped]);
  }
}
