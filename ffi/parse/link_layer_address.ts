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

// Character codes; no character has the code -1
const [DASH, DOT, COLON, NONE] = [45, 46, 58, -1];

/** Copies bytes or parses text; returns 1 to 32 octets. */
export function parseLinkLayerAddress(value: string | Uint8Array): Uint8Array {
  const out = new Uint8Array(MAX_LINK_LAYER_LENGTH);
  return out.slice(0, parseLinkLayerAddressInto(value, out, 0));
}

/** Copies or parses into `out` at `at`; returns the number of octets. */
export function parseLinkLayerAddressInto(
  value: string | Uint8Array,
  out: Uint8Array,
  at: number,
): number {
  const isText = typeof value === "string";
  const length = isText
    ? parseText(value, out, at, MAX_LINK_LAYER_LENGTH)
    : value.length;
  if (length === 0 || length > MAX_LINK_LAYER_LENGTH) {
    throw lengthError(value, length);
  }
  for (let i = 0; !isText && i < length; i++) out[at + i] = value[i]!;
  return length;
}

function lengthError(value: string | Uint8Array, length: number): Error {
  // An array whose memory was transferred has length 0 as well
  if (length === 0) {
    return invalid("The link-layer address is empty, it takes 1 to 32 octets");
  }
  let octets = value;
  if (typeof octets === "string") {
    octets = new Uint8Array(length);
    parseText(value as string, octets, 0, length);
  }
  // The message quotes no more than this
  const start = formatLinkLayerAddress(octets, 0, Math.min(length, LONGEST));
  return invalid(
    `The link-layer address ${quote(start)} has ` +
      `${length} octets, it takes 1 to 32`,
  );
}

/**
 * Parses into `out` at `at`, at most `room` octets; returns the number of all.
 */
function parseText(
  text: string,
  out: Uint8Array,
  at: number,
  room: number,
): number {
  if (text.length > LONGEST) {
    throw invalid(
      `The link-layer address ${quote(text)} has ${text.length} characters, ` +
        "it takes 1 to 32 octets",
    );
  }
  if (text === "") return 0;
  const separator = separatorOf(text);
  let length = 0;
  for (let next = 0;;) {
    const high = hexDigit(text.charCodeAt(next++));
    const low = hexDigit(text.charCodeAt(next));
    if (high < 0) throw cannotParse(text);
    // With colons an octet may have one digit: ethers(5) and `ip` write
    // 2:fc:0:0:0:5. What follows is checked below
    if (low < 0 && separator !== COLON) throw cannotParse(text);
    if (length < room) out[at + length] = low < 0 ? high : (high << 4) | low;
    length++;
    if (low >= 0) next++;
    // Between dots stand two octets
    if (separator === DOT && length % 2 !== 0) continue;
    if (next === text.length) return length;
    if (separator === NONE) continue;
    if (text.charCodeAt(next++) !== separator) throw cannotParse(text);
  }
}

/** The first separator, which must be used throughout. */
function separatorOf(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DASH || code === DOT || code === COLON) return code;
  }
  return NONE;
}

/** The value of a hexadecimal digit, or -1; NaN (past the end) is -1 too. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The error that names the first group that is wrong. */
function cannotParse(text: string): Error {
  const separator = /[-:.]/.exec(text)?.[0];
  const groups = separator === undefined
    ? text.match(/[^]{1,2}/g)!
    : text.split(separator);
  const [what, count, digits] = separator === "."
    ? ["group", "four", /^[0-9a-f]{4}$/i] as const
    : separator === ":"
    ? ["octet", "one or two", /^[0-9a-f]{1,2}$/i] as const
    : ["octet", "two", /^[0-9a-f]{2}$/i] as const;
  const index = groups.findIndex((group) => !digits.test(group));
  return invalid(
    `Cannot parse link-layer address ${quote(text)}: ${what} ${index + 1} is ` +
      `${quote(groups[index]!)}, not ${count} hexadecimal digits`,
  );
}

const HEX = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);
const COLON_HEX = HEX.map((octet) => ":" + octet);
/** The character codes of the two digits of an octet. */
const HIGH = Uint8Array.from(HEX, (octet) => octet.charCodeAt(0));
const LOW = Uint8Array.from(HEX, (octet) => octet.charCodeAt(1));

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
