/**
 * The repairs of a guard: which are due, what the table makes of them, and what
 * is told of it.
 *
 * @module
 */

import { MissingInterfaces } from "./missing_interfaces.ts";
import type { ChangeResult } from "../ffi/types/change.ts";
import { type ManagedEntry, UnmanagedRows, WorkQueue } from "./work_queue.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { GuardOptions, GuardSummary } from "./guard_event.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import { mayPrune } from "./plan.ts";
import { keyOf } from "./row_key.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { yieldToEventLoop } from "./turn.ts";

/** How many changes are made before others have their turn. */
const BATCH = 128;

/** Puts back what is in doubt. */
export class Repairer {
  readonly #table: NeighborTable;
  readonly #report: NonNullable<GuardOptions["report"]>;
  readonly #doubts = new WorkQueue();
  readonly #absentees: MissingInterfaces;
  readonly #strangers = new UnmanagedRows();
  /** Those that cannot stand beside another, as long as they cannot. */
  #held: ReadonlyMap<ManagedEntry, NeighborError> = new Map();
  #isOver = false;
  #repairs = 0;
  #refusals = 0;

  /** Of these entries, in this table. */
  constructor(
    table: NeighborTable,
    all: readonly ManagedEntry[],
    report: NonNullable<GuardOptions["report"]>,
  ) {
    this.#table = table;
    this.#report = report;
    this.#absentees = new MissingInterfaces(all);
  }

  /** How much there was to do. */
  get summary(): GuardSummary {
    return { repairs: this.#repairs, refusals: this.#refusals };
  }

  /** When the next is due. */
  get next(): number {
    return this.#doubts.next();
  }

  /** Whether interfaces are missing. */
  get isWaiting(): boolean {
    return this.#absentees.size > 0;
  }

  /** No more of them. */
  end(): void {
    this.#isOver = true;
  }

  /** An entry is in doubt: when it will be looked at. */
  doubt(one: ManagedEntry): number {
    return this.#held.has(one) || this.#absentees.has(one)
      ? Infinity
      : this.#doubts.add(one);
  }

  /** A row is not to be: when it will go. */
  expel(row: Neighbor): number {
    return this.#doubts.add(this.#strangers.of(row));
  }

  /** An entry is as it shall be. */
  trust(one: ManagedEntry): void {
    this.#doubts.drop(one);
  }

  /** Leaves these alone, and tells those that are new among them. */
  hold(held: ReadonlyMap<ManagedEntry, NeighborError>): void {
    const before = this.#held;
    this.#held = held;
    for (const [one, error] of held) {
      this.#doubts.drop(one);
      if (before.has(one)) continue;
      this.#report({ type: "refused", entry: one.entry, error });
    }
  }

  /** Takes over what an application was refused, and has told already. */
  takeOver(one: ManagedEntry, error: NeighborError): void {
    if (isAbsent(error)) this.#absentees.add(one, error);
    else {
      one.refused(performance.now(), error);
      this.doubt(one);
    }
  }

  /** Tells which interfaces are missing; each once. */
  tellAbsent(): void {
    for (const one of this.#absentees.news()) {
      this.#report({ type: "waiting", ...one });
    }
  }

  /** Looks for the interfaces that are missing; whether one has come. */
  lookForInterfaces(): boolean {
    const arrived = this.#absentees.release((one) => this.#isThere(one));
    for (const group of arrived) {
      const entries = group.map(({ entry }) => entry as NeighborEntry);
      this.#report({ type: "arrived", entries });
      for (const one of group) this.doubt(one);
    }
    return arrived.length > 0;
  }

  #isThere({ entry }: ManagedEntry): boolean {
    try {
      this.#table.get(entry as NeighborEntry);
      return true;
    } catch (error) {
      return isMet(error);
    }
  }

  /** Repairs what is due by now. */
  async repair(now: number): Promise<void> {
    const due = this.#doubts.take(now);
    for (let at = 0; at < due.length && !this.#isOver; at += BATCH) {
      if (at > 0) await yieldToEventLoop();
      const batch = due.slice(at, at + BATCH).filter((each) =>
        each.one !== null || this.#isToGo(each)
      );
      const results = this.#table.change(batch.map(({ change }) => change));
      batch.forEach((each, i) => this.#take(each, results[i]!));
    }
    this.tellAbsent();
  }

  /** Whether a row is still there, and still nobody's. */
  #isToGo(stranger: ManagedEntry): boolean {
    try {
      const now = this.#table.get(keyOf(stranger.entry as Neighbor));
      if (now === undefined || !mayPrune(now)) return false;
      // Another one than was seen before, perhaps: what goes is told
      stranger.entry = now;
      return true;
    } catch (error) {
      return isMet(error);
    }
  }

  #take(each: ManagedEntry, result: ChangeResult): void {
    if (result.outcome !== "done") {
      const isGone = each.one === null &&
        (isAbsent(result.error) || result.error.code === "NOT_FOUND");
      if (!isGone) this.#refuse(each, result.error);
      return;
    }
    if (result.result === "unchanged") return each.well();
    each.repaired(performance.now());
    this.#repairs++;
    const found = each.one === null
      ? each.entry as Neighbor
      : result.previous ?? null;
    const outcome = result.result === "deleted" ? "removed" : result.result;
    const { entry, repairs } = each;
    this.#report({ type: "repaired", outcome, entry, found, repairs });
  }

  #refuse(each: ManagedEntry, error: NeighborError): void {
    if (isAbsent(error) && each.one !== null) {
      return this.#absentees.add(each, error);
    }
    this.#refusals++;
    const isNews = each.refused(performance.now(), error);
    this.#doubts.add(each);
    if (isNews) this.#report({ type: "refused", entry: each.entry, error });
  }
}

function isAbsent({ code }: NeighborError): boolean {
  return code === "INTERFACE_NOT_FOUND";
}

/** A look that was refused: all but a missing interface is for a write to meet. */
function isMet(error: unknown): boolean {
  if (!(error instanceof NeighborError)) throw error;
  return !isAbsent(error);
}
