/**
 * Encodes and decodes interface names. The kernel allows any byte but `/`, `:`
 * and white space, so a name need not be UTF-8. A byte that is not valid UTF-8
 * becomes a lone surrogate, U+DC80 to U+DCFF, and is encoded back to the same
 * byte, so that a name that was read can be passed back. Pure.
 *
 * @module
 */

import { allocate } from "../../parse/octets.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Decodes the bytes of a name, without a NUL. */
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

/** The number of bytes of the character at `at`; 0 if it is not UTF-8. */
function characterLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      UTF8.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Maybe an incomplete character: tries one byte more
    }
  }
  return 0;
}

/** Encodes a name, without a NUL. */
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
  // Iterates by code point, which keeps lone surrogates
  for (const character of name) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...ENCODER.encode(character));
  }
  return Uint8Array.from(bytes);
}
