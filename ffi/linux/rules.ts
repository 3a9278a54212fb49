/**
 * Rules of a device that the kernel does not check, although it then stores
 * another entry. Pure.
 *
 * @module
 */

import { lengthError } from "../bind.ts";
import { describeInterface, type EntryList } from "../entry_list.ts";
import { invalid, type NeighborError } from "../types/error.ts";
import type { Link } from "./netlink/ifinfomsg.ts";
import { IFF_LOOPBACK, IFF_POINTOPOINT } from "./netlink/layout.ts";

/**
 * The error of an entry that breaks a rule of its device. The kernel cuts a
 * link-layer address that is longer than those of the device, and stores every
 * IPv4 address on a loopback or point-to-point device as 0.0.0.0.
 */
export function deviceRuleError(
  { addressLength, flags }: Link,
  entries: EntryList,
  position: number,
): NeighborError | undefined {
  const length = entries.linkLayerLengths[position]!;
  if (length > 0 && length !== addressLength) {
    return lengthError(entries, position, addressLength);
  }
  if (!entries.isIpv4(position)) return undefined;
  if ((flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) === 0) return undefined;
  const on = describeInterface(entries.named(position));
  return invalid(
    `There are no IPv4 neighbors on ${on}, ` +
      "a loopback or point-to-point device",
    entries.given[position],
  );
}
