/**
 * Restores an entry. Windows can write permanent entries only, so an entry that
 * was learnt is removed, and will be learnt again.
 *
 * The table is not read here: a rollback restores many entries and compares all
 * of them at its end. GetIpNetEntry2 is called only for an entry that was just
 * written, because it is said to block for one that is not there.
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
  /** Makes a call; false if it fails with `code`. */
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
  // A dynamic entry that Set left dynamic or did not find
  remove();
  // If the deleted row stays as an empty one, Create is refused
  if (!create()) calls.write("SetIpNetEntry2", entries, 0);
}
