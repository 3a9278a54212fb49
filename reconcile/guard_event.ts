/**
 * The public types of keeping entries as they shall be.
 *
 * @module
 */

import type { ApplyReport } from "./apply_report.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * How to guard entries.
 *
 * @example Tell every repair, until five o'clock
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
  /** As `applyNeighbors` does, and those that come later too. */
  readonly prune?: boolean;
  /**
   * Applies what can be applied, and goes on trying the rest, instead of all or
   * nothing.
   */
  readonly keepGoing?: boolean;
  /** Ends the guard: the promise resolves, the entries stay. */
  readonly signal?: AbortSignal;
  /**
   * How many milliseconds from one look to the next, 10 to 2147483647; 1000
   * without. Both systems look for interfaces that are not there; Windows reads
   * its table as well, Linux is told.
   */
  readonly interval?: number;
  /** Is told what happens, as it happens. What it throws ends the guard. */
  readonly report?: (event: GuardEvent) => void;
  /** The table to guard; the shared one of this package without it. */
  readonly table?: NeighborTable;
}

/**
 * What a guard did or met.
 *
 * - `applied`: the entries were applied; the guard begins
 * - `repaired`: an entry was not as it shall be, and is again
 * - `refused`: a repair was refused; it is tried again, less and less often.
 *   Told once, until the entry is well again or the refusal is another one. So
 *   is one that has come to mean the same as another, as long as it does
 * - `waiting`: the interface of these entries is not there; they are made when
 *   it comes
 * - `arrived`: the interface of these entries has come
 * - `withdrawn`: the name of their interface has come to mean another, or none;
 *   what the guard had written for these on the former one was taken back there
 * - `unread`: the table could not be read to compare all of it; it is tried
 *   again. Told once, until it could be or the reason is another one
 * - `resync`: events were lost and the table is read again
 *
 * @example A repair in words
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
    /** Where each stands; those that wait for an interface are not in it. */
    readonly report: ApplyReport;
  }
  | {
    /** An entry is again as it shall be. */
    readonly type: "repaired";
    /** What was done: an entry that is not to be was `removed`. */
    readonly outcome: "created" | "changed" | "removed";
    /** As given; of a removal, the row that is gone. */
    readonly entry: NeighborEntry | Neighbor;
    /** What stood there instead; `null` for nothing. */
    readonly found: Neighbor | null;
    /** How many repairs this address has had, with this one. */
    readonly repairs: number;
  }
  | {
    /** A repair was refused. */
    readonly type: "refused";
    /** As given; of a removal, the row that was to go. */
    readonly entry: NeighborEntry | Neighbor;
    /** Why. */
    readonly error: NeighborError;
  }
  | {
    /** An interface is not there. */
    readonly type: "waiting";
    /** Those that name it. */
    readonly entries: readonly NeighborEntry[];
    /** What the system says of it. */
    readonly error: NeighborError;
  }
  | {
    /** An interface that was waited for is there. */
    readonly type: "arrived";
    /** Those that name it. */
    readonly entries: readonly NeighborEntry[];
  }
  | {
    /** What was written on an interface that lost the name was taken back. */
    readonly type: "withdrawn";
    /** Those that name it, of which something was taken back. */
    readonly entries: readonly NeighborEntry[];
    /** The interface that had the name. */
    readonly interfaceIndex: number;
  }
  | {
    /** The table could not be read. */
    readonly type: "unread";
    /** Why. */
    readonly error: NeighborError;
  }
  | {
    /** Events were lost. */
    readonly type: "resync";
  };

/**
 * What a guard has done when it ends.
 *
 * @example Whether there was peace
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
  /** Entries that were made as they shall be, each time counted. */
  readonly repairs: number;
  /** Repairs that were refused, each try counted. */
  readonly refusals: number;
}
