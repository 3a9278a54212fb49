/**
 * Compares the table with the desired entries, by events or by reading the whole
 * table, and follows the names of interfaces. Differences go to the repairer.
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

/** Milliseconds to wait for a watch to close. */
const CLOSING = 200;
/** Least milliseconds between two readings of the whole table. */
const SWEEP_PAUSE = 100;
/** Least milliseconds between two look-ups of the interfaces. */
const LOOKUP_PAUSE = 20;

/** The codes of a look-up that failed because of the name, not the system. */
const NAMES: ReadonlySet<NeighborErrorCode> = new Set([
  "INTERFACE_NOT_FOUND",
  "INVALID_PARAMETER",
  "NOT_SUPPORTED",
]);

/** Options of a controller. */
export interface ControllerOptions {
  readonly prune: boolean;
  /** Only rows of this protocol are removed; 0 stands for every one. */
  readonly owner: number;
  /** Milliseconds between two readings where the system sends no events. */
  readonly interval: number;
  readonly report: (event: GuardEvent) => void;
}

/** Keeps entries in sync until `end` is called. */
export class Controller {
  readonly #backend: Backend;
  readonly #entries: EntryList;
  readonly #options: ControllerOptions;
  readonly #alarm = new Alarm();
  readonly repairer: Repairer;
  #watch: NeighborWatch | undefined;
  /** Whether the watch reports changes of interfaces, so that polling is not needed. */
  #reportsInterfaces = false;
  #positions = new AddressIndex(0);
  /** When to read the whole table, and when to look up the interfaces. */
  #sweep = Infinity;
  #lookUp = Infinity;
  #lastSweep = -Infinity;
  #lastLookUp = -Infinity;
  /** An interface may have changed since they were looked up. */
  #mayHaveChanged = false;
  /** The message of the last failed reading, until one succeeds. */
  #readError: string | undefined;
  #hasEnded = false;

  /** Takes the entries, bound where their interfaces exist. */
  constructor(
    backend: Backend,
    entries: EntryList,
    options: ControllerOptions,
  ) {
    this.#backend = backend;
    this.#entries = entries;
    this.#options = options;
    this.repairer = new Repairer(backend, entries, options);
  }

  /**
   * Takes over after the entries at `positions` were applied. The interfaces of
   * the other entries are missing.
   */
  start(
    { entries }: ApplyReport,
    positions: readonly number[],
    watch: NeighborWatch,
    reportsInterfaces: boolean,
  ): void {
    this.#watch = watch;
    this.#reportsInterfaces = reportsInterfaces;
    positions.forEach((position, i) => {
      const { outcome, previous, error } = entries[i]!;
      if (outcome === "created" || outcome === "changed") {
        this.repairer.takeWritten(position, previous ?? undefined);
      }
      if (error !== null) this.repairer.takeRefused(position, error);
    });
    this.#index();
    for (const number of this.#entries.unbound.keys()) {
      this.#reportMissing(number);
    }
    const now = performance.now();
    // Events of the application's own writes are still queued: one sweep after
    // them shows what is true now
    this.#lastSweep = this.#lastLookUp = now;
    this.#scheduleSweep();
    this.#scheduleLookUp();
  }

