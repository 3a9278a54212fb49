/**
 * JSON that is ASCII where a terminal could be misled, in pieces of bounded
 * size: an answer may be longer than the longest string there can be.
 *
 * @module
 */

import { escapeUnits, INVISIBLE as ALL } from "./text.ts";

const INVISIBLE = new RegExp(`(?!\\n)${ALL.source}`, ALL.flags);
const IS_PLAIN = /^[\x20-\x7e\n]*$/;

/** How many elements of an array become text at once. */
const ELEMENTS = 256;

/** Whether a value is written in more than one piece. */
export function isLong(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > ELEMENTS;
  return isObject(value) && Object.values(value).some(isLong);
}

/** JSON on one or, with `indent`, on many lines. */
export function toJson(value: unknown, indent?: number): string {
  return Array.from(jsonPieces(value, indent)).join("");
}

/** The same in pieces. */
export function* jsonPieces(
  value: unknown,
  indent = 0,
): Generator<string> {
  yield* pieces(value, indent, "");
}

/** `margin` stands before each line but the first. */
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
      // Without a replacer, which costs as much again: rows have plain members
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

/** JSON has escaped the controls: a line break is one between its own lines. */
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
