/**
 * Writes the changes of an application in batches and confirms them by reading
 * back. `ledger.ts` has what it keeps of each entry, and the rollback.
 *
 * @module
 */

import {
  CHANGED,
  CREATE,
  CREATED,
  DELETE,
  DELETED,
  NONE,
  PENDING,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
} from "../ffi/entry_list.ts";
import { ruleError } from "../ffi/bind.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { NO_PROTOCOL } from "../ffi/parse/protocol.ts";
import { isThere } from "../ffi/row_difference.ts";
import { NeighborError, withEntry } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { Callback } from "./callback.ts";
import { Ledger } from "./ledger.ts";
import { DYNAMIC, IN_SYNC, readStanding } from "./observe.ts";
import { isOf } from "./plan.ts";
import { readRows, type RowsByPosition } from "./rows.ts";
import { yieldToEventLoop } from "./timing.ts";
import { movedError, unconfirmedEntry } from "./transaction_errors.ts";

/** Entries in a batch: few, because a signal is handled between batches only. */
const BATCH = 128;
/**
 * Above this number of entries one scan confirms them faster than look-ups: it
 * compares octets, and makes no object for a row that no entry has.
 */
const MANY = 64;
/** Milliseconds after which the transaction yields to the event loop. */
const TURN = 8;

/** The outcomes of a change that was made. */
type Made = "created" | "changed" | "removed";

/** Options of running a transaction. */
export interface RunOptions {
  /** Only rows of this protocol are removed; 0 stands for every one. */
  readonly owner: number;
  readonly keepGoing: boolean;
  readonly signal: AbortSignal | undefined;
  readonly progress: Callback<[done: number, of: number]>;
}

/** Writes and confirms the changes of an application. */
export class Transaction extends Ledger {
  /** Whether the signal was aborted before the end. */
  isStopped = false;
  #since = performance.now();
  #keepGoing = false;
  #owner = NO_PROTOCOL;

  /** Makes the changes until one is refused or the signal is aborted. */
  async run(
    { owner, keepGoing, signal, progress }: RunOptions,
  ): Promise<void> {
    this.#keepGoing = keepGoing;
    this.#owner = owner;
    const mayContinue = async () => {
      if (performance.now() - this.#since > TURN) {
        await yieldToEventLoop();
        this.#since = performance.now();
      }
      progress.check();
      this.isStopped = signal?.aborted ?? false;
      return !this.isStopped && (keepGoing || this.cause === undefined);
    };
    const { length } = this.entries;
    const count = this.countDue(0, length);
    let done = 0;
    for (let at = 0; at < this.desiredCount && await mayContinue();) {
      const to = this.endOfBatch(at, this.desiredCount, BATCH);
      done += this.#write(at, to);
      at = to;
      progress.call(done, count);
    }
    const isGood = this.cause === undefined && !this.isStopped;
    if (keepGoing || isGood) this.#confirm();
    // Removals last, so that no desired entry is missing in between
    for (let at = this.desiredCount; at < length && await mayContinue();) {
      const to = this.endOfBatch(at, length, BATCH);
      done += this.#remove(at, to);
      at = to;
      progress.call(done, count);
    }
    // Not needed where everything is rolled back anyway
    const isKept = keepGoing || this.cause === undefined;
    if (isKept && !this.isStopped) {
      if (this.wasChanged) this.#checkNames();
      await progress.settle();
    } else progress.check();
  }

  #write(from: number, to: number): number {
    this.#checkRules(from, to);
    const count = this.#writeDue(from, to);
    const overtaken: number[] = [];
    for (let i = from; i < to; i++) {
      if (!this.isDue(i)) continue;
      if (this.#isOvertaken(i)) overtaken.push(i);
      else this.#recordOutcome(i);
    }
    if (overtaken.length > 0) this.#replace(overtaken);
    return count;
  }

