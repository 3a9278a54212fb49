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
 * How to apply.
 *
 * @example As much as can be, and nothing but it
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
   * Removes the permanent entries that are not desired, on the interfaces that
   * the desired ones name and on no others; those of multicast and broadcast
   * addresses stay.
   */
  readonly prune?: boolean;
  /** Applies what can be applied, instead of all or nothing. */
  readonly keepGoing?: boolean;
  /**
   * Stops between two changes. All or nothing: what was changed is put back;
   * with `keepGoing` it stays.
   */
  readonly signal?: AbortSignal;
  /** Is told from time to time how many of the changes were made. */
  readonly progress?: (done: number, of: number) => void;
  /** The table to apply to; the shared one of this package without it. */
  readonly table?: NeighborTable;
}

/**
 * Where an entry stands.
 *
 * - `unchanged`: it was so before
 * - `created`, `changed`, `removed`: it was made so, and read back
 * - `refused`: the system refused it; it is as it was before
 * - `untouched`: the turn never came to it
 * - `restored`, `forgotten`, `foreign`, `lost`: it was changed and then put
 *   back, see {@linkcode RollbackOutcome}; `foreign` also where somebody else has
 *   changed an entry that was to be removed
 *
 * @example Those that are as they shall be
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
 * @example In words
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
  /** As given; of a removal, the row that was to go. */
  readonly entry: NeighborEntry | Neighbor;
  /** Where it stands. */
  readonly outcome: ApplyOutcome;
  /** What stood there before; `null` for nothing. */
  readonly previous: Neighbor | null;
  /** Of `refused` and `lost`: why. */
  readonly error: NeighborError | null;
}

/**
 * What became of each entry: the desired ones in the order given, then the
 * rows to remove.
 *
 * @example What could not be put back
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
  /** What was to be done. */
  readonly plan: NeighborPlan;
  /** Where each entry stands. */
  readonly entries: readonly AppliedEntry[];
}

/**
 * Nothing was applied: the system refused an entry, or the signal stopped it.
 * Code, status and entry are those of the first refusal; `cause` is that error,
 * or what the signal was aborted with.
 *
 * @example Say of each entry where it stands
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
  /** Where each entry stands. */
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
