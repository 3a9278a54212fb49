/** What the tests of applying share: the pins, and the truth about the table. */

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

/** What the pins have. */
export const OURS = "02:fc:00:00:00:05";
/** What stands there before. */
export const THEIRS = "02:fc:00:00:00:01";

/** An entry there shall be. */
export function pin(address: string, linkLayerAddress = OURS): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias: ETHERNET };
}

/** Has the kernel keep a row. */
export async function seed(
  address: string,
  nud: string,
  lladdr = THEIRS,
  dev = ETHERNET,
): Promise<void> {
  const words = `neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${dev}`;
  await ip(...words.split(" "));
}

/** What `ip` says, without what the kernel makes of its own accord. */
export async function kernelTable(): Promise<string[]> {
  return (await kernelNeighbors())
    .filter(({ state }) => state[0] !== "NOARP")
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}

/** How often the table was asked to change since the last reset. */
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

/** How often each outcome is in a report. */
export function countsOf(report: ApplyReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomesOf(report)) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Applies; what came of it, whether or not it was refused. */
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
