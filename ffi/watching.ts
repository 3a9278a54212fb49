/**
 * Watching the table that the functions of this package share.
 *
 * @module
 */

import type { NeighborWatch, WatchOptions } from "./types/watch.ts";
import { sharedTable } from "./open.ts";

/**
 * Reports the rows of the table, unless `initial` is `false`, and then every
 * change from this call on.
 *
 * Linux: the kernel's events. They are queued in the kernel until they are
 * read. If the kernel had to drop some, the event `resync` says so and the
 * table is read again. The kernel does not announce rows in state `incomplete`,
 * the step from `stale` to `delay`, or the rows it makes for multicast
 * addresses. A filter with nothing but an alias follows whichever interface has
 * that name.
 *
 * Windows has no such events: the table is read every `interval` milliseconds
 * and compared. What came and went between two readings is missed.
 *
 * @param options `signal` to end it, `filter`, `interval`, `initial`.
 * @returns The events, for `for await`.
 * @throws {NeighborError} `INVALID_PARAMETER`, `INTERFACE_NOT_FOUND`,
 * `PERMISSION_REQUIRED`, at the call. A later error of the system rejects the
 * iteration and ends it.
 *
 * @example Who changes the gateway's link-layer address
 * ```ts no-eval
 * import { watchNeighbors } from "@ipnet/neighbor";
 *
 * const filter = { subnet: "192.0.2.1/32" };
 * for await (const { type, neighbor, previous } of watchNeighbors({ filter })) {
 *   if (type === "changed") {
 *     console.log(previous.linkLayerAddress, "->", neighbor.linkLayerAddress);
 *   }
 * }
 * ```
 */
export function watchNeighbors(options: WatchOptions = {}): NeighborWatch {
  return sharedTable().watch(options);
}
