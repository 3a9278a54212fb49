/**
 * A queue of lines before a stream: written by another thread, so that a reader
 * that stalls stops neither the work nor a signal.
 *
 * @module
 */

import { type AsyncStream, writeAsync } from "./stream.ts";

/** A line, or the pieces of a long one, which are made when it is written. */
export type Text = string | Iterable<string>;

/** How an outlet deals with its reader. */
export interface OutletOptions {
  /**
   * The work has no end: where the reader stalls lines are dropped, and after
   * a write that failed the next one is tried.
   */
  readonly drops: boolean;
  /** The line that tells how many were dropped, once there is room. */
  readonly lost: (lines: number) => string;
  /** Is called at the first write that fails. */
  readonly failed: (error: Error) => void;
}

/** Characters that wait at the most, but for one line that is longer. */
const MOST_WAITING = 256 * 1024;
/** Characters that are written at once. */
const CHUNK = 64 * 1024;
/** A reader stalls when a chunk takes it longer, in milliseconds. */
const PATIENCE = 1000;

/** A queue of lines before a stream. */
export class Outlet {
  readonly #stream: AsyncStream;
  readonly #options: OutletOptions;
  readonly #queue: Text[] = [];
  #length = 0;
  #lost = 0;
  #isGone = false;
  #pump: Promise<void> | undefined;
  /** When the chunk under way was begun. */
  #begun = 0;
  #moved = Promise.withResolvers<void>();
  /** The first write that failed. */
  error: Error | undefined;

  /** Writes to a stream from then on. */
  constructor(stream: AsyncStream, options: OutletOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Takes a line; never waits. */
  put(line: Text): void {
    if (this.#isGone || (this.#options.drops && this.isFull)) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0) this.#add(this.#options.lost(this.#lost));
    this.#lost = 0;
    this.#add(line);
    this.#pump ??= this.#run();
  }

  /** Whether who can wait should. */
  get isFull(): boolean {
    return this.#length > MOST_WAITING;
  }

  /** Resolves when there is room, or when lines may be dropped: now. */
  async room(): Promise<void> {
    while (this.isFull && await this.#moves(this.#options.drops)) {
      // Until it is no longer full
    }
  }

  /** Resolves when everything was written, or nothing ever will be. */
  async drained(): Promise<void> {
    await this.#pump;
  }

  /** The same, or the reader stalls; whether everything was written. */
  async drainedOrStalled(): Promise<boolean> {
    while (this.#pump !== undefined) {
      if (!await this.#moves(true)) return false;
    }
    return true;
  }

  /** Waits for the next chunk; false where the reader stalls meanwhile. */
  async #moves(mayStall: boolean): Promise<boolean> {
    const moved = this.#moved.promise.then(() => true);
    if (!mayStall) return await moved;
    const left = this.#begun + PATIENCE - performance.now();
    if (left <= 0) return false;
    const stalled = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => stalled.resolve(false), left);
    try {
      return await Promise.race([moved, stalled.promise]);
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
    while (!this.#isGone) {
      const { value, done } = chunks.next();
      if (done) break;
      this.#begun = performance.now();
      try {
        await writeAsync(this.#stream, value);
      } catch (error) {
        // How many of them were written nobody knows
        this.#lost += lines;
        this.#fail(error);
      }
      lines = 0;
      this.#moved.resolve();
      this.#moved = Promise.withResolvers();
    }
    this.#pump = undefined;
  }

  /** What is in the queue, and comes to it meanwhile, in chunks. */
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
      this.#isGone = true;
      this.#queue.length = 0;
      this.#length = 0;
    }
    if (this.error === undefined) this.#options.failed(error);
    this.error ??= error;
  }
}

/** Of a line in pieces nobody knows the length yet: it is one line. */
function lengthOf(line: Text): number {
  return typeof line === "string" ? line.length : CHUNK;
}
