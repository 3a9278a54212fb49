/**
 * Makes the help texts from the tables in usage/.
 *
 * @module
 */

import { type OptionName, OPTIONS, type OptionSpec } from "./usage/options.ts";
import { optionsOf, type Verb, VERBS, type VerbSpec } from "./usage/verbs.ts";
import {
  EXIT_CODES,
  type ExitCode,
  TEXTS,
  type VerbText,
} from "./usage/texts.ts";

/** The width of a line. */
const WIDTH = 80;
/** The column where the text of an option begins. */
const OPTION_COLUMN = 36;

/** The text of `--help`, for the whole command or for one verb. */
export function helpText(verb?: Verb): string {
  return verb === undefined ? commandHelp() : verbHelp(verb);
}

function commandHelp(): string {
  const verbs = Object.entries<VerbSpec>(VERBS).map(([name, spec]) =>
    listed(`  ${name}`, spec.summary, 15)
  );
  const codes = Object.keys(EXIT_CODES).map(Number) as ExitCode[];
  return `The IP neighbor table: the ARP and NDP cache

Usage: neighbor VERB [OPERANDS] [OPTIONS]

Verbs:
${verbs.join("\n")}

Synonyms: ${synonyms()}.
neighbor VERB --help says what a verb takes, neighbor --version (-V) which
version this is.

Examples:
  neighbor list --state permanent
  neighbor set 192.0.2.7 02-fc-00-00-00-05 --interface Ethernet
  neighbor apply pins.json

${exitCodes(codes)}`;
}

function synonyms(): string {
  return Object.entries<VerbSpec>(VERBS)
    .filter(([, spec]) => spec.synonyms.length > 0)
    .map(([name, spec]) => `${spec.synonyms.join(", ")} for ${name}`)
    .join("; ");
}

function verbHelp(verb: Verb): string {
  const spec: VerbSpec = VERBS[verb];
  const { detail, sample, signs, examples, exits }: VerbText = TEXTS[verb];
  const parts = [
    ...wrap(`neighbor ${verb}: ${spec.summary}`),
    "",
    `Usage: neighbor ${usageOf(verb)}`,
  ];
  if (spec.synonyms.length > 0) {
    parts.push(`Synonyms: ${spec.synonyms.join(", ")}`);
  }
  for (const paragraph of detail) parts.push("", ...wrap(paragraph));
  if (sample !== undefined) {
    parts.push("", "FILE:", ...sample.map((line) => `  ${line}`));
  }
  if (signs !== undefined) {
    const lines = Object.entries(signs)
      .map(([sign, text]) => listed(`  ${sign}`, text, 5));
    parts.push("", "Signs:", ...lines);
  }
  const options = optionsOf(verb).map((name) =>
    listed(optionWords(name), OPTIONS[name].help, OPTION_COLUMN)
  );
  parts.push("", "Options:", ...options);
  const lines = examples.map((words) => `  neighbor ${words}`);
  parts.push("", "Examples:", ...lines, "", exitCodes(exits));
  return parts.join("\n");
}

/** The usage line of a verb. */
function usageOf(verb: Verb): string {
  const spec: VerbSpec = VERBS[verb];
  const words = [verb, ...spec.operands];
  if (spec.interface !== "optional") {
    words.push("[-i INTERFACE]");
  }
  return [...words, "[OPTIONS]"].join(" ");
}

function optionWords(name: OptionName): string {
  const { short, value }: OptionSpec = OPTIONS[name];
  const letter = short === undefined ? "    " : `-${short}, `;
  return `  ${letter}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function exitCodes(codes: readonly ExitCode[]): string {
  const lines = codes.map((code) =>
    listed(`  ${String(code).padStart(3)}`, EXIT_CODES[code], 7)
  );
  return `Exit codes:\n${lines.join("\n")}\n`;
}

/** A word and its text, which is wrapped to the right of `column`. */
function listed(word: string, text: string, column: number): string {
  return word.padEnd(column) +
    wrap(text, WIDTH - column).join("\n" + " ".repeat(column));
}

/** Wraps a text between words. */
export function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
