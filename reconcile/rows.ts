/**
 * Reads the rows of chosen entries, by a scan or by look-ups.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { RawRow } from "../ffi/raw_row.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { keyOfOctets } from "../ffi/address_key.ts";
import { AddressIndex } from "./address_index.ts";

/** Above this number one scan costs less than a look-up for each entry. */
const MANY = 128;

/** Rows by the positions of their entries; entries without a row are missing. */
export type RowsByPosition = ReadonlyMap<number, Neighbor>;

/**
 * Reads the rows of the entries at these positions. Scans where a scan is
 * complete or costs less; where a scan may lack rows, looks up each entry that
 * it did not return. A missing interface has no rows.
 *
 * With `mayLookUp` a table that cannot be scanned is read entry by entry. On
 * Windows that may ask the network and wait, so only a rollback does it there.
 */
export function readRows(
  backend: Backend,
  entries: EntryList,
  chosen: readonly number[],
  mayLookUp = !backend.isSnapshot,
): RowsByPosition {
  const rows = new Map<number, Neighbor>();
  if (backend.isSnapshot || chosen.length > MANY) {
    try {
      scanRows(backend, entries, chosen, rows);
      if (backend.isSnapshot) return rows;
    } catch (error) {
      if (!mayLookUp || !(error instanceof NeighborError)) throw error;
      rows.clear();
    }
  }
  for (const position of chosen) {
    if (rows.has(position)) continue;
    const row = readRow(backend, entries, position);
    if (row !== undefined) rows.set(position, row);
  }
  return rows;
}

function readRow(
  backend: Backend,
  entries: EntryList,
  position: number,
): Neighbor | undefined {
  try {
    return backend.read(entries, position);
  } catch (error) {
    const isGone = error instanceof NeighborError &&
      error.code === "INTERFACE_NOT_FOUND";
    if (isGone) return undefined;
    throw error;
  }
}

/** Scans for the rows. */
function scanRows(
  backend: Backend,
  entries: EntryList,
  chosen: readonly number[],
  rows: Map<number, Neighbor>,
): void {
  if (chosen.length === 0) return;
  const index = new AddressIndex(chosen.length);
  for (const position of chosen) {
    const at = entries.addressAt(position);
    const end = at + entries.addressLengths[position]!;
    const key = keyOfOctets(entries.addresses, at, end);
    index.add(entries.on(position).key, key, position);
  }
  const visitor = {
    begin() {},
    row(row: RawRow) {
      if (row.isProxy) return;
      const { interfaceKey, octets, addressStart, addressEnd } = row;
      const key = keyOfOctets(octets, addressStart, addressEnd);
      const position = index.find(interfaceKey, key);
      if (position >= 0) rows.set(position, row.neighbor());
    },
  };
  const isAny = (isIpv4: boolean) =>
    chosen.some((position) => entries.isIpv4(position) === isIpv4);
  for (const family of ["ipv4", "ipv6"] as const) {
    if (!isAny(family === "ipv4")) continue;
    const filter = {
      on: null,
      proxy: false,
      mayRepeat: true,
      given: undefined,
    };
    backend.scan({ family, ...filter }, visitor);
  }
}
