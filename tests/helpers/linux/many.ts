/**
 * Any number of neighbors, each with its own address.
 *
 * @module
 */

import { DEVICE } from "./network.ts";
import type { NeighborChange } from "../../../ffi/types/change.ts";

/** The address of neighbor `i`, counted from 10.1.0.0. */
export function addressOf(i: number): string {
  return `10.${1 + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`;
}

/** The link-layer address of neighbor `i`. */
export function linkLayerOf(i: number): string {
  const hex = (i >>> 0).toString(16).padStart(8, "0");
  return `02:fd:${hex.match(/../g)!.join(":")}`;
}

/**
 * One change for each of `count` neighbors, the first of them `from`; each gets
 * the link-layer address of the one that is `shift` further on.
 */
export function changesOf(
  verb: NeighborChange["verb"],
  count: number,
  { from = 0, shift = 0 }: { from?: number; shift?: number } = {},
): NeighborChange[] {
  return Array.from({ length: count }, (_, i): NeighborChange => ({
    // A delete has no use for the link-layer address, as a row given back
    verb: verb as "set",
    address: addressOf(from + i),
    interfaceAlias: DEVICE,
    linkLayerAddress: linkLayerOf(from + i + shift),
  }));
}
