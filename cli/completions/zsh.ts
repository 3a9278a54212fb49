/**
 * The completions for zsh: sourced, or as the file `_neighbor` in `fpath`.
 *
 * @module
 */

import {
  choices,
  fileOptions,
  fileVerbs,
  firstWords,
  INTERFACES,
  isList,
  namesOf,
  OPERANDS,
  optionWords,
  spellings,
  valueOptions,
  VERB_NAMES,
  type Word,
} from "./words.ts";

/** The script for zsh. */
export function zsh(): string {
  const verbs = VERB_NAMES.map((verb) =>
    `    ${namesOf(verb).join("|")}) options=(\n${
      described(optionWords(verb))
    }    ) ;;`
  );
  const operands = Object.entries(OPERANDS).map(([word, values]) =>
    `    ${word}) compadd -- ${values.join(" ")} ;;`
  );
  const values = choices().map(([name, words]) => {
    const list = isList(name) ? "compset -P '*,'; " : "";
    return `    ${spellings(name).join("|")}) ${list}compadd -- ${
      words.join(" ")
    }; return ;;`;
  });
  const others = valueOptions().filter((one) =>
    !spellings("interface").includes(one) &&
    !fileOptions().includes(one) &&
    !choices().some(([name]) => spellings(name).includes(one))
  );
  return `#compdef neighbor
# Completions of neighbor for zsh; made by: neighbor completions zsh

_neighbor() {
  local verb='' option='' word
  local -i i
  local -a options names

  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case $word in
    --) return ;;
    ${valueOptions().join("|")}) ((i++)) ;;
    -*) ;;
    *) [[ -n $verb ]] || verb=$word ;;
    esac
  done

  option=$words[CURRENT-1]
  if [[ $words[CURRENT] == --*=* ]]; then
    option=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  case $option in
${values.join("\n")}
    ${spellings("interface").join("|")})
      names=(${INTERFACES}/*(-/N:t))
      compadd -a -- names
      return ;;
    ${fileOptions().join("|")}) _files; return ;;
    ${others.join("|")}) return ;;
  esac

  options=(
${
    described([
      { word: "--help", help: "print this help" },
      { word: "--version", help: "print the version" },
    ])
  }  )
  case $verb in
${verbs.join("\n")}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe -o option options
    return
  fi
  case $verb in
    '') names=(
${described(firstWords())}    )
      _describe verb names ;;
${operands.join("\n")}
    ${fileVerbs().flatMap(namesOf).join("|")}) _files ;;
  esac
}

if [[ $funcstack[1] == _neighbor ]]; then
  _neighbor "$@"
else
  compdef _neighbor neighbor
fi
`;
}

function described(words: readonly Word[]): string {
  return words.map(({ word, help }) =>
    `      '${word}:${help.replaceAll("'", "'\\''")}'\n`
  ).join("");
}
