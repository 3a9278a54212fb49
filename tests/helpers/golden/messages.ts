/**
 * The golden netlink messages as bytes, each call a copy of its own.
 *
 * @module
 */

import { type Bytes, bytesOf } from "../../../ffi/linux/netlink/message.ts";
import { NETLINK } from "./netlink.ts";

/** The name of a golden message. */
export type MessageName = keyof typeof NETLINK;

/** All names. */
export const MESSAGE_NAMES = Object.keys(NETLINK) as MessageName[];

/** A message with its header. */
export function messageBytes(name: MessageName): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    NETLINK[name].match(/[0-9a-f]{2}/g) ?? [],
    (octet) => parseInt(octet, 16),
  );
}

/** The same as what the codecs read. */
export function message(name: MessageName): Bytes {
  return bytesOf(messageBytes(name));
}
