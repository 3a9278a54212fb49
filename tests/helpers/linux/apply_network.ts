/**
 * What the tests of applying have on their network.
 *
 * @module
 */

import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { DEVICE, ip, ipNeighbors } from "./network.ts";

/** The link-layer address that pins have, and another. */
export const FIRST = "02:fc:00:00:00:05";
export const SECOND = "02:fc:00:00:00:06";

/** An entry there shall be. */
export function pin(address: string, linkLayerAddress = FIRST): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias: DEVICE };
}

/** Has `ip` make an entry. */
export function seed(address: string, lladdr: string, nud: string): void {
  ip(`neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${DEVICE}`);
}

/** What `ip` says, without what the kernel makes of its own accord. */
export function table(): string[] {
  return ipNeighbors()
    .filter(({ dst }) => !/^(ff|224\.|fe80)/.test(dst))
    .filter(({ state }) => state[0] !== "NOARP")
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}
