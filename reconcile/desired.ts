/**
 * The desired entries: parsed, each once, and indexed by interface and address.
 * Pure.
 *
 * @module
 */

import type { InterfaceId } from "../ffi/bound_interface.ts";
import { EntryList } from "../ffi/entry_list.ts";
import { parseEntry } from "../ffi/parse/entry.ts";
import { invalid, type NeighborError } from "../ffi/types/error.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { AddressIndex, keyOfOctets } from "./address_index.ts";

/** Parses each of the desired entries; throws for the first that breaks a rule. */
export function parseDesired(desired: readonly NeighborEntry[]): EntryList {
  if (!Array.isArray(desired)) {
    throw invalid("The desired entries are not an array");
  }
  const entries = new EntryList(desired.length);
  // By index: an array may have holes, which are no entries
  for (let i = 0; i < desired.length; i++) parseEntry(entries, desired[i]!);
  return entries;
}

/** An entry that cannot stand beside another of the same address. */
export interface Duplicate {
  readonly position: number;
  /** Where the first of the two stands. */
  readonly first: number;
  readonly error: NeighborError;
}

/** Positions of entries, and those that are not among them. */
export interface DesiredIndex {
  readonly positions: AddressIndex;
  readonly duplicates: readonly Duplicate[];
}

/**
 * Indexes the entries by what their interfaces are, which `ids` has by the number
 * of each; one that is not known is an interface of its own.
 */
export function indexDesired(
  entries: EntryList,
  ids: readonly (InterfaceId | undefined)[],
): DesiredIndex {
  const positions = new AddressIndex(entries.length);
  const duplicates: Duplicate[] = [];
  for (let position = 0; position < entries.length; position++) {
    const on = entries.interfaceOf[position]!;
    const at = entries.addressAt(position);
    const end = at + entries.addressLengths[position]!;
    const key = keyOfOctets(entries.addresses, at, end);
    // Below zero there is no index
    const first = positions.add(ids[on] ?? -1 - on, key, position);
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
