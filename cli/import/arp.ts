/**
 * What `arp` prints: net-tools and busybox on Linux, BSD and macOS, Windows; and
 * /proc/net/arp.
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
  type Item,
  type Names,
  readRow,
  refused,
  type RowState,
  skipped,
} from "./item.ts";
import { readColumns } from "./ndp.ts";

/** Stands in place of a link-layer address. */
const INCOMPLETE = "(incomplete)";

/**
 * `arp -a` and `arp -an` of net-tools and busybox, a row such as
 * `? (192.0.2.1) at 02:fc:00:00:00:05 [ether] PERM on eth0`; and the table that
 * `arp` and `arp -n` print.
 */
export const arp: Format = lineFormat(() => {
  let isTable = false;
  return (one) => {
    const { line, text } = one;
    const words = wordsOf(text);
    if (/^Address +HWtype +HWaddress +Flags +Mask +Iface$/.test(text)) {
      isTable = true;
      return skipped(line, "heading");
    }
    if (/^Entries: [0-9]+\s+Skipped: [0-9]+\s+Found: [0-9]+$/.test(text)) {
      return skipped(line, "heading");
    }
    return isTable && words[1] !== "at" && words[2] !== "at"
      ? readTableRow(line, words)
      : readLinuxRow(line, words);
  };
});

function readLinuxRow(line: number, words: readonly string[]): Item {
  const [, inParentheses = "", at, linkLayer = "", ...rest] = words;
  const on = rest.indexOf("on");
  const address = /^\((.+)\)$/.exec(inParentheses)?.[1];
  const device = rest[on + 1];
  const [first = "", ...flags] = rest.slice(0, Math.max(on, 0));
  const isIncomplete = linkLayer === "<incomplete>";
  // busybox misspells PUB
  const isProxy = /^PU[BP]$/.test(flags.at(-1) ?? first);
  const isRow = address !== undefined && at === "at" && on >= 0 &&
    device !== undefined && on + 2 === rest.length &&
    (isIncomplete || isProxy || /^\[.+\]$/.test(first));
  if (!isRow) return refused(line, "It is no row of arp -a on Linux");
  return readRow({
    ...{ line, address, names: { interfaceAlias: device } },
    linkLayerAddress: isIncomplete ? undefined : linkLayer,
    state: stateOf(isProxy, isIncomplete, flags.includes("PERM")),
  });
}

function stateOf(
  isProxy: boolean,
  isIncomplete: boolean,
  isPermanent: boolean,
): RowState {
  if (isProxy) return "proxy";
  if (isIncomplete) return "incomplete";
  return isPermanent ? "configured" : "learnt";
}

/** A row of the table: the flags C, M and P are one word. */
function readTableRow(line: number, words: readonly string[]): Item {
  const [address = "", type = ""] = words;
  const device = words.at(-1)!;
  const names: Names = { interfaceAlias: device };
  if (words.length === 3 && type === INCOMPLETE) {
    const linkLayerAddress = undefined;
    return readRow({
      ...{ line, address, linkLayerAddress, names, state: "incomplete" },
    });
  }
  const [, , linkLayerAddress, flags = ""] = words;
  // A mask may stand before the device
  const isRow = (words.length === 5 || words.length === 6) &&
    /^[CMP!]+$/.test(flags);
  if (!isRow) return refused(line, "It is no row of the table of arp");
  const state = stateOf(flags.includes("P"), false, flags.includes("M"));
  return readRow({ line, address, linkLayerAddress, names, state });
}

/**
 * What stands behind the interface on FreeBSD, NetBSD and macOS: nothing, or
 * such as `expires in 942 seconds [ethernet]`.
 */
const BSD_WORD =
  /^(ifscope|expire[ds]|in|[0-9]+|seconds|(permanent|published)(\(weird\))?|\(proxy|only\)(\(weird\))?|\[\S+\])$/;

/**
 * `arp -a` and `arp -an` of BSD and macOS, a row such as
 * `? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope [ethernet]`; and the table that
 * OpenBSD prints.
 */
