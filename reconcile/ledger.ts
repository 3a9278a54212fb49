/**
 * What an application knows of its entries: where each stands, what stood there
 * before, what is to be rolled back.
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
  type EntryList,
  NONE,
  REPLACE,
  SET,
} from "../ffi/entry_list.ts";
import { addRow } from "../ffi/parse/entry.ts";
import { interfaceIdOf } from "../ffi/parse/row.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { ApplyOutcome } from "./apply_report.ts";
import { DYNAMIC, IN_SYNC, type Observation } from "./observe.ts";
import { type MadeChange, rollBack } from "./rollback.ts";

/** The verb that makes an entry so, by what stands in its place. */
const VERB_FOR: readonly number[] = [
  CREATE, // ABSENT
  NONE, // IN_SYNC
  SET, // CONFLICTING
  // A set may leave it dynamic: a replace looks afterwards
  REPLACE, // DYNAMIC
];

/** The entries of an application: the desired ones, then the rows to remove. */
export class Ledger {
  protected readonly backend: Backend;
  protected readonly observation: Observation;
  readonly entries: EntryList;
  /** How many are desired; behind them stand the removals. */
  readonly desired: number;
  /** How many interfaces those name. */
  readonly names: number;
  /** Where each stands. */
  readonly outcomes: ApplyOutcome[];
  /** What stood there before. */
  readonly previous: (Neighbor | undefined)[];
  readonly errors: Map<number, NeighborError>;
  /** Handed to the system. */
  protected readonly isTried: Uint8Array;
  /** Done by the system: there is something to roll back. */
  protected readonly isMade: Uint8Array;
  /** Made, and not yet seen in the table. */
  protected unconfirmed: number[] = [];
  /** The first refusal. */
  cause: NeighborError | undefined;
  wasChanged = false;

  /** Turns what was observed into changes; `remove` are the rows to remove. */
  constructor(
    backend: Backend,
    entries: EntryList,
    observation: Observation,
    remove: readonly Neighbor[],
  ) {
    const { standing, current, refusals } = observation;
    this.backend = backend;
    this.observation = observation;
    this.entries = entries;
    this.desired = entries.length;
    this.names = entries.interfaces.length;
    this.outcomes = new Array(this.desired).fill("untouched");
    this.previous = [...current];
    this.errors = new Map(refusals);
    for (let i = 0; i < this.desired; i++) {
      if (refusals.has(i)) this.outcomes[i] = "refused";
      else if (standing[i] === IN_SYNC) this.outcomes[i] = "unchanged";
      else if (standing[i] === DYNAMIC && backend.isSnapshot) {
        // Looked at when the table is read for all of them
        entries.verbs[i] = SET;
      } else entries.verbs[i] = VERB_FOR[standing[i]!]!;
    }
    for (const row of remove) this.#addRemoval(row);
    this.isTried = new Uint8Array(entries.length);
    this.isMade = new Uint8Array(entries.length);
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

  /** How many are due. */
  protected countDue(from: number, to: number): number {
    let count = 0;
    for (let i = from; i < to; i++) if (this.isDue(i)) count++;
    return count;
  }

  /** Whether its turn has not come yet. */
  protected isDue(position: number): boolean {
    return this.outcomes[position] === "untouched";
  }

  /** Where the batch that begins at a position ends. */
  protected endOfBatch(
    from: number,
    length: number,
    most: number,
  ): number {
    let count = 0;
    for (let at = from; at < length; at++) {
      if (this.isDue(at) && ++count > most) return at;
    }
    return length;
  }

  /** The system did it. */
  protected made(position: number, outcome: ApplyOutcome): void {
    this.outcomes[position] = outcome;
    this.isMade[position] = 1;
    this.wasChanged = true;
    const verb = this.entries.verbs[position]!;
    // A replace was read back; of a removal the row is looked for
    if (verb !== REPLACE) this.unconfirmed.push(position);
  }

  /** It is refused, by the system or by what was read behind it. */
  protected refuse(position: number, error: NeighborError): void {
    this.outcomes[position] = "refused";
    this.errors.set(position, error);
    this.isMade[position] = 0;
    this.cause ??= error;
  }

  /** Rolls back all that was made, or may have been. */
  rollBackAll(): void {
    this.#rollBack((i) => this.isMade[i] === 1 || this.isTried[i] === 1);
  }

  /** Rolls back what was refused: the first of two calls may have been made. */
  rollBackRefused(): void {
    this.#rollBack((i) =>
      this.outcomes[i] === "refused" && this.isTried[i] === 1
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
    const results = rollBack(this.backend, entries, changes);
    changes.forEach(({ position }, i) => {
      const { outcome, error } = results[i]!;
      const wasRefused = outcomes[position] === "refused";
      // What was refused, and has left nothing behind, stays refused
      const isClean = outcome === "restored" || outcome === "foreign";
      this.isMade[position] = 0;
      if (wasRefused && isClean) return;
      outcomes[position] = outcome;
      if (error !== undefined) this.errors.set(position, error);
      else if (!wasRefused) this.errors.delete(position);
    });
  }
}

/** What the system says of a write that it took. */
const DONE: ReadonlySet<number> = new Set([CREATED, CHANGED, DELETED]);
