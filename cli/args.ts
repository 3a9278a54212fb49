/**
 * argv → command. Usage mistakes end here: one line that quotes the word.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  isVerb,
  type OptionName,
  OPTIONS,
  optionsOf,
  type OptionSpec,
  type Verb,
  VERBS,
} from "./usage.ts";

/** What the words ask for. */
export type Command =
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly verb?: Verb }
  | RunCommand;

/** A verb with its operands, as many as it takes, and its options. */
export interface RunCommand {
  readonly kind: "run";
  readonly verb: Verb;
  readonly operands: readonly string[];
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  /** The options without a value. */
  readonly flags: ReadonlySet<string>;
}

/** Refused before anything was asked. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const SPECS: Readonly<Record<string, OptionSpec>> = {
  ...OPTIONS,
  version: { help: "which version this is (-V)" },
};
const ALIASES: Readonly<Record<string, string>> = { h: "help", V: "version" };

/** Whether errors are wanted as JSON, known even where the rest is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return optionWords(args).includes("--json");
}

/** Parses the words behind the program's name. */
export function parseCommand(args: readonly string[]): Command {
  const given = checkOptions(args);
  if (given.has("version")) return { kind: "version" };

  const names = Object.keys(SPECS);
  const parsed = parseArgs(spellFlagsOut(args), {
    // "_" too: otherwise 02e000000005 would be the number 2
    string: ["_", ...names.filter((name) => SPECS[name]!.value !== undefined)],
    boolean: names.filter((name) => SPECS[name]!.value === undefined),
    alias: { ...ALIASES },
  }) as Record<string, unknown> & { _: (string | number)[] };
  const [word, ...operands] = parsed._.map(String);

  if (word === undefined || (word === "help" && operands.length === 0)) {
    if (given.has("help") || word === "help") return { kind: "help" };
    throw new UsageError(
      "No verb given, neighbor --help lists them",
    );
  }
  if (word === "help" && operands.length > 1) {
    throw new UsageError(
      `help takes VERB, "${operands[1]}" is one word too many`,
    );
  }
  const verb = word === "help" ? operands[0]! : word;
  if (!isVerb(verb)) {
    throw new UsageError(
      `Unknown verb "${verb}", it is one of ${Object.keys(VERBS).join(", ")}`,
    );
  }
  if (word === "help" || given.has("help")) return { kind: "help", verb };

  const values: Partial<Record<OptionName, string>> = {};
  const allowed: readonly string[] = optionsOf(verb);
  for (const name of given) {
    if (!allowed.includes(name)) {
      throw new UsageError(`${verb} takes no option "--${name}"`);
    }
    const value = parsed[name];
    if (SPECS[name]!.value === undefined) continue;
    if (typeof value !== "string" || value === "") {
      // Never let an unset shell variable widen or drop a filter
      throw new UsageError(
        `The option "--${name}" needs a value: ${SPECS[name]!.value}`,
      );
    }
    values[name as OptionName] = value;
  }
  checkOperands(verb, operands, values);
  return {
    kind: "run",
    verb,
    operands,
    values,
    flags: new Set([...given].filter((name) => !(name in values))),
  };
}

/** The options by their long names: each known, none given twice. */
function checkOptions(args: readonly string[]): ReadonlySet<string> {
  const given = new Set<string>();
  for (const word of optionWords(args)) {
    const [, dashes = "", body = ""] = /^(--?)(.*)$/s.exec(word)!;
    const equals = body.indexOf("=");
    const written = equals < 0 ? body : body.slice(0, equals);
    const name = dashes === "-" ? ALIASES[written] : written;
    if (name === undefined || !Object.hasOwn(SPECS, name)) {
      throw new UsageError(`Unknown option "${word}"`);
    }
    if (equals >= 0 && SPECS[name]!.value === undefined) {
      throw new UsageError(`The option "--${name}" takes no value: "${word}"`);
    }
    if (given.has(name)) {
      throw new UsageError(`The option "--${name}" is given twice`);
    }
    given.add(name);
  }
  return given;
}

/** `--json=true` for `--json`: a bare one swallows a "true" or "false" behind it. */
function spellFlagsOut(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((word, i) => {
    if (end >= 0 && i >= end) return word;
    const name = /^-[^-]$/.test(word) ? ALIASES[word[1]!] : word.slice(2);
    const isFlag = word.startsWith("-") && name !== undefined &&
      Object.hasOwn(SPECS, name) && SPECS[name]!.value === undefined;
    return isFlag ? `--${name}=true` : word;
  });
}

/** The words that are options: a value never begins with a dash. */
function optionWords(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end)
    .filter((word) => word.startsWith("-") && word !== "-");
}

function checkOperands(
  verb: Verb,
  operands: readonly string[],
  values: Readonly<Partial<Record<OptionName, string>>>,
): void {
  const wanted: readonly string[] = VERBS[verb].operands;
  const surplus = operands[wanted.length];
  if (surplus !== undefined) {
    throw new UsageError(
      `${verb} takes ${wanted.join(" ") || "no operands"}, ` +
        `"${surplus}" is one word too many`,
    );
  }
  const missing = wanted[operands.length];
  if (missing !== undefined) {
    throw new UsageError(`${verb} needs ${missing}`);
  }
  if (
    VERBS[verb].needsInterface && values.interface === undefined &&
    !operands[0]!.includes("%")
  ) {
    throw new UsageError(
      `${verb} needs --interface ALIAS|INDEX|LUID for "${operands[0]}"`,
    );
  }
}
