/**
 * The errors of writes that the system accepted but the table does not show.
 *
 * @module
 */

import { type EntryList, SET, VERBS } from "../entry_list.ts";
import { NeighborError } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { mismatch, unconfirmed } from "../unconfirmed.ts";

/** Neither the row nor its interface is there. */
export function interfaceGone(
  entries: EntryList,
  position: number,
): NeighborError {
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `Cannot ${what(entries, position)}: the system answered success, ` +
      "but the interface has gone since",
    { operation: "GetIpNetTable2", status: 0, entry: entries.given[position] },
  );
}

/** The table, read after the write, does not have the entry as asked for. */
export function notAsAsked(
  entries: EntryList,
  position: number,
  row: Neighbor | undefined,
): NeighborError {
  const isSet = entries.verbs[position] === SET;
  const wanted = entries.linkLayerAddress(position) +
    (isSet ? "" : ", permanent,");
  return unconfirmed(what(entries, position), mismatch(row, wanted), {
    operation: "GetIpNetTable2",
    status: 0,
    entry: entries.given[position],
  });
}

/** The table could not be read after the write. */
export function unverified(
  entries: EntryList,
  position: number,
  cause: NeighborError,
): NeighborError {
  const { operation, status, symbol, ntstatus, entry } = cause;
  return new NeighborError(
    "UNKNOWN_OUTCOME",
    `Cannot ${
      what(entries, position)
    } for certain: the system answered success, ` +
      `but the table could not be read to confirm it: ${cause.message}`,
    {
      ...(operation !== null && { operation }),
      ...(status !== null && { status }),
      symbol,
      ntstatus,
      entry,
      cause,
    },
  );
}

function what(entries: EntryList, position: number): string {
  return `${VERBS[entries.verbs[position]!]!} neighbor ${
    entries.describe(position)
  }`;
}
