/**
 * One rtnetlink socket: sends requests, and matches replies by sequence number.
 *
 * The kernel has queued its replies by the time `send` returns, so receiving
 * never blocks. An empty queue means that there is no reply, or that it was
 * lost.
 *
 * @module
 */

import { closed, NeighborError } from "../../types/error.ts";
import { failure } from "./failure.ts";
import {
  AF_NETLINK,
  align,
  IFNAMSIZ,
  ifreq_ifr_ifindex,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_ROUTE,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
  SIOCGIFINDEX,
  SIOCGIFNAME,
  SIZEOF_ifreq,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_NETLINK,
} from "./layout.ts";
import type { Libc } from "./libc.ts";
import {
  type Answer,
  type Bytes,
  bytesOf,
  decodeHeader,
  messageSlot,
} from "./message.ts";
import { EAGAIN, EINTR, ENOBUFS } from "./errno.ts";
import { Dump, type DumpReader, Reply, type Visitor } from "./replies.ts";

/**
 * With less than 32 KiB the kernel may send parts of a dump that do not fit.
 */
const RECEIVE_SIZE = 64 * 1024;
const RECEIVE_LENGTH = BigInt(RECEIVE_SIZE);
/** Fits the largest request, which is for a link by its name. */
const REQUEST_SIZE = 256;
const INDEX_OF_NAME = BigInt(SIOCGIFINDEX);
const NAME_OF_INDEX = BigInt(SIOCGIFNAME);
/** The most attempts of a dump during which the table changes. */
export const MAX_DUMPS = 8;

/**
 * How receiving ended: `last` reply, `empty` queue before it, replies `lost`, or
 * `more` to receive.
 */
export type Received = "last" | "empty" | "lost" | "more";

/** A socket for the network namespace this process is in. */
export class NetlinkSocket {
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #replies = bytesOf(RECEIVE_SIZE);
  readonly #message = messageSlot();
  #sequence = 0;
  #isClosed = false;
  /** The buffer of a single request. */
  readonly request: Bytes = bytesOf(REQUEST_SIZE);
  /** The `struct ifreq` of an ioctl about an interface. */
  readonly ifreq: Bytes = bytesOf(SIZEOF_ifreq);

  /** Opens the socket and sets the options that the rest relies on. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#descriptor = libc.socket(
      AF_NETLINK,
      SOCK_RAW | SOCK_CLOEXEC,
      NETLINK_ROUTE,
    );
    if (this.#descriptor < 0) {
      const status = libc.errno();
      libc.unload();
      throw socketError("socket", status);
    }
    const on = new Int32Array([1]);
    for (
      const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK]
    ) {
      const result = libc.setsockopt(
        this.#descriptor,
        SOL_NETLINK,
        option,
        on,
        4,
      );
      if (result < 0) {
        const status = libc.errno();
        this.close();
        throw socketError("setsockopt", status);
      }
    }
  }

  /** Reserves `count` sequence numbers, none of them 0; returns the first. */
  reserve(count: number): number {
    // The kernel's notifications have sequence number 0
    if (this.#sequence + count > 0xffff_ffff) this.#sequence = 0;
    const first = this.#sequence + 1;
    this.#sequence += count;
    return first;
  }

  /** Sends the first `length` bytes; returns 0 or the errno of `send`. */
  send({ array }: Bytes, length: number): number {
    this.#checkOpen();
    for (;;) {
      const sent = this.#libc.send(
        this.#descriptor,
        array,
        BigInt(length),
        0,
      );
      if (sent >= 0) return 0;
      const status = this.#libc.errno();
      // Interrupted before anything was sent
      if (status !== EINTR) return status;
    }
  }

  /**
   * Visits the replies to `count` requests from sequence number `first` on,
   * until the visitor has its last one or the queue is empty. The kernel
   * replies to each request that it refuses, and reports a lost reply by
   * ENOBUFS. So if none was lost, a write without a reply has succeeded. `most`
   * limits the calls of `recv`.
   */
  receive(
    first: number,
    count: number,
    visitor: Visitor,
    most = Infinity,
  ): Received {
    this.#checkOpen();
    let isComplete = true;
    for (let calls = 0; calls < most; calls++) {
      const length = this.#libc.recv(
        this.#descriptor,
        this.#replies.array,
        RECEIVE_LENGTH,
        MSG_DONTWAIT | MSG_TRUNC,
      );
      if (length < 0) {
        const status = this.#libc.errno();
        if (status === EAGAIN) return isComplete ? "empty" : "lost";
        if (status === ENOBUFS) isComplete = false;
        else if (status !== EINTR) return "lost";
        continue;
      }
      if (length > RECEIVE_SIZE) {
        isComplete = false;
        continue;
      }
      for (let at = 0; at < length;) {
        const message = decodeHeader(
          this.#replies,
          at,
          length,
          this.#message,
        );
        if (message.type === NLMSG_OVERRUN) isComplete = false;
        // A late reply to an earlier request has another number
        const isOurs = message.sequence - first >>> 0 < count &&
          message.type !== NLMSG_NOOP && message.type !== NLMSG_OVERRUN;
        if (isOurs && visitor.visit(message, this.#replies)) {
          return isComplete ? "last" : "lost";
        }
        at = align(message.end);
      }
    }
    return isComplete ? "more" : "lost";
  }

