/**
 * How lines reach their reader, by the kind of the answer.
 *
 * @module
 */

import { type Kind, lostLine } from "./answer.ts";
import { Outlet, type Text } from "./outlet.ts";
import { toJson } from "./json.ts";
import type { AsyncStream } from "./stream.ts";

/** What a printer has to know. */
export interface PrinterOptions {
  readonly stdout: AsyncStream;
  readonly stderr: AsyncStream;
  readonly kind: Kind;
  readonly asJson: boolean;
  /** Ends work that has no end of its own. */
  readonly stop: () => void;
  /** Resolves when somebody has asked for the end. */
  readonly stopped: Promise<void>;
}

/**
 * Lines for standard output and standard error. Finite work waits for its
 * reader, in whose absence it goes on. So does a watch, which ends without one.
 * A guard waits while its reader reads: else lines are dropped, and counted.
 */
export class Printer {
  readonly #out: Outlet;
  readonly #err: Outlet;
  readonly #kind: Kind;
  readonly #stopped: Promise<void>;

  /** Prints to the streams from then on. */
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
        this.#err.put(`neighbor: ${message}: the guard goes on unheard\n`);
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
   * Waits for what is under way, after a stop as long as the reader reads.
   * Answers whether standard output took all of it, and what it could not be
   * written for: that the reader has gone is the reader's own affair.
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
      // A terminal shows both: there the order counts
      await Promise.race([other.drained(), this.#stopped]);
    }
    outlet.put(text);
    if (outlet.isFull) await Promise.race([outlet.room(), this.#stopped]);
  }
}
