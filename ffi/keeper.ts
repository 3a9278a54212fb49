/**
 * What a guard does: it hears which entries are in doubt, looks at them when it
 * may, and tells what came of it.
 *
 * @module
 */

import { Absentees } from "./absentees.ts";
import { Alarm } from "./alarm.ts";
import type { ApplyReport } from "./applied.ts";
import type { ChangeResult } from "./change.ts";
import { Doubts, Guarded, Strangers } from "./doubts.ts";
import { NeighborError } from "./error.ts";
import type { NeighborEvent, NeighborWatch } from "./event.ts";
import type { GuardOptions, GuardSummary } from "./guarded.ts";
import { isNamed } from "./interface_numbers.ts";
import type { Neighbor, NeighborEntry } from "./neighbor.ts";
import { type Desired, isSo } from "./desired.ts";
import { mayPrune } from "./plan.ts";
import { keyOf } from "./row_key.ts";
import { survey } from "./survey.ts";
import type { NeighborTable } from "./table.ts";
import { nextTurn } from "./turn.ts";

/** How many changes are made before others have their turn. */
const BATCH = 128;
/** Milliseconds that a watch may take to close. */
const CLOSING = 200;
/** Milliseconds between two readings of all of the table. */
const SWEEP_PAUSE = 100;

/** Guards entries until its end. */
export class Keeper {
  readonly #table: NeighborTable;
  readonly #watch: NeighborWatch;
  readonly #all: readonly Guarded[];
  /** By address: what an interface is called may change. */
  readonly #at = new Map<string, Guarded[]>();
  readonly #prune: boolean;
  readonly #interval: number;
  readonly #report: NonNullable<GuardOptions["report"]>;
  readonly #doubts = new Doubts();
  readonly #absentees: Absentees;
  readonly #strangers = new Strangers();
  readonly #alarm = new Alarm();
  /** When to read all of the table, and when to look for interfaces. */
  #sweep = Infinity;
  #probe = Infinity;
  #lastSweep = -Infinity;
  #isOver = false;
  #repairs = 0;
  #refusals = 0;

  /**
   * `interval` is how often interfaces are looked for, and the table where its
   * watch is polled: such a one misses who takes back a repair before it reads.
   */
  constructor(
    table: NeighborTable,
    all: readonly Desired[],
    options: Required<Pick<GuardOptions, "prune" | "interval" | "report">>,
    watch: NeighborWatch,
  ) {
    this.#table = table;
    this.#watch = watch;
    this.#prune = options.prune;
    this.#interval = options.interval;
    this.#report = options.report;
    this.#all = all.map((one) => new Guarded(one.entry, one));
    this.#absentees = new Absentees(this.#all);
    for (const each of this.#all) {
      const { address } = each.one!;
      const others = this.#at.get(address);
      if (others === undefined) this.#at.set(address, [each]);
      else others.push(each);
    }
  }

