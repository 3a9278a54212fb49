/**
 * The completions for bash (tested with 5.2), without the bash-completion package.
 *
 * @module
 */

import {
  choices,
  fileOptions,
  fileVerbs,
  FIRST_OPTIONS,
  firstWords,
  INTERFACES,
  isList,
  namesOf,
  OPERANDS,
  optionWords,
  spellings,
  valueOptions,
  VERB_NAMES,
} from "./words.ts";

/** The script for bash. */
export function bash(): string {
  const verbs = VERB_NAMES.map((verb) => {
    const words = optionWords(verb).map(({ word }) => word);
    return `    ${namesOf(verb).join("|")}) options=(${words.join(" ")}) ;;`;
  });
  const operands = Object.entries(OPERANDS).map(([word, values]) =>
    `    ${word}) __neighbor_add "" "$typed" ${values.join(" ")} ;;`
  );
  const values = choices().map(([name, words]) => {
    const lines = isList(name)
      ? [
        "      [[ $typed == *,* ]] && before+=${typed%,*},",
        "      typed=${typed##*,}",
      ]
      : [];
    return [
      `    ${spellings(name).join("|")})`,
      ...lines,
      `      __neighbor_add "$before" "$typed" ${words.join(" ")}`,
      "      return ;;",
    ].join("\n");
  });
  return `# Completions of neighbor for bash; made by: neighbor completions bash

# Adds the words that begin with what was typed, quoted: nothing evaluates them
__neighbor_add() { # BEFORE TYPED WORD...
  local before=$1 typed=$2 word quoted
  shift 2
  for word; do
    printf -v quoted %q "$word"
    [[ $word == "$typed"* || $quoted == "$typed"* ]] || continue
    COMPREPLY+=("$before$quoted")
  done
}

__neighbor_interfaces() { # BEFORE TYPED
  local path
  local -a names=()
  for path in ${INTERFACES}/*/; do
    path=\${path%/}
    [[ -d $path ]] && names+=("\${path##*/}")
  done
  __neighbor_add "$1" "$2" "\${names[@]}"
}

_neighbor() {
  local typed=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
  local before='' verb='' word i
  local -a options=(${FIRST_OPTIONS.join(" ")})
  COMPREPLY=()

  # Where "=" breaks words, --family=ipv4 is three of them
  if [[ $typed == = ]]; then
    typed=''
  elif [[ $option == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD-2]}
  elif [[ $typed == --*=* ]]; then
    option=\${typed%%=*} before=\${typed%%=*}= typed=\${typed#*=}
  fi

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
    --) return ;;
    ${valueOptions().join("|")})
      [[ \${COMP_WORDS[i+1]} == = ]] && ((i++))
      ((i++)) ;;
    -*) ;;
    *) [[ -n $verb ]] || verb=$word ;;
    esac
  done

  case $option in
${values.join("\n")}
    ${spellings("interface").join("|")})
      __neighbor_interfaces "$before" "$typed"
      return ;;
    ${fileOptions().join("|")}) compopt -o default; return ;;
    ${
    valueOptions().filter((one) =>
      !spellings("interface").includes(one) &&
      !fileOptions().includes(one) &&
      !choices().some(([name]) => spellings(name).includes(one))
    ).join("|")
  }) return ;;
  esac

  case $verb in
${verbs.join("\n")}
  esac
  if [[ $typed == -* ]]; then
    __neighbor_add "" "$typed" "\${options[@]}"
    return
  fi
  case $verb in
    '') __neighbor_add "" "$typed" ${
    firstWords().map(({ word }) => word).join(" ")
  } ;;
${operands.join("\n")}
    ${fileVerbs().flatMap(namesOf).join("|")}) compopt -o default ;;
  esac
}

complete -F _neighbor neighbor
`;
}
