/**
 * Compares the table with the desired entries, by events or by reading all of it,
 * and follows the names of interfaces; what differs goes to the repairer.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { interfaceIdOf } from "../ffi/parse/row.ts";
import { NeighborError, type NeighborErrorCode } from "../ffi/types/error.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborEvent, NeighborWatch } from "../ffi/types/watch.ts";
import { AddressIndex, keyOfText } from "./address_index.ts";
import type { ApplyReport } from "./apply_report.ts";
import { indexDesired } from "./desired.ts";
import type { GuardEvent } from "./guard_event.ts";
import { IN_SYNC, observe } from "./observe.ts";
import { mayPrune } from "./plan.ts";
import { Repairer } from "./repairer.ts";
import { Alarm } from "./timing.ts";

/** Milliseconds that a watch may take to close. */
const CLOSING = 200;
/** Milliseconds between two readings of all of the table. */
const SWEEP_PAUSE = 100;
/** Milliseconds between two look-ups of the interfaces. */
const LOOKUP_PAUSE = 20;

/** How a look-up says that it is the name that is wrong. */
const NAMES: ReadonlySet<NeighborErrorCode> = new Set([
  "INTERFACE_NOT_FOUND",
  "INVALID_PARAMETER",
  "NOT_SUPPORTED",
]);

/** How to guard. */
export interface ControllerOptions {
  readonly prune: boolean;
  /** Milliseconds from one reading to the next, where nothing is told. */
  readonly interval: number;
  readonly report: (event: GuardEvent) => void;
}

/** Guards entries until its end. */
export class Controller {
  readonly #backend: Backend;
  readonly #entries: EntryList;
  readonly #options: ControllerOptions;
  readonly #alarm = new Alarm();
  readonly repairer: Repairer;
  #watch: NeighborWatch | undefined;
  /** Whether the watch tells of interfaces, so that they need no polling. */
  #tellsInterfaces = false;
  #positions = new AddressIndex(0);
  /** When to read all of the table, and when to look up the interfaces. */
  #sweep = Infinity;
  #lookUp = Infinity;
  #lastSweep = -Infinity;
  #lastLookUp = -Infinity;
  /** An interface may have changed since they were looked up. */
  #hasChanged = false;
  /** Why the table could not be read the last time. */
  #unread: string | undefined;
  #isOver = false;

  /** Of these entries, which are bound as far as their interfaces are there. */
  constructor(
    backend: Backend,
    entries: EntryList,
    options: ControllerOptions,
  ) {
    this.#backend = backend;
    this.#entries = entries;
    this.#options = options;
    this.repairer = new Repairer(backend, entries, options.report);
  }

