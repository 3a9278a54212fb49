/**
 * The socket that receives the kernel's announcements. They are queued in the
 * kernel, in the receive buffer of the socket. Where that was full the kernel
 * has dropped some, which it reports as an error.
 *
 * @module
 */

import { failure } from "../netlink/failure.ts";
import {
  AF_NETLINK,
  align,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_ROUTE,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
  RTMGRP_IPV4_ROUTE,
  RTMGRP_IPV6_ROUTE,
  RTMGRP_LINK,
  RTMGRP_NEIGH,
  SIZEOF_sockaddr_nl,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_RAW,
  sockaddr_nl_nl_family,
  sockaddr_nl_nl_groups,
  SOL_SOCKET,
} from "../netlink/layout.ts";
import type { Libc } from "../netlink/libc.ts";
import {
  type Bytes,
  bytesOf,
  decodeHeader,
  type Message,
  messageSlot,
} from "../netlink/message.ts";
import { EAGAIN, EINTR } from "../netlink/errno.ts";

/**
 * An announcement of a link has about 1.5 KiB, of a neighbor about 100 bytes.
 */
const RECEIVE_SIZE = 64 * 1024;
const RECEIVE_LENGTH = BigInt(RECEIVE_SIZE);
/** Without privileges the kernel limits it to net.core.rmem_max. */
const BUFFER_SIZE = 8 * 1024 * 1024;
/** About 10 ms of work; then the event loop gets a turn. */
const MOST_AT_ONCE = 4096;
/** As long, for announcements that are not decoded. */
const MOST_DISCARDED = 32 * 1024;

/**
 * How reading ended: `full` where there is more, `lost` where some were
 * dropped.
 */
export type Drained = "empty" | "full" | "lost";

/** Receives the announcements of this network namespace. */
export class Listener {
  readonly #libc: Libc;
  readonly #bytes = bytesOf(RECEIVE_SIZE);
  readonly #message = messageSlot();
  /** The file descriptor, for `poll`. */
  readonly descriptor: number;

  /** Opens the socket and joins the groups, with `withRoutes` those of routes. */
  constructor(libc: Libc, withRoutes: boolean) {
    this.#libc = libc;
    this.descriptor = libc.socket(
      AF_NETLINK,
      SOCK_RAW | SOCK_CLOEXEC,
      NETLINK_ROUTE,
    );
    if (this.descriptor < 0) throw socketError("socket", libc.errno());
    const size = new Int32Array([BUFFER_SIZE]);
    // A failure is no error: with a smaller buffer more is lost, which is
    // reported
    if (
      libc.setsockopt(this.descriptor, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) < 0
    ) {
      libc.setsockopt(this.descriptor, SOL_SOCKET, SO_RCVBUF, size, 4);
    }
    const address = new DataView(new ArrayBuffer(SIZEOF_sockaddr_nl));
    address.setUint16(sockaddr_nl_nl_family, AF_NETLINK, true);
    const groups = RTMGRP_NEIGH | RTMGRP_LINK |
      (withRoutes ? RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE : 0);
    address.setUint32(sockaddr_nl_nl_groups, groups, true);
    if (libc.bind(this.descriptor, address, SIZEOF_sockaddr_nl) < 0) {
      const status = libc.errno();
      libc.close(this.descriptor);
      throw socketError("bind", status);
    }
  }

  /** Visits the queued messages. */
  drain(visit: (message: Message, bytes: Bytes) => void): Drained {
    for (let count = 0; count < MOST_AT_ONCE;) {
      const length = this.#receive();
      if (length === -EAGAIN) return "empty";
      if (length === -EINTR) continue;
      if (length < 0 || length > RECEIVE_SIZE) return "lost";
      for (let at = 0; at < length; count++) {
        const message = decodeHeader(this.#bytes, at, length, this.#message);
        if (message.type === NLMSG_OVERRUN) return "lost";
        if (message.type !== NLMSG_NOOP) visit(message, this.#bytes);
        at = align(message.end);
      }
    }
    return "full";
  }

  /**
   * Discards the queue after a loss. Until the queue has been empty the kernel
   * drops new announcements silently, so the queued ones are older than the
   * missing ones, and a table that is read before may change unreported.
   * Returns whether the queue was empty; if not, it is to be called again.
   */
  discard(): boolean {
    for (let count = 0; count < MOST_DISCARDED; count++) {
      if (this.#receive() === -EAGAIN) return true;
    }
    return false;
  }

  /** Leaves the groups. */
  close(): void {
    this.#libc.close(this.descriptor);
  }

  /** The number of bytes received, or a negative errno. */
  #receive(): number {
    const length = this.#libc.recv(
      this.descriptor,
      this.#bytes.array,
      RECEIVE_LENGTH,
      MSG_DONTWAIT | MSG_TRUNC,
    );
    return length < 0 ? -this.#libc.errno() : length;
  }
}

function socketError(operation: string, status: number) {
  return failure({ status, text: null }, {
    operation,
    what: "watch neighbors",
    entry: undefined,
  });
}
