/**
 * The socket that the kernel's announcements come in by. What is not received
 * waits in the kernel, as much as the socket's buffer holds; what the kernel
 * had to drop beyond that it tells by an error.
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

/** An announcement of a link is some 1.5 KiB, of a neighbor some 100 bytes. */
const RECEIVE_SIZE = 64 * 1024;
const RECEIVE_LENGTH = BigInt(RECEIVE_SIZE);
/** Without a privilege the kernel gives as much of it as net.core.rmem_max. */
const BUFFER_SIZE = 8 * 1024 * 1024;
/** No more of the smallest announcements fit the buffer, which counts twice. */
const MOST_QUEUED = 32 * 1024;
/** So many at once, some 10 ms: then others have their turn. */
const MOST_AT_ONCE = 4096;

/** How a reading of the queue ended: `full` is neither empty nor lost. */
export type Drained = "empty" | "full" | "lost";

/** A socket for the announcements of this network namespace. */
export class Listener {
  readonly #libc: Libc;
  readonly #bytes = bytesOf(RECEIVE_SIZE);
  readonly #message = messageSlot();
  /** What `poll` is given. */
  readonly descriptor: number;

  /** Opens the socket and joins the groups. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.descriptor = libc.socket(
      AF_NETLINK,
      SOCK_RAW | SOCK_CLOEXEC,
      NETLINK_ROUTE,
    );
    if (this.descriptor < 0) throw socketError("socket", libc.errno());
    const size = new Int32Array([BUFFER_SIZE]);
    // Not told either way: with less room more is lost, and that is told
    if (
      libc.setsockopt(this.descriptor, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) < 0
    ) {
      libc.setsockopt(this.descriptor, SOL_SOCKET, SO_RCVBUF, size, 4);
    }
    const address = new DataView(new ArrayBuffer(SIZEOF_sockaddr_nl));
    address.setUint16(sockaddr_nl_nl_family, AF_NETLINK, true);
    const groups = RTMGRP_NEIGH | RTMGRP_LINK;
    address.setUint32(sockaddr_nl_nl_groups, groups, true);
    if (libc.bind(this.descriptor, address, SIZEOF_sockaddr_nl) < 0) {
      const status = libc.errno();
      libc.close(this.descriptor);
      throw socketError("bind", status);
    }
  }

  /** Hands over what is queued. */
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
   * Throws away all that was queued before something was lost. Until the queue
   * has been empty the kernel drops whatever else comes, without a word: what
   * is read before that would be older than what is missing.
   */
  discard(): void {
    for (let count = 0; count < MOST_QUEUED; count++) {
      if (this.#receive() === -EAGAIN) return;
    }
  }

  /** Leaves the groups. */
  close(): void {
    this.#libc.close(this.descriptor);
  }

  /** How many bytes came, or the errno below zero. */
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
