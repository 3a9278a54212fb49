/**
 * /etc/ethers: a link-layer address, then an IP address or a host name. It names
 * no interface.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat, splitComment, wordsOf } from "./format.ts";
import { readRow, refused } from "./item.ts";

export const ethers: Format = lineFormat(() => ({ line, text }) => {
  const [fields, comment] = splitComment(text);
  const [linkLayerAddress, address, surplus] = wordsOf(fields.trimEnd());
  if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})+$/i.test(linkLayerAddress!)) {
    const message = `${quote(linkLayerAddress!)} is no link-layer address ` +
      "with colons";
    return refused(line, message);
  }
  if (address === undefined || surplus !== undefined) {
    return refused(
      line,
      "It takes a link-layer address and an IP address or a host name",
    );
  }
  return readRow({
    ...{ line, address, linkLayerAddress: linkLayerAddress!, comment },
    state: "configured",
  });
});
