/** Interfaces whose alias moves while something is under way. */

import * as control from "../wine/control.ts";
import { kernelIndex, kernelNeighbors } from "../wine/witness.ts";
import { OURS } from "./applying.ts";
import { ETHERNET, OTHER } from "./under_wine.ts";

/** The indexes of the session's two interfaces. */
export interface Indexes {
  readonly ethernet: number;
  readonly other: number;
}

/** Asks `ip` for them. */
export async function indexes(): Promise<Indexes> {
  return {
    ethernet: await kernelIndex(ETHERNET),
    other: await kernelIndex(OTHER),
  };
}

/** What may become of the alias "Ethernet", as settings of the test DLL. */
export const MOVES: Readonly<Record<string, (on: Indexes) => string[]>> = {
  "is renamed": ({ ethernet }) => [control.renamed(ethernet, "Elsewhere")],
  "changes places with the other": ({ ethernet, other }) => [
    control.renamed(ethernet, OTHER),
    control.renamed(other, ETHERNET),
  ],
  "moves to the other": ({ ethernet, other }) => [
    control.renamed(ethernet, "Elsewhere"),
    control.renamed(other, ETHERNET),
  ],
};

/** An entry by alias. */
export interface AliasEntry {
  readonly address: string;
  readonly linkLayerAddress: string;
  readonly interfaceAlias: string;
}

/** So many pins by alias. */
export function pinsOn(interfaceAlias: string, count: number): AliasEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    address: `10.7.${i >> 8}.${i & 255}`,
    linkLayerAddress: OURS,
    interfaceAlias,
  }));
}

/** How many of our pins `ip` finds, by the Linux name of the interface. */
export async function pinned(): Promise<{ ethernet: number; other: number }> {
  const rows = (await kernelNeighbors()).filter(({ lladdr, state }) =>
    lladdr === OURS && state[0] === "PERMANENT"
  );
  const on = (name: string) => rows.filter(({ dev }) => dev === name).length;
  return { ethernet: on(ETHERNET), other: on(OTHER) };
}
