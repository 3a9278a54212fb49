/**
 * Parses argv into a command. Every usage mistake is refused here, with one line
 * that quotes the word.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { quote } from "../ffi/types/error.ts";
import { nearest } from "./nearest.ts";
import {
  type OptionName,
  OPTIONS,
  type OptionSpec,
  VERSION,
} from "./usage/options.ts";
import {
  ASKING,
  operandCount,
  optionsOf,
  type Shell,
  SHELLS,
  SUBNETS,
  type Verb,
  verbOf,
  VERBS,
  verbWords,
} from "./usage/verbs.ts";

/** A parsed command line. */
export type Command =
  | { readonly kind: "version" }
  /** The command line is empty. */
  | { readonly kind: "bare" }
  | { readonly kind: "help"; readonly verb?: Verb }
  | { readonly kind: "completions"; readonly shell: Shell }
  | RunCommand;

/** A verb that reads or writes the table, with its operands and options. */
export interface RunCommand {
  readonly kind: "run";
  readonly verb: Exclude<Verb, "completions">;
  readonly operands: readonly string[];
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  /** The values of the options that may be given more than once, if any is. */
  readonly lists?: Readonly<Partial<Record<OptionName, readonly string[]>>>;
  /** The options without a value. */
  readonly flags: ReadonlySet<string>;
}

/** A usage mistake, found before any system call. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const SPECS: Readonly<Record<string, OptionSpec>> = {
  ...OPTIONS,
  version: VERSION,
};

/** An option by its long name, with its value where the word contains it. */
type Spelled = readonly [name: string, value?: string];

/** The option of each letter. */
const LETTERS: ReadonlyMap<string, Spelled> = new Map(
  Object.entries(SPECS).flatMap(([name, { short, fixed = {} }]) => {
    const letters = Object.entries(fixed).map(
      ([letter, value]): [string, Spelled] => [letter, [name, value]],
    );
    if (short !== undefined) letters.push([short, [name]]);
    return letters;
  }),
);

/** Whether `--json` is given, also where the rest cannot be parsed. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).some((word) =>
    word === "--json" ||
    /^-[^-=]*j/.test(word) && [...word.slice(1)].every((one) => isFlag(one))
  );
}

/** Parses the arguments after the program's name. */
export function parseCommand(args: readonly string[]): Command {
  if (args.length === 0) return { kind: "bare" };
  const { words, given } = spellOut(args);
  if (given.has("version")) return { kind: "version" };

  const names = Object.keys(SPECS);
  const parsed = parseArgs(words, {
    // "_" too: otherwise 02e000000005 would be the number 2
    string: ["_", ...names.filter((name) => SPECS[name]!.value !== undefined)],
    boolean: names.filter((name) => SPECS[name]!.value === undefined),
    collect: names.filter((name) => SPECS[name]!.isRepeatable),
  }) as Record<string, unknown> & { _: (string | number)[] };
  const [word, ...operands] = parsed._.map(String);

  if (word === undefined) {
    if (given.has("help")) return { kind: "help" };
    throw new UsageError("No verb given, neighbor --help lists them");
  }
  if (ASKING.includes(word)) return parseAsking(word, operands, given);
  const verb = readVerb(word);
  if (given.has("help")) return { kind: "help", verb };

  const values: Partial<Record<OptionName, string>> = {};
  const lists: Partial<Record<OptionName, readonly string[]>> = {};
  const allowed: readonly string[] = optionsOf(verb);
  for (const name of given) {
    if (!allowed.includes(name)) {
      throw new UsageError(`${verb} takes no option "--${name}"`);
    }
    const { value: placeholder, isRepeatable } = SPECS[name]!;
    if (placeholder === undefined) continue;
    const list = isRepeatable ? parsed[name] as unknown[] : [parsed[name]];
    const texts = list.filter((one) => typeof one === "string" && one !== "");
    if (texts.length < list.length) {
      // An unset shell variable must not widen or drop a filter
      throw new UsageError(
        `The option "--${name}" needs a value: ${placeholder}`,
      );
    }
    if (isRepeatable) lists[name as OptionName] = texts as string[];
    else values[name as OptionName] = texts[0] as string;
  }
  checkOperands(verb, operands);
  if (verb === "completions") {
    return { kind: "completions", shell: readShell(operands[0]!) };
  }
  checkQuiet(verb, given);
  const flags = new Set(
    [...given].filter((name) => !(name in values || name in lists)),
  );
  const hasLists = Object.keys(lists).length > 0;
  return {
    ...{ kind: "run", verb, operands, values, flags },
    ...(hasLists && { lists }),
  };
}

