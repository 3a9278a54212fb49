/**
 * Validates a caller's entry and adds it to an {@linkcode EntryList}. It checks
 * every rule of the `SetIpNetEntry2` page that needs no system call. Each
 * member is read once and the caller's object is never read again, so a getter
 * or a later change cannot make the write differ from what was checked. Pure.
 *
 * @module
 */

import { EntryList, type ParsedInterface } from "../entry_list.ts";
import {
  type EntryMember,
  invalid,
  NeighborError,
  quote,
} from "../types/error.ts";
import type { InterfaceNames } from "../types/interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborKey,
} from "../types/neighbor.ts";
import {
  formatAddress,
  isIpv4Mapped,
  isLimitedBroadcast,
  isLoopback,
  isUnspecified,
  parseAddressInto,
  zoneOf,
} from "./address.ts";
import { describe } from "./describe.ts";
import { parseLinkLayerAddressInto } from "./link_layer_address.ts";
import { NO_PROTOCOL, parseProtocol } from "./protocol.ts";

/**
 * Validates an entry to write; returns its position in the list. With
 * `isRestricted` an address that may not be written is refused.
 */
export function parseEntry(
  entries: EntryList,
  entry: NeighborEntry,
  isRestricted = true,
): number {
  return parse(entries, entry, isRestricted, true);
}

/**
 * Validates a key; returns its position in the list. Without `isRestricted` any
 * address is taken, because reads and deletes also concern rows that the system
 * or other programs have made.
 */
export function parseKey(
  entries: EntryList,
  key: NeighborKey,
  isRestricted = false,
): number {
  return parse(entries, key, isRestricted, false);
}

function parse(
  entries: EntryList,
  given:
    & NeighborKey
    & Partial<Record<"linkLayerAddress" | "protocol", unknown>>,
  isRestricted: boolean,
  hasLinkLayerAddress: boolean,
): number {
  let member: EntryMember | null = null;
  try {
    checkObject("entry", given);
    // Each member is read once: a getter may answer differently the next time
    const { address, interfaceLuid, interfaceIndex, interfaceAlias } = given;
    const value = hasLinkLayerAddress ? given.linkLayerAddress : undefined;
    const owner = hasLinkLayerAddress ? given.protocol : undefined;
    const position = entries.reserve();
    member = "address";
    const length = readAddress(entries, position, address, isRestricted);
    const zone = length === 4 ? null : readZone(zoneOf(address));
    member = "interface";
    readInterface(interfaceLuid, interfaceIndex, interfaceAlias);
    checkNamed(entries, length, zone);
    member = "linkLayerAddress";
    const octets = hasLinkLayerAddress
      ? readLinkLayerAddress(entries, position, value)
      : 0;
    member = "protocol";
    const protocol = parseProtocol(owner);
    pushEntry(entries, given, zone, length, octets);
    if (protocol !== NO_PROTOCOL) entries.protocols[position] = protocol;
    return position;
  } catch (error) {
    throw attachEntry(error, given, member);
  }
}

/**
 * All errors of an entry whose first error is `first`. Reads the other members
 * again to find theirs.
 */
export function entryErrors(
  entry: NeighborEntry,
  first: NeighborError,
): NeighborError[] {
  const errors = [first];
  const check = (member: EntryMember, read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      attachEntry(error, entry, member);
      errors.push(error);
    }
  };
  const { address, linkLayerAddress, protocol } = entry;
  if (first.member === "address" || first.member === "interface") {
    check("linkLayerAddress", () => {
      readLinkLayerAddress(SCRATCH, 0, linkLayerAddress);
    });
  }
  if (first.member === "address") {
    check("interface", () => {
      // Perhaps the zone of the address that is refused names it
      const hasZone = typeof address === "string" && address.includes("%");
      if (parseInterface(entry) === null && !hasZone) throw unnamed("");
    });
  }
  if (first.member !== "protocol") {
    check("protocol", () => void parseProtocol(protocol));
  }
  return errors;
}

