/**
 * Keeps the links that single writes have looked up, until the kernel announces
 * a change of any link. To ask whether there is an announcement costs a
 * fraction of a look-up.
 *
 * The kernel queues an announcement before the call that changes a link
 * returns, so a later write finds it.
 *
 * @module
 */

import { EAGAIN } from "./netlink/errno.ts";
import type { Link } from "./netlink/ifinfomsg.ts";
import {
  AF_NETLINK,
  IFF_UP,
  MSG_DONTWAIT,
  NETLINK_ADD_MEMBERSHIP,
  NETLINK_ROUTE,
  NLMSG_NOOP,
  RTNLGRP_LINK,
  SIZEOF_nlmsghdr,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_NETLINK,
} from "./netlink/layout.ts";
import type { Libc } from "./netlink/libc.ts";
import { bytesOf, encodeHeader } from "./netlink/message.ts";

/** Links by the name or the index they were looked up by. */
export class LinkCache<Known extends { readonly link: Link }> {
  readonly #libc: Libc;
  readonly #known = new Map<string | number, Known>();
  readonly #octet = new Uint8Array(1);
  #descriptor = -1;
  #isTried = false;

  /** Opens its socket after the first look-up. */
  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /**
   * What was kept by this name; `undefined` where a link may have changed.
   * After announcements were lost the queue is not empty either, and until it
   * is nothing is returned.
   */
  get(name: string | number): Known | undefined {
    if (this.#descriptor < 0) return undefined;
    const length = this.#libc.recv(
      this.#descriptor,
      this.#octet,
      1n,
      MSG_DONTWAIT,
    );
    if (length < 0 && this.#libc.errno() === EAGAIN) {
      return this.#known.get(name);
    }
    this.#known.clear();
    return undefined;
  }

  /**
   * Keeps what was looked up after {@linkcode get}. A link that is down is not
   * kept: most kinds of device change their type only then, and not every
   * driver announces it.
   */
  keep(name: string | number, known: Known): void {
    if (this.#descriptor >= 0) {
      if ((known.link.flags & IFF_UP) !== 0) this.#known.set(name, known);
    } else if (!this.#isTried) {
      // Not kept this time: the link may have changed since it was read
      this.#isTried = true;
      this.#descriptor = subscribe(this.#libc);
    }
  }

  /** Closes the socket. */
  close(): void {
    this.#known.clear();
    if (this.#descriptor >= 0) this.#libc.close(this.#descriptor);
    this.#descriptor = -1;
  }
}

/**
 * A socket that receives the announcements of links, or -1: without it every
 * link is looked up each time.
 */
function subscribe(libc: Libc): number {
  const descriptor = libc.socket(
    AF_NETLINK,
    SOCK_RAW | SOCK_CLOEXEC,
    NETLINK_ROUTE,
  );
  if (descriptor < 0) return -1;
  const group = new Int32Array([RTNLGRP_LINK]);
  const noop = bytesOf(SIZEOF_nlmsghdr);
  encodeHeader(noop, 0, SIZEOF_nlmsghdr, NLMSG_NOOP, 0, 0);
  // The kernel ignores the message, but with the first one it gives the socket
  // its port, without which nothing is delivered. `bind` would do too, and is
  // not among the functions that are loaded
  const isSubscribed = libc.setsockopt(
        descriptor,
        SOL_NETLINK,
        NETLINK_ADD_MEMBERSHIP,
        group,
        4,
      ) ===
      0 &&
    libc.send(descriptor, noop.array, BigInt(SIZEOF_nlmsghdr), 0) ===
      SIZEOF_nlmsghdr;
  if (isSubscribed) return descriptor;
  libc.close(descriptor);
  return -1;
}
