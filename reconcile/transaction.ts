/**
 * The changes of an application, made batch by batch, and confirmed.
 *
 * @module
 */

import {
  CHANGED,
  CREATE,
  CREATED,
  DELETE,
  DELETED,
  describeInterface,
  type EntryList,
  NONE,
  PENDING,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
} from "../ffi/entry_list.ts";
import { ruleError } from "../ffi/bind.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import { NeighborError, withEntry } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { Callback } from "./callback.ts";
import { Ledger } from "./ledger.ts";
import { DYNAMIC, IN_SYNC, readStanding } from "./observe.ts";
import { readRows, type RowsByPosition } from "./rows.ts";
import { yieldToEventLoop } from "./timing.ts";

/** Few enough that a signal is heard soon, also where each is a call. */
const BATCH = 128;
/** Milliseconds after which the event loop gets a turn. */
const TURN = 8;

/** How to make the changes. */
export interface RunOptions {
  readonly keepGoing: boolean;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((done: number, of: number) => unknown) | undefined;
}

/** Makes the changes of an application. */
export class Transaction extends Ledger {
  /** The signal came before the end. */
  isStopped = false;
  #since = performance.now();

  /** Makes the changes, until one is refused or the signal comes. */
  async run({ keepGoing, signal, progress }: RunOptions): Promise<void> {
    const told = new Callback(progress);
    const goesOn = async () => {
      if (performance.now() - this.#since > TURN) {
        await yieldToEventLoop();
        this.#since = performance.now();
      }
      told.check();
      this.isStopped = signal?.aborted ?? false;
      return !this.isStopped && (keepGoing || this.cause === undefined);
    };
    const { length } = this.entries;
    const count = this.countDue(0, length);
    let done = 0;
    for (let at = 0; at < this.desired && await goesOn();) {
      const to = this.endOfBatch(at, this.desired, BATCH);
      done += this.#write(at, to);
      at = to;
      told.call(done, count);
    }
    const isGood = this.cause === undefined && !this.isStopped;
    if (keepGoing || isGood) this.#confirm();
    // Last: an address that is to have an entry is never without one
    for (let at = this.desired; at < length && await goesOn();) {
      const to = this.endOfBatch(at, length, BATCH);
      done += this.#remove(at, to);
      at = to;
      told.call(done, count);
    }
    // What is rolled back anyway need not be looked at
    const isKept = keepGoing || this.cause === undefined;
    if (isKept && this.wasChanged && !this.isStopped) this.#checkNames();
    told.check();
  }

  #write(from: number, to: number): number {
    this.#checkRules(from, to);
    const count = this.#try(from, to);
    const again: number[] = [];
    for (let i = from; i < to; i++) {
      if (!this.isTried[i] || !this.isDue(i)) continue;
      if (this.#isOvertaken(i)) again.push(i);
      else this.#take(i);
    }
    if (again.length > 0) this.#replace(again);
    return count;
  }

