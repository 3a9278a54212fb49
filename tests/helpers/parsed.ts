/**
 * Reads the parsed values of an entry back from a list.
 *
 * @module
 */

import { EntryList, type ParsedInterface } from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import type { NeighborEntry, NeighborKey } from "../../ffi/types/neighbor.ts";

/** The parsed values of one entry. */
export interface Parsed {
  readonly address: Uint8Array;
  /** Empty for a key. */
  readonly linkLayerAddress: Uint8Array;
  readonly interface: ParsedInterface;
  /** The interface of a zone that is given beside another interface name. */
  readonly zone: ParsedInterface | null;
  readonly given: unknown;
}

/** The parsed values of the entry at a position. */
export function parsedAt(entries: EntryList, position: number): Parsed {
  const at = entries.addressAt(position);
  const start = entries.linkLayerAt(position);
  const zone = entries.zones.get(position);
  return {
    address: entries.addresses.slice(
      at,
      at + entries.addressLengths[position]!,
    ),
    linkLayerAddress: entries.linkLayerAddresses.slice(
      start,
      start + entries.linkLayerLengths[position]!,
    ),
    interface: entries.named(position),
    zone: zone === undefined ? null : entries.interfaces[zone]!,
    given: entries.given[position],
  };
}

/** Parses an entry into a list of its own. */
export function parsedEntry(entry: NeighborEntry): Parsed {
  const entries = new EntryList();
  return parsedAt(entries, parseEntry(entries, entry));
}

/** Parses a key into a list of its own. */
export function parsedKey(key: NeighborKey): Parsed {
  const entries = new EntryList();
  return parsedAt(entries, parseKey(entries, key));
}
