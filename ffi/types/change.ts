/**
 * The public types of what changes the table: batches, flushes, resolving.
 *
 * @module
 */

import type { NeighborError } from "./error.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "./neighbor.ts";

/**
 * What {@linkcode replaceNeighbor} found and did.
 */
export type ReplaceResult = "created" | "changed" | "unchanged";

/**
 * One change of a batch.
 */
export type NeighborChange =
  | (NeighborEntry & {
    /** As `setNeighbor`, `createNeighbor` and `replaceNeighbor` do. */
    readonly verb: "set" | "create" | "replace";
  })
  | (NeighborKey & {
    /** As `deleteNeighbor` does. */
    readonly verb: "delete";
  });

/**
 * What became of one change of a batch.
 *
 * @example Those that were not done
 * ```ts
 * import type { ChangeResult } from "@ipnet/neighbor";
 *
 * function complaints(results: readonly ChangeResult[]): string[] {
 *   return results.flatMap((one) =>
 *     one.outcome === "done" ? [] : [one.error.message]
 *   );
 * }
 * console.log(complaints([]));
 * ```
 */
export type ChangeResult =
  | {
    /** The system did it. */
    readonly outcome: "done";
    /** What it did. */
    readonly result: "deleted" | ReplaceResult;
    /**
     * Only of a `replace`: the entry as it was before. Absent where there was
     * no entry. The other verbs do not read the entry.
     */
    readonly previous?: Neighbor;
  }
  | {
    /**
     * A rule or the system refused it, and nothing was changed. Or the table,
     * read after the write, did not have the entry as asked for. Or, for a
     * `replace` of two calls, the system refused the second: the message then
     * says what the first has left.
     */
    readonly outcome: "refused";
    /** Why. */
    readonly error: NeighborError;
  }
  | {
    /** The system's answer was lost, so whether it was done is not known. */
    readonly outcome: "unknown";
    /** What was lost. */
    readonly error: NeighborError;
  };

/**
 * Which rows to remove: those that match every member. Rows of multicast and
 * broadcast addresses are never removed.
 */
export interface FlushFilter extends NeighborFilter {
  /** Whether permanent entries are removed too; `false` if absent. */
  readonly permanent?: boolean;
}

/**
 * How to resolve a neighbor.
 */
export interface ResolveOptions {
  /** Stops the wait. The promise rejects with the reason of the abort. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds after which it ends with `TIMEOUT`, 1 to 2147483647; 5000 if
   * absent. The systems themselves give up after about three seconds.
   */
  readonly timeout?: number;
  /**
   * Windows: the IP address to ask from. On Linux, where the kernel chooses it,
   * `NOT_SUPPORTED`.
   */
  readonly sourceAddress?: string;
}
