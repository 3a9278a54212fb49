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
     * Of a `replace`: the entry as it stood before; absent where there was
     * none. The other verbs do not look.
     */
    readonly previous?: Neighbor;
  }
  | {
    /**
     * Refused by a rule or by the system, which changed nothing; or, for a
     * `replace`, the table disagreed when read back, or the system refused the
     * second call of two: then the message says what the first has left.
     */
    readonly outcome: "refused";
    /** Why. */
    readonly error: NeighborError;
  }
  | {
    /** The system's answer was lost: it may be done or not. */
    readonly outcome: "unknown";
    /** What was lost. */
    readonly error: NeighborError;
  };

/**
 * Which rows to remove. Every member narrows; whatever it says, rows of
 * multicast and broadcast addresses stay.
 */
export interface FlushFilter extends NeighborFilter {
  /** Removes permanent entries too. */
  readonly permanent?: boolean;
}

/**
 * How to resolve a neighbor.
 */
export interface ResolveOptions {
  /** Stops waiting; what it is aborted with is what the promise rejects with. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds after which it is given up with `TIMEOUT`, 1 to 2147483647;
   * 5000 without. The systems themselves give up after about three seconds.
   */
  readonly timeout?: number;
  /** Windows: the address to ask from. Linux picks one itself: `NOT_SUPPORTED`. */
  readonly sourceAddress?: string;
}
