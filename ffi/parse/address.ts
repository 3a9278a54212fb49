/**
 * IP addresses: strict text to bytes, bytes to RFC 5952 text. Pure.
 *
 * Lenient parsing could pass another address to a system call than the caller
 * meant. So the only IPv4 form is four decimal octets (RFC 6943 section 3.1.1,
 * "strict"), and the IPv6 forms are those of RFC 4291 section 2.2.
 *
 * @module
 */

import { invalid, quote } from "../types/error.ts";
import type { AddressFamily } from "../types/neighbor.ts";
import { allocate } from "./octets.ts";

/** A parsed IP address: 4 or 16 bytes in network order. */
export interface ParsedAddress {
  readonly family: AddressFamily;
  readonly bytes: Uint8Array;
  /** The text after `%`, or `null`. */
  readonly zone: string | null;
}

/** Parses IPv4 or IPv6 text, the latter with or without a zone. */
export function parseAddress(text: string): ParsedAddress {
  const isIpv6 = text.includes(":");
  const bytes = allocate(isIpv6 ? 16 : 4);
  parseAddressInto(text, bytes, 0);
  return {
    family: isIpv6 ? "ipv6" : "ipv4",
    bytes,
    zone: isIpv6 ? zoneOf(text) : null,
  };
}

/**
 * Parses into `out` at `at`, ignoring the zone; returns the length, 4 or 16.
 */
export function parseAddressInto(
  text: string,
  out: Uint8Array,
  at: number,
): 4 | 16 {
  if (text.includes(":")) {
    parseIpv6(text, out, at);
    return 16;
  }
  if (text.includes("%")) {
    throw cannotParse(text, "only an IPv6 address has a zone");
  }
  writeIpv4(parseIpv4(text), out, at);
  return 4;
}

/** The text after `%`, or `null`. */
export function zoneOf(text: string): string | null {
  const percent = text.indexOf("%");
  return percent < 0 ? null : text.slice(percent + 1);
}

const DOT = 46;

/** The four octets as one signed 32-bit number. */
export function parseIpv4(part: string, text = part): number {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let count = 0;
  for (let i = 0; i <= part.length; i++) {
    const code = i < part.length ? part.charCodeAt(i) : DOT;
    const digit = code - 48;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && octet === 0) {
        throw cannotParse(text, "an octet has a leading zero");
      }
      octet = octet * 10 + digit;
      digits++;
      if (octet > 255) throw cannotParse(text, "an octet is over 255");
    } else if (code === DOT) {
      if (digits === 0 || count === 4) {
        throw cannotParse(
          text,
          "IPv4 is four decimal octets with dots between",
        );
      }
      address = (address << 8) | octet;
      count++;
      octet = digits = 0;
    } else {
      throw cannotParse(text, "it is neither IPv4 nor IPv6");
    }
  }
  if (count !== 4) {
    throw cannotParse(text, "IPv4 is four decimal octets with dots between");
  }
  return address;
}

function writeIpv4(address: number, out: Uint8Array, at: number): void {
  out[at] = address >>> 24;
  out[at + 1] = address >>> 16;
  out[at + 2] = address >>> 8;
  out[at + 3] = address;
}

/** The longest form: eight groups, the last two as IPv4. */
const LONGEST_IPV6 = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;

function parseIpv6(text: string, out: Uint8Array, start: number): void {
  const percent = text.indexOf("%");
  if (percent === text.length - 1) {
    throw cannotParse(text, 'the zone after "%" is empty');
  }
  const address = percent < 0 ? text : text.slice(0, percent);
  // A longer text could have millions of groups
  if (address.length > 4 * LONGEST_IPV6) {
    throw cannotParse(text, `IPv6 is at most ${LONGEST_IPV6} characters`);
  }
  const halves = address.split("::");
  if (halves.length > 2) throw cannotParse(text, '"::" stands more than once');
  const [head = "", tail] = halves;
  out.fill(0, start, start + 16);
  const headLength = readGroups(head, tail === undefined, text, out, start);
  if (tail === undefined) {
    if (headLength !== 16) throw cannotParse(text, "IPv6 is eight groups");
    return;
  }
  const tailLength = readGroups(tail, true, text, TAIL, 0);
  if (headLength + tailLength > 14) {
    throw cannotParse(text, '"::" stands for no group at all');
  }
  const at = start + 16 - tailLength;
  for (let i = 0; i < tailLength; i++) out[at + i] = TAIL[i]!;
}