export const arpBsd: Format = lineFormat(() => {
  let isTable = false;
  return ({ line, text }) => {
    if (/^Host +Ethernet Address +Netif +Expire +Flags$/.test(text)) {
      isTable = true;
      return skipped(line, "heading");
    }
    return isTable ? readColumns(line, text, "arp") : readBsdRow(line, text);
  };
});

function readBsdRow(line: number, text: string): Item {
  const [, inParentheses = "", at, linkLayer = "", on, device, ...rest] =
    wordsOf(text);
  const address = /^\((.+)\)$/.exec(inParentheses)?.[1];
  const isRow = address !== undefined && at === "at" && on === "on" &&
    device !== undefined && rest.every((word) => BSD_WORD.test(word));
  if (!isRow) return refused(line, "It is no row of arp -a on BSD or macOS");
  const isIncomplete = linkLayer === INCOMPLETE;
  // "published" and "published (proxy only)" answer for another host
  const has = (word: string) => rest.some((one) => one.startsWith(word));
  return readRow({
    ...{ line, address, names: { interfaceAlias: device } },
    linkLayerAddress: isIncomplete ? undefined : linkLayer,
    state: stateOf(has("published"), isIncomplete, has("permanent")),
  });
}

/**
 * `arp -a` of Windows in any language, by its shape: a heading with an index
 * as `--- 0xb`, a line of column names, rows of an address, a link-layer
 * address with dashes, and a word.
 */
export const arpWindows: Format = lineFormat(() => {
  let names: Names = {};
  let mayHaveColumns = false;
  const read: LineReader = ({ line, text }) => {
    const heading = /--- 0x([0-9a-f]{1,8})$/i.exec(text);
    if (heading !== null) {
      names = { interfaceIndex: parseInt(heading[1]!, 16) };
      mayHaveColumns = true;
      return skipped(line, "heading");
    }
    const words = wordsOf(text);
    const [address = "", linkLayer = "", type = ""] = words;
    if (!looksLikeAddress(address) || address.includes(":")) {
      const isColumns = mayHaveColumns;
      mayHaveColumns = false;
      return isColumns
        ? skipped(line, "heading")
        : refused(line, `${quote(address)} is no IPv4 address`);
    }
    mayHaveColumns = false;
    if (words.length !== 3 || !looksLikeDashed(linkLayer)) {
      return refused(line, "It is no row of arp -a on Windows");
    }
    return readRow({
      ...{ line, address, names, linkLayerAddress: linkLayer },
      state: windowsState(type),
    });
  };
  return read;
});

/** Only the English words are known. */
function windowsState(type: string): RowState {
  switch (type.toLowerCase()) {
    case "static":
      return "configured";
    case "dynamic":
      return "learnt";
    case "invalid":
      return "incomplete";
    default:
      return "unknown";
  }
}

/** The flags of /proc/net/arp, from linux/if_arp.h. */
const [ATF_COM, ATF_PERM, ATF_PUBL] = [0x02, 0x04, 0x08];

/** /proc/net/arp. */
export const proc: Format = lineFormat(() => ({ line, text }) => {
  if (/^IP address +HW type +Flags +HW address +Mask +Device$/.test(text)) {
    return skipped(line, "heading");
  }
  const words = wordsOf(text);
  const [address = "", type = "", flags = "", linkLayerAddress, , device] =
    words;
  const isRow = words.length === 6 && /^0x[0-9a-f]{1,8}$/.test(type) &&
    /^0x[0-9a-f]{1,8}$/.test(flags);
  if (!isRow) return refused(line, "It is no row of /proc/net/arp");
  const bits = Number(flags);
  return readRow({
    ...{ line, address, linkLayerAddress, names: { interfaceAlias: device! } },
    state: stateOf(
      (bits & ATF_PUBL) !== 0,
      (bits & ATF_COM) === 0,
      (bits & ATF_PERM) !== 0,
    ),
  });
});
