/**
 * The errors of writes that the system accepted but the table does not show.
 *
 * @module
 */

import { type EntryList, SET, VERBS } from "../entry_list.ts";
import { NeighborError } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";

/** Neither the row nor its interface is there. */
export function interfaceGone(
  entries: EntryList,
  position: number,
): NeighborError {
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `${cannot(entries, position)}: the system answered success, ` +
      "but the interface has gone since",
    { operation: "GetIpNetTable2", status: 0, entry: entries.given[position] },
  );
}

/** The table, read after the write, does not have the entry as asked for. */
export function unconfirmed(
  entries: EntryList,
  position: number,
  row: Neighbor | undefined,
): NeighborError {
  const now = row === undefined
    ? "there is no entry"
    : `it has ${describeRow(row)}`;
  const isSet = entries.verbs[position] === SET;
  const wanted = entries.linkLayerAddress(position) +
    (isSet ? "" : ", permanent,");
  return new NeighborError(
    "UNCONFIRMED",
    `${cannot(entries, position)}: the system answered success, ` +
      `yet ${now} where ${wanted} was asked for`,
    { operation: "GetIpNetTable2", status: 0, entry: entries.given[position] },
  );
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
    `${cannot(entries, position)} for certain: the system answered success, ` +
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

function cannot(entries: EntryList, position: number): string {
  const verb = VERBS[entries.verbs[position]!]!;
  return `Cannot ${verb} neighbor ${entries.describe(position)}`;
}

/** A row for messages: its link-layer address and its state. */
export function describeRow({ linkLayerAddress, state }: Neighbor): string {
  return `${linkLayerAddress ?? "no address"}, ${state}`;
}
