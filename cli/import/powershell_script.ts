/**
 * A script of PowerShell: of each line that calls New-NetNeighbor or
 * Set-NetNeighbor the entry.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat } from "./format.ts";
import { type Item, readRow, refused, skipped } from "./item.ts";

/** The parameters end at a sign that is not in a text. */
const CALL = /\b(New|Set)-NetNeighbor\b((?:'[^']*'|"[^"]*"|[^}|;])*)/i;

/**
 * A value: text in quotation marks, a sum in parentheses, or a word. A doubled
 * mark in a text is here the end of one and the start of another, so that there
 * is one way to match.
 */
const VALUE = /(?:'[^']*')+|"[^"]*"|\((?:'[^']*'|[^()'])*\)|[^\s'"()]+/;

/** A parameter with its value; one without a value has none. */
const PARAMETER = new RegExp(
  `-([a-z]+)(?:[ \\t:]+(?!-)(${VALUE.source}))?`,
  "giy",
);

export const powershellScript: Format = lineFormat(() => ({ line, text }) => {
  const [, , given] = CALL.exec(text) ?? [];
  if (given === undefined) {
    return /^[a-z]+-[a-z]+\b|^[$}{]/i.test(text)
      ? skipped(line, "otherCommand", quote(text))
      : refused(line, `${quote(text)} is no command of PowerShell`);
  }
  return readCall(line, given);
});

function readCall(line: number, given: string): Item {
  const values = new Map<string, string>();
  let at = 0;
  while (at < given.length) {
    if (/\s/.test(given[at]!)) {
      at++;
      continue;
    }
    PARAMETER.lastIndex = at;
    const [, name, value = ""] = PARAMETER.exec(given) ?? [];
    const text = textOf(value);
    if (name === undefined || text === undefined) {
      const rest = given.slice(at).trim();
      return refused(line, `${quote(rest)} is no parameter of New-NetNeighbor`);
    }
    values.set(name.toLowerCase(), text);
    at = PARAMETER.lastIndex;
  }
  const address = values.get("ipaddress");
  const linkLayerAddress = values.get("linklayeraddress");
  if (!address || !linkLayerAddress) {
    return refused(
      line,
      "New-NetNeighbor takes -IPAddress and -LinkLayerAddress here",
    );
  }
  const alias = values.get("interfacealias");
  const index = values.get("interfaceindex");
  if (index !== undefined && !/^[0-9]{1,10}$/.test(index)) {
    return refused(line, `${quote(index)} is no index of an interface`);
  }
  return readRow({
    ...{ line, address, linkLayerAddress, state: "configured" },
    names: {
      ...(alias && { interfaceAlias: alias }),
      ...(index !== undefined && { interfaceIndex: Number(index) }),
    },
  });
}

/** A word that stands for itself. */
const WORD = /^([\w.:%-]*|\$true|\$false)$/i;

/** A text, or a character by its number, and the plus sign behind it. */
const PART =
  /\s*(?:'((?:[^']|'')*)'|"([^"$`]*)"|\[char\](0x[0-9a-f]{1,4}))\s*(?:\+|$)/iy;

/** The text of a value; `undefined` where it is computed by anything but a sum. */
function textOf(value: string): string | undefined {
  if (WORD.test(value)) return value;
  const sum = /^\((.*)\)$/s.exec(value)?.[1] ?? value;
  let text = "";
  for (let at = 0; at < sum.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const [all, single, double, code] = PART.exec(sum) ?? [];
    if (all === undefined) return undefined;
    text += single?.replaceAll("''", "'") ?? double ??
      String.fromCharCode(Number(code));
  }
  return text;
}
