/**
 * What the kernel would take and get wrong, by what is known of the device.
 * Pure.
 *
 * @module
 */

import {
  describeInterface,
  type ParsedEntry,
  type ParsedKey,
} from "../parse/entry.ts";
import { formatLinkLayerAddress } from "../parse/link_layer_address.ts";
import type { Link } from "./netlink/ifinfomsg.ts";
import { IFF_LOOPBACK, IFF_POINTOPOINT } from "./netlink/layout.ts";

/**
 * Which rule of the device an entry breaks: the kernel cuts a link-layer address
 * that is longer than the device's own.
 */
export function brokenRule(link: Link, entry: ParsedEntry): string | undefined {
  const { linkLayerAddress } = entry;
  if (linkLayerAddress.length !== link.addressLength) {
    return `The link-layer address "${
      formatLinkLayerAddress(linkLayerAddress)
    }" has ${linkLayerAddress.length} octets, ` +
      `${describeInterface(entry.interface)} takes ${
        link.addressLength || "none"
      }`;
  }
  return brokenFamilyRule(link, entry);
}

/**
 * Which rule a key breaks: the kernel stores every IPv4 address of a loopback or
 * point-to-point device as 0.0.0.0.
 */
export function brokenFamilyRule(
  link: Link,
  key: ParsedKey,
): string | undefined {
  if (
    key.family === "ipv6" ||
    (link.flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) === 0
  ) return undefined;
  return `There are no IPv4 neighbors on ${
    describeInterface(key.interface)
  }, ` +
    "a loopback or point-to-point device";
}
