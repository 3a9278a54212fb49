/**
 * Putting an entry back as it was. Windows lets nobody write an entry that is
 * not permanent: one that was learnt is removed, so that it is learnt again.
 *
 * @module
 */

import { keyOfRow } from "../parse/flush.ts";
import { parseLinkLayerAddress } from "../parse/link_layer_address.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { WindowsCalls } from "./calls.ts";
import { remove, replace } from "./replace.ts";

/** Answers the row as it then stands. */
export function restore(
  calls: WindowsCalls,
  row: Neighbor,
): Neighbor | undefined {
  const key = keyOfRow(row);
  const target = calls.interfaces.target(key);
  if (row.state === "permanent" && row.linkLayerAddress !== null) {
    const linkLayerAddress = parseLinkLayerAddress(row.linkLayerAddress);
    replace(calls, { ...key, linkLayerAddress }, target);
  } else remove(calls, key, target);
  return calls.read(key, target);
}
