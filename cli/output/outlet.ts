/**
 * A queue of lines that are written to a stream in the background, so that a
 * stalled reader blocks neither the work nor a signal.
 *
 * @module
 */

import { type AsyncStream, writeAsync } from "./stream.ts";

/** A line, or the pieces of a long one, which are made when written. */
export type Text = string | Iterable<string>;

/** Options of an outlet. */
export interface OutletOptions {
  /**
   * For work without an end: lines are dropped where the reader stalls, and
   * writing continues after a write that failed.
   */
  readonly drops: boolean;
  /** Makes the line with the number of dropped lines, printed once there is room. */
  readonly lost: (lines: number) => string;
  /** Called at the first write that fails. */
  readonly failed: (error: Error) => void;
}

/** The most characters that are queued, apart from one longer line. */
const MOST_WAITING = 256 * 1024;
/** Characters in one write. */
const CHUNK = 64 * 1024;
/** Milliseconds for one write, after which the reader counts as stalled. */
const PATIENCE = 1000;

/** A queue of lines for a stream. */
export class Outlet {
  readonly #stream: AsyncStream;
  readonly #options: OutletOptions;
  readonly #queue: Text[] = [];
  #length = 0;
  #lost = 0;
  #isClosed = false;
  #pump: Promise<void> | undefined;
  /** When the current write began. */
  #writeStart = 0;
  #written = Promise.withResolvers<void>();
  /** The error of the first write that failed. */
  error: Error | undefined;

  /** Takes the stream; it is written to once a line is put. */
  constructor(stream: AsyncStream, options: OutletOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Queues a line, or drops it; never waits. */
  put(line: Text): void {
    if (this.#isClosed || (this.#options.drops && this.isFull)) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0) this.#add(this.#options.lost(this.#lost));
    this.#lost = 0;
    this.#add(line);
    this.#pump ??= this.#run();
  }

  /** Whether the caller should wait. */
  get isFull(): boolean {
    return this.#length > MOST_WAITING;
  }

  /** Resolves when there is room; where lines may be dropped, also at a stall. */
  async room(): Promise<void> {
    while (this.isFull && await this.#waitForWrite(this.#options.drops)) {
      // Until it is no longer full
    }
  }

  /** Resolves when everything was written, or nothing more can be. */
  async drained(): Promise<void> {
    await this.#pump;
  }

  /** Also resolves when the reader stalls; whether everything was written. */
  async drainedOrStalled(): Promise<boolean> {
    while (this.#pump !== undefined) {
      if (!await this.#waitForWrite(true)) return false;
    }
    return true;
  }

  /** Waits for the current write; `false` where the reader stalls meanwhile. */
  async #waitForWrite(mayStall: boolean): Promise<boolean> {
    const written = this.#written.promise.then(() => true);
    if (!mayStall) return await written;
    const left = this.#writeStart + PATIENCE - performance.now();
    if (left <= 0) return false;
    const stalled = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => stalled.resolve(false), left);
    try {
      return await Promise.race([written, stalled.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #add(line: Text): void {
    this.#queue.push(line);
    this.#length += lengthOf(line);
  }

  async #run(): Promise<void> {
    let lines = 0;
    const chunks = this.#chunks(() => lines++);
    while (!this.#isClosed) {
      const { value, done } = chunks.next();
      if (done) break;
      this.#writeStart = performance.now();
      try {
        await writeAsync(this.#stream, value);
      } catch (error) {
        // How many of them were written is not known, so all count as lost
        this.#lost += lines;
        this.#fail(error);
      }
      lines = 0;
      this.#written.resolve();
      this.#written = Promise.withResolvers();
    }
    this.#pump = undefined;
  }

  /** The queued lines in chunks, including those queued meanwhile. */
  *#chunks(counted: () => void): Generator<string> {
    let chunk = "";
    for (let line; (line = this.#queue.shift()) !== undefined;) {
      counted();
      for (const piece of typeof line === "string" ? [line] : line) {
        chunk += piece;
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = "";
      }
      this.#length -= lengthOf(line);
      if (this.#queue.length > 0 || chunk === "") continue;
      yield chunk;
      chunk = "";
    }
  }

  #fail(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(`${cause}`);
    const isGone = error instanceof Deno.errors.BrokenPipe;
    if (isGone || !this.#options.drops) {
      this.#isClosed = true;
      this.#queue.length = 0;
      this.#length = 0;
    }
    if (this.error === undefined) this.#options.failed(error);
    this.error ??= error;
  }
}

/** The length of a line; one in pieces, not made yet, counts as one chunk. */
function lengthOf(line: Text): number {
  return typeof line === "string" ? line.length : CHUNK;
}
