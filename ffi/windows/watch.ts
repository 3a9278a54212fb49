/**
 * Watching where there is nothing to be told by: the table is read, again and
 * again, and compared with what it was.
 *
 * @module
 */

import type { NeighborEvent } from "../types/watch.ts";
import { pushEvent, RowCache } from "../watch/row_cache.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { EventSource, ParsedWatch } from "../watch/iterator.ts";

/** {@linkcode EventSource} over a reading of the whole table. */
export class WindowsWatch implements EventSource {
  readonly #read: () => Neighbor[];
  readonly #interval: number;
  readonly #known: RowCache;
  readonly isPolled = true;
  /** When to read again, on the clock of `performance.now`. */
  #due: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wake: (() => void) | undefined;
  /** The rows that are there, where they are wanted. */
  readonly first: NeighborEvent[] = [];

  /** Reads for the first time; `read` answers rows that the filter wants. */
  constructor(
    read: () => Neighbor[],
    { interval, initial }: Pick<ParsedWatch, "interval" | "initial">,
  ) {
    this.#read = read;
    this.#interval = interval;
    this.#known = new RowCache(() => true);
    for (const row of read()) {
      const event = this.#known.update(row, true);
      if (initial) pushEvent(this.first, event);
    }
    this.#due = performance.now() + interval;
  }

  /** There is a timer only while somebody waits, so none outlives its watch. */
  wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const delay = Math.max(0, this.#due - performance.now());
    this.#wake = resolve;
    this.#timer = setTimeout(resolve, delay);
    return promise;
  }

  read(): NeighborEvent[] {
    const events = this.#known.compare(this.#read());
    // From the end of one reading: a slow one is not followed at its heels
    this.#due = performance.now() + this.#interval;
    return events;
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#wake?.();
    return Promise.resolve();
  }
}
