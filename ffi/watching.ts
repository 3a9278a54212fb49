/**
 * Watching, as a function over the shared table.
 *
 * @module
 */

import type { NeighborWatch, WatchOptions } from "./types/watch.ts";
import { sharedTable } from "./open.ts";

/**
 * Tells every change of the table from this call on; before that, unless told
 * otherwise, the rows that are there.
 *
 * Linux: the kernel's own events. They wait in the kernel until they are asked
 * for; where it had to drop some, the event `resync` says so and the table is
 * read again. The kernel does not announce a row that it is only asking for
 * (`incomplete`), the step from `stale` to `delay`, nor the rows it makes for
 * multicast addresses. Where the filter names an interface by its alias alone,
 * it means whichever has that name.
 *
 * Windows: it has no such events, so the table is read every `interval`
 * milliseconds and compared; what came and went in between is not seen.
 *
 * @param options `signal` to end it, `filter`, `interval`, `initial`.
 * @returns The events, for `for await`.
 * @throws {NeighborError} `INVALID_PARAMETER`, `INTERFACE_NOT_FOUND`,
 * `PERMISSION_REQUIRED`, at the call; what the system answers later rejects the
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
