/**
 * What the devices refuse by rules of their own, found out before anything is
 * changed: a link-layer address of the wrong length, for example.
 *
 * @module
 */

import type { Desired } from "./desired.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

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
  let last: Desired | undefined;
  for (const one of entries) {
    // Of one kind with the one before, most of the time
    if (last !== undefined && isAlike(one, last)) continue;
    const { interface: on, family, linkLayerAddress } = one.parsed;
    const { luid, index, alias } = on;
    const kind = [luid, index, alias, family, linkLayerAddress.length].join();
    const error = good.has(kind) ? undefined : refusal(table, one);
    if (error !== undefined) broken.set(one, error);
    else {
      good.add(kind);
      last = one;
    }
  }
  return broken;
}

/** Whether the rules say of both the same. */
function isAlike({ parsed: one }: Desired, { parsed: other }: Desired) {
  return one.interface === other.interface && one.family === other.family &&
    one.linkLayerAddress.length === other.linkLayerAddress.length;
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
