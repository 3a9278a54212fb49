/**
 * What `ndp -a` and `ndp -an` print on BSD and macOS, a row such as
 * `fe80::1%en0  2:fc:0:0:0:5  en0 23h59m58s S R`.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat, wordsOf } from "./format.ts";
import { readRow, refused, type RowState, skipped } from "./item.ts";

/** The states by their letters, apart from those of a row that was learnt. */
const STATES: Readonly<Record<string, RowState>> = {
  I: "incomplete",
  N: "incomplete",
};

export const ndp: Format = lineFormat(() => ({ line, text }) => {
  if (/^Neighbor +Linklayer Address +Netif +Expire\b/.test(text)) {
    return skipped(line, "heading");
  }
  const [address = "", linkLayerAddress = "", device, expire, ...rest] =
    wordsOf(text);
  if (expire === undefined || rest.length > 3) {
    return refused(line, "It is no row of ndp -a");
  }
  if (!/^(permanent|expired|[0-9]+[dhms][0-9dhms]*|--)$/.test(expire)) {
    return refused(line, `${quote(expire)} is no time of ndp -a`);
  }
  const [state = ""] = rest;
  const isIncomplete = linkLayerAddress === "(incomplete)";
  const known = expire === "permanent" ? "configured" : "learnt";
  return readRow({
    ...{ line, address, names: { interfaceAlias: device! } },
    linkLayerAddress: isIncomplete ? undefined : linkLayerAddress,
    state: rest.includes("p") ? "proxy" : STATES[state] ?? known,
  });
});
