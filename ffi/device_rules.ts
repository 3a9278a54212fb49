/**
 * What the devices refuse by rules of their own, found out before anything is
 * changed: a link-layer address of the wrong length, for example.
 *
 * @module
 */

import type { Desired } from "./desired.ts";
import { NeighborError } from "./error.ts";
import type { NeighborTable } from "./table.ts";

/**
 * Which of the entries break a rule of their interface. The rules are about the
 * interface, the family and the length of the link-layer address: where one
 * entry is good, so is every other of its kind.
 */
export function brokenRules(
  table: NeighborTable,
  entries: Iterable<Desired>,
): Map<Desired, NeighborError> {
  const broken = new Map<Desired, NeighborError>();
  const good = new Set<string>();
  for (const one of entries) {
    const { interface: on, family, linkLayerAddress } = one.parsed;
    const { luid, index, alias } = on;
    const kind = [luid, index, alias, family, linkLayerAddress.length].join();
    if (good.has(kind)) continue;
    const error = refusal(table, one);
    if (error === undefined) good.add(kind);
    else broken.set(one, error);
  }
  return broken;
}

function refusal(
  table: NeighborTable,
  { entry }: Desired,
): NeighborError | undefined {
  try {
    table.preview("replace", entry);
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    // What else there is to refuse is for the change to meet
    if (error.code === "INVALID_PARAMETER") return error;
  }
}
