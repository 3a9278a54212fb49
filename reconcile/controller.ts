/**
 * What a guard knows of its table: it hears which entries are in doubt, or reads
 * them all, and has those repaired that drifted.
 *
 * @module
 */

import { Alarm } from "./alarm.ts";
import type { ApplyReport } from "./apply_report.ts";
import { type Desired, isSo } from "./desired.ts";
import { ManagedEntry } from "./work_queue.ts";
import { invalid, NeighborError } from "../ffi/types/error.ts";
import type { NeighborEvent, NeighborWatch } from "../ffi/types/watch.ts";
import type { GuardOptions } from "./guard_event.ts";
import { isNamed } from "./interface_lookup.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { mayPrune } from "./plan.ts";
import { Repairer } from "./repairer.ts";
import { surveyAll } from "./observe.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/** Milliseconds that a watch may take to close. */
const CLOSING = 200;
/** Milliseconds between two readings of all of the table. */
const SWEEP_PAUSE = 100;

/** Guards entries until its end. */
export class Controller {
  readonly #table: NeighborTable;
  readonly #watch: NeighborWatch;
  readonly #all: readonly ManagedEntry[];
  readonly #options: Required<
    Pick<GuardOptions, "prune" | "interval" | "report">
  >;
  /** By address: what an interface is called may change. */
  readonly #at = new Map<string, ManagedEntry[]>();
  readonly repairs: Repairer;
  readonly #alarm = new Alarm();
  /** When to read all of the table, and when to look for interfaces. */
  #sweep = Infinity;
  #probe = Infinity;
  #lastSweep = -Infinity;
  /** Why it could not be read the last time. */
  #unread: string | undefined;
  /** The indexes of the interfaces under guard, and how all are called. */
  #interfaces: ReadonlySet<number> = new Set();
  #aliases: ReadonlySet<string> = new Set();
  #isOver = false;

  /**
   * `interval` is how often interfaces are looked for. A watch that is polled
   * is no use: that it tells nothing of an entry proves nothing, for the entry
   * may have been put back and taken away between two readings. There the table
   * is read as often.
   */
  constructor(
    table: NeighborTable,
    all: readonly Desired[],
    options: Required<Pick<GuardOptions, "prune" | "interval" | "report">>,
    watch: NeighborWatch,
  ) {
    this.#table = table;
    this.#watch = watch;
    this.#options = options;
    this.#all = all.map((one) => new ManagedEntry(one.entry, one));
    this.repairs = new Repairer(table, this.#all, options.report);
    for (const each of this.#all) {
      const { address } = each.one!;
      const others = this.#at.get(address);
      if (others === undefined) this.#at.set(address, [each]);
      else others.push(each);
    }
  }

  /** Takes over from an application: what it left undone is still to do. */
  begin(
    { entries }: ApplyReport,
    refusal: (one: Desired) => NeighborError | undefined,
  ): void {
    const refused = new Map(entries.map(({ entry, error }) => [entry, error]));
    for (const each of this.#all) {
      const error = refusal(each.one!) ?? refused.get(each.entry);
      if (error) this.repairs.takeOver(each, error);
    }
    this.repairs.tellAbsent();
    // When what the application has announced is heard, which is history
    this.#lastSweep = performance.now();
    this.#sweepSoon();
  }

  /** Ends the two that follow. */
  end(): void {
    this.#isOver = true;
    this.repairs.end();
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
      const late = new Promise((go) => setTimeout(go, CLOSING));
      await Promise.race([this.#watch.closed, late]);
      if (!this.#isOver) throw error;
    }
  }

  async #keepOnce(): Promise<void> {
    const { repairs } = this;
    if (!repairs.isWaiting) this.#probe = Infinity;
    else if (this.#probe === Infinity) {
      this.#probe = performance.now() + this.#options.interval;
    }
    this.#alarm.set(Math.min(this.#sweep, this.#probe, repairs.next));
    await this.#alarm.wait();
    if (this.#isOver) return;
    const now = performance.now();
    if (this.#probe <= now) {
      this.#probe = Infinity;
      // What the names mean has changed: before anything is repaired by them
      if (repairs.lookForInterfaces()) this.#sweep = now;
    }
    if (this.#sweep <= now) this.#readAll();
    await repairs.repair(now);
  }

  #hear(event: NeighborEvent): void {
    if (event.type === "resync") {
      this.#options.report({ type: "resync" });
      return this.#sweepSoon();
    }
    const { neighbor, previous } = event;
    const row = (neighbor ?? previous)!;
    let isDesired = false;
    for (const each of this.#at.get(row.address) ?? []) {
      const isOn = neighbor !== null && this.#isOn(each, neighbor);
      isDesired ||= isOn;
      // Our own repair is heard as well
      if (isOn && isSo(neighbor, each.one!)) this.repairs.trust(each);
      else if (isOn || this.#isOn(each, row) || this.#isIndirect(each)) {
        this.#alarm.set(this.repairs.doubt(each));
      } else if (previous !== null && this.#isOn(each, previous)) {
        this.#alarm.set(this.repairs.doubt(each));
      }
    }
    if (!this.#options.prune) return;
    const isStranger = neighbor !== null && !isDesired && mayPrune(neighbor) &&
      this.#interfaces.has(neighbor.interfaceIndex);
    const isRenamed = neighbor !== null && previous !== null &&
      neighbor.interfaceAlias !== previous.interfaceAlias;
    if (isStranger || isRenamed) this.#sweepSoon();
  }

  #isOn({ one }: ManagedEntry, row: Neighbor): boolean {
    return isNamed(one!.parsed.interface, row);
  }

  /** Whether no row bears the name that an entry gives: an alternative one. */
  #isIndirect({ one }: ManagedEntry): boolean {
    const { luid, index, alias } = one!.parsed.interface;
    return luid === 0n && index === 0 && alias !== null &&
      !this.#aliases.has(alias);
  }

  #sweepSoon(): void {
    const due = Math.max(performance.now(), this.#lastSweep + SWEEP_PAUSE);
    this.#sweep = Math.min(this.#sweep, due);
    this.#alarm.set(this.#sweep);
  }

  /** Compares all of the table, where no event says which row to look at. */
  #readAll(): void {
    const { prune, interval, report } = this.#options;
    this.#sweep = Infinity;
    try {
      this.#compare(prune);
      this.#unread = undefined;
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      const isNews = this.#unread !== error.message;
      this.#unread = error.message;
      if (isNews) report({ type: "unread", error });
    }
    // From the end of one reading: a slow one is not followed at its heels
    this.#lastSweep = performance.now();
    const isToBeReadAgain = this.#watch.isPolled || this.#unread !== undefined;
    if (isToBeReadAgain) this.#sweep = this.#lastSweep + interval;
  }

  #compare(prune: boolean): void {
    const held = new Map<ManagedEntry, NeighborError>();
    const guarded = new Map(this.#all.map((each) => [each.one, each]));
    // Two names may have come to mean one interface
    const refuse = (message: string, one: Desired) =>
      void held.set(guarded.get(one)!, invalid(message, one.entry));
    const all = this.#all.map(({ one }) => one!);
    const read = surveyAll(this.#table, all, prune, refuse);
    this.#interfaces = new Set(read.desired.positions.interfaces());
    this.#aliases = new Set(
      read.interfaces.map(({ interfaceAlias }) => interfaceAlias),
    );
    this.repairs.hold(held);
    read.standing.forEach((standing, i) => {
      const each = this.#all[i]!;
      if (standing === "pinned") this.repairs.trust(each);
      else this.repairs.doubt(each);
    });
    for (const row of read.remove) this.repairs.expel(row);
  }
}
