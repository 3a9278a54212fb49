/**
 * Parses the subnets of a filter, and matches octets against them. Pure.
 *
 * @module
 */

import { type AddressKey, keyOfOctets } from "../address_key.ts";
import { invalid, quote } from "../types/error.ts";
import type { AddressFamily } from "../types/neighbor.ts";
import { formatAddress, parseAddress } from "./address.ts";

/** A parsed subnet; a single address has the full length. */
export interface Subnet {
  readonly family: AddressFamily;
  /** 4 or 16 octets, and how many of their bits count. */
  readonly octets: Uint8Array;
  readonly length: number;
  /** CIDR notation in the form of RFC 5952. */
  readonly text: string;
}

/** Subnets of which an address has to be in any. */
export class SubnetSet {
  readonly subnets: readonly Subnet[];
  readonly #prefixes: readonly Subnet[];
  /** Single addresses, of which there may be many. */
  readonly #addresses = new Set<AddressKey>();

  /** Takes at least one subnet. */
  constructor(subnets: readonly Subnet[]) {
    this.subnets = subnets;
    const prefixes: Subnet[] = [];
    for (const subnet of subnets) {
      const { octets, length } = subnet;
      if (length < 8 * octets.length) prefixes.push(subnet);
      else this.#addresses.add(keyOfOctets(octets));
    }
    this.#prefixes = prefixes;
  }

  /** Whether the address from `start` to `end` is in one of them. */
  has(octets: Uint8Array, start: number, end: number): boolean {
    for (const subnet of this.#prefixes) {
      if (isIn(subnet, octets, start, end)) return true;
    }
    return this.#addresses.size > 0 &&
      this.#addresses.has(keyOfOctets(octets, start, end));
  }

  /** The families that have a subnet, IPv4 first. */
  get families(): readonly AddressFamily[] {
    return (["ipv4", "ipv6"] as const).filter((family) =>
      this.subnets.some((subnet) => subnet.family === family)
    );
  }
}

/**
 * Compares the whole octets of the prefix, then the bits after them, with the
 * address from `start` to `end`.
 */
function isIn(
  { octets, length }: Subnet,
  address: Uint8Array,
  start = 0,
  end: number = address.length,
): boolean {
  if (end - start !== octets.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) {
    if (address[start + i] !== octets[i]) return false;
  }
  const rest = length & 7;
  if (rest === 0) return true;
  const mask = 0xff00 >> rest & 0xff;
  return (address[start + whole]! & mask) === octets[whole];
}

/** The addresses that two subnets share: the smaller one, or none. */
export function intersection(one: Subnet, other: Subnet): Subnet | undefined {
  const [large, small] = one.length < other.length
    ? [one, other]
    : [other, one];
  return isIn(large, small.octets) ? small : undefined;
}

/** Parses one subnet or an array of them; `null` for `undefined`. */
export function parseSubnets(value: unknown): SubnetSet | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) return new SubnetSet([readSubnet(value)]);
  if (value.length === 0) throw invalid("The list of subnets is empty");
  return new SubnetSet(Array.from(value, readSubnet));
}

function readSubnet(value: unknown): Subnet {
  if (typeof value !== "string") {
    throw invalid("The subnet takes an address or CIDR notation, as text");
  }
  return parseSubnet(value);
}

/** Parses CIDR notation, or an address, which means that address only. */
export function parseSubnet(text: string): Subnet {
  const [, address = "", given] = /^([^/]*)(?:\/(.*))?$/s.exec(text)!;
  const { family, bytes, zone } = parseAddress(address);
  if (zone !== null) {
    throw cannotParse(
      text,
      "a subnet has no zone: name the interface beside it",
    );
  }
  const bits = bytes.length * 8;
  const prefix = given ?? `${bits}`;
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > bits) {
    throw cannotParse(
      text,
      `the prefix length ${quote(prefix)} is not 0 to ${bits}`,
    );
  }
  const length = Number(prefix);
  const octets = bytes.map((byte, i) => byte & ~(0xff >> clamp(length, i)));
  const network = `${formatAddress(octets)}/${length}`;
  if (octets.some((octet, i) => octet !== bytes[i])) {
    throw cannotParse(
      text,
      `bits are set behind the first ${length}; the subnet is ${network}, ` +
        `the address alone ${formatAddress(bytes)}`,
    );
  }
  return { family, octets, length, text: network };
}

/** How many bits of an octet belong to the prefix. */
function clamp(length: number, octet: number): number {
  return Math.min(8, Math.max(0, length - 8 * octet));
}

function cannotParse(text: string, rule: string): Error {
  return invalid(`Cannot parse subnet ${quote(text)}: ${rule}`);
}
