/**
 * Which guarded entries are in doubt, and when each may be looked at: never
 * twice in a short while, and less and less often where it is of no use.
 *
 * @module
 */

import type { NeighborChange } from "../ffi/types/change.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import { nameOf } from "../ffi/watch/row_cache.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { Desired } from "./desired.ts";
import { keyOf } from "./row_key.ts";
import { prepareChange } from "../ffi/parse/change.ts";

/** Milliseconds between two repairs of one entry, and at the most. */
const PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** An entry under guard, or a row that is not to be. */
export class ManagedEntry {
  /** `null` for a row that is to go. */
  readonly one: Desired | null;
  /** As given; of a row that is to go, as last read. */
  entry: NeighborEntry | Neighbor;
  /** How often it was repaired. */
  repairs = 0;
  /** What it was last refused with, until it is well again. */
  refusal: string | undefined;
  #free = -Infinity;
  #pause = PAUSE;

  /** Begins as one that was never touched. */
  constructor(entry: NeighborEntry | Neighbor, one: Desired | null) {
    this.entry = entry;
    this.one = one;
  }

  /** What makes it as it shall be. */
  get change(): NeighborChange {
    return this.one === null
      ? { ...keyOf(this.entry as Neighbor), verb: "delete" }
      : prepareChange("replace", this.one);
  }

  /** From when on it may be touched. */
  get free(): number {
    return this.#free;
  }

  /** It was repaired now. */
  repaired(now: number): void {
    this.repairs++;
    this.well();
    this.#free = now + PAUSE;
  }

  /** Nothing is wrong with it: a long pause after refusals is over. */
  well(): void {
    this.refusal = undefined;
    this.#pause = PAUSE;
    this.#free = Math.min(this.#free, performance.now() + PAUSE);
  }

  /** It was refused now; whether that is news. */
  refused(now: number, { code, status }: NeighborError): boolean {
    // Not the message: a set is refused in other words than an add
    const refusal = `${code} ${status}`;
    const isNews = this.refusal !== refusal;
    this.refusal = refusal;
    this.#free = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return isNews;
  }
}

/** So many are remembered, to count how often each was removed. */
const MOST_STRANGERS = 10_000;

/** Rows that are not to be. */
export class UnmanagedRows {
  readonly #known = new Map<string, ManagedEntry>();

  /** The same one for the same address on the same interface. */
  of(row: Neighbor): ManagedEntry {
    const name = nameOf(row);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // Whoever makes rows without end shall not fill this memory
    if (this.#known.size >= MOST_STRANGERS) this.#known.clear();
    const stranger = new ManagedEntry(row, null);
    this.#known.set(name, stranger);
    return stranger;
  }
}

/** Those in doubt. */
export class WorkQueue {
  readonly #due = new Map<ManagedEntry, number>();

  /** When it will be looked at. */
  add(one: ManagedEntry): number {
    const known = this.#due.get(one);
    if (known !== undefined) return known;
    const due = Math.max(performance.now(), one.free);
    this.#due.set(one, due);
    return due;
  }

  /** It is beyond doubt, by whose hand does not matter. */
  drop(one: ManagedEntry): void {
    this.#due.delete(one);
    one.well();
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
