/**
 * Some rows of one reading of the table, found by entries.
 *
 * @module
 */

import type { BoundInterface, InterfaceId } from "../bound_interface.ts";
import type { RawRow, RowVisitor } from "../raw_row.ts";
import type { EntryList } from "../entry_list.ts";
import type { Neighbor } from "../types/neighbor.ts";

interface Found {
  readonly luid: InterfaceId;
  neighbor: Neighbor;
}

/** The rows at those addresses that are wanted, on whichever interface. */
export class RowsByAddress implements RowVisitor {
  readonly #wanted: ReadonlySet<string>;
  /** Few interfaces have rows at the same address. */
  readonly #rows = new Map<string, Found[]>();

  /** `wanted` are keys of addresses. */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  begin(): void {
    this.#rows.clear();
  }

  row(row: RawRow): void {
    const key = octetKey(row.octets, row.addressStart, row.addressEnd);
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

  /** Takes note that an entry's row was deleted: it may stay, but empty. */
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

/** The key of an entry's address. */
export function addressKey(entries: EntryList, position: number): string {
  const at = entries.addressAt(position);
  const end = at + entries.addressLengths[position]!;
  return octetKey(entries.addresses, at, end);
}

/** Those from `from` up to `to`. */
export function addressKeys(
  entries: EntryList,
  from: number,
  to: number,
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (let position = from; position < to; position++) {
    keys.add(addressKey(entries, position));
  }
  return keys;
}

/** The octets as characters; an IPv4 address is no IPv6 address, by its length. */
function octetKey(octets: Uint8Array, start: number, end: number): string {
  let key = "";
  for (let at = start; at < end; at++) key += String.fromCharCode(octets[at]!);
  return key;
}

function isOn(
  { luid, neighbor }: Found,
  on: BoundInterface,
): boolean {
  return on.luid === 0n
    ? neighbor.interfaceIndex === on.index
    : luid === on.luid;
}
