/**
 * Repairs the entries of a guard: queues them, writes them, and reports the
 * outcome.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import { bindingError, checkEntry } from "../ffi/bind.ts";
import type { BoundInterface } from "../ffi/bound_interface.ts";
import {
  CHANGED,
  CREATED,
  DELETE,
  DELETED,
  EntryList,
  NONE,
  PENDING,
  REPLACE,
  UNCHANGED,
} from "../ffi/entry_list.ts";
import { addRow } from "../ffi/parse/entry.ts";
import { interfaceIdOf } from "../ffi/parse/row.ts";
import { isGone, type NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { GuardEvent, GuardSummary } from "./guard_event.ts";
import { mayPrune } from "./plan.ts";
import { type MadeChange, rollBack } from "./rollback.ts";
import { readRows } from "./rows.ts";
import { yieldToEventLoop } from "./timing.ts";
import { Removals, Repair, WorkQueue } from "./work_queue.ts";

/** Writes between two yields to the event loop. */
const BATCH = 128;

/** Repairs entries, and keeps the row before each one that it has written. */
export class Repairer {
  readonly #backend: Backend;
  readonly #entries: EntryList;
  readonly #report: (event: GuardEvent) => void;
  readonly #owner: number;
  readonly #byPosition: readonly Repair[];
  readonly #queue = new WorkQueue();
  readonly #removals = new Removals();
  /** The row before, of each entry that the guard has written. */
  readonly #written = new Map<number, Neighbor | undefined>();
  /** Entries that now have the address and interface of another entry. */
  #suspended: ReadonlyMap<number, NeighborError> = new Map();
  /** Whether a write has found that an interface is missing. */
  hasMetMissing = false;
  #hasEnded = false;
  #repairs = 0;
  #refusals = 0;

