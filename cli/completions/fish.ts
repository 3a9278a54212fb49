/**
 * The completions for fish 3.
 *
 * @module
 */

import {
  brief,
  choices,
  fileVerbs,
  firstWords,
  INTERFACES,
  isFile,
  isList,
  namesOf,
  OPERANDS,
  takesValue,
  VERB_NAMES,
} from "./words.ts";
import { type OptionName, OPTIONS, type OptionSpec } from "../usage/options.ts";
import { optionsOf } from "../usage/verbs.ts";

/** The script for fish. */
export function fish(): string {
  const first = firstWords().map(({ word, help }) =>
    `complete -c neighbor -n __fish_use_subcommand -a ${word} -d ${quote(help)}`
  );
  const operands = Object.entries(OPERANDS).map(([word, values]) =>
    `complete -c neighbor -n ${seen([word])} -a ${quote(values.join(" "))}`
  );
  const lists = choices().filter(([name]) => isList(name))
    .map(([name, words]) =>
      `function __neighbor_${name}
    # Behind the last comma; what stands before it is kept
    set -l typed (commandline -ct | string replace -r '^--${name}=' '')
    set -l before (string match -r '^.*,' -- $typed)
    printf '%s\\n' "$before"{${words.join(",")}}
end
`
    );
  const options = VERB_NAMES.flatMap((verb) =>
    optionsOf(verb).map((name) => option(seen(namesOf(verb)), name))
  ).flat();
  return `# Completions of neighbor for fish; made by: neighbor completions fish

function __neighbor_interfaces
    for path in ${INTERFACES}/*/
        string replace -r '^.*/([^/]*)/$' '$1' -- $path
    end
end

${lists.join("\n")}
complete -c neighbor -f
complete -c neighbor -n __fish_use_subcommand -l help -s h -d 'print this help'
complete -c neighbor -n __fish_use_subcommand -l version -s V -d 'print the version'
${first.join("\n")}
${operands.join("\n")}
complete -c neighbor -n ${seen(fileVerbs().flatMap(namesOf))} -F
${options.join("\n")}
`;
}

/** The lines of an option, under the condition `when`. */
function option(when: string, name: OptionName): string[] {
  const { short, fixed = {}, help }: OptionSpec = OPTIONS[name];
  const start = `complete -c neighbor -n ${when}`;
  const letter = short === undefined ? "" : ` -s ${short}`;
  const value = isFile(name)
    ? " -r -F"
    : takesValue(name)
    ? ` -x${valuesOf(name)}`
    : "";
  return [
    `${start} -l ${name}${letter}${value} -d ${quote(brief(help))}`,
    ...Object.entries(fixed)
      .map(([letter, value]) => `${start} -s ${letter} -d ${quote(value)}`),
  ];
}

function valuesOf(name: OptionName): string {
  if (name === "interface") return " -a '(__neighbor_interfaces)'";
  const [, words] = choices().find(([one]) => one === name) ?? [];
  if (words === undefined) return "";
  return isList(name)
    ? ` -a '(__neighbor_${name})'`
    : ` -a ${quote(words.join(" "))}`;
}

function seen(words: readonly string[]): string {
  return quote(`__fish_seen_subcommand_from ${words.join(" ")}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
