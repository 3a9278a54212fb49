/**
 * Putting an entry back as it was. Windows lets nobody write an entry that is
 * not permanent: one that was learnt is removed, so that it is learnt again.
 *
 * The table is not read for it: a rollback restores many, and compares them all
 * in the end. GetIpNetEntry2 is asked of nothing but what was just written.
 *
 * @module
 */

import type { BoundInterface } from "../bound_interface.ts";
import { EntryList } from "../entry_list.ts";
import { isInSync } from "../parse/change.ts";
import { addRow } from "../parse/entry.ts";
import { parseLinkLayerAddressInto } from "../parse/link_layer_address.ts";
import { NeighborError, type NeighborErrorCode } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { WindowsCalls, WriteCall } from "./calls.ts";

/** Writes or removes a row; throws what was refused. */
export function restore(
  calls: WindowsCalls,
  row: Neighbor,
  on: BoundInterface,
): void {
  const entries = new EntryList();
  addRow(entries, row);
  entries.bound[0] = on;
  /** Whether the system took it, rather than to answer `code`. */
  const takes = (call: WriteCall, code: NeighborErrorCode) => {
    try {
      calls.write(call, entries, 0);
      return true;
    } catch (error) {
      if (error instanceof NeighborError && error.code === code) return false;
      throw error;
    }
  };
  const remove = () => takes("DeleteIpNetEntry2", "NOT_FOUND");
  const create = () => takes("CreateIpNetEntry2", "ALREADY_EXISTS");
  const { linkLayerAddress, state } = row;
  if (state !== "permanent" || linkLayerAddress === null) {
    remove();
    return;
  }
  entries.linkLayerLengths[0] = parseLinkLayerAddressInto(
    linkLayerAddress,
    entries.linkLayerAddresses,
    0,
  );
  const isTaken = takes("SetIpNetEntry2", "NOT_FOUND") || create();
  if (isTaken && isInSync(calls.read(entries, 0), entries, 0)) return;
  // A dynamic entry, which Set has left as it was or does not know
  remove();
  // Where a row stays of what was deleted, Create finds it
  if (!create()) calls.write("SetIpNetEntry2", entries, 0);
}
