/**
 * Compares two readings of one row. Pure.
 *
 * @module
 */

import type { Neighbor } from "./types/neighbor.ts";

/**
 * What differs, in words such as `state reachable, was stale`. The time since
 * the row was confirmed is not compared.
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
 * Whether a row of Windows counts as no entry. Windows may keep a deleted row
 * as unreachable, without a link-layer address. `unreachable` is a state of
 * Windows only; `incomplete` occurs on Linux too, so there the LUID tells.
 */
export function isEmptyRow(row: Neighbor): boolean {
  if (row.linkLayerAddress !== null) return false;
  return row.state === "unreachable" ||
    (row.state === "incomplete" && row.interfaceLuid !== null);
}

/** Whether there is an entry: a row that is not an empty one. */
export function isThere(row: Neighbor | undefined): row is Neighbor {
  return row !== undefined && !isEmptyRow(row);
}

/** Whether a row has no answer: the system is still asking, or got none. */
export function isUnresolved(row: Neighbor): boolean {
  return row.linkLayerAddress === null && row.state !== "permanent" &&
    row.state !== "noarp" && !(row.flags?.includes("managed") ?? false);
}