/** Receives what is parsed only to find errors. */
const SCRATCH = new EntryList();

/** Adds the key of a row; its interface is named by the row's own key. */
export function addRow(entries: EntryList, row: Neighbor): number {
  const position = entries.reserve();
  const at = entries.addressAt(position);
  const length = parseAddressInto(row.address, entries.addresses, at);
  const luid = row.interfaceLuid === null ? 0n : BigInt(row.interfaceLuid);
  const number = entries.number(luid, row.interfaceIndex, null);
  return entries.push(row, number, length, 0);
}

/** Validates the three names of an interface; `null` where none is given. */
export function parseInterface(
  names: Partial<Record<keyof InterfaceNames, unknown>>,
): ParsedInterface | null {
  try {
    const { interfaceLuid, interfaceIndex, interfaceAlias } = names;
    readInterface(interfaceLuid, interfaceIndex, interfaceAlias);
    return isNamed() ? { ...named } : null;
  } catch (error) {
    throw attachEntry(error, names, "interface");
  }
}

/** The names of the interface of the entry being parsed; reused for each. */
const named = { luid: 0n, index: 0, alias: null as string | null };

function isNamed(): boolean {
  // Comparing a bigint is slow, and most entries have no LUID
  return named.alias !== null || named.index !== 0 || named.luid !== 0n;
}

/** Validates an entry's three names into {@linkcode named}. */
function readInterface(
  luid: unknown,
  index: unknown = 0,
  alias: unknown = null,
): void {
  named.luid = luid === undefined || luid === null ? 0n : readLuid(luid);
  named.index = readIndex(index ?? 0);
  if (alias !== null) checkAlias(alias);
  named.alias = alias as string | null;
}

/** Adds the entry, on the interface that was named, or else by its zone. */
function pushEntry(
  entries: EntryList,
  given: unknown,
  zone: ParsedInterface | null,
  addressLength: number,
  linkLayerLength: number,
): number {
  if (zone === null) {
    const number = entries.number(named.luid, named.index, named.alias);
    return entries.push(given, number, addressLength, linkLayerLength);
  }
  const { index, alias } = zone;
  const number = isNamed()
    ? entries.number(named.luid, named.index, named.alias)
    : entries.number(0n, index, alias);
  const position = entries.push(given, number, addressLength, linkLayerLength);
  if (isNamed()) entries.zones.set(position, entries.number(0n, index, alias));
  return position;
}

/**
 * Adds the entry and the member to an error that a check just threw. Changes
 * the error itself: a copy would cost another stack trace.
 */
export function attachEntry(
  error: unknown,
  entry: unknown,
  member: EntryMember | null = null,
): unknown {
  return error instanceof NeighborError
    ? Object.assign(error, { entry, member: error.member ?? member })
    : error;
}

function readAddress(
  entries: EntryList,
  position: number,
  text: unknown,
  isRestricted: boolean,
): 4 | 16 {
  if (typeof text !== "string") throw mistyped("address", "text", text);
  const { addresses } = entries;
  const at = entries.addressAt(position);
  const length = parseAddressInto(text, addresses, at);
  if (!isRestricted) return length;
  const broken = brokenAddressRule(addresses, at, at + length);
  if (broken === undefined) return length;
  throw invalid(
    `The address ${quote(text)} is ${broken}, ` +
      "it must be a unicast, anycast or multicast address",
  );
}

/** Refuses an entry that names no interface. */
function checkNamed(
  entries: EntryList,
  length: number,
  zone: ParsedInterface | null,
): void {
  if (zone !== null || isNamed()) return;
  const at = entries.addressAt(entries.reserve());
  const address = formatAddress(entries.addresses.subarray(at, at + length));
  throw unnamed(` for ${address}`);
}

function unnamed(what: string): NeighborError {
  return invalid(
    `No interface given${what}: name it by ` +
      "interfaceLuid, interfaceIndex or interfaceAlias",
  );
}

