/**
 * Helpers for the tests of applying on their network.
 *
 * @module
 */

import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { DEVICE, ip, ipNeighbors } from "./network.ts";

/** The link-layer address of pins, and another one. */
export const FIRST = "02:fc:00:00:00:05";
export const SECOND = "02:fc:00:00:00:06";

/** A desired entry. */
export function pin(address: string, linkLayerAddress = FIRST): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias: DEVICE };
}

/** Creates an entry by `ip`. */
export function seed(address: string, lladdr: string, nud: string): void {
  ip(`neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${DEVICE}`);
}

/** The rows that `ip` lists, without those that the kernel creates itself. */
export function table(): string[] {
  return ipNeighbors()
    .filter(({ dst }) => !/^(ff|224\.|fe80)/.test(dst))
    .filter(({ state }) => state[0] !== "NOARP")
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}
