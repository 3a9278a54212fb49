/**
 * One rtnetlink socket: requests out, replies matched by sequence number.
 *
 * The kernel has queued its replies by the time `send` returns, so nothing here
 * ever blocks: an empty queue means that a reply was lost.
 *
 * @module
 */

import { NeighborError } from "../../types/error.ts";
import { failure } from "./failure.ts";
import {
  AF_NETLINK,
  align,
  ifreq_ifr_ifindex,
  ifreq_ifr_name,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_ROUTE,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
  SIOCGIFINDEX,
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
import { EINTR, ENOBUFS } from "./errno.ts";
import { Asking, type Decoder, Dumping, type Visitor } from "./replies.ts";

/** Less than 32 KiB on any receive would cut a dump and lose its end. */
const RECEIVE_SIZE = 64 * 1024;
const RECEIVE_LENGTH = BigInt(RECEIVE_SIZE);
/** Room for one request of the largest kind, which is a link by its name. */
const REQUEST_SIZE = 256;
const INDEX_OF_NAME = BigInt(SIOCGIFINDEX);
/** How often a dump that changed under the reader is begun again. */
const MAX_DUMPS = 8;

/** A socket for the network namespace this process is in. */
export class NetlinkSocket {
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #replies = bytesOf(RECEIVE_SIZE);
  readonly #message = messageSlot();
  readonly #ifreq = bytesOf(SIZEOF_ifreq);
  #sequence = 0;
  /** Where a single request is written. */
  readonly request: Bytes = bytesOf(REQUEST_SIZE);

  /** Opens the socket and turns on what the rest relies on. */
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
      throw refused("socket", status);
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
        throw refused("setsockopt", status);
      }
    }
  }

  /** Reserves `count` sequence numbers; answers the first, none is 0. */
  reserve(count: number): number {
    // 0 is what the kernel's own notifications carry
    if (this.#sequence + count > 0xffff_ffff) this.#sequence = 0;
    const first = this.#sequence + 1;
    this.#sequence += count;
    return first;
  }

  /** Sends the first `length` bytes: 0, or the errno of `send`. */
  send({ array }: Bytes, length: number): number {
    for (;;) {
      const sent = this.#libc.send(
        this.#descriptor,
        array,
        BigInt(length),
        0,
      );
      if (sent >= 0) return 0;
      const status = this.#libc.errno();
      // Interrupted before anything was handed over
      if (status !== EINTR) return status;
    }
  }

  /**
   * Hands over the replies to `count` requests from `first` on, until the
   * visitor has seen the last. False where replies were lost.
   */
  receive(first: number, count: number, visitor: Visitor): boolean {
    let isComplete = true;
    for (;;) {
      const length = this.#libc.recv(
        this.#descriptor,
        this.#replies.array,
        RECEIVE_LENGTH,
        MSG_DONTWAIT | MSG_TRUNC,
      );
      if (length < 0) {
        const status = this.#libc.errno();
        if (status === ENOBUFS) isComplete = false;
        else if (status !== EINTR) return false;
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
        // What is left of an earlier request has another number
        const isOurs = message.sequence - first >>> 0 < count &&
          message.type !== NLMSG_NOOP && message.type !== NLMSG_OVERRUN;
        if (isOurs && visitor.visit(message, this.#replies)) {
          return isComplete;
        }
        at = align(message.end);
      }
    }
  }

  /**
   * Sends one request and reads the one thing that comes back: a row, by the
   * decoder, or an answer, `null` where it was lost.
   */
  ask<Row>(
    length: number,
    sequence: number,
    decoder?: Decoder<Row>,
  ): { readonly answer: Answer | null; readonly row: Row | undefined } {
    const status = this.send(this.request, length);
    if (status !== 0) return { answer: { status, text: null }, row: undefined };
    const asking = new Asking(decoder);
    return this.receive(sequence, 1, asking)
      ? asking
      : { answer: null, row: asking.row };
  }

  /**
   * Reads all rows of a dump, again where the kernel says that it changed in
   * between or a reply was lost. `begin` makes the decoder of each attempt.
   */
  dump<Row>(
    operation: string,
    encode: (sequence: number) => number,
    begin: () => Decoder<Row>,
  ): { readonly answer: Answer; readonly rows: Row[] } {
    for (let attempt = 0; attempt < MAX_DUMPS; attempt++) {
      const sequence = this.reserve(1);
      const status = this.send(this.request, encode(sequence));
      if (status !== 0) return { answer: { status, text: null }, rows: [] };
      const dumping = new Dumping(begin());
      try {
        const isComplete = this.receive(sequence, 1, dumping);
        if (isComplete && !dumping.isInterrupted) return dumping;
      } catch (error) {
        this.#drain();
        throw error;
      }
    }
    throw new NeighborError(
      "OTHER",
      `${operation} was begun ${MAX_DUMPS} times and never ended well: ` +
        "the table changes faster than it can be read",
      { operation },
    );
  }

  /**
   * SIOCGIFINDEX: the index of an interface by a name of up to 15 bytes, or the
   * errno below zero. Any socket can be asked, at a fraction of RTM_GETLINK.
   */
  indexOfName(name: Uint8Array): number {
    this.#ifreq.array.fill(0);
    this.#ifreq.array.set(name, ifreq_ifr_name);
    const result = this.#libc.ioctl(
      this.#descriptor,
      INDEX_OF_NAME,
      this.#ifreq.array,
    );
    if (result < 0) return -this.#libc.errno();
    return this.#ifreq.view.getInt32(ifreq_ifr_ifindex, true);
  }

  /** Closes the descriptor and unloads the library. */
  close(): void {
    this.#libc.close(this.#descriptor);
    this.#libc.unload();
  }

  /** Throws away what is left: an unfinished dump would keep the socket busy. */
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

function refused(operation: string, status: number): NeighborError {
  return failure({ status, text: null }, {
    operation,
    what: "open an rtnetlink socket",
    entry: undefined,
  });
}
