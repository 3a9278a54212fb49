/**
 * The iterator over a source of events, which the watches of all systems share.
 * Events are read only when they are asked for. So the events of a slow reader
 * wait in the system and not in memory, and an abandoned watch does no work.
 *
 * @module
 */

import type { ParsedWatch } from "../parse/watch.ts";
import type { NeighborEvent, NeighborWatch } from "../types/watch.ts";

/** A source of events. */
export interface EventSource {
  /** Whether it finds changes by reading and comparing the table. */
  readonly isPolled: boolean;
  /** Resolves when there may be events to read, or when it is closed. */
  wait(): Promise<void>;
  /** The events since the last call, often none. Not called after `close`. */
  read(): NeighborEvent[];
  /** Releases all resources; resolves once that is done. */
  close(): Promise<void>;
}

/** An open source, and its first events. */
export interface OpenSource {
  readonly source: EventSource;
  readonly first: NeighborEvent[];
}

/** The watches of one table, which end with it. */
export class Watches {
  readonly #open = new Set<Watch>();

  /** Opens a watch; one that has ended already if the signal is aborted. */
  add({ signal }: ParsedWatch, open: () => OpenSource): NeighborWatch {
    const watch = signal?.aborted
      ? new Watch({ source: NOTHING, first: [] }, undefined)
      : new Watch(open(), signal);
    this.#open.add(watch);
    void watch.closed.finally(() => this.#open.delete(watch));
    if (signal?.aborted) watch.end();
    return watch;
  }

  /** Ends all watches. */
  end(): void {
    for (const watch of this.#open) watch.end();
  }
}

const NOTHING: EventSource = {
  isPolled: false,
  wait: () => Promise.resolve(),
  read: () => [],
  close: () => Promise.resolve(),
};

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** {@linkcode NeighborWatch} over a source. */
export class Watch implements NeighborWatch {
  readonly #source: EventSource;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.end();
  readonly #closed = Promise.withResolvers<void>();
  #isOver = false;
  #events: NeighborEvent[];
  /** The index of the next event to return. */
  #at = 0;
  /** The number of calls of `next` that wait. */
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** Owns the source: closes it when the watch ends. */
  constructor({ source, first }: OpenSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#events = first;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  get isPolled(): boolean {
    return this.#source.isPolled;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  next(): Promise<IteratorResult<NeighborEvent, undefined>> {
    if (this.#waiting === 0 && this.#at < this.#events.length) {
      return Promise.resolve(this.#take());
    }
    this.#waiting++;
    const result = this.#turn.then(() => this.#await());
    this.#turn = result.catch(() => {});
    return result;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    await this.closed;
    return DONE;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the watch; events that were not returned yet are dropped. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events = [];
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#source.close().then(this.#closed.resolve, this.#closed.reject);
  }

  #take(): IteratorYieldResult<NeighborEvent> {
    return { done: false, value: this.#events[this.#at++]! };
  }

  async #await(): Promise<IteratorResult<NeighborEvent, undefined>> {
    try {
      while (!this.#isOver) {
        if (this.#at < this.#events.length) return this.#take();
        await this.#source.wait();
        if (this.#isOver) break;
        this.#events = this.#source.read();
        this.#at = 0;
      }
    } catch (error) {
      this.end();
      await this.closed;
      throw error;
    } finally {
      this.#waiting--;
    }
    await this.closed;
    return DONE;
  }
}
