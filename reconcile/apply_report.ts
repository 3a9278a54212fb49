/**
 * The public types of applying a list of entries.
 *
 * @module
 */

import {
  NeighborError,
  type NeighborErrorOptions,
} from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborPlan } from "./plan.ts";
import type { RollbackOutcome } from "./rollback.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * Options of `applyNeighbors`.
 *
 * @example Apply what is accepted, and remove what is not desired
 * ```ts
 * import type { ApplyOptions } from "@ipnet/neighbor";
 *
 * const options: ApplyOptions = {
 *   keepGoing: true,
 *   prune: true,
 *   signal: AbortSignal.timeout(1000),
 *   progress: (done, of) => console.log(`${done} of ${of}`),
 * };
 * console.log(options.keepGoing);
 * ```
 */
export interface ApplyOptions {
  /**
   * Removes permanent entries that are not desired, only on interfaces that a
   * desired entry names. Entries of multicast and broadcast addresses stay.
   * `false` by default.
   */
  readonly prune?: boolean;
  /**
   * Linux: the owner of the entries, 1 to 255. Entries without a `protocol` of
   * their own are written with it, and `prune` removes only rows that have it.
   * Windows: `NOT_SUPPORTED`.
   */
  readonly protocol?: number;
  /**
   * Applies every entry that the system accepts, instead of all or nothing.
   * `false` by default.
   */
  readonly keepGoing?: boolean;
  /**
   * Stops between two changes. What was changed is rolled back, or stays with
   * `keepGoing`.
   */
  readonly signal?: AbortSignal;
  /**
   * Called after each batch with the number of changes made and of all. A
   * promise that it returns is waited for at the end. An error that it throws,
   * or that the promise is rejected with, ends the application like a refusal.
   */
  readonly progress?: (done: number, of: number) => void;
  /** The table to apply to; by default the shared one of this package. */
  readonly table?: NeighborTable;
}

/**
 * The outcome of one entry.
 *
 * - `unchanged`: it was in sync before
 * - `created`, `changed`, `removed`: written, and confirmed by reading back
 * - `refused`: by the system or by a rule, or not confirmed by reading back;
 *   nothing of this application is left of it
 * - `untouched`: the application stopped before it
 * - `restored`, `forgotten`, `foreign`, `lost`: written and then rolled back,
 *   see {@linkcode RollbackOutcome}; `foreign` also where another program has
 *   changed an entry that was to be removed
 *
 * @example The outcomes of entries that are in sync
 * ```ts
 * import type { ApplyOutcome } from "@ipnet/neighbor";
 *
 * const good: ApplyOutcome[] = ["unchanged", "created", "changed", "removed"];
 * console.log(good.includes("refused"));
 * ```
 */
export type ApplyOutcome =
  | "unchanged"
  | "created"
  | "changed"
  | "removed"
  | "refused"
  | "untouched"
  | RollbackOutcome;

/**
 * One entry of a report.
 *
 * @example Describe an entry and its outcome
 * ```ts
 * import type { AppliedEntry } from "@ipnet/neighbor";
 *
 * function describe({ entry, outcome, error }: AppliedEntry): string {
 *   return `${entry.address} ${outcome} ${error?.message ?? ""}`.trim();
 * }
 * console.log(describe.name);
 * ```
 */
export interface AppliedEntry {
  /** The entry as given; for a removal, the row to remove. */
  readonly entry: NeighborEntry | Neighbor;
  /** What became of it. */
  readonly outcome: ApplyOutcome;
  /** The row before; `null` where there was none. */
  readonly previous: Neighbor | null;
  /** Why the entry was refused, or is `lost`; otherwise `null`. */
  readonly error: NeighborError | null;
}

/**
 * The outcome of each entry: the desired entries in the order given, then the
 * rows to remove.
 *
 * @example The addresses that could not be rolled back
 * ```ts
 * import type { ApplyReport } from "@ipnet/neighbor";
 *
 * function lost({ entries }: ApplyReport): string[] {
 *   return entries.filter((one) => one.outcome === "lost")
 *     .map((one) => one.entry.address);
 * }
 * console.log(lost.length);
 * ```
 */
export interface ApplyReport {
  /** The planned changes. */
  readonly plan: NeighborPlan;
  /** The outcome of each entry. */
  readonly entries: readonly AppliedEntry[];
}

/**
 * An application failed: the system refused an entry, or the signal was
 * aborted. The report says what became of each entry. Code, status and entry
 * are those of the first refusal; `cause` is that error, or the reason that the
 * signal was aborted with.
 *
 * @example Print the outcome of each entry
 * ```ts no-eval
 * import { applyNeighbors, NeighborApplyError } from "@ipnet/neighbor";
 *
 * try {
 *   await applyNeighbors([{
 *     address: "192.0.2.1",
 *     linkLayerAddress: "02-fc-00-00-00-01",
 *     interfaceAlias: "Ethernet",
 *   }]);
 * } catch (error) {
 *   if (!(error instanceof NeighborApplyError)) throw error;
 *   for (const { entry, outcome } of error.report.entries) {
 *     console.log(entry.address, outcome);
 *   }
 * }
 * ```
 */
export class NeighborApplyError extends NeighborError {
  /** The outcome of each entry. */
  readonly report: ApplyReport;

  /** Constructs an error from its parts and the report. */
  constructor(
    code: NeighborError["code"],
    message: string,
    report: ApplyReport,
    options: NeighborErrorOptions = {},
  ) {
    super(code, message, options);
    this.report = report;
  }
}
