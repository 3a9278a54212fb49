/**
 * What `ndp -a` and `ndp -an` print on BSD and macOS, a row such as
 * `fe80::1%en0  2:fc:0:0:0:5  en0 23h59m58s S R`. `arp` of OpenBSD prints the
 * same columns without the state.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat, wordsOf } from "./format.ts";
import { type Item, readRow, refused, type RowState, skipped } from "./item.ts";

/** The states by their letters, apart from those of a row that was learnt. */
const STATES: Readonly<Record<string, RowState>> = {
  I: "incomplete",
  N: "incomplete",
};

/** The flags of a row: router, an address of this computer, and proxy. */
const FLAGS = /^[Rlp]+$/;

export const ndp: Format = lineFormat(() => ({ line, text }) =>
  /^Neighbor +Linklayer Address +Netif +Expire\b/.test(text)
    ? skipped(line, "heading")
    : readColumns(line, text, "ndp")
);

/** A row of `ndp -a`, or of `arp -a` on OpenBSD. */
export function readColumns(
  line: number,
  text: string,
  program: "ndp" | "arp",
): Item {
  const [address = "", linkLayerAddress = "", device, expire, ...rest] =
    wordsOf(text);
  if (expire === undefined || rest.length > 3) {
    return refused(line, `It is no row of ${program} -a`);
  }
  if (!/^(permanent|static|expired|[0-9]+[dhms][0-9dhms]*|--)$/.test(expire)) {
    return refused(line, `${quote(expire)} is no time of ${program} -a`);
  }
  const [state = ""] = rest;
  const isIncomplete = linkLayerAddress === "(incomplete)";
  const isConfigured = expire === "permanent" || expire === "static";
  const known = isConfigured ? "configured" : "learnt";
  const flags = rest.filter((one) => FLAGS.test(one)).join("");
  return readRow({
    ...{ line, address, names: { interfaceAlias: device! } },
    linkLayerAddress: isIncomplete ? undefined : linkLayerAddress,
    state: flags.includes("p")
      ? "proxy"
      : flags.includes("l")
      ? "own"
      : STATES[state] ?? known,
  });
}