  /**
   * Sends a request that the kernel always replies to. Returns the decoded row,
   * or the error; `answer` is `null` if the reply was lost.
   */
  ask<Row>(
    length: number,
    sequence: number,
    decode: (replies: Bytes, start: number, end: number) => Row,
  ): { readonly answer: Answer | null; readonly row: Row | undefined } {
    const status = this.send(this.request, length);
    if (status !== 0) return { answer: { status, text: null }, row: undefined };
    const reply = new Reply(decode);
    return this.receive(sequence, 1, reply) === "last"
      ? reply
      : { answer: null, row: reply.row };
  }

  /**
   * Sends a request that the kernel replies to only if it refuses it. Returns
   * `null` if the reply may have been lost.
   */
  tell(length: number, sequence: number): Answer | null {
    const status = this.send(this.request, length);
    if (status !== 0) return { status, text: null };
    const reply = new Reply();
    return this.receive(sequence, 1, reply) === "lost" ? null : reply.answer;
  }

  /**
   * Passes all rows of a dump to the reader. Restarts if the kernel reports
   * that the table changed meanwhile, or if a reply was lost.
   */
  dump(
    operation: string,
    encode: (sequence: number) => number,
    reader: DumpReader,
  ): Answer {
    for (let attempt = 0; attempt < MAX_DUMPS; attempt++) {
      const sequence = this.reserve(1);
      const status = this.send(this.request, encode(sequence));
      if (status !== 0) return { status, text: null };
      const dump = new Dump(reader);
      try {
        const received = this.receive(sequence, 1, dump);
        if (received === "last" && !dump.isInterrupted) return dump.answer;
      } catch (error) {
        this.#drain();
        throw error;
      }
    }
    throw unsettled(operation);
  }

  /**
   * SIOCGIFINDEX: the index of an interface by a name of up to 15 bytes, or a
   * negative errno. It costs a fraction of RTM_GETLINK.
   */
  indexOfName(name: Uint8Array): number {
    const { array, view } = this.ifreq;
    for (let i = 0; i < IFNAMSIZ; i++) {
      array[i] = i < name.length ? name[i]! : 0;
    }
    const result = this.#ioctl(INDEX_OF_NAME);
    return result < 0 ? result : view.getInt32(ifreq_ifr_ifindex, true);
  }

  /** SIOCGIFNAME: 0 with the name in {@linkcode ifreq}, or a negative errno. */
  nameOfIndex(index: number): number {
    this.ifreq.view.setInt32(ifreq_ifr_ifindex, index, true);
    return this.#ioctl(NAME_OF_INDEX);
  }

  #ioctl(request: bigint): number {
    this.#checkOpen();
    const { array } = this.ifreq;
    const result = this.#libc.ioctl(this.#descriptor, request, array);
    return result < 0 ? -this.#libc.errno() : 0;
  }

  /** Closes the descriptor and unloads the library; once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#libc.close(this.#descriptor);
    this.#libc.unload();
  }

  /** After `close` the descriptor may be that of another file. */
  #checkOpen(): void {
    if (this.#isClosed) throw closed();
  }

  /** Discards queued replies: an unfinished dump keeps the socket busy. */
  #drain(): void {
    for (;;) {
      const length = this.#libc.recv(
        this.#descriptor,
        this.#replies.array,
        RECEIVE_LENGTH,
        MSG_DONTWAIT,
      );
      if (length >= 0) continue;
      const status = this.#libc.errno();
      if (status !== EINTR && status !== ENOBUFS) return;
    }
  }
}

/** The error of a dump that was restarted too often. */
export function unsettled(operation: string): NeighborError {
  return new NeighborError(
    "OTHER",
    `${operation} was begun ${MAX_DUMPS} times and never ended well: ` +
      "the table changes faster than it can be read",
    { operation },
  );
}

function socketError(operation: string, status: number): NeighborError {
  return failure({ status, text: null }, {
    operation,
    what: "open an rtnetlink socket",
    entry: undefined,
  });
}
