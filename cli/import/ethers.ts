/**
 * /etc/ethers: a link-layer address, then an IP address or a host name. It names
 * no interface.
 *
 * @module
 */

import { quote } from "../../ffi/types/error.ts";
import { type Format, lineFormat, wordsOf } from "./format.ts";
import { readRow, refused } from "./item.ts";

export const ethers: Format = lineFormat(() => ({ line, text }) => {
  const hash = text.indexOf("#");
  const [linkLayerAddress = "", address, surplus] = wordsOf(
    (hash < 0 ? text : text.slice(0, hash)).trimEnd(),
  );
  if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})+$/i.test(linkLayerAddress)) {
    const message = `${quote(linkLayerAddress)} is no link-layer address ` +
      "with colons";
    return refused(line, message);
  }
  if (address === undefined || surplus !== undefined) {
    return refused(
      line,
      "It takes a link-layer address and an IP address or a host name",
    );
  }
  const comment = hash < 0 ? undefined : text.slice(hash + 1).trim();
  return readRow({
    ...{ line, address, linkLayerAddress, comment },
    state: "configured",
  });
});
