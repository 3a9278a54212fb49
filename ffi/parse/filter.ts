/**
 * Validates filters, and matches rows against them. Pure.
 *
 * @module
 */

import { formatAddress, parseAddress, parseAddressInto } from "./address.ts";
import type { RawRow } from "../raw_row.ts";
import type { EntryList, ParsedInterface } from "../entry_list.ts";
import { attachEntry, checkPlain, describe, parseInterface } from "./entry.ts";
import type { InterfaceNames } from "../types/interface.ts";
import { invalid, quote } from "../types/error.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborFilter,
  NeighborState,
} from "../types/neighbor.ts";

// A record, so that the compiler reports a missing state
const STATES: Readonly<Record<NeighborState, true>> = {
  unreachable: true,
  incomplete: true,
  probe: true,
  delay: true,
  stale: true,
  reachable: true,
  permanent: true,
  none: true,
  noarp: true,
  failed: true,
};

/** Refuses what is not the name of a state. */
export function checkState(value: unknown): void {
  if (typeof value === "string" && Object.hasOwn(STATES, value)) return;
  const known = Object.keys(STATES).join(", ");
  throw invalid(`The state ${show(value)} is none of ${known}`);
}

const MEMBERS: Readonly<Record<keyof NeighborFilter, true>> = {
  family: true,
  state: true,
  subnet: true,
  interfaceLuid: true,
  interfaceIndex: true,
  interfaceAlias: true,
  proxy: true,
};

/** A validated filter. */
export interface ParsedFilter {
  /** The families to read, one by one. */
  readonly families: readonly AddressFamily[];
  /** Not looked up yet; `null` for every interface. */
  readonly interface: ParsedInterface | null;
  /** The proxy entries instead of the neighbors. */
  readonly proxy: boolean;
  /** Whether the caller says which of the two. */
  readonly isProxyGiven: boolean;
  /** Whether a row matches by state, address and kind. */
  readonly wants: (row: Neighbor) => boolean;
  /** The same for a row of a scan. */
  readonly matches: (row: RawRow) => boolean;
  /** What the caller passed, for errors. */
  readonly given: unknown;
}

/** Validates a filter. */
export function parseFilter(filter: NeighborFilter): ParsedFilter {
  try {
    return readFilter(filter);
  } catch (error) {
    throw attachEntry(error, filter);
  }
}

function readFilter(given: NeighborFilter): ParsedFilter {
  checkPlain("filter", given);
  for (const member of Object.keys(given)) {
    // A misspelt member would be ignored, and so widen the filter
    if (!Object.hasOwn(MEMBERS, member)) {
      throw invalid(`A filter has no member ${quote(member)}`);
    }
  }
  const { family, interfaceLuid, interfaceIndex, interfaceAlias } = given;
  const { subnet: cidr, state, proxy: kind } = given;
  const subnet = readSubnet(cidr);
  const states = readStates(state);
  const proxy = readProxy(kind);
  return {
    families: readFamilies(family, subnet),
    interface: readFilterInterface({
      interfaceLuid,
      interfaceIndex,
      interfaceAlias,
    }),
    proxy,
    isProxyGiven: kind !== undefined,
    wants: (row) =>
      proxy === (row.flags?.includes("proxy") ?? false) &&
      (states === null || states.has(row.state)) &&
      (subnet === null || hasAddress(subnet, row.address)),
    matches: (row) =>
      proxy === row.isProxy &&
      (states === null || states.has(row.state)) &&
      (subnet === null ||
        isIn(subnet, row.octets, row.addressStart, row.addressEnd)),
    given,
  };
}

/** The same filter for rows of these addresses only, on any interface. */
export function ofAddresses(
  filter: ParsedFilter,
  entries: EntryList,
): ParsedFilter {
  const addresses = new Set<string>();
  for (let i = 0; i < entries.length; i++) addresses.add(entries.address(i));
  const isAmong = ({ octets, addressStart, addressEnd }: RawRow) =>
    addresses.has(formatAddress(octets.subarray(addressStart, addressEnd)));
  return {
    ...filter,
    wants: (row) => addresses.has(row.address) && filter.wants(row),
    matches: (row) => isAmong(row) && filter.matches(row),
  };
}

