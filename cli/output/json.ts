/**
 * Writes JSON in pieces of bounded size, because an answer may exceed the longest
 * string, and escapes characters that could mislead a terminal.
 *
 * @module
 */

import { escapeUnits, INVISIBLE as ALL } from "./text.ts";

const INVISIBLE = new RegExp(`(?!\\n)${ALL.source}`, ALL.flags);
const IS_PLAIN = /^[\x20-\x7e\n]*$/;

/** Elements of an array in one piece. */
const ELEMENTS = 256;

/** Whether a value is written in more than one piece. */
export function isLong(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > ELEMENTS;
  return isObject(value) && Object.values(value).some(isLong);
}

/** JSON on one line, or on several with `indent`. */
export function toJson(value: unknown, indent?: number): string {
  return Array.from(jsonPieces(value, indent)).join("");
}

/** The same JSON in pieces. */
export function* jsonPieces(
  value: unknown,
  indent = 0,
): Generator<string> {
  yield* pieces(value, indent, "");
}

/** The pieces of a value; `margin` precedes each line except the first. */
function* pieces(
  value: unknown,
  indent: number,
  margin: string,
): Generator<string> {
  if (!isLong(value)) {
    yield printable(JSON.stringify(value, replacer, indent), margin);
    return;
  }
  const end = indent === 0 ? "" : `\n${margin}`;
  const step = " ".repeat(indent);
  const isArray = Array.isArray(value);
  let before = isArray ? "[" : "{";
  if (isArray) {
    const frame = indent === 0 ? 1 : 2;
    for (let i = 0; i < value.length; i += ELEMENTS) {
      // Rows have plain members, and a replacer would double the time
      const text = JSON.stringify(value.slice(i, i + ELEMENTS), null, indent);
      yield before + printable(text.slice(1, -frame), margin);
      before = ",";
    }
  } else {
    for (const [key, member] of Object.entries(value as object)) {
      if (member === undefined) continue;
      const name = printable(JSON.stringify(key), "");
      yield before + end + step + name + (indent === 0 ? ":" : ": ");
      yield* pieces(member, indent, margin + step);
      before = ",";
    }
  }
  yield end + (isArray ? "]" : "}");
}

/** Escapes invisible characters, and adds the margin after line breaks. */
function printable(json: string, margin: string): string {
  const text = IS_PLAIN.test(json)
    ? json
    : json.replace(INVISIBLE, escapeUnits);
  return margin === "" ? text : text.replaceAll("\n", `\n${margin}`);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return "0x" + value.toString(16);
  return value instanceof Uint8Array ? Array.from(value) : value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