  /**
   * Takes the entries, the function that receives events, and the protocol of
   * the rows that may be removed; 0 stands for every one.
   */
  constructor(
    backend: Backend,
    entries: EntryList,
    { report, owner }: {
      readonly report: (event: GuardEvent) => void;
      readonly owner: number;
    },
  ) {
    this.#backend = backend;
    this.#entries = entries;
    this.#report = report;
    this.#owner = owner;
    this.#byPosition = Array.from(
      { length: entries.length },
      (_, position) => new Repair(position),
    );
  }

  /** The counts of repairs and refusals so far. */
  get summary(): GuardSummary {
    return { repairs: this.#repairs, refusals: this.#refusals };
  }

  /** When the next repair is due, on the clock of `performance.now`. */
  get next(): number {
    return this.#queue.next();
  }

  /** Stops repairing. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Queues an entry for comparison and repair; returns when that is due. */
  enqueue(position: number): number {
    const isBound = bindingError(this.#entries, position) === undefined;
    if (!isBound || this.#suspended.has(position)) return Infinity;
    return this.#queue.add(this.#byPosition[position]!);
  }

  /** Queues the removal of a row; returns when that is due. */
  enqueueRemoval(row: Neighbor): number {
    const removal = this.#removals.of(row);
    removal.row = row;
    return this.#queue.add(removal);
  }

  /** Records that an entry is in sync, so that its repair is not needed. */
  markInSync(position: number): void {
    const repair = this.#byPosition[position]!;
    this.#queue.forget(repair);
    repair.markInSync();
  }

  /** Suspends the repair of these entries, and reports the new ones. */
  suspend(suspended: ReadonlyMap<number, NeighborError>): void {
    const before = this.#suspended;
    this.#suspended = suspended;
    for (const [position, error] of suspended) {
      this.#queue.forget(this.#byPosition[position]!);
      if (before.has(position)) continue;
      const entry = this.#entries.given[position] as NeighborEntry;
      this.#report({ type: "refused", entry, error });
    }
  }

  /** Takes over an entry that an application has written. */
  takeWritten(position: number, previous: Neighbor | undefined): void {
    this.#written.set(position, previous);
  }

  /** Takes over an entry whose refusal an application has already reported. */
  takeRefused(position: number, error: NeighborError): void {
    this.#byPosition[position]!.backOff(performance.now(), error);
    this.enqueue(position);
  }

  /**
   * Rolls back what was written on an interface that lost the name, except
   * entries changed since. The entries must still be bound to that interface.
   */
  withdraw(number: number, from: BoundInterface): void {
    const changes: MadeChange[] = [];
    for (const position of this.#entries.positionsNaming(number)) {
      this.#queue.forget(this.#byPosition[position]!);
      // An entry that names it by its zone only is on another interface
      const isOn = this.#entries.interfaceOf[position] === number;
      if (!isOn || !this.#written.has(position)) continue;
      const previous = this.#written.get(position);
      this.#written.delete(position);
      changes.push({ position, isRemoval: false, previous, isRefused: false });
    }
    if (changes.length === 0) return;
    const results = rollBack(this.#backend, this.#entries, changes);
    const entries: NeighborEntry[] = [];
    results.forEach(({ outcome, isUndone, error }, i) => {
      const entry = this.#entries.given[changes[i]!.position] as NeighborEntry;
      if (outcome === "lost" && error !== undefined) {
        this.#report({ type: "refused", entry, error });
      } else if (isUndone && outcome !== "foreign") entries.push(entry);
    });
    if (entries.length === 0) return;
    const interfaceIndex = from.index;
    this.#report({ type: "withdrawn", entries, interfaceIndex });
  }

  /** Repairs the entries that are due by now. */
  async repair(now: number): Promise<void> {
    const due = this.#queue.take(now);
    for (let at = 0; at < due.length; at += BATCH) {
      if (at > 0) await yieldToEventLoop();
      if (this.#hasEnded) return;
      const batch = due.slice(at, at + BATCH);
      this.#replace(batch.filter(({ position }) => position >= 0));
      this.#remove(batch.filter(({ position }) => position < 0));
    }
  }

  #replace(batch: readonly Repair[]): void {
    const entries = this.#entries;
    let first = entries.length;
    let last = -1;
    for (const { position } of batch) {
      entries.errors.delete(position);
      entries.previous.delete(position);
      entries.outcomes[position] = PENDING;
      // The interface may have disappeared since the entry was queued
      if (bindingError(entries, position) !== undefined) continue;
      entries.verbs[position] = REPLACE;
      checkEntry(this.#backend, entries, position);
      first = Math.min(first, position);
      last = Math.max(last, position);
    }
    if (last < 0) return;
    this.#backend.write(entries, first, last + 1);
    for (const repair of batch) {
      if (entries.verbs[repair.position] === NONE) continue;
      entries.verbs[repair.position] = NONE;
      this.#recordOutcome(repair);
    }
  }

  #recordOutcome(repair: Repair): void {
    const entries = this.#entries;
    const { position } = repair;
    const entry = entries.given[position] as NeighborEntry;
    const outcome = entries.outcomes[position];
    if (outcome === UNCHANGED) return repair.markInSync();
    if (outcome !== CREATED && outcome !== CHANGED) {
      return this.#refuse(repair, entry, entries.errors.get(position)!);
    }
    const previous = entries.previous.get(position);
    // Only the row before the first write is ever restored
    if (!this.#written.has(position)) this.#written.set(position, previous);
    this.#reportRepair(repair, entry, previous ?? null, outcome);
  }

  /** Removes the rows that still exist and may still be pruned. */
  #remove(batch: readonly Repair[]): void {
    if (batch.length === 0) return;
    const entries = new EntryList(batch.length);
    for (const { row } of batch) {
      const position = addRow(entries, row!);
      entries.bound[entries.interfaceOf[position]!] = this.#boundOf(row!);
    }
    const positions = batch.flatMap((_, i) =>
      entries.bound[entries.interfaceOf[i]!] === undefined ? [] : [i]
    );
    const rows = readRows(this.#backend, entries, positions);
    for (const position of positions) {
      const now = rows.get(position);
      if (now === undefined || !mayPrune(now, this.#owner)) continue;
      // The event contains the row that is removed, not the one queued
      batch[position]!.row = now;
      entries.verbs[position] = DELETE;
    }
    this.#backend.write(entries, 0, entries.length);
    batch.forEach((repair, position) => {
      if (entries.verbs[position] !== DELETE) return;
      const row = repair.row!;
      const error = entries.errors.get(position);
      if (entries.outcomes[position] === DELETED) {
        this.#reportRepair(repair, row, row, DELETED);
      } else if (error !== undefined && !isGone(error)) {
        this.#refuse(repair, row, error);
      }
    });
  }

  #boundOf(row: Neighbor): BoundInterface | undefined {
    const id = interfaceIdOf(row);
    return this.#entries.bound.find((one) => one?.key === id);
  }

  #reportRepair(
    repair: Repair,
    entry: NeighborEntry | Neighbor,
    found: Neighbor | null,
    outcome: keyof typeof OUTCOMES,
  ): void {
    repair.markRepaired(performance.now());
    this.#repairs++;
    const { repairs } = repair;
    const event = { outcome: OUTCOMES[outcome], entry, found, repairs };
    this.#report({ type: "repaired", ...event });
  }

  #refuse(
    repair: Repair,
    entry: NeighborEntry | Neighbor,
    error: NeighborError,
  ): void {
    if (error.code === "INTERFACE_NOT_FOUND") {
      this.hasMetMissing = true;
      return;
    }
    this.#refusals++;
    const isNews = repair.backOff(performance.now(), error);
    this.#queue.add(repair);
    if (isNews) this.#report({ type: "refused", entry, error });
  }
}

const OUTCOMES = {
  [CREATED]: "created",
  [CHANGED]: "changed",
  [DELETED]: "removed",
} as const;