// The groups after "::" until their offset is known
const TAIL = new Uint8Array(16);

/** Writes the groups of one side of `::`; returns the number of bytes. */
function readGroups(
  side: string,
  isTail: boolean,
  text: string,
  out: Uint8Array,
  start: number,
): number {
  if (side === "") return 0;
  const groups = side.split(":");
  let at = 0;
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    const isIpv4 = group.includes(".");
    if (at + (isIpv4 ? 4 : 2) > 16) {
      throw cannotParse(text, "IPv6 is eight groups");
    }
    if (isIpv4) {
      if (!isTail || i !== groups.length - 1) {
        throw cannotParse(text, "an IPv4 part can only stand at the end");
      }
      writeIpv4(parseIpv4(group, text), out, start + at);
      at += 4;
      continue;
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) {
      throw cannotParse(
        text,
        `group ${quote(group)} is not 1 to 4 hexadecimal digits`,
      );
    }
    const value = parseInt(group, 16);
    out[start + at++] = value >> 8;
    out[start + at++] = value & 0xff;
  }
  return at;
}

function cannotParse(text: string, rule: string): Error {
  return invalid(`Cannot parse IP address ${quote(text)}: ${rule}`);
}

/** Formats 4 bytes as dotted decimal, 16 bytes in the form of RFC 5952. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return formatIpv4(bytes, 0);
  if (isIpv4Mapped(bytes)) return `::ffff:${formatIpv4(bytes, 12)}`;
  const { start, length } = longestZeroRun(bytes);
  let text = "";
  for (let group = 0; group < 8; group++) {
    if (group === start) {
      text += "::";
      group += length - 1;
      continue;
    }
    if (text !== "" && !text.endsWith(":")) text += ":";
    text += ((bytes[2 * group]! << 8) | bytes[2 * group + 1]!).toString(16);
  }
  return text;
}

// Made once: formatting large tables costs mostly this
const DECIMAL = Array.from({ length: 256 }, (_, byte) => `${byte}`);
const DECIMAL_DOT = DECIMAL.map((text) => text + ".");

/** Formats the 4 bytes from `at` on as dotted decimal. */
export function formatIpv4(bytes: Uint8Array, at: number): string {
  return DECIMAL_DOT[bytes[at]!]! + DECIMAL_DOT[bytes[at + 1]!]! +
    DECIMAL_DOT[bytes[at + 2]!]! + DECIMAL[bytes[at + 3]!]!;
}

/**
 * RFC 5952 section 4.2: the longest run of two or more zero groups, else none.
 */
function longestZeroRun(bytes: Uint8Array): { start: number; length: number } {
  let start = -1;
  let length = 1;
  for (let group = 0; group < 8; group++) {
    let end = group;
    while (end < 8 && bytes[2 * end] === 0 && bytes[2 * end + 1] === 0) end++;
    if (end - group > length) {
      start = group;
      length = end - group;
    }
    // The group at `end` is not zero: nothing starts there
    group = end;
  }
  return { start, length };
}

/** `::ffff:0:0/96`, RFC 4291 section 2.5.5.2. */
export function isIpv4Mapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && isZero(bytes, 0, 10) &&
    bytes[10] === 0xff && bytes[11] === 0xff;
}

/** `0.0.0.0` or `::`. */
export function isUnspecified(bytes: Uint8Array): boolean {
  return isZero(bytes, 0, bytes.length);
}

/** `127.0.0.0/8` or `::1`. */
export function isLoopback(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return bytes[0] === 127;
  return bytes[15] === 1 && isZero(bytes, 0, 15);
}

/** `255.255.255.255`. */
export function isLimitedBroadcast(bytes: Uint8Array): boolean {
  return bytes.length === 4 && bytes[0] === 0xff && bytes[1] === 0xff &&
    bytes[2] === 0xff && bytes[3] === 0xff;
}

/** `224.0.0.0/4` or `ff00::/8`. */
export function isMulticast(bytes: Uint8Array): boolean {
  return bytes.length === 4 ? (bytes[0]! & 0xf0) === 0xe0 : bytes[0] === 0xff;
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}
