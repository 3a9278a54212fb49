/**
 * The changes of an application, made batch by batch. What each has found and
 * done is kept, so that it can be told and rolled back.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
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
import { addRow } from "../ffi/parse/entry.ts";
import { interfaceIdOf } from "../ffi/parse/row.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import { NeighborError, withEntry } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { ApplyOutcome } from "./apply_report.ts";
import { Callback } from "./callback.ts";
import { IN_SYNC, type Observation, readStanding } from "./observe.ts";
import { type MadeChange, rollBack } from "./rollback.ts";
import { readRows } from "./rows.ts";
import { yieldToEventLoop } from "./timing.ts";

/** Few enough that a signal is heard soon, also where each is a call. */
const BATCH = 128;
/** Milliseconds after which the event loop gets a turn. */
const TURN = 8;

/**
 * The verb that makes an entry so, by what stands in its place. What a set makes
 * of a row that was learnt is not known everywhere: there a replace looks before
 * and after.
 */
const VERB_FOR: readonly number[] = [
  CREATE, // ABSENT
  NONE, // IN_SYNC
  SET, // CONFLICTING
  REPLACE, // DYNAMIC
];

/** How to make the changes. */
export interface RunOptions {
  readonly keepGoing: boolean;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((done: number, of: number) => unknown) | undefined;
}

/** All entries of an application: the desired ones, then the rows to remove. */
export class Transaction {
  readonly #backend: Backend;
  readonly #observation: Observation;
  readonly entries: EntryList;
  /** How many are desired; behind them stand the removals. */
  readonly desired: number;
  /** Where each stands. */
  readonly outcomes: ApplyOutcome[];
  /** What stood there before. */
  readonly previous: (Neighbor | undefined)[];
  readonly errors: Map<number, NeighborError>;
  /** Handed to the system. */
  readonly #isTried: Uint8Array;
  /** Done by the system: there is something to roll back. */
  readonly #isMade: Uint8Array;
  /** Made, and not yet seen in the table. */
  #unconfirmed: number[] = [];
  /** The signal came before the end. */
  isStopped = false;
  /** The first refusal. */
  cause: NeighborError | undefined;
  wasChanged = false;
  #since = performance.now();

  /** Turns what was observed into changes; `remove` are the rows to remove. */
  constructor(
    backend: Backend,
    entries: EntryList,
    observation: Observation,
    remove: readonly Neighbor[],
  ) {
    const { standing, current, refusals } = observation;
    this.#backend = backend;
    this.#observation = observation;
    this.entries = entries;
    this.desired = entries.length;
    this.outcomes = new Array(this.desired).fill("untouched");
    this.previous = [...current];
    this.errors = new Map(refusals);
    for (let i = 0; i < this.desired; i++) {
      if (refusals.has(i)) this.outcomes[i] = "refused";
      else if (standing[i] === IN_SYNC) this.outcomes[i] = "unchanged";
      else entries.verbs[i] = VERB_FOR[standing[i]!]!;
    }
    for (const row of remove) this.#addRemoval(row);
    this.#isTried = new Uint8Array(entries.length);
    this.#isMade = new Uint8Array(entries.length);
    [this.cause] = this.errors.values();
  }

