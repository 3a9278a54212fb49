/**
 * Runs a guard over a table in memory and collects its events in short form.
 *
 * @module
 */

import { guardNeighbors } from "../../reconcile/guard.ts";
import type {
  GuardEvent,
  GuardOptions,
  GuardSummary,
} from "../../reconcile/guard_event.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { FakeTable, interfaceOf } from "./fake_table.ts";
import { pause } from "./pause.ts";

export const VA = interfaceOf(2, "va", "0x0006000002000000");
export const VB = interfaceOf(3, "vb");
export const OURS = "02:fc:00:00:00:05";
export const THEIRS = "02:ee:00:00:00:01";

/** A desired entry. */
export function pin(address: string, interfaceAlias = "va"): NeighborEntry {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

/** A table with events, or with polling. */
export function tableOf(
  isTold: boolean,
  ...given: ConstructorParameters<typeof FakeTable>
): FakeTable {
  const table = new FakeTable(...given);
  table.isTold = isTold;
  return table;
}

/** A running guard. */
export class Guard {
  readonly events: (GuardEvent & { at: number })[] = [];
  readonly #controller = new AbortController();
  readonly ended: Promise<GuardSummary>;

  constructor(
    table: NeighborTable,
    pins: readonly NeighborEntry[],
    options: GuardOptions = {},
  ) {
    this.ended = guardNeighbors(pins, {
      table,
      interval: 10,
      signal: this.#controller.signal,
      report: (event) => {
        this.events.push({ ...event, at: performance.now() });
      },
      ...options,
    });
    // A test may await it later; this avoids an unhandled rejection
    this.ended.catch(() => {});
  }

  /** Waits for `count` events; returns them in short form. */
  async said(count: number): Promise<string[]> {
    const end = performance.now() + 30_000;
    while (this.events.length < count && performance.now() < end) {
      await pause(2);
    }
    return this.events.map(wordsOf);
  }

  /** Ends the guard; returns its summary. */
  async end(): Promise<GuardSummary> {
    this.#controller.abort();
    return await this.ended;
  }
}

/** An event in short form. */
function wordsOf(event: GuardEvent): string {
  switch (event.type) {
    case "applied":
      return `applied ${event.report.entries.map((one) => one.outcome)}`;
    case "repaired": {
      const { outcome, entry, found, repairs } = event;
      const what = `${found?.linkLayerAddress ?? "nothing"} ${found?.state}`;
      return `${outcome} ${entry.address} found ${what} ${repairs}`;
    }
    case "refused":
      return `refused ${event.entry.address} ${event.error.code}`;
    case "waiting":
    case "arrived":
      return `${event.type} ${event.entries.map((one) => one.address)}`;
    default:
      return event.type;
  }
}
