/**
 * Tells rows of multicast and broadcast addresses from those of one neighbor.
 * Pure.
 *
 * @module
 */

import type { Neighbor } from "../types/neighbor.ts";
import {
  isLimitedBroadcast,
  isMulticast,
  parseAddressInto,
} from "./address.ts";

// Written and read within one call
const OCTETS = new Uint8Array(16);
const IPV4 = OCTETS.subarray(0, 4);

/**
 * The kind of group that a row belongs to; `null` for a single neighbor. The
 * system creates group rows itself, on Windows as permanent ones.
 */
export function groupOf(
  row: Pick<Neighbor, "address" | "linkLayerAddress">,
): "multicast" | "broadcast" | null {
  const { address, linkLayerAddress } = row;
  const octets = parseAddressInto(address, OCTETS, 0) === 4 ? IPV4 : OCTETS;
  if (isMulticast(octets)) return "multicast";
  const isBroadcast = isLimitedBroadcast(octets) ||
    (linkLayerAddress !== null && linkLayerAddress.startsWith("ff") &&
      /^ff(:ff)*$/.test(linkLayerAddress));
  return isBroadcast ? "broadcast" : null;
}
