/**
 * The completions for PowerShell 5 or newer. Not tested.
 *
 * @module
 */

import {
  choices,
  FIRST_OPTIONS,
  firstWords,
  isList,
  namesOf,
  OPERANDS,
  optionWords,
  spellings,
  valueOptions,
  VERB_NAMES,
  type Word,
} from "./words.ts";

/** The script for PowerShell. */
export function powershell(): string {
  const options = VERB_NAMES.flatMap((verb) =>
    namesOf(verb).map((name) =>
      `    ${quote(name)} = @(${array(optionWords(verb))})`
    )
  );
  const operands = Object.entries(OPERANDS).map(([word, values]) =>
    `    ${quote(word)} = @(${values.map(quote).join(", ")})`
  );
  const values = choices().map(([name, words]) => {
    const when = spellings(name).map(quote).join(", ");
    const list = isList(name)
      ? "$before += $typed -replace '[^,]*$', ''; " +
        "$typed = $typed -replace '^.*,', ''; "
      : "";
    return `  if ($option -cin @(${when})) {
    ${list}return complete-neighbor $before $typed @(${
      words.map(quote).join(", ")
    })
  }`;
  });
  return `# Completions of neighbor for PowerShell; made by: neighbor completions powershell
# They have not been tested.

Register-ArgumentCompleter -Native -CommandName neighbor -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  $first = @(${array([...firstWords(), ...FIRST_OPTIONS.map(bare)])})
  $options = @{
${options.join("\n")}
  }
  $operands = @{
${operands.join("\n")}
  }
  $takesValue = @(${valueOptions().map(quote).join(", ")})

  function complete-neighbor($before, $typed, $words) {
    foreach ($word in $words) {
      if (-not $word.StartsWith($typed, 'Ordinal')) { continue }
      $text = $before + $word
      if ($text -notmatch '^[\\w.:,=@%+-]+$') {
        $text = "'" + $text.Replace("'", "''") + "'"
      }
      [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $word)
    }
  }

  $typed = [string]$wordToComplete
  $before = ''
  $option = ''
  $verb = ''
  $isValue = $false
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $word = $element.Extent.Text
    $option = $word
    if ($isValue) { $isValue = $false; continue }
    if ($takesValue -ccontains $word) { $isValue = $true; continue }
    if (-not $word.StartsWith('-') -and $verb -eq '') { $verb = $word }
  }
  if (-not $isValue) { $option = '' }
  if ($typed -match '^(--[^=]+)=(.*)$') {
    $option = $Matches[1]; $before = $Matches[1] + '='; $typed = $Matches[2]
  }

${values.join("\n")}
  if ($option -cin @(${spellings("interface").map(quote).join(", ")})) {
    return complete-neighbor $before $typed ([System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces().Name)
  }
  if ($option -ne '') { return }
  if ($verb -eq '') { return complete-neighbor '' $typed $first }
  if ($typed.StartsWith('-')) { return complete-neighbor '' $typed $options[$verb] }
  if ($operands.ContainsKey($verb)) { return complete-neighbor '' $typed $operands[$verb] }
}
`;
}

function bare(word: string): Word {
  return { word, help: "" };
}

function array(words: readonly Word[]): string {
  return words.map(({ word }) => quote(word)).join(", ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