function readLinkLayerAddress(
  entries: EntryList,
  position: number,
  value: unknown,
): number {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) {
    throw mistyped("linkLayerAddress", "text or a Uint8Array", value);
  }
  const at = entries.linkLayerAt(position);
  return parseLinkLayerAddressInto(value, entries.linkLayerAddresses, at);
}

/**
 * Which kind of address that may not be written the octets from `from` to `to`
 * are; `undefined` for none.
 */
export function brokenAddressRule(
  octets: Uint8Array,
  from = 0,
  to: number = octets.length,
): string | undefined {
  // All of them begin so, and making a view costs more than parsing
  const first = octets[from];
  if (first !== 0 && first !== 127 && first !== 255) return undefined;
  const address = octets.subarray(from, to);
  if (isUnspecified(address)) return "the unspecified address";
  if (isLoopback(address)) return "a loopback address";
  if (isLimitedBroadcast(address)) return "the broadcast address";
  if (isIpv4Mapped(address)) return "an IPv4-mapped address";
}

function readIndex(index: unknown): number {
  if (typeof index !== "number") {
    throw mistyped("interfaceIndex", "a number", index);
  }
  if (!Number.isInteger(index) || index < 0 || index > 0xffff_ffff) {
    // Deno would silently wrap it into 32 bits
    throw invalid(
      `The interface index ${index} is not a whole number from 1 to 4294967295`,
    );
  }
  return index;
}

function checkAlias(alias: unknown): void {
  if (typeof alias !== "string") {
    throw mistyped("interfaceAlias", "text", alias);
  }
  if (alias === "") throw invalid("The interface alias is empty");
  checkNul("interface alias", alias);
}

/** A NUL would end the name early, so that it means another interface. */
function checkNul(what: string, name: string): void {
  if (!name.includes("\0")) return;
  throw invalid(`The ${what} ${quote(name)} has a NUL character in it`);
}

function readLuid(luid: unknown): bigint {
  if (typeof luid === "string") {
    if (!/^0x[0-9a-f]{1,16}$/i.test(luid)) {
      throw invalid(
        `Cannot parse interface LUID ${quote(luid)}: ` +
          'it is "0x" and 1 to 16 hexadecimal digits',
      );
    }
    return BigInt(luid);
  }
  if (typeof luid !== "bigint") {
    throw mistyped("interfaceLuid", 'a bigint or "0x…" text', luid);
  }
  if (luid < 0n || luid > 0xffff_ffff_ffff_ffffn) {
    throw invalid(`The interface LUID ${luid} does not fit 64 bits`);
  }
  return luid;
}

/** RFC 4007 section 11.2: a zone of digits is an index, any other a name. */
function readZone(zone: string | null): ParsedInterface | null {
  if (zone === null) return null;
  checkNul("zone", zone);
  if (!/^[0-9]+$/.test(zone)) return { luid: 0n, index: 0, alias: zone };
  const index = Number(zone);
  if (index < 1 || index > 0xffff_ffff) {
    throw invalid(
      `The zone ${quote(zone)} is not an index from 1 to 4294967295`,
    );
  }
  return { luid: 0n, index, alias: null };
}

/** Refuses what is not an object. */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    throw invalid(
      `No ${name} given: it is an object, not ${describe(value)}`,
    );
  }
}

/**
 * Refuses what has no members of its own to narrow by: a list, a map, or a
 * promise that was not awaited would stand for an object without any.
 */
export function checkPlain(name: string, value: unknown): void {
  checkObject(name, value);
  const given = value as object;
  const isBare = Object.keys(given).length === 0 && !isPlain(given);
  if (isBare || Symbol.iterator in given) {
    throw invalid(
      `No ${name} given: it is an object, not ${describe(value)}`,
    );
  }
}

/** Whether it is of no class, in this realm or another. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function mistyped(
  member: string,
  wanted: string,
  value: unknown,
): Error {
  return invalid(
    value === undefined || value === null
      ? `The member ${member} is missing, it takes ${wanted}`
      : `The member ${member} takes ${wanted}, not ${describe(value)}`,
  );
}
