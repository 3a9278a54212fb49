/**
 * The rows of one reading of the table that belong to a list of entries.
 *
 * @module
 */

import { type AddressKey, keyOfOctets } from "../address_key.ts";
import type { BoundInterface, InterfaceId } from "../bound_interface.ts";
import type { RawRow, RowVisitor } from "../raw_row.ts";
import type { EntryList } from "../entry_list.ts";
import type { Neighbor } from "../types/neighbor.ts";

interface Found {
  readonly luid: InterfaceId;
  neighbor: Neighbor;
}

/** The rows at the wanted addresses, on any interface. */
export class RowsByAddress implements RowVisitor {
  readonly #wanted: ReadonlySet<AddressKey>;
  /** Usually one row per address: few interfaces have the same one. */
  readonly #rows = new Map<AddressKey, Found[]>();

  /** `wanted` has the keys of {@linkcode addressKey}. */
  constructor(wanted: ReadonlySet<AddressKey>) {
    this.#wanted = wanted;
  }

  begin(): void {
    this.#rows.clear();
  }

  row(row: RawRow): void {
    const key = keyOfOctets(row.octets, row.addressStart, row.addressEnd);
    if (!this.#wanted.has(key)) return;
    const found = { luid: row.interfaceKey, neighbor: row.neighbor() };
    const others = this.#rows.get(key);
    if (others === undefined) this.#rows.set(key, [found]);
    else others.push(found);
  }

  /** The row of an entry. */
  get(entries: EntryList, position: number): Neighbor | undefined {
    const on = entries.on(position);
    return this.#rows.get(addressKey(entries, position))
      ?.find((found) => isOn(found, on))?.neighbor;
  }

  /** Makes the row of an entry that was deleted an empty one. */
  empty(entries: EntryList, position: number): void {
    const on = entries.on(position);
    const found = this.#rows.get(addressKey(entries, position))
      ?.find((found) => isOn(found, on));
    if (found === undefined) return;
    const { neighbor } = found;
    found.neighbor = {
      ...neighbor,
      linkLayerAddress: null,
      state: "unreachable",
    };
  }
}

/** The address of an entry as a map key. */
export function addressKey(entries: EntryList, position: number): AddressKey {
  const at = entries.addressAt(position);
  const end = at + entries.addressLengths[position]!;
  return keyOfOctets(entries.addresses, at, end);
}

/** The keys of the entries from position `from` up to `to`. */
export function addressKeys(
  entries: EntryList,
  from: number,
  to: number,
): ReadonlySet<AddressKey> {
  const keys = new Set<AddressKey>();
  for (let position = from; position < to; position++) {
    keys.add(addressKey(entries, position));
  }
  return keys;
}

function isOn(
  { luid, neighbor }: Found,
  on: BoundInterface,
): boolean {
  return on.luid === 0n
    ? neighbor.interfaceIndex === on.index
    : luid === on.luid;
}