  /** Whether the row came or went since the table was read. */
  #isOvertaken(position: number): boolean {
    const error = this.entries.errors.get(position);
    return error !== undefined &&
      error.code === OVERTAKEN[this.entries.verbs[position]!];
  }

  /** Replaces entries whose row came or went since the scan, or was missing in it. */
  #replace(positions: readonly number[]): void {
    const { entries } = this;
    let rows;
    try {
      rows = readRows(this.backend, entries, positions);
    } catch (error) {
      this.#refuseUnread(positions, error);
      return;
    }
    for (const position of positions) {
      // A replace that is refused half-way does not return the row before
      this.previous[position] = rows.get(position);
      entries.verbs[position] = REPLACE;
      entries.outcomes[position] = PENDING;
      entries.errors.delete(position);
    }
    const first = positions[0]!;
    this.backend.write(entries, first, positions.at(-1)! + 1);
    for (const position of positions) this.#recordOutcome(position);
  }

  /** Refuses entries that break a rule of their interface, which is read anew. */
  #checkRules(from: number, to: number): void {
    const { entries } = this;
    const fresh = new Set<number>();
    for (let i = from; i < to; i++) {
      if (!this.isDue(i)) continue;
      const number = entries.interfaceOf[i]!;
      if (!fresh.has(number)) this.#refresh(number);
      fresh.add(number);
      const error = ruleError(this.backend, entries, i);
      if (error === undefined) continue;
      entries.verbs[i] = NONE;
      this.refuse(i, withEntry(error, entries.given[i]));
    }
  }

  #refresh(number: number): void {
    const { bound } = this.entries;
    try {
      bound[number] = this.backend.refresh(bound[number]!);
    } catch (error) {
      // The write then fails with the error that the report needs
      if (!(error instanceof NeighborError)) throw error;
    }
  }

  /** Hands the entries still to be written to the backend; returns their number. */
  #writeDue(from: number, to: number): number {
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

  /** Records the outcome of an entry that was handed to the backend. */
  #recordOutcome(position: number): void {
    const { entries } = this;
    const outcome = entries.outcomes[position]!;
    const before = entries.previous.get(position);
    if (before !== undefined) this.previous[position] = before;
    if (outcome === CREATED) this.previous[position] = undefined;
    const made = outcome === UNKNOWN ? this.#findMade(position) : MADE[outcome];
    if (made !== undefined) this.recordMade(position, made);
    else if (outcome === UNCHANGED) this.outcomes[position] = "unchanged";
    else this.refuse(position, entries.errors.get(position)!);
  }

  /** Reads an entry whose outcome is unknown, and finds what was written. */
  #findMade(position: number): Made | undefined {
    const { entries } = this;
    let now: Neighbor | undefined;
    try {
      now = readRows(this.backend, entries, [position]).get(position);
    } catch (error) {
      // The outcome stays unknown; the rollback reads the entry again
      if (error instanceof NeighborError) return undefined;
      throw error;
    }
    if (entries.verbs[position] === DELETE) {
      return isThere(now) ? undefined : "removed";
    }
    const made = isThere(this.previous[position]) ? "changed" : "created";
    return isInSync(now, entries, position) ? made : undefined;
  }

  /** Reads back creates and sets: the system's success is not a confirmation. */
  #confirm(): void {
    let positions = this.unconfirmed;
    this.unconfirmed = [];
    if (positions.length === 0) return;
    const { entries } = this;
    const { positions: index } = this.observation;
    const isScanned = this.backend.isSnapshot || positions.length > MANY;
    try {
      const scanned = isScanned
        ? readStanding(this.backend, entries, index)
        : undefined;
      const doubtful = positions
        .filter((i) => scanned?.standing[i] !== IN_SYNC);
      positions = doubtful;
      const rows = scanned !== undefined && this.backend.isSnapshot
        ? rowsAt(scanned.current, doubtful)
        : readRows(this.backend, entries, doubtful);
      positions = doubtful.filter((i) => this.#isLeftDynamic(i, rows.get(i)));
      const isLeft = new Set(positions);
      for (const position of doubtful) {
        const now = rows.get(position);
        if (isLeft.has(position) || isInSync(now, entries, position)) continue;
        this.refuse(position, unconfirmedEntry(entries, position, now));
      }
      this.#replaceDynamic(positions);
    } catch (error) {
      this.#refuseUnread(positions, error);
    }
  }

  /** Whether a set has written the address alone, or nothing, as on Windows. */
  #isLeftDynamic(position: number, now: Neighbor | undefined): boolean {
    const { entries } = this;
    const linkLayerAddress = now?.linkLayerAddress;
    return this.observation.standing[position] === DYNAMIC &&
      entries.verbs[position] === SET &&
      now !== undefined && now.state !== "permanent" &&
      (linkLayerAddress === entries.linkLayerAddress(position) ||
        linkLayerAddress === this.previous[position]?.linkLayerAddress);
  }

  /** Replaces entries that a set has left dynamic. A replace is read back. */
  #replaceDynamic(positions: readonly number[]): void {
    if (positions.length === 0) return;
    const before = positions.map((i) => this.previous[i]);
    this.#replace(positions);
    positions.forEach((position, i) => {
      // The row before the set, and what became of that
      this.previous[position] = before[i];
      if (this.outcomes[position] === "refused") return;
      this.outcomes[position] = "changed";
    });
  }

  /**
   * Refuses entries that cannot be read back: none is claimed unread. All or
   * nothing, the error ends the application.
   */
  #refuseUnread(positions: readonly number[], error: unknown): void {
    const isRefusal = this.#keepGoing && error instanceof NeighborError;
    if (!isRefusal) throw error;
    for (const position of positions) {
      this.refuse(position, withEntry(error, this.entries.given[position]));
    }
  }

  #remove(from: number, to: number): number {
    const { entries } = this;
    const due: number[] = [];
    for (let i = from; i < to; i++) if (this.isDue(i)) due.push(i);
    const rows = readRows(this.backend, entries, due);
    for (const position of due) {
      const now = rows.get(position);
      const isStill = now?.state === "permanent" && isOf(now, this.#owner);
      if (isStill) this.previous[position] = now;
      // Another program removed the row, or replaced it by one of its own
      else this.outcomes[position] = now === undefined ? "removed" : "foreign";
      if (this.outcomes[position] !== "untouched") {
        entries.verbs[position] = NONE;
      }
    }
    this.#writeDue(from, to);
    for (const position of due) {
      if (!this.isDue(position)) continue;
      const error = entries.errors.get(position);
      if (error?.code === "NOT_FOUND") this.outcomes[position] = "removed";
      else this.#recordOutcome(position);
    }
    this.#confirmRemoved();
    return due.length;
  }

  #confirmRemoved(): void {
    const positions = this.unconfirmed;
    this.unconfirmed = [];
    let rows;
    try {
      rows = readRows(this.backend, this.entries, positions);
    } catch (error) {
      this.#refuseUnread(positions, error);
      return;
    }
    for (const position of positions) {
      const now = rows.get(position);
      // A learnt row may have appeared since
      if (now?.state !== "permanent") continue;
      const before = this.previous[position];
      const isSame = now.linkLayerAddress === before?.linkLayerAddress &&
        now.protocol === before?.protocol;
      if (isSame) {
        this.refuse(position, unconfirmedEntry(this.entries, position, now));
      } else this.outcomes[position] = "foreign";
    }
  }

  /**
   * Looks up each interface name again and refuses the entries of a name that
   * now means another interface, or none. They were written to the former one.
   */
  #checkNames(): void {
    const { entries } = this;
    const found = this.backend.bind(entries.interfaces, undefined);
    const moved = new Map<number, NeighborError>();
    found.forEach((now, number) => {
      const before = entries.bound[number];
      if (before === undefined) return;
      if (now instanceof NeighborError) moved.set(number, now);
      else if (now.key !== before.key) {
        moved.set(number, movedError(entries, number, now));
      }
    });
    if (moved.size === 0) return;
    // A removal stands while at least one name still means its interface
    const kept = new Set(
      found.flatMap((now, number) =>
        now instanceof NeighborError || moved.has(number) ||
          number >= this.nameCount
          ? []
          : [now.key]
      ),
    );
    const [first] = moved.values();
    for (let i = 0; i < entries.length; i++) {
      const isOver = i >= this.desiredCount && !kept.has(entries.on(i).key);
      const error = moved.get(entries.interfaceOf[i]!) ??
        (isOver ? first : undefined);
      if (error === undefined || this.outcomes[i] === "refused") continue;
      this.refuse(i, withEntry(error, entries.given[i]));
    }
  }
}

/** The code that a verb fails with where its row came or went since the scan. */
const OVERTAKEN: Readonly<Record<number, string>> = {
  [CREATE]: "ALREADY_EXISTS",
  [SET]: "NOT_FOUND",
};

/** What the report says of a change that the backend made. */
const MADE: Readonly<Record<number, Made>> = {
  [CREATED]: "created",
  [CHANGED]: "changed",
  [DELETED]: "removed",
};

/** The rows of the chosen entries; those without a row are missing. */
function rowsAt(
  rows: readonly (Neighbor | undefined)[],
  chosen: readonly number[],
): RowsByPosition {
  return new Map(chosen.flatMap((i) => {
    const row = rows[i];
    return row === undefined ? [] : [[i, row] as const];
  }));
}
