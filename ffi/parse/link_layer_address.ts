/**
 * Link-layer addresses: strict text to bytes and back. Pure.
 *
 * @module
 */

import { invalid, quote } from "../types/error.ts";

/**
 * The most octets a row can hold: `IF_MAX_PHYS_ADDRESS_LENGTH`, `MAX_ADDR_LEN`.
 */
export const MAX_LINK_LAYER_LENGTH = 32;

/** Longer text is not parsed, and longer octets are not formatted. */
const LONGEST = 1024;

/** Copies bytes or parses text; returns 1 to 32 octets. */
export function parseLinkLayerAddress(value: string | Uint8Array): Uint8Array {
  if (typeof value === "string") {
    const bytes = parseText(value);
    checkLength(bytes);
    return bytes;
  }
  checkLength(value);
  return new Uint8Array(value); // Not slice(): a Buffer's shares its memory
}

function checkLength(bytes: Uint8Array): void {
  const { length } = bytes;
  // An array whose memory was transferred has length 0 as well
  if (length === 0) {
    throw invalid("The link-layer address is empty, it takes 1 to 32 octets");
  }
  if (length <= MAX_LINK_LAYER_LENGTH) return;
  // The message quotes no more than this
  const start = formatLinkLayerAddress(bytes, 0, Math.min(length, LONGEST));
  throw invalid(
    `The link-layer address ${quote(start)} has ` +
      `${length} octets, it takes 1 to 32`,
  );
}

function parseText(text: string): Uint8Array {
  if (text.length <= LONGEST) return parseAnyText(text);
  throw invalid(
    `The link-layer address ${quote(text)} has ${text.length} characters, ` +
      "it takes 1 to 32 octets",
  );
}

/** Parses into `out` at `at`; returns the number of octets. */
export function parseLinkLayerAddressInto(
  value: string | Uint8Array,
  out: Uint8Array,
  at: number,
): number {
  if (typeof value === "string" && value.length < 3 * MAX_LINK_LAYER_LENGTH) {
    const length = parsePairsInto(value, out, at);
    if (length !== 0) return length;
  }
  const bytes = parseLinkLayerAddress(value);
  for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i]!;
  return bytes.length;
}

/**
 * Parses the usual form, two digits per octet, in one pass; 0 for any other.
 */
function parsePairsInto(text: string, out: Uint8Array, at: number): number {
  const separator = text.charCodeAt(2);
  // "-" or ":", one between each two digits
  if ((separator !== 45 && separator !== 58) || text.length % 3 !== 2) return 0;
  const length = (text.length + 1) / 3;
  for (let i = 0; i < length; i++) {
    const high = hexDigit(text.charCodeAt(3 * i));
    const low = hexDigit(text.charCodeAt(3 * i + 1));
    if (high < 0 || low < 0) return 0;
    if (i > 0 && text.charCodeAt(3 * i - 1) !== separator) return 0;
    out[at + i] = (high << 4) | low;
  }
  return length;
}

/** Parses every form, and says what is wrong with a text. */
function parseAnyText(text: string): Uint8Array {
  // The first separator must be used throughout
  const separator = /[-:.]/.exec(text)?.[0] ?? "";
  const width = separator === "." ? 4 : 2;
  if (text === "") return new Uint8Array(0);
  const groups = separator === "" ? pairs(text) : text.split(separator);
  const bytes = new Uint8Array(groups.length * width / 2);
  let at = 0;
  for (let i = 0; i < groups.length; i++) {
    // With colons an octet may have one digit: ethers(5) and `ip` write
    // 2:fc:0:0:0:5
    const isShort = separator === ":" && groups[i]!.length === 1;
    const group = isShort ? "0" + groups[i] : groups[i]!;
    for (let digit = 0; digit < width; digit += 2) {
      const high = hexDigit(group.charCodeAt(digit));
      const low = hexDigit(group.charCodeAt(digit + 1));
      if (high < 0 || low < 0 || group.length !== width) {
        throw cannotParse(text, separator, i, groups[i]!);
      }
      bytes[at++] = (high << 4) | low;
    }
  }
  return bytes;
}

/** Splits into pairs; a single last character is refused later. */
function pairs(text: string): string[] {
  return text.match(/[^]{1,2}/g) ?? [];
}

/** The value of a hexadecimal digit, or -1; NaN (past the end) is -1 too. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function cannotParse(
  text: string,
  separator: string,
  index: number,
  group: string,
): Error {
  const count = separator === ":" ? "one or two" : "two";
  const what = separator === "."
    ? `group ${index + 1} is ${quote(group)}, not four hexadecimal digits`
    : `octet ${index + 1} is ${quote(group)}, not ${count} hexadecimal digits`;
  return invalid(`Cannot parse link-layer address ${quote(text)}: ${what}`);
}

const HEX = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);
const COLON_HEX = HEX.map((octet) => ":" + octet);
/** The character codes of the two digits of an octet. */
const HIGH = Uint8Array.from(HEX, (octet) => octet.charCodeAt(0));
const LOW = Uint8Array.from(HEX, (octet) => octet.charCodeAt(1));
const COLON = 58;

/** Formats octets in lower case with colons: `02:fc:00:00:00:05`. */
export function formatLinkLayerAddress(
  bytes: Uint8Array,
  from = 0,
  to: number = bytes.length,
): string {
  if (to - from === 6) return formatSix(bytes, from);
  if (from >= to) return "";
  let text = HEX[bytes[from]!]!;
  for (let i = from + 1; i < to; i++) text += COLON_HEX[bytes[i]!];
  return text;
}

/**
 * Formats six octets at once. A string that is concatenated from parts would be
 * flattened at its first comparison, which costs more than this.
 */
function formatSix(bytes: Uint8Array, at: number): string {
  const first = bytes[at]!;
  const second = bytes[at + 1]!;
  const third = bytes[at + 2]!;
  const fourth = bytes[at + 3]!;
  const fifth = bytes[at + 4]!;
  const sixth = bytes[at + 5]!;
  return String.fromCharCode(
    HIGH[first]!,
    LOW[first]!,
    COLON,
    HIGH[second]!,
    LOW[second]!,
    COLON,
    HIGH[third]!,
    LOW[third]!,
    COLON,
    HIGH[fourth]!,
    LOW[fourth]!,
    COLON,
    HIGH[fifth]!,
    LOW[fifth]!,
    COLON,
    HIGH[sixth]!,
    LOW[sixth]!,
  );
}
