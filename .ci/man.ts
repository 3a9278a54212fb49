/**
 * Writes the man page docs/neighbor.1 from the tables in cli/usage/:
 * `deno task man`.
 *
 * @module
 */

import { wrap } from "../cli/help.ts";
import {
  type OptionName,
  OPTIONS,
  type OptionSpec,
  VERSION,
} from "../cli/usage/options.ts";
import {
  optionsOf,
  type Verb,
  VERBS,
  type VerbSpec,
} from "../cli/usage/verbs.ts";
import { EXIT_CODES, TEXTS, type VerbText } from "../cli/usage/texts.ts";

/** The path of the page. */
export const PAGE: URL = new URL("../docs/neighbor.1", import.meta.url);

/** The date of the page's last change. */
const DATE = "November 28, 2026";

/** The page, in the macros of mdoc(7). */
export function manPage(): string {
  const verbs = Object.keys(VERBS) as Verb[];
  const codes = Object.entries(EXIT_CODES)
    .flatMap(([code, help]) => [`.It ${code}`, ...text(sentence(help))]);
  const lines = [
    '.\\" Made by .ci/man.ts from cli/usage/: change that, not this',
    `.Dd ${DATE}`,
    ".Dt NEIGHBOR 1",
    ".Os",
    ".Sh NAME",
    ".Nm neighbor",
    ".Nd read, set and pin entries of the IP neighbor table (ARP and NDP)",
    ".Sh SYNOPSIS",
    ...verbs.flatMap((verb) => [".Nm", ...synopsis(verb)]),
    ".Nm",
    ".Cm help",
    ".Op Ar VERB",
    ".Nm",
    ".Cm version",
    ".Sh DESCRIPTION",
    ".Nm",
    "shows the neighbor table of this computer and changes it: on Windows",
    "through iphlpapi, on Linux through rtnetlink.",
    "The verbs are:",
    ".Bl -tag -width Ds",
    ...verbs.flatMap(verbItem),
    ".El",
    ".Sh OPTIONS",
    "Each verb takes the options that its synopsis names.",
    "Options of one letter that take no value can be joined:",
    ".Fl 4j .",
    "An option is given once at the most, and its value is never empty.",
    "What stands behind",
    ".Fl Fl",
    "is no option.",
    ".Bl -tag -width Ds",
    ...(Object.keys(OPTIONS) as OptionName[]).flatMap((name) =>
      optionItem(name, OPTIONS[name])
    ),
    ...optionItem("version", VERSION),
    ".El",
    ".Sh EXIT STATUS",
    ".Bl -tag -width Ds",
    ...codes,
    ".El",
    ".Sh EXAMPLES",
    ...verbs.flatMap((verb) =>
      TEXTS[verb].examples.map((words) => `.Dl neighbor ${escape(words)}`)
    ),
    ".Sh SEE ALSO",
    ".Xr arp 7 ,",
    ".Xr rtnetlink 7 ,",
    ".Xr ip-neighbour 8",
  ];
  return lines.join("\n") + "\n";
}

/** The operands and options of a verb. */
function synopsis(verb: Verb): string[] {
  const { operands }: VerbSpec = VERBS[verb];
  return [
    `.Cm ${verb}`,
    ...operands.map((operand) => `.${operandWords(operand)}`),
    ...optionsOf(verb).map((name) => `.Op ${flags(name, OPTIONS[name])}`),
  ];
}

/** An operand; one that may be left out stands in brackets in the tables too. */
function operandWords(operand: string): string {
  const [, optional] = /^\[(.*)\]$/.exec(operand) ?? [];
  if (optional === undefined) return `Ar ${escape(operand)}`;
  return `Op Ar ${escape(optional)}`;
}

function verbItem(verb: Verb): string[] {
  const spec: VerbSpec = VERBS[verb];
  const { synonyms } = spec;
  const { detail, sample, signs }: VerbText = TEXTS[verb];
  const lines = [
    `.It ${[`Cm ${verb}`, ...spec.operands.map(operandWords)].join(" ")}`,
    ...text(sentence(spec.summary)),
  ];
  if (synonyms.length > 0) {
    const last = synonyms.at(-1)!;
    lines.push("Synonyms:");
    lines.push(...synonyms.slice(0, -1).map((word) => `.Cm ${word} ,`));
    lines.push(`.Cm ${last} .`);
  }
  for (const paragraph of detail) lines.push(".Pp", ...text(paragraph));
  if (sample !== undefined) {
    lines.push(".Bd -literal", ...sample.map(escape), ".Ed");
  }
  if (signs !== undefined) {
    lines.push(".Pp", "The first character of a line:", ".Bl -tag -width Ds");
    for (const [sign, help] of Object.entries(signs)) {
      lines.push(
        `.It Sy ${ZERO_WIDTH}${escape(sign)}`,
        ...text(sentence(help)),
      );
    }
    lines.push(".El");
  }
  return lines;
}

function optionItem(name: string, spec: OptionSpec): string[] {
  return [`.It ${flags(name, spec)}`, ...text(sentence(spec.help))];
}

/** `-i`, `--interface` and the value. */
function flags(name: string, { short, value }: OptionSpec): string {
  const letter = short === undefined ? "" : `Fl ${short} | `;
  const words = value === undefined ? "" : ` Ar ${escape(value)}`;
  return `${letter}Fl Fl ${name}${words}`;
}

function sentence(phrase: string): string {
  return `${phrase[0]!.toUpperCase()}${phrase.slice(1)}.`;
}

/** Escapes a character that roff would read as a macro or as punctuation. */
const ZERO_WIDTH = "\\&";

/** Text for roff: each sentence begins a line. */
function text(paragraph: string): string[] {
  return paragraph.split(/(?<=\.) (?=[A-Z-])/)
    .flatMap((sentence) => wrap(sentence, 72)).map(escape);
}

function escape(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("…", "...")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/, ZERO_WIDTH);
}

if (import.meta.main) Deno.writeTextFileSync(PAGE, manPage());
