/**
 * Validates options: each must be known and of its type. A misspelt name, or
 * the text "false", would otherwise do what the caller did not ask for. Pure.
 *
 * @module
 */

import { checkObject, describe } from "./entry.ts";
import { invalid, quote } from "../types/error.ts";

/** The kinds of options: the words for messages, and the check. */
const KINDS = {
  boolean: ["true or false", (value) => typeof value === "boolean"],
  function: ["a function", (value) => typeof value === "function"],
  array: ["an array", (value) => Array.isArray(value)],
  signal: ["an AbortSignal", (value) => value instanceof AbortSignal],
  table: ["a neighbor table", isTable],
  /** Checked elsewhere. */
  any: ["", () => true],
} as const satisfies Record<
  string,
  readonly [string, (value: unknown) => boolean]
>;

/** The name of a kind of option. */
export type OptionKind = keyof typeof KINDS;

/** Refuses options that are not known, or of another kind. */
export function checkOptions<Options extends object>(
  options: Options,
  kinds: Readonly<Record<keyof Options, OptionKind>>,
): void {
  checkObject("options", options);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) {
      const known = Object.keys(kinds).join(", ");
      throw invalid(`There is no option ${quote(name)}, only ${known}`);
    }
    const [words, isKind] = KINDS[kinds[name as keyof Options]];
    if (value !== undefined && !isKind(value)) {
      throw invalid(
        `The option ${name} takes ${words}, not ${describe(value)}`,
      );
    }
  }
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "change" in value;
}
