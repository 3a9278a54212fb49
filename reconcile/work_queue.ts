/**
 * Which entries are to be repaired, and when: no entry twice within a short
 * while, and less and less often where it is of no use.
 *
 * @module
 */

import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { rowKey } from "../ffi/watch/row_cache.ts";

/** Milliseconds between two repairs of one entry, and at the most. */
const PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** What a guard knows of an entry that it keeps, or of a row that is to go. */
export class ManagedEntry {
  /** Its position among the desired entries; -1 for a row that is to go. */
  readonly position: number;
  /** The row that is to go, as it was read last. */
  row: Neighbor | null;
  /** How often it was repaired. */
  repairs = 0;
  /** When it may be repaired at the earliest. */
  notBefore = -Infinity;
  /** What it was last refused with, until it is in sync again. */
  #refusal: string | undefined;
  #pause = PAUSE;

  /** Begins as one that was never repaired. */
  constructor(position: number, row: Neighbor | null = null) {
    this.position = position;
    this.row = row;
  }

  /** It was repaired now. */
  markRepaired(now: number): void {
    this.repairs++;
    this.markInSync();
    this.notBefore = now + PAUSE;
  }

  /** It is in sync: the backoff of refusals is over. */
  markInSync(): void {
    this.#refusal = undefined;
    this.#pause = PAUSE;
    this.notBefore = Math.min(this.notBefore, performance.now() + PAUSE);
  }

  /** It was refused now; whether that is news. */
  backOff(now: number, { code, status }: NeighborError): boolean {
    // Not the message: a set is refused in other words than a create
    const refusal = `${code} ${status}`;
    const isNews = this.#refusal !== refusal;
    this.#refusal = refusal;
    this.notBefore = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return isNews;
  }
}

/** So many are kept, to count how often each was removed. */
const MOST_UNMANAGED = 10_000;

/** Rows that are to go. */
export class UnmanagedRows {
  readonly #known = new Map<string, ManagedEntry>();

  /** The same one for the same address on the same interface. */
  of(row: Neighbor): ManagedEntry {
    const name = rowKey(row);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // A program that makes rows without end must not fill this memory
    if (this.#known.size >= MOST_UNMANAGED) this.#known.clear();
    const unmanaged = new ManagedEntry(-1, row);
    this.#known.set(name, unmanaged);
    return unmanaged;
  }
}

/** Entries that are to be repaired. */
export class WorkQueue {
  readonly #due = new Map<ManagedEntry, number>();

  /** Adds one; answers when it is due. */
  add(one: ManagedEntry): number {
    const known = this.#due.get(one);
    if (known !== undefined) return known;
    const due = Math.max(performance.now(), one.notBefore);
    this.#due.set(one, due);
    return due;
  }

  /** Takes one out. */
  forget(one: ManagedEntry): void {
    this.#due.delete(one);
  }

  /** When the first is due. */
  next(): number {
    let first = Infinity;
    for (const due of this.#due.values()) if (due < first) first = due;
    return first;
  }

  /** Takes those that are due by now. */
  take(now: number): ManagedEntry[] {
    const taken: ManagedEntry[] = [];
    for (const [one, due] of this.#due) {
      if (due > now) continue;
      taken.push(one);
      this.#due.delete(one);
    }
    return taken;
  }
}
