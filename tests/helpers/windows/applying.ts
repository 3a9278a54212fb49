/** Pins, and the rows of the kernel's table, for the tests of applying. */

import {
  applyNeighbors,
  type ApplyOptions,
  type ApplyReport,
  NeighborApplyError,
  type NeighborEntry,
} from "../../../mod.ts";
import { ETHERNET } from "./under_wine.ts";
import * as control from "../wine/control.ts";
import { ip, kernelNeighbors } from "../wine/witness.ts";

/** The link-layer address of the pins. */
export const OURS = "02:fc:00:00:00:05";
/** The link-layer address of the rows before. */
export const THEIRS = "02:fc:00:00:00:01";

/** A desired entry. */
export function pin(address: string, linkLayerAddress = OURS): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias: ETHERNET };
}

/** Adds a row to the kernel's table. */
export async function seed(
  address: string,
  nud: string,
  lladdr = THEIRS,
  dev = ETHERNET,
): Promise<void> {
  const words = `neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${dev}`;
  await ip(...words.split(" "));
}

/** The rows that `ip` lists, without those that the kernel creates itself. */
export async function kernelTable(): Promise<string[]> {
  return (await kernelNeighbors())
    .filter(({ state }) => state[0] !== "NOARP")
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}

/** The number of writes since the last reset. */
export function writes(): number {
  const counts = control.calls();
  return counts.SetIpNetEntry2 + counts.CreateIpNetEntry2 +
    counts.DeleteIpNetEntry2 + counts.FlushIpNetTable2 +
    counts.ResolveIpNetEntry2;
}

/** The outcomes of a report. */
export function outcomesOf({ entries }: ApplyReport): string[] {
  return entries.map(({ outcome }) => outcome);
}

/** The number of entries by outcome. */
export function countsOf(report: ApplyReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomesOf(report)) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Applies; returns the report, also after a refusal. */
export async function tryToApply(
  desired: readonly NeighborEntry[],
  options?: ApplyOptions,
): Promise<{ report: ApplyReport; error: NeighborApplyError | null }> {
  try {
    return { report: await applyNeighbors(desired, options), error: null };
  } catch (error) {
    if (!(error instanceof NeighborApplyError)) throw error;
    return { report: error.report, error };
  }
}