  /** How much there was to do. */
  get summary(): GuardSummary {
    return { repairs: this.#repairs, refusals: this.#refusals };
  }

  /** Takes over from an application: what it left undone is still to do. */
  begin(
    { entries }: ApplyReport,
    missing: (one: Desired) => NeighborError | undefined,
  ): void {
    const refused = new Map(entries.map(({ entry, error }) => [entry, error]));
    for (const each of this.#all) {
      const error = missing(each.one!) ?? refused.get(each.entry);
      if (error) this.#refuse(each, error);
    }
    this.#tellAbsent();
    if (this.#watch.isPolled) this.#sweep = performance.now() + this.#interval;
  }

  /** Ends the two that follow. */
  end(): void {
    this.#isOver = true;
    this.#alarm.set(-Infinity);
  }

  /** Hears what happens, until the watch ends. */
  async listen(): Promise<void> {
    if (this.#watch.isPolled) await this.#watch.closed;
    else for await (const event of this.#watch) this.#hear(event);
  }

  /** Repairs what is due. */
  async keep(): Promise<void> {
    try {
      while (!this.#isOver) await this.#keepOnce();
    } catch (error) {
      // A table that was closed says so by whatever call comes next
      await Promise.race([
        this.#watch.closed,
        new Promise((go) => setTimeout(go, CLOSING)),
      ]);
      if (!this.#isOver) throw error;
    }
  }

  async #keepOnce(): Promise<void> {
    this.#alarm.set(Math.min(this.#sweep, this.#probe, this.#doubts.next()));
    await this.#alarm.wait();
    if (this.#isOver) return;
    const now = performance.now();
    if (this.#sweep <= now) this.#readAll();
    if (this.#probe <= now) this.#lookForInterfaces();
    await this.#repair(this.#doubts.take(now));
  }

  #hear(event: NeighborEvent): void {
    if (event.type === "resync") {
      this.#report({ type: "resync" });
      return this.#sweepSoon();
    }
    const { neighbor } = event;
    const { address } = neighbor ?? event.previous;
    let isDesired = false;
    for (const each of this.#at.get(address) ?? []) {
      const isOn = neighbor !== null &&
        isNamed(each.one!.parsed.interface, neighbor);
      isDesired ||= isOn;
      // Our own repair is heard as well
      if (isOn && isSo(neighbor, each.one!)) this.#doubts.drop(each);
      else this.#doubt(each);
    }
    const isStranger = this.#prune && !isDesired && neighbor !== null &&
      mayPrune(neighbor);
    if (isStranger) this.#sweepSoon();
  }

  #doubt(one: Guarded): void {
    if (!this.#absentees.has(one)) this.#alarm.set(this.#doubts.add(one));
  }

  #sweepSoon(): void {
    const due = Math.max(performance.now(), this.#lastSweep + SWEEP_PAUSE);
    this.#sweep = Math.min(this.#sweep, due);
    this.#alarm.set(this.#sweep);
  }

  /** Compares all of the table, where no event says which row to look at. */
  #readAll(): void {
    this.#sweep = Infinity;
    try {
      const entries = this.#all.map(({ entry }) => entry as NeighborEntry);
      const { plan } = survey(this.#table, entries, this.#prune);
      const drifted = new Set<unknown>(plan.create);
      for (const { entry } of plan.change) drifted.add(entry);
      for (const each of this.#all) {
        if (drifted.has(each.entry)) this.#doubt(each);
      }
      for (const row of plan.remove) this.#doubt(this.#strangers.of(row));
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      // Two names that have come to mean one interface, for example
      for (const each of this.#all) this.#doubt(each);
    }
    // From the end of one reading: a slow one is not followed at its heels
    this.#lastSweep = performance.now();
    if (this.#watch.isPolled) this.#sweep = this.#lastSweep + this.#interval;
  }

  #lookForInterfaces(): void {
    const arrived = this.#absentees.release((one) => this.#isThere(one));
    for (const group of arrived) {
      const entries = group.map(({ entry }) => entry as NeighborEntry);
      this.#report({ type: "arrived", entries });
      for (const each of group) this.#doubt(each);
    }
    // What the names mean has changed
    if (arrived.length > 0) this.#sweepSoon();
    this.#probe = this.#absentees.size > 0
      ? performance.now() + this.#interval
      : Infinity;
  }

  #isThere({ entry }: Guarded): boolean {
    try {
      this.#table.get(entry as NeighborEntry);
      return true;
    } catch (error) {
      return isMet(error);
    }
  }

  async #repair(due: readonly Guarded[]): Promise<void> {
    for (let at = 0; at < due.length && !this.#isOver; at += BATCH) {
      if (at > 0) await nextTurn();
      const batch = due.slice(at, at + BATCH).filter((each) =>
        each.one !== null || this.#isToGo(each)
      );
      const results = this.#table.change(batch.map(({ change }) => change));
      batch.forEach((each, i) => this.#take(each, results[i]!));
    }
    this.#tellAbsent();
  }

  /** Whether a row is still there, and still nobody's. */
  #isToGo(stranger: Guarded): boolean {
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

  #take(each: Guarded, result: ChangeResult): void {
    if (result.outcome !== "done") {
      const isGone = each.one === null &&
        (isAbsent(result) || result.error.code === "NOT_FOUND");
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

  #refuse(each: Guarded, error: NeighborError): void {
    if (error.code === "INTERFACE_NOT_FOUND" && each.one !== null) {
      return this.#absentees.add(each, error);
    }
    this.#refusals++;
    const isNews = each.refused(performance.now(), error.message);
    this.#doubt(each);
    if (isNews) this.#report({ type: "refused", entry: each.entry, error });
  }

  #tellAbsent(): void {
    for (const one of this.#absentees.news()) {
      this.#report({ type: "waiting", ...one });
      const next = performance.now() + this.#interval;
      this.#probe = Math.min(this.#probe, next);
    }
  }
}

function isAbsent(result: ChangeResult): boolean {
  return result.outcome !== "done" &&
    result.error.code === "INTERFACE_NOT_FOUND";
}

/** A look that was refused: all but a missing interface is for a write to meet. */
function isMet(error: unknown): boolean {
  if (!(error instanceof NeighborError)) throw error;
  return error.code !== "INTERFACE_NOT_FOUND";
}
