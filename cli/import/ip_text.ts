/**
 * What `ip neigh` of iproute2 and of busybox prints as text: rows with their
 * words, or with `-br` columns.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import {
  type Format,
  lineFormat,
  looksLikeAddress,
  wordsOf,
} from "./format.ts";
import { type Item, readRow, refused, type RowState, STATES } from "./item.ts";

/** Words of a row that take no value and say nothing about a pin. */
const BARE = new Set(["router", "extern_learn", "offload", "managed"]);

/** Words that take a value which says nothing about a pin. */
const WITH_VALUE = new Set(["ref", "used", "probes"]);

/** What the words of a row or of a command give, apart from its address. */
export interface IpWords {
  dev?: string;
  lladdr?: string;
  state?: RowState;
  protocol?: string;
}

/** Words that take a value which a pin has. */
const MEMBERS: ReadonlyMap<string, "dev" | "lladdr" | "protocol"> = new Map([
  ["dev", "dev"],
  ["lladdr", "lladdr"],
  ["proto", "protocol"],
  ["protocol", "protocol"],
]);

/**
 * The sequences by which `ip -c` colours a word, before it and at the line's
 * end. Those at the end are looked for from the first of them only, because
 * from each one the time would grow with their square.
 */
const COLORS =
  // deno-lint-ignore no-control-regex
  /(?<!\S)(?:\x1b\[[0-9;]*m)+|(?<!\x1b\[[0-9;]*m)(?:\x1b\[[0-9;]*m)+$/g;

const NO_COLOR = "It has an escape sequence that is no colour of ip -c";

/**
 * The words of a line without colours, `undefined` where it has another escape
 * sequence. `ip -c` colours the address, so a line that begins otherwise has no
 * colours: the sequence is in a name, which would be another one without it.
 */
function plainWords(text: string): string[] | undefined {
  if (!text.includes("\x1b")) return wordsOf(text);
  if (!text.startsWith("\x1b")) return undefined;
  const plain = text.replace(COLORS, "").trim();
  return plain.includes("\x1b") ? undefined : wordsOf(plain);
}

/**
 * A row of `ip -br neigh` that has a link-layer address: the address, the
 * interface where `dev` did not choose it, and the link-layer address.
 */
const BRIEF_ROW =
  // deno-lint-ignore no-control-regex
  /^(?:\x1b\[[0-9;]*m)*[0-9a-f.:]{2,45} +(?:[^ \n]{1,99} +)?(?:\x1b\[[0-9;]*m)*[0-9a-f]{2}(?::[0-9a-f]{2})+(?:\x1b\[[0-9;]*m)*[ \r]*$/m;

/** `ip neigh` with or without `-s`, `-br` and `-c`, and `ip neigh show dev IF`. */
export const ip: Format = {
  read: (text) => (BRIEF_ROW.test(text) ? BRIEF : FULL).read(text),
};

const FULL = lineFormat(() => ({ line, text }) => {
  const plain = plainWords(text);
  if (plain === undefined) return refused(line, NO_COLOR);
  const [address, ...words] = plain;
  if (!looksLikeAddress(address!)) {
    return refused(line, `${quote(address!)} is no address`);
  }
  const row: IpWords = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const state = STATES.get(word.toLowerCase());
    const member = MEMBERS.get(word);
    if (member !== undefined) {
      const value = words[++at];
      if (value === undefined || row[member] !== undefined) {
        return refused(line, `${quote(word)} has no value, or stands twice`);
      }
      row[member] = value;
    } else if (word === "proxy") row.state = "proxy";
    else if (state !== undefined && word === word.toUpperCase()) {
      row.state ??= state;
    } else if (WITH_VALUE.has(word)) {
      at++;
      // iproute2 prints no blank between the times of "used" and "probes"
      if (words[at]?.endsWith("probes")) at++;
    } else if (!BARE.has(word)) {
      return refused(line, `${quote(word)} is no word of ip neigh`);
    }
  }
  const { dev, lladdr, state, protocol } = row;
  if (state === undefined) return refused(line, "The row has no state");
  return readRow({
    ...{ line, address: address!, linkLayerAddress: lladdr, state, protocol },
    ...(dev !== undefined && { names: { interfaceAlias: dev } }),
  });
});

const BRIEF = lineFormat(() => ({ line, text }): Item => {
  const words = plainWords(text);
  if (words === undefined) return refused(line, NO_COLOR);
  const [address, ...rest] = words;
  const hasLinkLayer = /^[0-9a-f]{2}(:[0-9a-f]{2})+$/.test(rest.at(-1) ?? "");
  const linkLayerAddress = hasLinkLayer ? rest.pop() : undefined;
  const [dev] = rest;
  if (!looksLikeAddress(address!) || rest.length > 1) {
    return refused(line, "It is no row of ip -br neigh");
  }
  return readRow({
    ...{ line, address: address!, linkLayerAddress, state: "unknown" },
    ...(dev !== undefined && { names: { interfaceAlias: dev } }),
  });
});
