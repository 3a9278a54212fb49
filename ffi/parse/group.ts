/**
 * Tells rows of multicast and broadcast addresses from those of one neighbor.
 * Pure.
 *
 * @module
 */

import type { Neighbor } from "../types/neighbor.ts";
import { isLimitedBroadcast, isMulticast, parseAddress } from "./address.ts";

/**
 * The kind of group that a row belongs to; `null` for a single neighbor. The
 * system creates group rows itself, on Windows as permanent ones.
 */
export function groupOf(
  row: Pick<Neighbor, "address" | "linkLayerAddress">,
): "multicast" | "broadcast" | null {
  const { bytes } = parseAddress(row.address);
  if (isMulticast(bytes)) return "multicast";
  const isBroadcast = isLimitedBroadcast(bytes) ||
    (row.linkLayerAddress !== null &&
      /^ff(:ff)*$/.test(row.linkLayerAddress));
  return isBroadcast ? "broadcast" : null;
}