  /** Schedules a look-up of the interfaces: one may have changed. */
  interfacesChanged(): void {
    this.#mayHaveChanged = true;
    const due = Math.max(performance.now(), this.#lastLookUp + LOOKUP_PAUSE);
    this.#lookUp = Math.min(this.#lookUp, due);
    this.#alarm.set(this.#lookUp);
  }

  /** Makes `listen` and `run` end. */
  end(): void {
    this.#hasEnded = true;
    this.repairer.end();
    this.#alarm.set(-Infinity);
  }

  /** Handles the events of the watch until it ends. */
  async listen(): Promise<void> {
    const watch = this.#watch!;
    // A polled watch misses an entry that was repaired and removed again
    // between two readings, so the whole table is compared instead
    if (watch.isPolled) await watch.closed;
    else for await (const event of watch) this.#handleEvent(event);
  }

  /** Reads, looks up and repairs whatever is due, until the end. */
  async run(): Promise<void> {
    try {
      while (!this.#hasEnded) await this.#runOnce();
    } catch (error) {
      // A closed table makes the next call fail; the watch then closes too
      const late = new Promise((go) => setTimeout(go, CLOSING));
      await Promise.race([this.#watch!.closed, late]);
      if (!this.#hasEnded) throw error;
    }
  }

  async #runOnce(): Promise<void> {
    const { repairer } = this;
    this.#alarm.set(Math.min(this.#sweep, this.#lookUp, repairer.next));
    await this.#alarm.wait();
    if (this.#hasEnded) return;
    const now = performance.now();
    // Before repairs, so that none is written to the former interface of a name
    const isDue = this.#lookUp <= now ||
      (this.#mayHaveChanged && repairer.next <= now);
    if (isDue) this.#lookUpInterfaces();
    if (this.#sweep <= now) this.#readAll();
    await repairer.repair(now);
    if (repairer.hasMetMissing) this.#lookUpInterfaces();
    repairer.hasMetMissing = false;
  }

  #handleEvent(event: NeighborEvent): void {
    if (event.type === "resync") {
      this.#options.report({ type: "resync" });
      this.interfacesChanged();
      this.#scheduleSweep();
      return;
    }
    const { neighbor, previous } = event;
    const row = (neighbor ?? previous)!;
    const id = interfaceIdOf(row);
    const position = this.#positions.find(id, keyOfText(row.address));
    if (position >= 0) {
      const isThere = neighbor !== null &&
        isInSync(neighbor, this.#entries, position);
      // Events of our own repairs come here too
      if (isThere) this.repairer.markInSync(position);
      else this.#alarm.set(this.repairer.enqueue(position));
    } else if (this.#options.prune && neighbor !== null) {
      const isUndesired = this.#positions.isOn(id) &&
        mayPrune(neighbor, this.#options.owner);
      if (isUndesired) this.#alarm.set(this.repairer.enqueueRemoval(neighbor));
    }
  }

  #scheduleSweep(): void {
    const due = Math.max(performance.now(), this.#lastSweep + SWEEP_PAUSE);
    this.#sweep = Math.min(this.#sweep, due);
    this.#alarm.set(this.#sweep);
  }

  /** Interfaces are polled while one is missing or their changes are not reported. */
  #scheduleLookUp(): void {
    // With a polled watch each reading looks them up
    const isReported = this.#reportsInterfaces || this.#watch!.isPolled;
    const isPolled = !isReported || this.#entries.unbound.size > 0;
    this.#lookUp = isPolled
      ? this.#lastLookUp + this.#options.interval
      : Infinity;
  }

  /** Looks up every interface again, and follows names that have moved. */
  #lookUpInterfaces(): void {
    const entries = this.#entries;
    const found = this.#backend.bind(entries.interfaces, undefined);
    let hasMoved = false;
    found.forEach((now, number) => {
      const before = entries.bound[number];
      const isMissing = now instanceof NeighborError;
      if (isMissing && !NAMES.has(now.code)) throw now;
      if (!isMissing && before?.key === now.key) {
        entries.bound[number] = now;
        return;
      }
      if (isMissing && before === undefined) return;
      hasMoved = true;
      if (before !== undefined) this.repairer.withdraw(number, before);
      entries.bound[number] = isMissing ? undefined : now;
      if (isMissing) {
        entries.unbound.set(number, now);
        this.#reportMissing(number);
      } else if (entries.unbound.delete(number)) this.#reportArrived(number);
    });
    this.#mayHaveChanged = false;
    this.#lastLookUp = performance.now();
    this.#scheduleLookUp();
    if (!hasMoved) return;
    this.#index();
    this.#sweep = performance.now();
  }

  /** Indexes the entries by their current interfaces. */
  #index(): void {
    const ids = this.#entries.bound.map((one) => one?.key);
    const { positions, duplicates } = indexDesired(this.#entries, ids);
    this.#positions = positions;
    // Two names may now mean one interface
    this.repairer.suspend(
      new Map(duplicates.map(({ position, error }) => [position, error])),
    );
  }

  #reportMissing(number: number): void {
    const error = this.#entries.unbound.get(number)!;
    // Other codes were reported as a refusal
    if (error.code !== "INTERFACE_NOT_FOUND") return;
    const entries = this.#entriesNaming(number);
    if (entries.length > 0) {
      this.#options.report({ type: "waiting", entries, error });
    }
  }

  #reportArrived(number: number): void {
    const entries = this.#entriesNaming(number);
    if (entries.length > 0) this.#options.report({ type: "arrived", entries });
  }

  #entriesNaming(number: number): NeighborEntry[] {
    const { given } = this.#entries;
    return this.#entries.positionsNaming(number)
      .map((position) => given[position] as NeighborEntry);
  }

  /** Compares the whole table, where no event says which row has changed. */
  #readAll(): void {
    const { prune, interval, report } = this.#options;
    this.#sweep = Infinity;
    const isPolled = this.#watch!.isPolled;
    try {
      if (isPolled) this.#lookUpInterfaces();
      this.#compare(prune);
      this.#readError = undefined;
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      const isNews = this.#readError !== error.message;
      this.#readError = error.message;
      if (isNews) report({ type: "unread", error });
    }
    this.#lastSweep = performance.now();
    // The interval counts from the end of the reading
    const isDueAgain = isPolled || this.#readError !== undefined;
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
      const isUndesired = mayPrune(row, this.#options.owner);
      if (isUndesired) this.repairer.enqueueRemoval(row);
    }
  }
}
