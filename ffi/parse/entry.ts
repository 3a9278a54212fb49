/**
 * The door between what a caller hands over and what a system call is given:
 * every rule of the `SetIpNetEntry2` page that can be told without asking the
 * system. Past it nothing is validated twice. Pure.
 *
 * @module
 */

import {
  formatAddress,
  isIpv4Mapped,
  isLimitedBroadcast,
  isLoopback,
  isUnspecified,
  parseAddress,
  type ParsedAddress,
} from "./address.ts";
import {
  type EntryMember,
  invalid,
  memberOf,
  NeighborError,
  quote,
  withMember,
} from "../types/error.ts";
import { parseLinkLayerAddress } from "./link_layer_address.ts";
import type { InterfaceNames } from "../types/interface.ts";
import type {
  AddressFamily,
  NeighborEntry,
  NeighborKey,
} from "../types/neighbor.ts";

/** An interface as named by a caller; zero and `null` mean not given. */
export interface ParsedInterface {
  readonly luid: bigint;
  readonly index: number;
  readonly alias: string | null;
}

/** A key past the door. */
export interface ParsedKey {
  readonly family: AddressFamily;
  /** 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  /** At least one of its members is given. */
  readonly interface: ParsedInterface;
  /** What the zone names, where it stands beside an interface to agree with. */
  readonly zone: ParsedInterface | null;
  /** What the caller gave, for errors. */
  readonly given: NeighborKey;
}

/** An entry past the door. */
export interface ParsedEntry extends ParsedKey {
  /** 1 to 32 octets. */
  readonly linkLayerAddress: Uint8Array;
}

/** Checks an entry to write. */
export function parseEntry(entry: NeighborEntry): ParsedEntry {
  let member: EntryMember | undefined = "address";
  try {
    const { family, bytes, zone } = readAddress(entry);
    const zoned = readZone(zone);
    member = undefined; // which of three says what reads them
    const named = readInterface(entry);
    const on = named ?? zoned ?? refuseNowhere(bytes);
    member = "linkLayerAddress";
    // Member by member: a spread costs as much as all the checks
    return {
      family,
      address: bytes,
      interface: on,
      zone: named === null ? null : zoned,
      given: entry,
      linkLayerAddress: readLinkLayerAddress(entry),
    };
  } catch (error) {
    throw concerning(entry, error, member);
  }
}

/** Checks the name of an entry. */
export function parseKey(key: NeighborKey): ParsedKey {
  let member: EntryMember | undefined = "address";
  try {
    const { family, bytes, zone } = readAddress(key);
    const zoned = readZone(zone);
    member = undefined;
    const named = readInterface(key);
    return {
      family,
      address: bytes,
      interface: named ?? zoned ?? refuseNowhere(bytes),
      zone: named === null ? null : zoned,
      given: key,
    };
  } catch (error) {
    throw concerning(key, error, member);
  }
}

/** Checks the three names of an interface; `null` where none is given. */
export function parseInterface(names: InterfaceNames): ParsedInterface | null {
  return about(names, () => readInterface(names));
}

/** Runs a check; what it refuses carries what it was about. */
export function about<T>(given: unknown, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw concerning(given, error);
  }
}

function concerning(
  given: unknown,
  error: unknown,
  member?: EntryMember,
): unknown {
  if (!(error instanceof NeighborError)) return error;
  const { code, message } = error;
  const about = new NeighborError(code, message, { entry: given });
  const known = memberOf(error) ?? member;
  return known === undefined ? about : withMember(about, known);
}

/** Checks an address that is to be written, and nothing else of its entry. */
export function readAddress(
  key: { readonly address?: unknown },
): ParsedAddress {
  checkObject("entry", key);
  const text = key.address;
  if (typeof text !== "string") throw mistyped("address", "text", text);
  const parsed = parseAddress(text);
  const broken = brokenRule(parsed.bytes);
  if (broken === undefined) return parsed;
  throw invalid(
    `The address ${quote(text)} is ${broken}, ` +
      "it must be a unicast, anycast or multicast address",
    undefined,
    "address",
  );
}

function refuseNowhere(address: Uint8Array): never {
  throw invalid(
    `No interface given for ${formatAddress(address)}: name it by ` +
      "interfaceLuid, interfaceIndex or interfaceAlias",
  );
}

/** Checks a link-layer address, and nothing else of its entry. */
export function readLinkLayerAddress(
  entry: { readonly linkLayerAddress?: unknown },
): Uint8Array {
  const value = entry.linkLayerAddress;
  if (typeof value === "string" || value instanceof Uint8Array) {
    return parseLinkLayerAddress(value);
  }
  throw mistyped("linkLayerAddress", "text or a Uint8Array", value);
}

