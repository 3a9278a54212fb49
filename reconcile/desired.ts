/**
 * Parses the desired entries, indexes them by interface and address, and finds
 * duplicates. Pure.
 *
 * @module
 */

import type { InterfaceId } from "../ffi/bound_interface.ts";
import { EntryList } from "../ffi/entry_list.ts";
import { parseEntry } from "../ffi/parse/entry.ts";
import { invalid, type NeighborError } from "../ffi/types/error.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { keyOfOctets } from "../ffi/address_key.ts";
import { AddressIndex } from "./address_index.ts";

/**
 * Parses the desired entries; throws for the first that breaks a rule. Those
 * without a protocol get that of the owner; 0 is none.
 */
export function parseDesired(
  desired: readonly NeighborEntry[],
  owner: number,
): EntryList {
  if (!Array.isArray(desired)) {
    throw invalid("The desired entries are not an array");
  }
  const entries = new EntryList(desired.length);
  // By index, because iteration methods would skip the holes of a sparse array
  for (let i = 0; i < desired.length; i++) parseEntry(entries, desired[i]!);
  entries.setOwner(owner);
  return entries;
}

/** An entry for an address and interface that an earlier entry already has. */
export interface Duplicate {
  readonly position: number;
  /** The position of the earlier entry. */
  readonly first: number;
  readonly error: NeighborError;
}

/** The index of the entries, and the duplicates left out of it. */
export interface DesiredIndex {
  readonly positions: AddressIndex;
  readonly duplicates: readonly Duplicate[];
}

/**
 * Indexes the entries. `ids` has the identity of each interface of the list, by
 * its number there; one without an identity counts as different from all others.
 */
export function indexDesired(
  entries: EntryList,
  ids: readonly (InterfaceId | undefined)[],
): DesiredIndex {
  const positions = new AddressIndex(entries.length);
  const duplicates: Duplicate[] = [];
  for (let position = 0; position < entries.length; position++) {
    const number = entries.interfaceOf[position]!;
    const at = entries.addressAt(position);
    const end = at + entries.addressLengths[position]!;
    const key = keyOfOctets(entries.addresses, at, end);
    // Real identities are positive, so negative ones cannot collide
    const first = positions.add(ids[number] ?? ~number, key, position);
    if (first < 0) continue;
    const error = invalid(
      duplicateMessage(entries, position, first),
      entries.given[position],
    );
    duplicates.push({ position, first, error });
  }
  return { positions, duplicates };
}

function duplicateMessage(
  entries: EntryList,
  position: number,
  first: number,
): string {
  const one = entries.linkLayerAddress(first);
  const other = entries.linkLayerAddress(position);
  const says = one === other
    ? "it is the same entry again"
    : `once as ${one}, once as ${other}`;
  return `${entries.describe(position)} is given twice: ${says}`;
}
