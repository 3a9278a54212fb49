/**
 * Comparing two readings of one row. Pure.
 *
 * @module
 */

import type { Neighbor } from "./types/neighbor.ts";

/**
 * What differs, in words such as `state reachable, was stale`; how fresh a row
 * is does not count.
 */
export function differences(now: Neighbor, then: Neighbor): string[] {
  const found: string[] = [];
  const compare = (name: string, one: unknown, other: unknown) => {
    if (one !== other) {
      found.push(`${name} ${one ?? "none"}, was ${other ?? "none"}`);
    }
  };
  compare("link-layer address", now.linkLayerAddress, then.linkLayerAddress);
  compare("state", now.state, then.state);
  compare("router", now.isRouter, then.isRouter);
  compare("protocol", now.protocol, then.protocol);
  compare("flags", now.flags?.join(), then.flags?.join());
  return found;
}

/**
 * Whether a row of Windows stands for no entry: a deleted row may stay there, as
 * unreachable and without a link-layer address. Rows of Linux have no LUID.
 */
export function isEmptyRow(row: Neighbor): boolean {
  if (row.linkLayerAddress !== null) return false;
  return row.state === "unreachable" ||
    (row.state === "incomplete" && row.interfaceLuid !== null);
}

/** Whether a row says nothing yet: the system is asking, or found no answer. */
export function isUnresolved(row: Neighbor): boolean {
  return row.linkLayerAddress === null && row.state !== "permanent" &&
    row.state !== "noarp" && !(row.flags?.includes("managed") ?? false);
}
