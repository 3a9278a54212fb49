/**
 * The public types of watching: what happened, and what to watch.
 *
 * @module
 */

import type { Neighbor, NeighborFilter } from "./neighbor.ts";

/**
 * What happened to one row: `previous` is the row before, `neighbor` the row
 * after, `null` where there is none. Who puts `neighbor` in the place of
 * `previous`, event by event, has the table.
 *
 * - `added`: there is a row. `initial` says that it was there when the watch
 *   began
 * - `changed`: it has another link-layer address, state, flag or interface name
 * - `removed`: it is gone, or is no longer what the filter names
 * - `resync`: events were lost and the table is read again; the differences
 *   follow as events of their own, so that nothing stays wrong
 *
 * @example An event in words
 * ```ts
 * import type { NeighborEvent } from "@ipnet/neighbor";
 *
 * function describe({ type, neighbor, previous }: NeighborEvent): string {
 *   const before = previous?.linkLayerAddress ?? "nothing";
 *   return `${type}: ${before} -> ${neighbor?.linkLayerAddress ?? "nothing"}`;
 * }
 * console.log(describe({ type: "resync", neighbor: null, previous: null }));
 * ```
 */
export type NeighborEvent =
  | {
    /** There is a row that was not there. */
    readonly type: "added";
    /** The row. */
    readonly neighbor: Neighbor;
    /** There was none. */
    readonly previous: null;
    /** The row was there when the watch began. */
    readonly initial: boolean;
  }
  | {
    /** A row is no longer as it was. */
    readonly type: "changed";
    /** The row as it is. */
    readonly neighbor: Neighbor;
    /** The row as it was. */
    readonly previous: Neighbor;
  }
  | {
    /** A row is gone, or no longer what the filter names. */
    readonly type: "removed";
    /** There is none. */
    readonly neighbor: null;
    /** The row as it was. */
    readonly previous: Neighbor;
  }
  | {
    /** Events were lost: the differences follow. */
    readonly type: "resync";
    /** It is about no row. */
    readonly neighbor: null;
    /** It is about no row. */
    readonly previous: null;
  };

/**
 * What to watch, and how.
 */
export interface WatchOptions {
  /** Ends the watch: the iteration is done, nothing is thrown. */
  readonly signal?: AbortSignal;
  /**
   * Which rows; all of them without one. A row that comes to match is `added`,
   * one that no longer does is `removed`. Proxy entries cannot be watched.
   */
  readonly filter?: NeighborFilter;
  /**
   * Windows: how many milliseconds from one reading of the table to the next,
   * 10 to 2147483647; 1000 without. Linux has events and no use for it.
   */
  readonly interval?: number;
  /** Whether the rows that are there come first, as `added`; `true` without. */
  readonly initial?: boolean;
}

/**
 * A watch that is under way: what `for await` takes. It ends by `break`, by its
 * signal, by `return()`, at the end of an `await using` block, or with its
 * table; whatever it holds is let go by then.
 *
 * @example End it with the block
 * ```ts no-eval
 * import { type NeighborWatch, watchNeighbors } from "@ipnet/neighbor";
 *
 * await using watch: NeighborWatch = watchNeighbors({ initial: false });
 * const { value } = await watch.next();
 * console.log(value?.type);
 * ```
 */
export interface NeighborWatch
  extends
    AsyncIterableIterator<NeighborEvent, undefined, void>,
    AsyncDisposable {
  /**
   * Whether the table is read and compared, so that what came and went between
   * two readings is not seen; else the system tells every change.
   */
  readonly isPolled: boolean;
  /** Resolves once the watch has ended and everything is let go. */
  readonly closed: Promise<void>;
  /** Waits for the next event. */
  next(): Promise<IteratorResult<NeighborEvent, undefined>>;
  /** Ends the watch; resolves once everything is let go. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** The watch itself. */
  [Symbol.asyncIterator](): NeighborWatch;
}