  /** Whether the row came or went since the table was read. */
  #isOvertaken(position: number): boolean {
    const error = this.entries.errors.get(position);
    return error !== undefined &&
      error.code === OVERTAKEN[this.entries.verbs[position]!];
  }

  /** The row came or went since the table was read, or the scan had lost it. */
  #replace(positions: readonly number[]): void {
    const { entries } = this;
    const rows = readRows(this.backend, entries, positions);
    for (const position of positions) {
      // A replace that is refused half-way does not tell what it met
      this.previous[position] = rows.get(position);
      entries.verbs[position] = REPLACE;
      entries.outcomes[position] = PENDING;
      entries.errors.delete(position);
    }
    const first = positions[0]!;
    this.backend.write(entries, first, positions.at(-1)! + 1);
    for (const position of positions) this.#take(position);
  }

  /** Refuses what breaks a rule of its interface as that is now. */
  #checkRules(from: number, to: number): void {
    const { entries } = this;
    const fresh = new Set<number>();
    for (let i = from; i < to; i++) {
      if (!this.isDue(i)) continue;
      const on = entries.interfaceOf[i]!;
      if (!fresh.has(on)) this.#refresh(on);
      fresh.add(on);
      const error = ruleError(this.backend, entries, i);
      if (error === undefined) continue;
      entries.verbs[i] = NONE;
      this.refuse(i, withEntry(error, entries.given[i]));
    }
  }

  #refresh(on: number): void {
    const { bound } = this.entries;
    try {
      bound[on] = this.backend.refresh(bound[on]!);
    } catch (error) {
      // That it is gone is for the write to meet
      if (!(error instanceof NeighborError)) throw error;
    }
  }

  /** Hands what is due to the backend; how many those were. */
  #try(from: number, to: number): number {
    const { entries } = this;
    let count = 0;
    for (let i = from; i < to; i++) {
      if (!this.isDue(i)) continue;
      this.isTried[i] = 1;
      count++;
    }
    this.backend.write(entries, from, to);
    return count;
  }

  /** Takes what became of an entry that was handed over. */
  #take(position: number): void {
    const { entries } = this;
    const outcome = entries.outcomes[position]!;
    const before = entries.previous.get(position);
    if (before !== undefined) this.previous[position] = before;
    switch (outcome) {
      case CREATED:
        this.previous[position] = undefined;
        return this.made(position, "created");
      case CHANGED:
        return this.made(position, "changed");
      case DELETED:
        return this.made(position, "removed");
      case UNCHANGED:
        this.outcomes[position] = "unchanged";
        return;
      case UNKNOWN:
        if (this.#isDoneAfterAll(position)) return;
    }
    this.refuse(position, entries.errors.get(position)!);
  }

  /** The answer was lost, the entry is not. */
  #isDoneAfterAll(position: number): boolean {
    let now: Neighbor | undefined;
    try {
      now = readRows(this.backend, this.entries, [position]).get(position);
    } catch (error) {
      // What became of it stays unknown: it is rolled back, or lost
      if (error instanceof NeighborError) return false;
      throw error;
    }
    if (this.entries.verbs[position] === DELETE) {
      if (now !== undefined && !isEmptyRow(now)) return false;
      this.made(position, "removed");
      return true;
    }
    if (!isInSync(now, this.entries, position)) return false;
    const before = this.previous[position];
    const wasThere = before !== undefined && !isEmptyRow(before);
    this.made(position, wasThere ? "changed" : "created");
    return true;
  }

  /** A create and a set say no more than that the system took them. */
  #confirm(): void {
    const positions = this.unconfirmed;
    this.unconfirmed = [];
    if (positions.length === 0) return;
    const backend = this.backend;
    const { entries } = this;
    const { positions: index } = this.observation;
    // Most are as they should be: one scan tells so, without a row for each
    const isScanned = backend.isSnapshot || positions.length > BATCH / 2;
    const { standing } = isScanned
      ? readStanding(backend, entries, index)
      : { standing: new Uint8Array(entries.length) };
    const doubtful = positions.filter((i) => standing[i] !== IN_SYNC);
    if (doubtful.length === 0) return;
    const rows = this.#renew(doubtful, readRows(backend, entries, doubtful));
    for (const position of doubtful) {
      const now = rows.get(position);
      const isKnown = this.outcomes[position] === "refused";
      if (isKnown || isInSync(now, entries, position)) continue;
      this.refuse(position, unconfirmed(entries, position, now));
    }
  }

  /**
   * Replaces what a set has left dynamic, as it may on Windows; answers the rows
   * as they then are.
   */
  #renew(
    positions: readonly number[],
    rows: RowsByPosition,
  ): RowsByPosition {
    const { entries } = this;
    const { standing } = this.observation;
    const dynamic = positions.filter((i) =>
      standing[i] === DYNAMIC && entries.verbs[i] === SET &&
      rows.get(i)?.linkLayerAddress === entries.linkLayerAddress(i)
    );
    if (dynamic.length === 0) return rows;
    const before = dynamic.map((i) => this.previous[i]);
    this.#replace(dynamic);
    dynamic.forEach((i, at) => this.previous[i] = before[at]);
    return readRows(this.backend, entries, positions);
  }

  #remove(from: number, to: number): number {
    const { entries } = this;
    const due: number[] = [];
    for (let i = from; i < to; i++) if (this.isDue(i)) due.push(i);
    const rows = readRows(this.backend, entries, due);
    for (const position of due) {
      const now = rows.get(position);
      if (now?.state === "permanent") this.previous[position] = now;
      // Somebody else was first, and has not left an entry to remove
      else this.outcomes[position] = now === undefined ? "removed" : "foreign";
      if (this.outcomes[position] !== "untouched") {
        entries.verbs[position] = NONE;
      }
    }
    this.#try(from, to);
    for (const position of due) {
      if (!this.isTried[position] || !this.isDue(position)) continue;
      const error = entries.errors.get(position);
      if (error?.code === "NOT_FOUND") this.outcomes[position] = "removed";
      else this.#take(position);
    }
    this.#confirmRemoved();
    return due.length;
  }

  #confirmRemoved(): void {
    const positions = this.unconfirmed;
    this.unconfirmed = [];
    const rows = readRows(this.backend, this.entries, positions);
    for (const position of positions) {
      const now = rows.get(position);
      // It may have been learnt since
      if (now?.state !== "permanent") continue;
      const before = this.previous[position]?.linkLayerAddress;
      if (now.linkLayerAddress === before) {
        this.refuse(position, unconfirmed(this.entries, position, now));
      } else {
        this.outcomes[position] = "foreign";
        this.isMade[position] = 0;
      }
    }
  }

  /**
   * Looks each name up once more: what has come to mean another interface, or
   * none, is refused, though it was written where the name pointed before.
   */
  #checkNames(): void {
    const { entries } = this;
    const found = this.backend.bind(entries.interfaces, undefined);
    const moved = new Map<number, NeighborError>();
    found.forEach((now, on) => {
      const before = entries.bound[on];
      if (before === undefined) return;
      if (now instanceof NeighborError) moved.set(on, now);
      else if (now.key !== before.key) {
        moved.set(on, movedError(entries, on, now));
      }
    });
    if (moved.size === 0) return;
    // Rows are removed from an interface as long as one name of it holds
    const kept = new Set(
      found.flatMap((now, on) =>
        now instanceof NeighborError || moved.has(on) ||
          on >= this.names
          ? []
          : [now.key]
      ),
    );
    const [first] = moved.values();
    for (let i = 0; i < entries.length; i++) {
      const isOver = i >= this.desired && !kept.has(entries.on(i).key);
      const error = moved.get(entries.interfaceOf[i]!) ??
        (isOver ? first : undefined);
      if (error === undefined || this.outcomes[i] === "refused") continue;
      if (this.isMade[i]) this.isTried[i] = 1;
      this.refuse(i, withEntry(error, entries.given[i]));
    }
  }
}

/** How a write says that its row came or went since the table was read. */
const OVERTAKEN: Readonly<Record<number, string>> = {
  [CREATE]: "ALREADY_EXISTS",
  [SET]: "NOT_FOUND",
};

function movedError(
  entries: EntryList,
  on: number,
  { index }: { readonly index: number },
): NeighborError {
  const named = entries.interfaces[on]!;
  const before = entries.bound[on]!;
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `The ${describeInterface(named)} has come to mean interface ${index}; ` +
      `it meant interface ${before.index} when the entries were applied`,
  );
}

/** The error for an entry that is not as the system said it was. */
function unconfirmed(
  entries: EntryList,
  position: number,
  now: Neighbor | undefined,
): NeighborError {
  const found = now === undefined
    ? "there is no entry"
    : `it has ${now.linkLayerAddress ?? "no address"}, ${now.state}`;
  const wanted = entries.verbs[position] === DELETE
    ? "no entry"
    : `${entries.linkLayerAddress(position)}, permanent,`;
  return new NeighborError(
    "UNCONFIRMED",
    `Cannot apply neighbor ${
      entries.describe(position)
    }: the system answered ` +
      `success, yet ${found} where ${wanted} was asked for`,
    { entry: entries.given[position] },
  );
}
