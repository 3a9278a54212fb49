/**
 * The words that can be completed, from the tables in usage/.
 *
 * @module
 */

import {
  type OptionName,
  OPTIONS,
  type OptionSpec,
  VERSION,
} from "../usage/options.ts";
import {
  ASKING,
  optionsOf,
  SHELLS,
  type Verb,
  VERBS,
  type VerbSpec,
  verbWords,
} from "../usage/verbs.ts";

/** A word and its description. */
export interface Word {
  readonly word: string;
  readonly help: string;
}

/** The help of an option without its details: a shell shows one line. */
export function brief(help: string): string {
  return help.split(/[:;]/)[0]!;
}

/** The folder where Linux lists the interfaces; reading it starts no process. */
export const INTERFACES = "/sys/class/net";

export const VERB_NAMES = Object.keys(VERBS) as readonly Verb[];

/** The words that can come first: verbs, synonyms, `help` and `version`. */
export function firstWords(): readonly Word[] {
  const verbs = Object.entries<VerbSpec>(VERBS);
  return [
    ...verbs.map(([word, { summary: help }]) => ({ word, help })),
    ...verbs.flatMap(([verb, { synonyms }]) =>
      synonyms.map((word) => ({ word, help: `the same as ${verb}` }))
    ),
    { word: "help", help: "say what a verb takes" },
    { word: "version", help: VERSION.help },
  ];
}

/** The options that are allowed before a verb. */
export const FIRST_OPTIONS: readonly string[] = [
  ...["--help", "-h", "--version", "-V"],
];

/** The options of a verb, long and short. */
export function optionWords(verb: Verb): readonly Word[] {
  return optionsOf(verb).flatMap((name) => {
    const { short, fixed = {}, ...spec }: OptionSpec = OPTIONS[name];
    const help = brief(spec.help);
    const letters = short === undefined ? [] : [short];
    return [
      { word: `--${name}`, help },
      ...letters.map((letter) => ({ word: `-${letter}`, help })),
      ...Object.entries(fixed)
        .map(([letter, value]) => ({ word: `-${letter}`, help: value })),
    ];
  });
}

/** The names of a verb: itself and its synonyms. */
export function namesOf(verb: Verb): readonly string[] {
  return [verb, ...VERBS[verb].synonyms];
}

/** The verbs that read a file. */
export function fileVerbs(): readonly Verb[] {
  return VERB_NAMES.filter((verb) =>
    VERBS[verb].operands.some((operand) => operand.includes("FILE"))
  );
}

/** The options whose value is a file, as they may be typed. */
export function fileOptions(): readonly string[] {
  const names = Object.keys(OPTIONS) as OptionName[];
  return names.filter(isFile).flatMap(spellings);
}

/** Whether the value of an option is a file. */
export function isFile(name: OptionName): boolean {
  const spec: OptionSpec = OPTIONS[name];
  return spec.value?.includes("FILE") ?? false;
}

/** The operands that can be listed, by the words before them. */
export const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  completions: SHELLS,
  help: verbWords().filter((word) => !ASKING.includes(word)),
};

/** The options that have a list of values. */
export function choices(): readonly [OptionName, readonly string[]][] {
  const names = Object.keys(OPTIONS) as OptionName[];
  return names.flatMap((name): [OptionName, readonly string[]][] => {
    const spec: OptionSpec = OPTIONS[name];
    return spec.choices === undefined ? [] : [[name, spec.choices]];
  });
}

/** Every option that takes a value, as it may be typed. */
export function valueOptions(): readonly string[] {
  const names = Object.keys(OPTIONS) as OptionName[];
  return names.filter((name) => takesValue(name)).flatMap(spellings);
}

/** Whether an option takes a value. */
export function takesValue(name: OptionName): boolean {
  const spec: OptionSpec = OPTIONS[name];
  return spec.value !== undefined;
}

/** Whether the value of an option is a list with commas. */
export function isList(name: OptionName): boolean {
  const spec: OptionSpec = OPTIONS[name];
  return spec.value?.includes("[,") ?? false;
}

/** An option as it may be typed. */
export function spellings(name: OptionName): readonly string[] {
  const { short }: OptionSpec = OPTIONS[name];
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}