/** Compares the whole octets of the prefix, then the bits after them. */
function isIn(
  { octets, length }: Subnet,
  row: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (end - start !== octets.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) {
    if (row[start + i] !== octets[i]) return false;
  }
  const rest = length & 7;
  if (rest === 0) return true;
  const mask = 0xff00 >> rest & 0xff;
  return (row[start + whole]! & mask) === octets[whole];
}

// Written and read within one call
const SCRATCH = new Uint8Array(16);

/** The same for the address of a row, which is text. */
function hasAddress(subnet: Subnet, address: string): boolean {
  return isIn(subnet, SCRATCH, 0, parseAddressInto(address, SCRATCH, 0));
}

function readFilterInterface(
  filter: Partial<Record<keyof InterfaceNames, unknown>>,
): ParsedInterface | null {
  const { interfaceLuid, interfaceIndex, interfaceAlias } = filter;
  const parsed = parseInterface(filter);
  if (
    parsed === null &&
    (interfaceLuid ?? interfaceIndex ?? interfaceAlias) != null
  ) {
    // Index or LUID zero means no interface, not every interface
    throw invalid("The filter names interface 0, there is none");
  }
  return parsed;
}

function readFamilies(
  family: unknown,
  subnet: Subnet | null,
): readonly AddressFamily[] {
  if (family === undefined) {
    return subnet === null ? ["ipv4", "ipv6"] : [subnet.family];
  }
  if (family !== "ipv4" && family !== "ipv6") {
    throw invalid(
      `The family ${show(family)} is neither "ipv4" nor "ipv6"`,
    );
  }
  if (subnet !== null && subnet.family !== family) {
    throw invalid(
      `The subnet ${quote(subnet.text)} is not of the family "${family}"`,
    );
  }
  return [family];
}

function readStates(state: unknown): ReadonlySet<string> | null {
  if (state === undefined) return null;
  const states: unknown[] = Array.isArray(state) ? state : [state];
  if (states.length === 0) throw invalid("The list of states is empty");
  for (const one of states) checkState(one);
  return new Set(states as string[]);
}

function show(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? describe(value)
    : quote(String(value));
}

function readProxy(proxy: unknown): boolean {
  if (proxy === undefined || typeof proxy === "boolean") return proxy ?? false;
  throw invalid("The filter's proxy takes true or false");
}

interface Subnet {
  readonly family: AddressFamily;
  /** 4 or 16 octets, and how many of their bits count. */
  readonly octets: Uint8Array;
  readonly length: number;
  /** CIDR notation in the form of RFC 5952. */
  readonly text: string;
}

function readSubnet(value: unknown): Subnet | null {
  if (value === undefined) return null;
  if (typeof value !== "string") throw invalid("The subnet takes CIDR text");
  const slash = value.indexOf("/");
  if (slash < 0) {
    throw cannotParseSubnet(value, 'the "/" and the prefix length are missing');
  }
  const { family, bytes, zone } = parseAddress(value.slice(0, slash));
  if (zone !== null) throw cannotParseSubnet(value, "a subnet has no zone");
  const prefix = value.slice(slash + 1);
  const bits = bytes.length * 8;
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > bits) {
    throw cannotParseSubnet(
      value,
      `the prefix length ${quote(prefix)} is not 0 to ${bits}`,
    );
  }
  const length = Number(prefix);
  if (bytes.some((byte, i) => byte & (0xff >> clamp(length - 8 * i)))) {
    throw cannotParseSubnet(value, `bits are set behind the first ${length}`);
  }
  const text = `${formatAddress(bytes)}/${length}`;
  return { family, octets: bytes.slice(), length, text };
}

/** How many bits of one byte belong to the prefix. */
function clamp(bits: number): number {
  return Math.min(8, Math.max(0, bits));
}

function cannotParseSubnet(text: string, rule: string): Error {
  return invalid(`Cannot parse subnet ${quote(text)}: ${rule}`);
}