  #addRemoval(row: Neighbor): void {
    const { entries } = this;
    const position = addRow(entries, row);
    // It is on an interface that an entry names
    const on = entries.bound.find((one) => one?.key === interfaceIdOf(row));
    entries.bound[entries.interfaceOf[position]!] = on;
    entries.verbs[position] = DELETE;
    this.outcomes.push("untouched");
    this.previous.push(row);
  }

  /** How many were refused. */
  get refusals(): number {
    return this.outcomes.filter((outcome) => outcome === "refused").length;
  }

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
    const count = this.#count(0, length);
    let done = 0;
    for (let at = 0; at < this.desired && await goesOn();) {
      const to = this.#endOfBatch(at, this.desired);
      done += this.#write(at, to);
      at = to;
      told.call(done, count);
    }
    const isGood = this.cause === undefined && !this.isStopped;
    if (keepGoing || isGood) this.#confirm();
    // Last: an address that is to have an entry is never without one
    for (let at = this.desired; at < length && await goesOn();) {
      const to = this.#endOfBatch(at, length);
      done += this.#remove(at, to);
      at = to;
      told.call(done, count);
    }
    // What is rolled back anyway need not be looked at
    const isKept = keepGoing || this.cause === undefined;
    if (isKept && this.wasChanged && !this.isStopped) this.#checkNames();
    told.check();
  }

  #count(from: number, to: number): number {
    let count = 0;
    for (let i = from; i < to; i++) if (this.#isDue(i)) count++;
    return count;
  }

  #isDue(position: number): boolean {
    return this.outcomes[position] === "untouched";
  }

  /** Where the batch that begins at a position ends. */
  #endOfBatch(from: number, length: number): number {
    let count = 0;
    for (let at = from; at < length; at++) {
      if (this.#isDue(at) && ++count > BATCH) return at;
    }
    return length;
  }

  #write(from: number, to: number): number {
    this.#checkRules(from, to);
    const count = this.#try(from, to);
    const again: number[] = [];
    for (let i = from; i < to; i++) {
      if (!this.#isTried[i] || !this.#isDue(i)) continue;
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
    const rows = readRows(this.#backend, entries, positions);
    for (const position of positions) {
      // A replace that is refused half-way does not tell what it met
      this.previous[position] = rows.get(position);
      entries.verbs[position] = REPLACE;
      entries.outcomes[position] = PENDING;
      entries.errors.delete(position);
    }
    const first = positions[0]!;
    this.#backend.write(entries, first, positions.at(-1)! + 1);
    for (const position of positions) this.#take(position);
  }

  /** Refuses what breaks a rule of its interface as that is now. */
  #checkRules(from: number, to: number): void {
    const { entries } = this;
    const fresh = new Set<number>();
    for (let i = from; i < to; i++) {
      if (!this.#isDue(i)) continue;
      const on = entries.interfaceOf[i]!;
      if (!fresh.has(on)) this.#refresh(on);
      fresh.add(on);
      const error = ruleError(this.#backend, entries, i);
      if (error === undefined) continue;
      entries.verbs[i] = NONE;
      this.#refuse(i, withEntry(error, entries.given[i]));
    }
  }

  #refresh(on: number): void {
    const { bound } = this.entries;
    try {
      bound[on] = this.#backend.refresh(bound[on]!);
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
      if (!this.#isDue(i)) continue;
      this.#isTried[i] = 1;
      count++;
    }
    this.#backend.write(entries, from, to);
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
        return this.#made(position, "created");
      case CHANGED:
        return this.#made(position, "changed");
      case DELETED:
        return this.#made(position, "removed");
      case UNCHANGED:
        this.outcomes[position] = "unchanged";
        return;
      case UNKNOWN:
        if (this.#isDoneAfterAll(position)) return;
    }
    this.#refuse(position, entries.errors.get(position)!);
  }

  #made(position: number, outcome: ApplyOutcome): void {
    this.outcomes[position] = outcome;
    this.#isMade[position] = 1;
    this.wasChanged = true;
    const verb = this.entries.verbs[position]!;
    // A replace was read back; of a removal the row is looked for
    if (verb !== REPLACE) this.#unconfirmed.push(position);
  }

  /** The answer was lost, the entry is not. */
  #isDoneAfterAll(position: number): boolean {
    let now: Neighbor | undefined;
    try {
      now = readRows(this.#backend, this.entries, [position]).get(position);
    } catch (error) {
      // What became of it stays unknown: it is rolled back, or lost
      if (error instanceof NeighborError) return false;
      throw error;
    }
    if (this.entries.verbs[position] === DELETE) {
      if (now !== undefined && !isEmptyRow(now)) return false;
      this.#made(position, "removed");
      return true;
    }
    if (!isInSync(now, this.entries, position)) return false;
    const before = this.previous[position];
    const wasThere = before !== undefined && !isEmptyRow(before);
    this.#made(position, wasThere ? "changed" : "created");
    return true;
  }

  #refuse(position: number, error: NeighborError): void {
    this.outcomes[position] = "refused";
    this.errors.set(position, error);
    this.#isMade[position] = 0;
    this.cause ??= error;
  }

  /** A create and a set say no more than that the system took them. */
  #confirm(): void {
    const positions = this.#unconfirmed;
    this.#unconfirmed = [];
    if (positions.length === 0) return;
    const backend = this.#backend;
    const { entries } = this;
    const { positions: index } = this.#observation;
    // Most are as they should be: one scan tells so, without a row for each
    const isScanned = backend.isSnapshot || positions.length > BATCH / 2;
    const { standing } = isScanned
      ? readStanding(backend, entries, index)
      : { standing: new Uint8Array(entries.length) };
    const doubtful = positions.filter((i) => standing[i] !== IN_SYNC);
    const rows = readRows(backend, entries, doubtful);
    for (const position of doubtful) {
      const now = rows.get(position);
      if (isInSync(now, entries, position)) continue;
      this.#refuse(position, unconfirmed(entries, position, now));
    }
  }

  #remove(from: number, to: number): number {
    const { entries } = this;
    const due: number[] = [];
    for (let i = from; i < to; i++) if (this.#isDue(i)) due.push(i);
    const rows = readRows(this.#backend, entries, due);
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
      if (!this.#isTried[position] || !this.#isDue(position)) continue;
      const error = entries.errors.get(position);
      if (error?.code === "NOT_FOUND") this.outcomes[position] = "removed";
      else this.#take(position);
    }
    this.#confirmRemoved();
    return due.length;
  }

  #confirmRemoved(): void {
    const positions = this.#unconfirmed;
    this.#unconfirmed = [];
    const rows = readRows(this.#backend, this.entries, positions);
    for (const position of positions) {
      const now = rows.get(position);
      // It may have been learnt since
      if (now?.state !== "permanent") continue;
      const before = this.previous[position]?.linkLayerAddress;
      if (now.linkLayerAddress === before) {
        this.#refuse(position, unconfirmed(this.entries, position, now));
      } else {
        this.outcomes[position] = "foreign";
        this.#isMade[position] = 0;
      }
    }
  }

  /**
   * Looks each name up once more: what has come to mean another interface, or
   * none, is refused, though it was written where the name pointed before.
   */
  #checkNames(): void {
    const { entries } = this;
    const found = this.#backend.bind(entries.interfaces, undefined);
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
    for (let i = 0; i < entries.length; i++) {
      const error = moved.get(entries.interfaceOf[i]!);
      if (error === undefined || this.outcomes[i] === "refused") continue;
      if (this.#isMade[i]) this.#isTried[i] = 1;
      this.#refuse(i, withEntry(error, entries.given[i]));
    }
  }

  /** Rolls back all that was made, or may have been. */
  rollBackAll(): void {
    this.#rollBack((i) => this.#isMade[i] === 1 || this.#isTried[i] === 1);
  }

  /** Rolls back what was refused: the first of two calls may have been made. */
  rollBackRefused(): void {
    this.#rollBack((i) =>
      this.outcomes[i] === "refused" && this.#isTried[i] === 1
    );
  }

  #rollBack(isChosen: (position: number) => boolean): void {
    const { entries, outcomes } = this;
    const changes: MadeChange[] = [];
    for (let position = 0; position < entries.length; position++) {
      if (!isChosen(position) || outcomes[position] === "unchanged") continue;
      changes.push({
        position,
        isRemoval: position >= this.desired,
        previous: this.previous[position],
        // The system said so, or nothing: of a batch that broke nobody knows
        isRefused: !DONE.has(entries.outcomes[position]!),
      });
    }
    if (changes.length === 0) return;
    const results = rollBack(this.#backend, entries, changes);
    changes.forEach(({ position }, i) => {
      const { outcome, error } = results[i]!;
      const wasRefused = outcomes[position] === "refused";
      // What was refused, and has left nothing behind, stays refused
      const isClean = outcome === "restored" || outcome === "foreign";
      this.#isMade[position] = 0;
      if (wasRefused && isClean) return;
      outcomes[position] = outcome;
      if (error !== undefined) this.errors.set(position, error);
      else if (!wasRefused) this.errors.delete(position);
    });
  }
}

/** What the system says of a write that it took. */
const DONE: ReadonlySet<number> = new Set([CREATED, CHANGED, DELETED]);

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
