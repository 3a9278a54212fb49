/**
 * The queue of repairs. Repairs of one entry are at least 100 ms apart; after
 * refusals the pause doubles, up to 5 seconds.
 *
 * @module
 */

import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { rowKey } from "../ffi/watch/row_cache.ts";

/** Least and longest milliseconds between two repairs of one entry. */
const PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** The repair state of a desired entry, or of a row to remove. */
export class Repair {
  /** The position among the desired entries; -1 for a row to remove. */
  readonly position: number;
  /** The row to remove, as last read. */
  row: Neighbor | null;
  /** The number of repairs. */
  repairs = 0;
  /** The earliest time of the next repair, on the clock of `performance.now`. */
  notBefore = -Infinity;
  /** The last refusal, until the entry is in sync again. */
  #refusal: string | undefined;
  #pause = PAUSE;

  /** Starts without repairs and refusals. */
  constructor(position: number, row: Neighbor | null = null) {
    this.position = position;
    this.row = row;
  }

  /** Records a repair at `now`. */
  markRepaired(now: number): void {
    this.repairs++;
    this.markInSync();
    this.notBefore = now + PAUSE;
  }

  /** Records that it is in sync, and resets the backoff. */
  markInSync(): void {
    this.#refusal = undefined;
    this.#pause = PAUSE;
    this.notBefore = Math.min(this.notBefore, performance.now() + PAUSE);
  }

  /** Records a refusal at `now`; whether it differs from the last one. */
  backOff(now: number, { code, status }: NeighborError): boolean {
    // Not by the message, which differs between a set and a create
    const refusal = `${code} ${status}`;
    const isNews = this.#refusal !== refusal;
    this.#refusal = refusal;
    this.notBefore = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return isNews;
  }
}

/** The number of removed rows whose repairs are counted. */
const MOST_REMOVALS = 10_000;

/** The repairs that remove rows. */
export class Removals {
  readonly #known = new Map<string, Repair>();

  /** The state of a row; one object per address and interface. */
  of(row: Neighbor): Repair {
    const name = rowKey(row);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // Bounds the memory where another program keeps creating rows
    if (this.#known.size >= MOST_REMOVALS) this.#known.clear();
    const removal = new Repair(-1, row);
    this.#known.set(name, removal);
    return removal;
  }
}

/** Queued entries with their due times. */
export class WorkQueue {
  readonly #due = new Map<Repair, number>();

  /** Adds an entry unless it is queued; returns when it is due. */
  add(one: Repair): number {
    const known = this.#due.get(one);
    if (known !== undefined) return known;
    const due = Math.max(performance.now(), one.notBefore);
    this.#due.set(one, due);
    return due;
  }

  /** Removes an entry. */
  forget(one: Repair): void {
    this.#due.delete(one);
  }

  /** The earliest due time; `Infinity` where the queue is empty. */
  next(): number {
    let first = Infinity;
    for (const due of this.#due.values()) if (due < first) first = due;
    return first;
  }

  /** Removes and returns the entries that are due at `now`. */
  take(now: number): Repair[] {
    const taken: Repair[] = [];
    for (const [one, due] of this.#due) {
      if (due > now) continue;
      taken.push(one);
      this.#due.delete(one);
    }
    return taken;
  }
}
