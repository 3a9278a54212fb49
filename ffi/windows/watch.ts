/**
 * Watches by polling, because Windows documents no notifications for neighbors:
 * the table is read at intervals and compared with the reading before.
 *
 * @module
 */

import type { NeighborEvent } from "../types/watch.ts";
import { pushEvent, RowCache } from "../watch/row_cache.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { ParsedWatch } from "../parse/watch.ts";
import type { EventSource } from "../watch/iterator.ts";

/** {@linkcode EventSource} that reads the whole table. */
export class WindowsWatch implements EventSource {
  readonly #read: () => Neighbor[];
  readonly #interval: number;
  readonly #known: RowCache;
  readonly isPolled = true;
  /** When to read again, in the time of `performance.now`. */
  #due: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wake: (() => void) | undefined;
  /** The rows at the start, if they are to be reported. */
  readonly first: NeighborEvent[] = [];

  /** Reads the table once; `read` returns the rows that match the filter. */
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

  /** There is a timer only during a wait, so none outlives the watch. */
  wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const delay = Math.max(0, this.#due - performance.now());
    this.#wake = resolve;
    this.#timer = setTimeout(resolve, delay);
    return promise;
  }

  read(): NeighborEvent[] {
    const events = this.#known.compare(this.#read());
    // The interval counts from the end of the read
    this.#due = performance.now() + this.#interval;
    return events;
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#wake?.();
    return Promise.resolve();
  }
}