  /**
   * Takes over from an application of the entries at `positions`; of the others
   * the interfaces are missing.
   */
  begin(
    { entries }: ApplyReport,
    positions: readonly number[],
    watch: NeighborWatch,
    tellsInterfaces: boolean,
  ): void {
    this.#watch = watch;
    this.#tellsInterfaces = tellsInterfaces;
    positions.forEach((position, i) => {
      const { outcome, previous, error } = entries[i]!;
      if (outcome === "created" || outcome === "changed") {
        this.repairer.takeWritten(position, previous ?? undefined);
      }
      if (error !== null) this.repairer.takeRefused(position, error);
    });
    this.#index();
    for (const on of this.#entries.unbound.keys()) this.#tellMissing(on);
    const now = performance.now();
    // When what the application has announced is heard, which is history
    this.#lastSweep = this.#lastLookUp = now;
    this.#sweepSoon();
    this.#planLookUp();
  }

  /** Looks up the interfaces soon: one may have changed. */
  interfacesChanged(): void {
    this.#hasChanged = true;
    const due = Math.max(performance.now(), this.#lastLookUp + LOOKUP_PAUSE);
    this.#lookUp = Math.min(this.#lookUp, due);
    this.#alarm.set(this.#lookUp);
  }

  /** Ends the two that follow. */
  end(): void {
    this.#isOver = true;
    this.repairer.end();
    this.#alarm.set(-Infinity);
  }

  /** Hears what happens, until the watch ends. */
  async listen(): Promise<void> {
    const watch = this.#watch!;
    // A polled watch proves nothing by its silence: an entry may have been put
    // back and taken away between two readings. So all of the table is read
    if (watch.isPolled) await watch.closed;
    else for await (const event of watch) this.#hear(event);
  }

  /** Repairs what is due. */
  async keep(): Promise<void> {
    try {
      while (!this.#isOver) await this.#keepOnce();
    } catch (error) {
      // A table that was closed says so by whatever call comes next
      const late = new Promise((go) => setTimeout(go, CLOSING));
      await Promise.race([this.#watch!.closed, late]);
      if (!this.#isOver) throw error;
    }
  }

  async #keepOnce(): Promise<void> {
    const { repairer } = this;
    this.#alarm.set(Math.min(this.#sweep, this.#lookUp, repairer.next));
    await this.#alarm.wait();
    if (this.#isOver) return;
    const now = performance.now();
    // What the names mean comes first: nothing is repaired by what they meant
    const isDue = this.#lookUp <= now ||
      (this.#hasChanged && repairer.next <= now);
    if (isDue) this.#lookUpInterfaces();
    if (this.#sweep <= now) this.#readAll();
    await repairer.repair(now);
    if (repairer.hasMissed) this.#lookUpInterfaces();
    repairer.hasMissed = false;
  }

  #hear(event: NeighborEvent): void {
    if (event.type === "resync") {
      this.#options.report({ type: "resync" });
      this.interfacesChanged();
      return this.#sweepSoon();
    }
    const { neighbor, previous } = event;
    const row = (neighbor ?? previous)!;
    const id = interfaceIdOf(row);
    const position = this.#positions.find(id, keyOfText(row.address));
    if (position >= 0) {
      const isThere = neighbor !== null &&
        isInSync(neighbor, this.#entries, position);
      // Our own repair is heard as well
      if (isThere) this.repairer.markInSync(position);
      else this.#alarm.set(this.repairer.enqueue(position));
    } else if (this.#options.prune && neighbor !== null) {
      const isToGo = this.#positions.isOn(id) && mayPrune(neighbor);
      if (isToGo) this.#alarm.set(this.repairer.enqueueRemoval(neighbor));
    }
  }

  #sweepSoon(): void {
    const due = Math.max(performance.now(), this.#lastSweep + SWEEP_PAUSE);
    this.#sweep = Math.min(this.#sweep, due);
    this.#alarm.set(this.#sweep);
  }

  /** While one is missing, or nothing is told of them, they are polled. */
  #planLookUp(): void {
    // A polled watch looks them up with each reading
    const isTold = this.#tellsInterfaces || this.#watch!.isPolled;
    const isPolled = !isTold || this.#entries.unbound.size > 0;
    this.#lookUp = isPolled
      ? this.#lastLookUp + this.#options.interval
      : Infinity;
  }

  /** Looks up every interface again, and follows those that have moved. */
  #lookUpInterfaces(): void {
    const entries = this.#entries;
    const found = this.#backend.bind(entries.interfaces, undefined);
    let hasMoved = false;
    found.forEach((now, on) => {
      const before = entries.bound[on];
      const isMissing = now instanceof NeighborError;
      if (isMissing && !NAMES.has(now.code)) throw now;
      if (!isMissing && before?.key === now.key) {
        entries.bound[on] = now;
        return;
      }
      if (isMissing && before === undefined) return;
      hasMoved = true;
      if (before !== undefined) this.repairer.withdraw(on, before);
      entries.bound[on] = isMissing ? undefined : now;
      if (isMissing) {
        entries.unbound.set(on, now);
        this.#tellMissing(on);
      } else if (entries.unbound.delete(on)) this.#tellArrived(on);
    });
    this.#hasChanged = false;
    this.#lastLookUp = performance.now();
    this.#planLookUp();
    if (!hasMoved) return;
    this.#index();
    this.#sweep = performance.now();
  }

  /** Indexes the entries by what their interfaces are now. */
  #index(): void {
    const ids = this.#entries.bound.map((one) => one?.key);
    const { positions, duplicates } = indexDesired(this.#entries, ids);
    this.#positions = positions;
    // Two names may have come to mean one interface
    this.repairer.suspend(
      new Map(duplicates.map(({ position, error }) => [position, error])),
    );
  }

  #tellMissing(on: number): void {
    const error = this.#entries.unbound.get(on)!;
    // A name that is wrong was refused
    if (error.code !== "INTERFACE_NOT_FOUND") return;
    const entries = this.#naming(on);
    if (entries.length > 0) {
      this.#options.report({ type: "waiting", entries, error });
    }
  }

  #tellArrived(on: number): void {
    const entries = this.#naming(on);
    if (entries.length > 0) this.#options.report({ type: "arrived", entries });
  }

  #naming(on: number): NeighborEntry[] {
    const { given } = this.#entries;
    return this.#entries.positionsNaming(on)
      .map((position) => given[position] as NeighborEntry);
  }

  /** Compares all of the table, where no event says which row to look at. */
  #readAll(): void {
    const { prune, interval, report } = this.#options;
    this.#sweep = Infinity;
    const isPolled = this.#watch!.isPolled;
    try {
      if (isPolled) this.#lookUpInterfaces();
      this.#compare(prune);
      this.#unread = undefined;
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      const isNews = this.#unread !== error.message;
      this.#unread = error.message;
      if (isNews) report({ type: "unread", error });
    }
    this.#lastSweep = performance.now();
    // The interval counts from the end of the reading
    const isDueAgain = isPolled || this.#unread !== undefined;
    this.#sweep = isDueAgain ? this.#lastSweep + interval : Infinity;
  }

  #compare(prune: boolean): void {
    const read = observe(
      this.#backend,
      this.#entries,
      this.#positions,
      { withOthers: prune },
    );
    read.standing.forEach((standing, position) => {
      if (standing === IN_SYNC) this.repairer.markInSync(position);
      else this.repairer.enqueue(position);
    });
    for (const row of read.others) {
      if (mayPrune(row)) this.repairer.enqueueRemoval(row);
    }
  }
}
