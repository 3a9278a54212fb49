/**
 * What `netsh interface ipv4|ipv6 show neighbors` prints, in any language by its
 * shape; and scripts of netsh with `add neighbors`.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import {
  type Format,
  lineFormat,
  type LineReader,
  looksLikeAddress,
  looksLikeDashed,
  wordsOf,
} from "./format.ts";
import {
  isNamed,
  type Item,
  type Names,
  readRow,
  refused,
  skipped,
  STATES,
} from "./item.ts";

/** `Interface 12: Ethernet`; French has a blank before the colon. No index is 0. */
const HEADING = /^[^0-9:]*\s([1-9][0-9]{0,9})\s?[:\uff1a]\s*(\S.*)$/;

export const netsh: Format = lineFormat(() => {
  let names: Names = {};
  let mayHaveColumns = false;
  const read: LineReader = (one) => {
    const { line, text } = one;
    const words = wordsOf(text);
    // Two blanks or more part the columns, one parts the words of a type
    const columns = text.split(/\s{2,}/);
    if (looksLikeAddress(columns[0]!)) {
      mayHaveColumns = false;
      return readShown(line, columns, names);
    }
    if (isScript(words)) return readScript(line, text);
    const heading = HEADING.exec(text);
    if (heading !== null) {
      const interfaceIndex = Number(heading[1]);
      names = { interfaceIndex, interfaceAlias: heading[2]! };
      mayHaveColumns = true;
      return skipped(line, "heading");
    }
    if (/^-+(\s+-+)*$/.test(text)) return skipped(line, "heading");
    if (!mayHaveColumns) {
      return refused(line, `${quote(words[0]!)} is no address`);
    }
    // The names of the columns, in the language of the system
    mayHaveColumns = false;
    return skipped(line, "heading");
  };
  return read;
});

/**
 * A row: an address, a link-layer address or a word in its place or nothing,
 * the type, such as `Stale (Router)`.
 */
function readShown(
  line: number,
  columns: readonly string[],
  names: Names,
): Item {
  const [address = "", second = ""] = columns;
  const isDashed = looksLikeDashed(second);
  const isRow = isDashed
    ? columns.length === 3
    // Under no heading it could be a line of anything, such as /etc/hosts
    : isNamed(names) && (columns.length === 2 || columns.length === 3);
  if (!isRow) return refused(line, "It is no row of netsh show neighbors");
  const linkLayerAddress = isDashed ? second : undefined;
  const [type = ""] = wordsOf(columns.at(-1)!);
  const state = STATES.get(type.toLowerCase()) ?? "unknown";
  return readRow({ line, address, linkLayerAddress, names, state });
}

/** The words before `add neighbors` in a command. */
const PREFIX = /^@?(netsh(\.exe)?|interface|int|ip|ipv4|ipv6)$/i;

function isScript(words: readonly string[]): boolean {
  const [first = ""] = words;
  return /^@?(netsh(\.exe)?|chcp|echo|rem|::)$/i.test(first) ||
    /^(add|set|delete|del|reset|pushd|popd)$/i.test(first) ||
    /^int(erface)?$/i.test(first) && /^ip(v[46])?$/i.test(words[1] ?? "");
}

/** The names of the parameters of `add neighbors`, in their order. */
const PARAMETERS = ["interface", "address", "neighbor", "store"] as const;

/** A command: `add neighbors "Ethernet" 192.0.2.1 02-fc-00-00-00-05`. */
function readScript(line: number, text: string): Item {
  const words = text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
  const start = words.findIndex((one) => !PREFIX.test(one));
  const [verb = "", noun = "", ...given] = start < 0 ? [] : words.slice(start);
  const isEntry = /^(add|set)$/i.test(verb) && /^nei/i.test(noun);
  if (!isEntry) return skipped(line, "otherCommand", quote(text));
  const values = new Map<string, string>();
  for (const [at, word] of given.entries()) {
    const [, tag, value] = /^([a-z]+)=(.*)$/is.exec(word) ?? [];
    const name = tag?.toLowerCase() ?? PARAMETERS[at];
    const isKnown = PARAMETERS.some((one) => one === name);
    if (name === undefined || !isKnown || values.has(name)) {
      return refused(line, `${quote(word)} is no parameter of add neighbors`);
    }
    values.set(name, (value ?? word).replaceAll('"', ""));
  }
  const [on, address, linkLayerAddress] = PARAMETERS.map((one) =>
    values.get(one)
  );
  if (!on || !address || !linkLayerAddress) {
    return refused(
      line,
      "add neighbors takes an interface, an address and a link-layer address",
    );
  }
  const names = /^[0-9]{1,10}$/.test(on)
    ? { interfaceIndex: Number(on) }
    : { interfaceAlias: on };
  const state = "configured";
  return readRow({ line, address, linkLayerAddress, names, state });
}
