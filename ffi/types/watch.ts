/**
 * The public types of watching: what happened, and what to watch.
 *
 * @module
 */

import type { Neighbor, NeighborFilter } from "./neighbor.ts";

/**
 * What happened to one row: `previous` is the row before, `neighbor` the row
 * after, `null` where there is none. Applying each event in order reproduces
 * the table.
 *
 * - `added`: a row that was not there, or did not match the filter. `initial`
 *   means that it was there when the watch began
 * - `changed`: another link-layer address, state, flag or interface name
 * - `removed`: the row is gone, or no longer matches the filter
 * - `resync`: events were lost and the table was read again. The differences
 *   follow as events of their own
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
    /** A row that was not there, or did not match. */
    readonly type: "added";
    /** The row. */
    readonly neighbor: Neighbor;
    /** There was no row. */
    readonly previous: null;
    /** The row was there when the watch began. */
    readonly initial: boolean;
  }
  | {
    /** A row is different. */
    readonly type: "changed";
    /** The row as it is now. */
    readonly neighbor: Neighbor;
    /** The row as it was. */
    readonly previous: Neighbor;
  }
  | {
    /** A row is gone, or no longer matches. */
    readonly type: "removed";
    /** There is no row. */
    readonly neighbor: null;
    /** The row as it was. */
    readonly previous: Neighbor;
  }
  | {
    /** Events were lost; the differences follow. */
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
   * Which rows to watch; all of them if absent. A row that begins to match is
   * `added`, a row that no longer matches is `removed`. Proxy entries cannot be
   * watched.
   */
  readonly filter?: NeighborFilter;
  /**
   * Windows: milliseconds from the end of one reading of the table to the next,
   * 10 to 2147483647; 1000 if absent. Linux has events and ignores it.
   */
  readonly interval?: number;
  /**
   * Whether the rows that are there at the start come first, as `added`; `true`
   * if absent.
   */
  readonly initial?: boolean;
}

/**
 * A running watch, for `for await`. It ends by `break`, by its signal, by
 * `return()`, at the end of an `await using` block, or with its table. All
 * resources are released then.
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
   * Whether changes are found by reading the table again and again, so that
   * what came and went between two readings is missed. If `false`, the system
   * reports every change.
   */
  readonly isPolled: boolean;
  /** Resolves once the watch has ended and all resources are released. */
  readonly closed: Promise<void>;
  /** Waits for the next event. */
  next(): Promise<IteratorResult<NeighborEvent, undefined>>;
  /** Ends the watch; resolves once all resources are released. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** The watch itself. */
  [Symbol.asyncIterator](): NeighborWatch;
}