/** Parses `help`, `help VERB` and `version`. */
function parseAsking(
  word: string,
  operands: readonly string[],
  given: ReadonlySet<string>,
): Command {
  const [first, second] = operands;
  const surplus = word === "help" ? second : first;
  if (surplus !== undefined) {
    const takes = word === "help" ? "VERB" : "no operands";
    throw new UsageError(
      `${word} takes ${takes}, ${quote(surplus)} is one word too many`,
    );
  }
  if (word === "version" && !given.has("help")) return { kind: "version" };
  if (first === undefined || ASKING.includes(first)) return { kind: "help" };
  return { kind: "help", verb: readVerb(first) };
}

function readVerb(word: string): Verb {
  const verb = verbOf(word);
  if (verb !== undefined) return verb;
  const near = nearest(word, [...verbWords(), ...ASKING]);
  const hint = near === undefined ? "" : `, did you mean ${near}?`;
  const verbs = Object.keys(VERBS).join(", ");
  throw new UsageError(
    hint === ""
      ? `Unknown verb ${quote(word)}, it is one of ${verbs}`
      : `Unknown verb ${quote(word)}${hint} The verbs are ${verbs}`,
  );
}

function readShell(word: string): Shell {
  const shell = SHELLS.find((one) => one === word);
  if (shell !== undefined) return shell;
  throw new UsageError(
    `Unknown shell ${quote(word)}, it is one of ${SHELLS.join(", ")}`,
  );
}

/** Replaces every option by its long name; refuses unknown and repeated ones. */
function spellOut(
  args: readonly string[],
): { words: readonly string[]; given: ReadonlySet<string> } {
  const given = new Set<string>();
  const end = args.indexOf("--");
  const head = end < 0 ? args : args.slice(0, end);
  const verb = verbOf(head.find((word) => !word.startsWith("-")) ?? "");
  /** Whether the next word was taken as the value of an option. */
  let isTaken = false;
  const words = head.flatMap((word, at) => {
    if (isTaken) {
      isTaken = false;
      return [];
    }
    // A value never begins with a dash, but a dash alone may be one
    if (!word.startsWith("-") || word === "-") return [word];
    const options = word.startsWith("--") ? readLong(word) : readShort(word);
    if (options === undefined) throw unknownOption(word, verb);
    return options.map(([name, given_]) => {
      isTaken = given_ === undefined && head[at + 1] === "-";
      const value = isTaken ? "-" : given_;
      if (given.has(name) && !SPECS[name]!.isRepeatable) {
        throw new UsageError(`The option "--${name}" is given twice`);
      }
      given.add(name);
      return value === undefined ? `--${name}` : `--${name}=${value}`;
    });
  });
  return { words: end < 0 ? words : [...words, ...args.slice(end)], given };
}

/** Parses `--name` and `--name=value`; `undefined` where no option is called so. */
function readLong(word: string): readonly Spelled[] | undefined {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals < 0 ? undefined : equals);
  if (!Object.hasOwn(SPECS, name)) return undefined;
  return [withValue(word, name, equals < 0 ? undefined : equals)];
}

/**
 * Parses `-i`, `-i=value`, and joined letters without a value, such as `-4j`;
 * `undefined` where a letter is none.
 */
function readShort(word: string): readonly Spelled[] | undefined {
  const equals = word.indexOf("=");
  const letters = [...word.slice(1, equals < 0 ? undefined : equals)];
  const [first] = letters;
  const letter = first === undefined ? undefined : LETTERS.get(first);
  if (letter === undefined) return undefined;
  if (letters.length === 1) {
    const [name, fixed] = letter;
    if (fixed === undefined) {
      return [withValue(word, name, equals < 0 ? undefined : equals)];
    }
    if (equals < 0) return [letter];
    throw new UsageError(
      `The option "-${first}" takes no value: ${quote(word)}`,
    );
  }
  if (equals >= 0 || !letters.every(isFlag)) return undefined;
  return letters.map((one) => {
    const [name, value] = LETTERS.get(one)!;
    return [name, value ?? "true"];
  });
}

