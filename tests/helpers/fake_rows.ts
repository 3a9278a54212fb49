/**
 * Rows that report each change, as the Linux kernel does.
 *
 * @module
 */

import type { NeighborEvent } from "../../ffi/types/watch.ts";
import { RowCache } from "../../ffi/watch/row_cache.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { EventSource } from "../../ffi/watch/iterator.ts";

/** A map of rows with listeners. */
export class FakeRows extends Map<string, Neighbor> {
  readonly listeners = new Set<ToldSource>();

  override set(name: string, row: Neighbor): this {
    super.set(name, row);
    this.listeners?.forEach((one) => one.hear(row, undefined));
    return this;
  }

  override delete(name: string): boolean {
    const row = this.get(name);
    super.delete(name);
    if (row === undefined) return false;
    this.listeners.forEach((one) => one.hear(undefined, row));
    return true;
  }

  override clear(): void {
    for (const name of [...this.keys()]) this.delete(name);
  }
}

/** A watch that reports every change. */
export class ToldSource implements EventSource {
  readonly isPolled = false;
  readonly #rows: FakeRows;
  readonly #known = new RowCache(() => true);
  #events: NeighborEvent[] = [];
  #wake: (() => void) | undefined;

  constructor(rows: FakeRows) {
    this.#rows = rows;
    for (const row of rows.values()) this.#known.update(row);
    rows.listeners.add(this);
  }

  hear(row: Neighbor | undefined, gone: Neighbor | undefined): void {
    const event = row === undefined
      ? this.#known.remove(gone!)
      : this.#known.update(row);
    if (event !== undefined) this.tell(event);
  }

  /** Sends an event that a test chooses, such as `resync`. */
  tell(event: NeighborEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  wait(): Promise<void> {
    if (this.#events.length > 0) return Promise.resolve();
    return new Promise((wake) => this.#wake = wake);
  }

  read(): NeighborEvent[] {
    return this.#events.splice(0);
  }

  close(): Promise<void> {
    this.#rows.listeners.delete(this);
    this.#wake?.();
    return Promise.resolve();
  }
}
