/**
 * Validates options: each must be known and of its type. A misspelt name, or
 * the text "false", would otherwise do what the caller did not ask for. Pure.
 *
 * @module
 */

import { describe } from "./describe.ts";
import { checkPlain } from "./entry.ts";
import { invalid, quote } from "../types/error.ts";
import type { NeighborTable } from "../types/table.ts";

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

/**
 * Refuses options that are not known, or of another kind. Answers a copy: each is
 * read once.
 */
export function checkOptions<Options extends object>(
  options: Options,
  kinds: Readonly<Record<keyof Options, OptionKind>>,
): Options {
  checkPlain("options", options);
  const names = Object.keys(kinds) as (keyof Options & string)[];
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(kinds, name)) continue;
    throw invalid(
      `There is no option ${quote(name)}, only ${names.join(", ")}`,
    );
  }
  const checked = {} as Options;
  for (const name of names) {
    const value = options[name];
    const [words, isKind] = KINDS[kinds[name]];
    if (value === undefined) continue;
    if (!isKind(value)) {
      throw invalid(
        `The option ${name} takes ${words}, not ${describe(value)}`,
      );
    }
    checked[name] = value;
  }
  return checked;
}

/** What is called of a table that somebody brought. */
const METHODS: readonly (keyof NeighborTable)[] = [
  ...["change", "get", "list", "listInterfaces", "preview", "restore"] as const,
  "watch",
];

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    METHODS.every((name) => typeof Reflect.get(value, name) === "function");
}
