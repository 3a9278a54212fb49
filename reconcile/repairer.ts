/**
 * The repairs of a guard: which are due, what the table makes of them, and what
 * is told of it.
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
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { GuardEvent, GuardSummary } from "./guard_event.ts";
import { mayPrune } from "./plan.ts";
import { type MadeChange, rollBack } from "./rollback.ts";
import { readRows } from "./rows.ts";
import { yieldToEventLoop } from "./timing.ts";
import { ManagedEntry, UnmanagedRows, WorkQueue } from "./work_queue.ts";

/** How many changes are made before the event loop gets a turn. */
const BATCH = 128;

/** Repairs entries, and remembers what it has written. */
export class Repairer {
  readonly #backend: Backend;
  readonly #entries: EntryList;
  readonly #report: (event: GuardEvent) => void;
  readonly #managed: readonly ManagedEntry[];
  readonly #queue = new WorkQueue();
  readonly #unmanaged = new UnmanagedRows();
  /** What stood in the place of each entry that the guard has written. */
  readonly #written = new Map<number, Neighbor | undefined>();
  /** Why entries are left alone: they have come to be the same as another. */
  #held: ReadonlyMap<number, NeighborError> = new Map();
  /** A write has met that an interface is gone. */
  hasMissed = false;
  #isOver = false;
  #repairs = 0;
  #refusals = 0;

