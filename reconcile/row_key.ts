/**
 * The key of a row that was read.
 *
 * @module
 */

import type { Neighbor, NeighborKey } from "../ffi/types/neighbor.ts";

/** By what the row itself is keyed by: an alias may have moved on. */
export function keyOf(
  { address, interfaceIndex, interfaceLuid }: Neighbor,
): NeighborKey {
  return { address, interfaceIndex, interfaceLuid };
}
