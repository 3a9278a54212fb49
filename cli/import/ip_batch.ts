/**
 * A file for `ip -batch`, or a script of `ip neigh` commands: of each line that
 * writes a neighbor the entry.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat, splitComment } from "./format.ts";
import type { IpWords } from "./ip_text.ts";
import { type Item, readRow, refused, skipped, STATES } from "./item.ts";

/** The objects of `ip` that a batch may have beside neighbors. */
const OTHERS =
  /^(a|addr|address|l|link|r|route|ru|rule|t|tunnel|maddr|mroute|ntable|token|tuntap|vrf|netns|nexthop)$/;

export const ipBatch: Format = lineFormat(() => ({ line, text }) => {
  // Also in a word, and between quotation marks
  const [command, comment] = splitComment(text);
  const words = ipWords(command);
  if (/^(\/usr)?(\/s?bin\/)?ip$/.test(words[0]!)) words.shift();
  while (/^-(4|6|force|f|family)$/.test(words[0] ?? "")) {
    // ip reads -f as -family, which has a value
    if (/^-f(amily)?$/.test(words.shift()!)) words.shift();
  }
  const [object = "", verb = "", ...given] = words;
  if (OTHERS.test(object)) return skipped(line, "otherCommand", quote(text));
  if (!/^n(e|ei|eigh|eighbor|eighbour)?$/.test(object)) {
    return refused(line, `${quote(object)} is no object of ip`);
  }
  if (/^(add|a|replace|r|repl|change|chg|c)$/.test(verb)) {
    return readEntry(line, given, comment);
  }
  return /^(del|delete|d|flush|f|show|list|sh|lst|get)$/.test(verb)
    ? skipped(line, "otherCommand", quote(text))
    : refused(line, `${quote(verb)} is no command of ip neigh`);
});

/**
 * The words of a command: one may stand between quotation marks. Only ASCII
 * blanks part words, others may be in the name of an interface.
 */
function ipWords(command: string): string[] {
  const words = command.match(/"[^"]*"|'[^']*'|[^ \t\r]+/g) ?? [];
  return words.map((word) =>
    /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word
  );
}

/** Words that take no value and say nothing about a pin. */
const BARE = new Set(["router", "extern_learn", "managed", "use"]);

function readEntry(
  line: number,
  words: readonly string[],
  comment: string | undefined,
): Item {
  const row: IpWords & { to?: string } = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const value = words[at + 1];
    if (word === "proxy") row.state = "proxy";
    else if (BARE.has(word)) continue;
    else if (
      word !== "dev" && word !== "lladdr" && word !== "nud" &&
      word !== "state" && word !== "protocol" && word !== "to"
    ) {
      if (row.to !== undefined) {
        return refused(line, `${quote(word)} is no word of ip neigh`);
      }
      row.to = word;
    } else if (value === undefined) {
      return refused(line, `${quote(word)} has no value`);
    } else {
      at++;
      if (word === "nud" || word === "state") {
        const state = STATES.get(value);
        if (state === undefined) {
          return refused(line, `${quote(value)} is no state of ip neigh`);
        }
        row.state ??= state;
      } else if (row[word] !== undefined) {
        return refused(line, `${quote(word)} stands twice`);
      } else row[word] = value;
    }
  }
  const { to, dev, lladdr, state = "configured", protocol } = row;
  if (to === undefined) return refused(line, "The command has no address");
  return readRow({
    ...{
      line,
      address: to,
      linkLayerAddress: lladdr,
      state,
      comment,
      protocol,
    },
    ...(dev !== undefined && { names: { interfaceAlias: dev } }),
  });
}