  /** Of these entries, in that table. */
  constructor(
    backend: Backend,
    entries: EntryList,
    report: (event: GuardEvent) => void,
  ) {
    this.#backend = backend;
    this.#entries = entries;
    this.#report = report;
    this.#managed = Array.from(
      { length: entries.length },
      (_, position) => new ManagedEntry(position),
    );
  }

  /** How much there was to do. */
  get summary(): GuardSummary {
    return { repairs: this.#repairs, refusals: this.#refusals };
  }

  /** When the next is due. */
  get next(): number {
    return this.#queue.next();
  }

  /** No more of them. */
  end(): void {
    this.#isOver = true;
  }

  /** The entry has to be compared: when that is due. */
  enqueue(position: number): number {
    const isBound = bindingError(this.#entries, position) === undefined;
    if (!isBound || this.#held.has(position)) return Infinity;
    return this.#queue.add(this.#managed[position]!);
  }

  /** A row is to go: when that is due. */
  enqueueRemoval(row: Neighbor): number {
    const unmanaged = this.#unmanaged.of(row);
    unmanaged.row = row;
    return this.#queue.add(unmanaged);
  }

  /** The entry is in sync. */
  markInSync(position: number): void {
    const managed = this.#managed[position]!;
    this.#queue.forget(managed);
    managed.markInSync();
  }

  /** Leaves these alone, and tells those that are new among them. */
  suspend(held: ReadonlyMap<number, NeighborError>): void {
    const before = this.#held;
    this.#held = held;
    for (const [position, error] of held) {
      this.#queue.forget(this.#managed[position]!);
      if (before.has(position)) continue;
      const entry = this.#entries.given[position] as NeighborEntry;
      this.#report({ type: "refused", entry, error });
    }
  }

  /** Takes over what an application has written. */
  takeWritten(position: number, previous: Neighbor | undefined): void {
    this.#written.set(position, previous);
  }

  /** Takes over what an application was refused, and has told already. */
  takeRefused(position: number, error: NeighborError): void {
    this.#managed[position]!.backOff(performance.now(), error);
    this.enqueue(position);
  }

  /**
   * Takes back what was written on an interface that no longer has the name, as
   * far as it is still as it was written. The list is bound to it still.
   */
  withdraw(on: number, from: BoundInterface): void {
    const changes: MadeChange[] = [];
    for (const position of this.#entries.positionsNaming(on)) {
      this.#queue.forget(this.#managed[position]!);
      // A zone names it too, and moves nothing
      const isOn = this.#entries.interfaceOf[position] === on;
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

  /** Repairs what is due by now. */
  async repair(now: number): Promise<void> {
    const due = this.#queue.take(now);
    for (let at = 0; at < due.length && !this.#isOver; at += BATCH) {
      if (at > 0) await yieldToEventLoop();
      const batch = due.slice(at, at + BATCH);
      this.#replace(batch.filter(({ position }) => position >= 0));
      this.#remove(batch.filter(({ position }) => position < 0));
    }
  }

  #replace(batch: readonly ManagedEntry[]): void {
    const entries = this.#entries;
    let first = entries.length;
    let last = -1;
    for (const { position } of batch) {
      entries.errors.delete(position);
      entries.previous.delete(position);
      entries.outcomes[position] = PENDING;
      // Its interface may have gone while others had their turn
      if (bindingError(entries, position) !== undefined) continue;
      entries.verbs[position] = REPLACE;
      checkEntry(this.#backend, entries, position);
      first = Math.min(first, position);
      last = Math.max(last, position);
    }
    if (last < 0) return;
    this.#backend.write(entries, first, last + 1);
    for (const managed of batch) {
      if (entries.verbs[managed.position] === NONE) continue;
      entries.verbs[managed.position] = NONE;
      this.#take(managed);
    }
  }

  #take(managed: ManagedEntry): void {
    const entries = this.#entries;
    const { position } = managed;
    const entry = entries.given[position] as NeighborEntry;
    const outcome = entries.outcomes[position];
    if (outcome === UNCHANGED) return managed.markInSync();
    if (outcome !== CREATED && outcome !== CHANGED) {
      return this.#refuse(managed, entry, entries.errors.get(position)!);
    }
    const previous = entries.previous.get(position);
    // What somebody else has put in its place is not what is put back
    if (!this.#written.has(position)) this.#written.set(position, previous);
    this.#tell(managed, entry, previous ?? null, outcome);
  }

  /** Removes rows that are still there, permanent, and still in no list. */
  #remove(batch: readonly ManagedEntry[]): void {
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
      if (now === undefined || !mayPrune(now)) continue;
      // Another than was seen before, perhaps: what goes is told
      batch[position]!.row = now;
      entries.verbs[position] = DELETE;
    }
    this.#backend.write(entries, 0, entries.length);
    batch.forEach((managed, position) => {
      if (entries.verbs[position] !== DELETE) return;
      const row = managed.row!;
      const error = entries.errors.get(position);
      if (entries.outcomes[position] === DELETED) {
        this.#tell(managed, row, row, DELETED);
      } else if (error !== undefined && !isGone(error)) {
        this.#refuse(managed, row, error);
      }
    });
  }

  #boundOf(row: Neighbor): BoundInterface | undefined {
    const id = interfaceIdOf(row);
    return this.#entries.bound.find((one) => one?.key === id);
  }

  #tell(
    managed: ManagedEntry,
    entry: NeighborEntry | Neighbor,
    found: Neighbor | null,
    outcome: keyof typeof WORDS,
  ): void {
    managed.markRepaired(performance.now());
    this.#repairs++;
    const { repairs } = managed;
    const event = { outcome: WORDS[outcome], entry, found, repairs };
    this.#report({ type: "repaired", ...event });
  }

  #refuse(
    managed: ManagedEntry,
    entry: NeighborEntry | Neighbor,
    error: NeighborError,
  ): void {
    if (error.code === "INTERFACE_NOT_FOUND") {
      this.hasMissed = true;
      return;
    }
    this.#refusals++;
    const isNews = managed.backOff(performance.now(), error);
    this.#queue.add(managed);
    if (isNews) this.#report({ type: "refused", entry, error });
  }
}

const WORDS = {
  [CREATED]: "created",
  [CHANGED]: "changed",
  [DELETED]: "removed",
} as const;

function isGone({ code }: NeighborError): boolean {
  return code === "NOT_FOUND" || code === "INTERFACE_NOT_FOUND";
}
