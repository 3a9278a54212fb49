/**
 * Interface names. The kernel allows any byte but `/`, `:` and white space, so
 * a name need not be UTF-8. A byte that is not becomes a lone surrogate, U+DC80
 * to U+DCFF, and goes back to the same byte: what was read can be given back.
 * Pure.
 *
 * @module
 */

import { allocate } from "../../parse/octets.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Reads the bytes of a name, without their NUL. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return decodeByParts(bytes);
  }
}

function decodeByParts(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text += length === 0
      ? String.fromCharCode(0xdc00 + bytes[at]!)
      : UTF8.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return text;
}

/** How many bytes the character at `at` takes; 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      UTF8.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Cut in the middle, or no character at all: a longer one will tell
    }
  }
  return 0;
}

/** Writes the bytes of a name, without a NUL. */
export function encodeName(name: string): Uint8Array {
  const bytes = allocate(name.length);
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 0x80) return encodeByParts(name);
    bytes[i] = code;
  }
  return bytes;
}

function encodeByParts(name: string): Uint8Array {
  const bytes: number[] = [];
  // By code point: a lone surrogate stays one
  for (const character of name) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...ENCODER.encode(character));
  }
  return Uint8Array.from(bytes);
}
