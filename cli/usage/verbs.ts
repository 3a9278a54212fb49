/**
 * The grammar of each verb: its synonyms, operands and options. The parser, the
 * help, the completions and the man page all use this table.
 *
 * @module
 */

import type { OptionName } from "./options.ts";

/** What a verb takes. */
export interface VerbSpec {
  /** A phrase without a full stop. */
  readonly summary: string;
  /** Other words for the verb. */
  readonly synonyms: readonly string[];
  /**
   * Their placeholders, in order. One in brackets may be left out; the last may
   * end with an ellipsis, and is then given any number of times.
   */
  readonly operands: readonly string[];
  /** Besides `--json` and `--help`. */
  readonly options: readonly OptionName[];
  /** Whether an interface must be named, can be found by the address, or neither. */
  readonly interface: "needed" | "found" | "optional";
}

/** The operands that are addresses and subnets, of which a row matches any. */
export const SUBNETS = "[ADDRESS|CIDR…]";

export const VERBS = {
  set: {
    summary: "change the link-layer address of an entry that exists",
    synonyms: ["change"],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "protocol", "dry-run", "quiet"],
    interface: "needed",
  },
  add: {
    summary: "create a permanent entry; fails where there is one",
    synonyms: ["create"],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "protocol", "dry-run", "quiet"],
    interface: "needed",
  },
  replace: {
    summary: "create an entry or change it, so that it is permanent",
    synonyms: [],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "protocol", "dry-run", "quiet"],
    interface: "needed",
  },
  delete: {
    summary: "remove an entry",
    synonyms: ["rm", "del"],
    operands: ["ADDRESS"],
    options: ["interface", "dry-run", "quiet"],
    interface: "needed",
  },
  get: {
    summary: "show one entry",
    synonyms: [],
    operands: ["ADDRESS"],
    options: ["interface"],
    interface: "found",
  },
  list: {
    summary: "show the table",
    synonyms: ["ls", "show"],
    operands: [SUBNETS],
    options: [
      ...["interface", "family", "state", "subnet"] as const,
      ...["link-layer-address", "protocol", "proxy"] as const,
      ...["multicast", "no-header"] as const,
    ],
    interface: "optional",
  },
  flush: {
    summary: "remove the entries that the operands and options name",
    synonyms: [],
    operands: [SUBNETS],
    options: [
      ...["interface", "family", "state", "subnet"] as const,
      ...["link-layer-address", "protocol", "all", "permanent"] as const,
      ...["dry-run", "quiet"] as const,
    ],
    interface: "optional",
  },
  resolve: {
    summary: "ask the network who has an address",
    synonyms: [],
    operands: ["ADDRESS"],
    options: ["interface", "source", "timeout"],
    interface: "needed",
  },
  batch: {
    summary: "make many changes, one JSON object a line",
    synonyms: [],
    operands: ["FILE"],
    options: ["keep-going", "dry-run", "quiet"],
    interface: "optional",
  },
  watch: {
    summary: "show the table, then every change, until interrupted",
    synonyms: [],
    operands: [SUBNETS],
    options: [
      ...["interface", "family", "state", "subnet"] as const,
      ...["link-layer-address", "protocol", "interval"] as const,
      ...["changes", "known"] as const,
    ],
    interface: "optional",
  },
  apply: {
    summary: "make the table agree with a file, all or nothing",
    synonyms: [],
    operands: ["FILE"],
    options: [
      ...["dry-run", "check", "prune", "keep-going", "watch"] as const,
      ...["protocol", "interval", "map", "quiet"] as const,
    ],
    interface: "optional",
  },
  import: {
    summary: "convert a file of another program into a pins file",
    synonyms: [],
    operands: ["FILE"],
    options: ["from", "interface", "map"],
    interface: "optional",
  },
  export: {
    summary: "print the permanent entries in a format of another program",
    synonyms: [],
    operands: ["[FILE]"],
    options: [
      ...["to", "store", "learnt", "keep-going"] as const,
      ...["interface", "family", "state", "subnet"] as const,
      ...["link-layer-address", "protocol"] as const,
    ],
    interface: "optional",
  },
  stats: {
    summary: "count the rows and the pins, for Prometheus",
    synonyms: [],
    operands: [],
    options: ["pins"],
    interface: "optional",
  },
  interfaces: {
    summary: "show the network interfaces",
    synonyms: [],
    operands: [],
    options: [],
    interface: "optional",
  },
  completions: {
    summary: "print a completion script for a shell",
    synonyms: [],
    operands: ["SHELL"],
    options: [],
    interface: "optional",
  },
} as const satisfies Record<string, VerbSpec>;

export type Verb = keyof typeof VERBS;

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export type Shell = typeof SHELLS[number];

/** Words that ask for help or the version, as the options do. */
export const ASKING: readonly string[] = ["help", "version"];

const BY_SYNONYM: ReadonlyMap<string, Verb> = new Map(
  (Object.keys(VERBS) as Verb[]).flatMap((verb) =>
    [verb, ...VERBS[verb].synonyms].map((word) => [word, verb])
  ),
);

/** The verb that a word names, by its name or a synonym. */
export function verbOf(word: string): Verb | undefined {
  return BY_SYNONYM.get(word);
}

/** Every word that names a verb, the verbs themselves first. */
export function verbWords(): readonly string[] {
  const verbs = Object.keys(VERBS);
  return [...verbs, ...BY_SYNONYM.keys().filter((one) => !verbs.includes(one))];
}

/** How many operands a verb needs, and how many it takes. */
export function operandCount(
  { operands }: Pick<VerbSpec, "operands">,
): readonly [least: number, most: number] {
  const least = operands.filter((operand) => !operand.startsWith("["));
  const isRepeated = operands.at(-1)?.includes("…") ?? false;
  return [least.length, isRepeated ? Infinity : operands.length];
}

/** The options of a verb, including those of every verb. */
export function optionsOf(verb: Verb): readonly OptionName[] {
  if (verb === "completions") return ["help"];
  return [...VERBS[verb].options, "json", "help"];
}
