/**
 * Sorts rows for people: by interface, then IPv4 before IPv6, then by address.
 * Pure.
 *
 * @module
 */

import { keyOfOctets } from "../../ffi/address_key.ts";
import { parseAddressInto } from "../../ffi/parse/address.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";

/** A row, and its address in a form that compares as the octets do. */
interface Keyed<Key> {
  readonly key: Key;
  readonly row: Neighbor;
}

/** The rows of one interface. */
interface Group {
  readonly name: string;
  readonly ipv4: Keyed<number>[];
  readonly ipv6: Keyed<string>[];
}

/** The rows in a new array, sorted. */
export function sortRows(rows: readonly Neighbor[]): Neighbor[] {
  const groups = new Map<number, Group>();
  const octets = new Uint8Array(16);
  for (const row of rows) {
    const { interfaceIndex, interfaceAlias } = row;
    let group = groups.get(interfaceIndex);
    if (group === undefined) {
      const name = interfaceAlias ?? String(interfaceIndex);
      groups.set(interfaceIndex, group = { name, ipv4: [], ipv6: [] });
    }
    const key = keyOfOctets(
      octets,
      0,
      parseAddressInto(row.address, octets, 0),
    );
    if (typeof key === "string") group.ipv6.push({ key, row });
    else group.ipv4.push({ key: key >>> 0, row });
  }
  return [...groups.values()]
    .sort((one, other) => compareNames(one.name, other.name))
    .flatMap(({ ipv4, ipv6 }) => [
      ...ipv4.sort((one, other) => one.key - other.key),
      ...ipv6.sort((one, other) => compareTexts(one.key, other.key)),
    ]).map(({ row }) => row);
}

/** Compares names with their numbers by value: eth2 comes before eth10. */
export function compareNames(one: string, other: string): number {
  const [parts, others] = [one, other].map((name) => name.split(/([0-9]+)/));
  for (const [i, part] of parts!.entries()) {
    const order = i % 2 === 0
      ? compareTexts(part, others![i] ?? "")
      : compareNumbers(part, others![i] ?? "");
    if (order !== 0) return order;
  }
  return compareTexts(one, other);
}

/** Compares digits of any length by their value. */
function compareNumbers(one: string, other: string): number {
  const [digits, others] = [one, other].map((text) => text.replace(/^0+/, ""));
  return digits!.length - others!.length || compareTexts(digits!, others!);
}

/** Compares by code units, the same in every locale. */
function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