/** Which addresses the page calls not valid, in its own order. */
export function brokenRule(address: Uint8Array): string | undefined {
  if (isUnspecified(address)) return "the unspecified address";
  if (isLoopback(address)) return "a loopback address";
  if (isLimitedBroadcast(address)) return "the broadcast address";
  if (isIpv4Mapped(address)) return "an IPv4-mapped address";
}

function readInterface(names: InterfaceNames): ParsedInterface | null {
  // A bigint is slow to compare: most entries come without
  const luid = names.interfaceLuid == null ? 0n : readLuid(names.interfaceLuid);
  const index = names.interfaceIndex ?? 0;
  const alias = names.interfaceAlias ?? null;
  if (typeof index !== "number") {
    throw mistyped("interfaceIndex", "a number", index);
  }
  if (!Number.isInteger(index) || index < 0 || index > 0xffff_ffff) {
    // Deno would wrap it into 32 bits without a word
    throw invalid(
      `The interface index ${index} is not a whole number from 1 to 4294967295`,
      undefined,
      "interfaceIndex",
    );
  }
  if (alias !== null) checkAlias(alias);
  if (luid === 0n && index === 0 && alias === null) return null;
  const isSame = last.alias === alias && last.index === index &&
    last.luid === luid;
  return isSame ? last : last = { luid, index, alias };
}

/** Entries come interface by interface: they share what it is called. */
let last: ParsedInterface = { luid: 0n, index: 0, alias: null };

function checkAlias(alias: unknown): void {
  if (typeof alias !== "string") {
    throw mistyped("interfaceAlias", "text", alias);
  }
  if (alias === "") {
    throw invalid("The interface alias is empty", undefined, "interfaceAlias");
  }
  checkNul("interface alias", alias, "interfaceAlias");
}

/** A NUL would end the name early and so mean another interface. */
function checkNul(what: string, name: string, member: EntryMember): void {
  if (!name.includes("\0")) return;
  throw invalid(
    `The ${what} ${quote(name)} has a NUL character in it`,
    undefined,
    member,
  );
}

function readLuid(luid: unknown): bigint {
  if (typeof luid === "string") {
    if (!/^0x[0-9a-f]{1,16}$/i.test(luid)) {
      throw invalid(
        `Cannot parse interface LUID ${quote(luid)}: ` +
          'it is "0x" and 1 to 16 hexadecimal digits',
        undefined,
        "interfaceLuid",
      );
    }
    return BigInt(luid);
  }
  if (typeof luid !== "bigint") {
    throw mistyped("interfaceLuid", 'a bigint or "0x…" text', luid);
  }
  if (luid < 0n || luid > 0xffff_ffff_ffff_ffffn) {
    throw invalid(
      `The interface LUID ${luid} does not fit 64 bits`,
      undefined,
      "interfaceLuid",
    );
  }
  return luid;
}

/** RFC 4007 section 11.2: a zone is an index where it is a number, else a name. */
export function readZone(zone: string | null): ParsedInterface | null {
  if (zone === null) return null;
  checkNul("zone", zone, "address");
  if (!/^[0-9]+$/.test(zone)) return { luid: 0n, index: 0, alias: zone };
  const index = Number(zone);
  if (index < 1 || index > 0xffff_ffff) {
    throw invalid(
      `The zone ${quote(zone)} is not an index from 1 to 4294967295`,
    );
  }
  return { luid: 0n, index, alias: null };
}

/** Refuses what is not an object: no row at all. */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    throw invalid(
      `No ${name} given: it is an object, not ${describe(value)}`,
    );
  }
}

function mistyped(
  member: EntryMember,
  wanted: string,
  value: unknown,
): Error {
  return invalid(
    value === undefined || value === null
      ? `The member ${member} is missing, it takes ${wanted}`
      : `The member ${member} takes ${wanted}, not ${describe(value)}`,
    undefined,
    member,
  );
}

/** A value of the wrong type in words. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" && typeof value !== "function") {
    return `the ${typeof value} ${String(value)}`;
  }
  // A caller's own object may have anything under that name
  const name: unknown = value.constructor?.name;
  return `a ${typeof name === "string" ? name : "null-prototype object"}`;
}

/** The interface in words, by the name that decides. */
export function describeInterface(named: ParsedInterface): string {
  if (named.luid !== 0n) return `interface 0x${named.luid.toString(16)}`;
  if (named.index !== 0) return `interface ${named.index}`;
  return `interface ${quote(named.alias ?? "")}`;
}

/** The key in words: `192.0.2.7 on interface "Ethernet"`. */
export function describeKey(key: ParsedKey): string {
  return `${formatAddress(key.address)} on ${describeInterface(key.interface)}`;
}
