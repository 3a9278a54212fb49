/**
 * Where lines go that come as the work goes on: written behind its back, so
 * that a reader who stalls stops neither the work nor a signal.
 *
 * @module
 */

/** As much of a stream as is needed. */
export interface Sink {
  write(bytes: Uint8Array): Promise<number>;
}

/** How an outlet deals with its reader. */
export interface OutletOptions {
  /** Drops lines when there is no room, rather than ask for patience. */
  readonly drops: boolean;
  /** The line that tells how many were dropped, once there is room. */
  readonly lost: (lines: number) => string;
  /** Is called at the first write that fails. */
  readonly failed: (error: Error) => void;
}

/** Characters that wait at the most. */
const MOST_WAITING = 256 * 1024;

/** A queue of lines before a stream. */
export class Outlet {
  readonly #sink: Sink;
  readonly #options: OutletOptions;
  #lines: string[] = [];
  #length = 0;
  #lost = 0;
  #isGone = false;
  #pump: Promise<void> | undefined;
  /** The first write that failed. */
  error: Error | undefined;

  /** Writes to a stream from then on. */
  constructor(sink: Sink, options: OutletOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** Takes a line; never waits. */
  put(line: string): void {
    if (this.#isGone || (this.#options.drops && this.isFull)) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0) this.#queue(this.#options.lost(this.#lost));
    this.#lost = 0;
    this.#queue(line);
    this.#pump ??= this.#run();
  }

  /** Whether who can wait should. */
  get isFull(): boolean {
    return this.#length > MOST_WAITING;
  }

  /** Resolves when everything was written, or nothing ever will be. */
  async drained(): Promise<void> {
    await this.#pump;
  }

  #queue(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
  }

  async #run(): Promise<void> {
    while (this.#lines.length > 0 && !this.#isGone) {
      const lines = this.#lines;
      this.#lines = [];
      try {
        let bytes = new TextEncoder().encode(lines.join(""));
        while (bytes.length > 0) {
          bytes = bytes.subarray(await this.#sink.write(bytes));
        }
      } catch (error) {
        // How many of them were written nobody knows
        this.#lost += lines.length;
        this.#fail(error);
      }
      this.#length = this.#lines.reduce((sum, line) => sum + line.length, 0);
    }
    this.#pump = undefined;
  }

  #fail(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(`${cause}`);
    if (error instanceof Deno.errors.BrokenPipe) {
      this.#isGone = true;
      this.#lines = [];
    }
    if (this.error === undefined) this.#options.failed(error);
    this.error ??= error;
  }
}
