/**
 * Rules of a device that the kernel does not check, although it then stores
 * another entry. Pure.
 *
 * @module
 */

import { describeInterface, type EntryList } from "../entry_list.ts";
import type { Link } from "./netlink/ifinfomsg.ts";
import { IFF_LOOPBACK, IFF_POINTOPOINT } from "./netlink/layout.ts";

/**
 * The rule of its device that an entry breaks. The kernel cuts a link-layer
 * address that is longer than those of the device, and stores every IPv4
 * address on a loopback or point-to-point device as 0.0.0.0.
 */
export function brokenDeviceRule(
  { addressLength, flags }: Link,
  entries: EntryList,
  position: number,
): string | undefined {
  const length = entries.linkLayerLengths[position]!;
  if (length > 0 && length !== addressLength) {
    const address = entries.linkLayerAddress(position);
    const on = describeInterface(entries.named(position));
    return `The link-layer address "${address}" has ${length} octets, ` +
      `${on} takes ${addressLength || "none"}`;
  }
  if (!entries.isIpv4(position)) return undefined;
  if ((flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) === 0) return undefined;
  const on = describeInterface(entries.named(position));
  return `There are no IPv4 neighbors on ${on}, ` +
    "a loopback or point-to-point device";
}
