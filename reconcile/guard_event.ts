/**
 * The public types of `guardNeighbors`.
 *
 * @module
 */

import type { ApplyReport } from "./apply_report.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * Options of `guardNeighbors`.
 *
 * @example Print every event, for one second
 * ```ts
 * import type { GuardOptions } from "@ipnet/neighbor";
 *
 * const options: GuardOptions = {
 *   signal: AbortSignal.timeout(1000),
 *   report: (event) => console.log(event.type),
 * };
 * console.log(options.signal?.aborted);
 * ```
 */
export interface GuardOptions {
  /** As for `applyNeighbors`; entries that appear later are removed too. */
  readonly prune?: boolean;
  /** As for `applyNeighbors`. */
  readonly protocol?: number;
  /**
   * Applies every entry that the system accepts and keeps trying the others,
   * instead of all or nothing.
   */
  readonly keepGoing?: boolean;
  /** Ends the guard: the promise resolves, the entries stay. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds between two readings, 10 to 2147483647; 1000 by default. Both
   * systems look for missing interfaces that often. Windows also reads its table
   * that often; on Linux the kernel reports changes.
   */
  readonly interval?: number;
  /**
   * Called with each event. A promise that it returns is waited for at the end.
   * An error that it throws, or that the promise is rejected with, ends the
   * guard.
   */
  readonly report?: (event: GuardEvent) => void;
  /** The table to guard; by default the shared one of this package. */
  readonly table?: NeighborTable;
}

/**
 * An event of a guard.
 *
 * - `applied`: the entries were applied; the guard begins
 * - `repaired`: an entry had drifted and is in sync again
 * - `refused`: a repair was refused; it is retried at growing intervals, up to
 *   5 seconds. Reported once, until the entry is in sync or the error differs.
 *   Also reported for an entry whose interface name now means the interface of
 *   another entry of that address; it is left alone as long as that is so
 * - `waiting`: the interface of these entries is missing; they are created when
 *   it appears
 * - `arrived`: the interface of these entries has appeared
 * - `withdrawn`: the name of their interface now means another interface, or
 *   none; what the guard had written on the former interface was rolled back
 * - `unread`: the whole table could not be read; it is retried. Reported once,
 *   until a reading succeeds or the error differs
 * - `resync`: events were lost and the table is read again
 *
 * @example Describe a repair
 * ```ts
 * import type { GuardEvent } from "@ipnet/neighbor";
 *
 * function describe(event: GuardEvent): string {
 *   if (event.type !== "repaired") return event.type;
 *   const found = event.found?.linkLayerAddress ?? "nothing";
 *   return `${event.entry.address}: found ${found}`;
 * }
 * console.log(describe({ type: "resync" }));
 * ```
 */
export type GuardEvent =
  | {
    /** The entries were applied. */
    readonly type: "applied";
    /** The outcomes; entries that wait for an interface are not in it. */
    readonly report: ApplyReport;
  }
  | {
    /** An entry had drifted and is in sync again. */
    readonly type: "repaired";
    /** What was done; `removed` is for an undesired entry, with `prune`. */
    readonly outcome: "created" | "changed" | "removed";
    /** The entry as given; for a removal, the removed row. */
    readonly entry: NeighborEntry | Neighbor;
    /** The row before the repair; `null` where there was none. */
    readonly found: Neighbor | null;
    /** The number of repairs of this address, including this one. */
    readonly repairs: number;
  }
  | {
    /** A repair was refused. */
    readonly type: "refused";
    /** The entry as given; for a removal, the row to remove. */
    readonly entry: NeighborEntry | Neighbor;
    /** The reason. */
    readonly error: NeighborError;
  }
  | {
    /** An interface is missing. */
    readonly type: "waiting";
    /** The entries that name it. */
    readonly entries: readonly NeighborEntry[];
    /** The error of looking it up. */
    readonly error: NeighborError;
  }
  | {
    /** A missing interface has appeared. */
    readonly type: "arrived";
    /** The entries that name it. */
    readonly entries: readonly NeighborEntry[];
  }
  | {
    /** What was written on an interface that lost its name was rolled back. */
    readonly type: "withdrawn";
    /** The entries that were rolled back. */
    readonly entries: readonly NeighborEntry[];
    /** The interface that had the name. */
    readonly interfaceIndex: number;
  }
  | {
    /** The table could not be read. */
    readonly type: "unread";
    /** The reason. */
    readonly error: NeighborError;
  }
  | {
    /** Events were lost. */
    readonly type: "resync";
  };

/**
 * The counts of a guard, when it ends.
 *
 * @example Whether nothing had to be repaired
 * ```ts
 * import type { GuardSummary } from "@ipnet/neighbor";
 *
 * function wasQuiet({ repairs, refusals }: GuardSummary): boolean {
 *   return repairs + refusals === 0;
 * }
 * console.log(wasQuiet({ repairs: 0, refusals: 0 }));
 * ```
 */
export interface GuardSummary {
  /** The number of repairs. */
  readonly repairs: number;
  /** The number of refused repairs; every attempt counts. */
  readonly refusals: number;
}
