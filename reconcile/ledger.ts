/**
 * The state of an application: for each entry its outcome, the row before, and
 * whether it has to be rolled back. `transaction.ts` makes the changes.
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

/** The verb that brings an entry in sync, by its standing. */
const VERB_FOR: readonly number[] = [
  CREATE, // ABSENT
  NONE, // IN_SYNC
  SET, // CONFLICTING
  // A set may leave it dynamic; a replace reads back and repairs that
  REPLACE, // DYNAMIC
];

/** The entries of an application: the desired ones, then the rows to remove. */
export class Ledger {
  protected readonly backend: Backend;
  protected readonly observation: Observation;
  readonly entries: EntryList;
  /** The number of desired entries; the removals follow them. */
  readonly desiredCount: number;
  /** The number of interfaces that the desired entries name. */
  readonly nameCount: number;
  /** The outcome of each entry. */
  readonly outcomes: ApplyOutcome[];
  /** The row before, of each entry. */
  readonly previous: (Neighbor | undefined)[];
  readonly errors: Map<number, NeighborError>;
  /** 1 where the entry was handed to the system. */
  protected readonly isTried: Uint8Array;
  /** Positions that were written and not yet read back. */
  protected unconfirmed: number[] = [];
  /** The first refusal. */
  cause: NeighborError | undefined;
  wasChanged = false;

  /** Chooses a verb for each entry by its standing; `remove` are rows to remove. */
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
    this.desiredCount = entries.length;
    this.nameCount = entries.interfaces.length;
    this.outcomes = new Array(this.desiredCount).fill("untouched");
    this.previous = [...current];
    this.errors = new Map(refusals);
    for (let i = 0; i < this.desiredCount; i++) {
      if (refusals.has(i)) this.outcomes[i] = "refused";
      else if (standing[i] === IN_SYNC) this.outcomes[i] = "unchanged";
      else if (standing[i] === DYNAMIC && backend.isSnapshot) {
        // A set will do: one scan then reads all of them back
        entries.verbs[i] = SET;
      } else entries.verbs[i] = VERB_FOR[standing[i]!]!;
    }
    for (const row of remove) this.#addRemoval(row);
    this.isTried = new Uint8Array(entries.length);
    [this.cause] = this.errors.values();
  }

  #addRemoval(row: Neighbor): void {
    const { entries } = this;
    const position = addRow(entries, row);
    // The row is on an interface that an entry names, so this one is found
    const bound = entries.bound.find((one) => one?.key === interfaceIdOf(row));
    entries.bound[entries.interfaceOf[position]!] = bound;
    entries.verbs[position] = DELETE;
    this.outcomes.push("untouched");
    this.previous.push(row);
  }

  /** The number of refused entries. */
  get refusals(): number {
    return this.outcomes.filter((outcome) => outcome === "refused").length;
  }

  /** The number of entries still to be written. */
  protected countDue(from: number, to: number): number {
    let count = 0;
    for (let i = from; i < to; i++) if (this.isDue(i)) count++;
    return count;
  }

  /** Whether the entry is still to be written. */
  protected isDue(position: number): boolean {
    return this.outcomes[position] === "untouched";
  }

  /** The end of a batch from `from` with at most `most` entries to write. */
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

  /** Records that the system accepted an entry. */
  protected recordMade(position: number, outcome: ApplyOutcome): void {
    this.outcomes[position] = outcome;
    this.wasChanged = true;
    const verb = this.entries.verbs[position]!;
    // A replace has read back itself
    if (verb !== REPLACE) this.unconfirmed.push(position);
  }

  /** Records a refusal, by the system or because reading back shows otherwise. */
  protected refuse(position: number, error: NeighborError): void {
    this.outcomes[position] = "refused";
    this.errors.set(position, error);
    this.cause ??= error;
  }

  /** Rolls back every entry that was, or may have been, written. */
  rollBackAll(): void {
    this.#rollBack((i) => this.isTried[i] === 1);
  }

  /**
   * Rolls back refused entries: a replace may be two calls, of which only the
   * second was refused.
   */
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
        isRemoval: position >= this.desiredCount,
        previous: this.previous[position],
        // Also where a batch was interrupted and the outcome is unknown
        isRefused: !DONE.has(entries.outcomes[position]!),
        mayBeDynamic: entries.verbs[position] === SET &&
          this.observation.standing[position] === DYNAMIC,
      });
    }
    if (changes.length === 0) return;
    const results = rollBack(this.backend, entries, changes);
    changes.forEach(({ position }, i) => {
      const { outcome, error } = results[i]!;
      const wasRefused = outcomes[position] === "refused";
      // A refused entry that left nothing behind stays refused
      const isClean = outcome === "restored" || outcome === "foreign";
      if (wasRefused && isClean) return;
      outcomes[position] = outcome;
      if (error !== undefined) this.errors.set(position, error);
      else if (!wasRefused) this.errors.delete(position);
    });
  }
}

/** The outcomes of a write that the system accepted. */
const DONE: ReadonlySet<number> = new Set([CREATED, CHANGED, DELETED]);