/** Whether a letter is an option that takes no further value. */
function isFlag(letter: string): boolean {
  const [name, value] = LETTERS.get(letter) ?? [];
  return name !== undefined &&
    (value !== undefined || SPECS[name]!.value === undefined);
}

/** A known option with its value; `equals` is the offset of `=` in the word. */
function withValue(
  word: string,
  name: string,
  equals: number | undefined,
): Spelled {
  const takesValue = SPECS[name]!.value !== undefined;
  if (equals !== undefined) {
    if (takesValue) return [name, word.slice(equals + 1)];
    throw new UsageError(
      `The option "--${name}" takes no value: ${quote(word)}`,
    );
  }
  // Without a value parseArgs would take a "true" or "false" that follows
  return takesValue ? [name] : [name, "true"];
}

/** The options here for what other tools call them. */
const FIELD_WORDS: Readonly<Record<string, OptionName>> = {
  ...{ dev: "interface", iface: "interface", ifname: "interface" },
  ...{ nud: "state", proto: "protocol", dst: "subnet" },
  ...{ mac: "link-layer-address", lladdr: "link-layer-address" },
  ...{ hwaddr: "link-layer-address", oui: "link-layer-address" },
};

function unknownOption(word: string, verb: Verb | undefined): UsageError {
  const dashes = word.startsWith("--") ? 2 : 1;
  const name = word.slice(dashes).split("=")[0]!;
  const takes = verb === undefined
    ? Object.keys(SPECS)
    : [...optionsOf(verb), "help", "version"];
  const called = Object.hasOwn(FIELD_WORDS, name)
    ? FIELD_WORDS[name]!
    : undefined;
  if (
    called === "link-layer-address" && verb !== undefined &&
    VERBS[verb].operands.length === 2
  ) {
    return new UsageError(
      `Unknown option ${quote(word)}: ` +
        `${verb} takes the link-layer address as its second operand`,
    );
  }
  const near = called === undefined
    ? nearest(name, takes)
    : takes.find((option) => option === called);
  const hint = near === undefined ? "" : `, did you mean --${near}?`;
  return new UsageError(`Unknown option ${quote(word)}${hint}`);
}

/** What a word of `ip neigh` among the operands is called here. */
export function ipWordHint(verb: Verb, operands: readonly string[]): string {
  const { options } = VERBS[verb];
  const wanted: readonly string[] = VERBS[verb].operands;
  const takes = (name: string) => (options as readonly string[]).includes(name);
  const hints: string[] = [];
  if (operands.includes("lladdr") && wanted.length === 2) {
    hints.push(
      "lladdr is left out: the second operand is the link-layer address",
    );
  }
  if (operands.includes("dev") && takes("interface")) {
    hints.push("for dev use --interface");
  }
  if (operands.includes("to") && wanted[0] === SUBNETS) {
    hints.push("to is left out");
  }
  if (operands.includes("nud") && takes("state")) {
    hints.push("for nud use --state");
  }
  if (operands.includes("proto") && takes("protocol")) {
    hints.push("for proto use --protocol");
  }
  return hints.length === 0 ? "" : `; ${hints.join("; ")}`;
}

function checkOperands(verb: Verb, operands: readonly string[]): void {
  const wanted: readonly string[] = VERBS[verb].operands;
  const [least, most] = operandCount(VERBS[verb]);
  const surplus = operands[most];
  if (surplus !== undefined) {
    throw new UsageError(
      `${verb} takes ${wanted.join(" ") || "no operands"}, ` +
        `${quote(surplus)} is one word too many` + ipWordHint(verb, operands),
    );
  }
  if (operands.length < least) {
    throw new UsageError(`${verb} needs ${wanted[operands.length]}`);
  }
}

/** Refuses --quiet beside an option that asks for output. */
function checkQuiet(verb: Verb, given: ReadonlySet<string>): void {
  if (!given.has("quiet")) return;
  const asked = ["json", "dry-run"].find((name) => given.has(name));
  if (asked === undefined) return;
  throw new UsageError(`${verb} takes --quiet or --${asked}, not both`);
}
