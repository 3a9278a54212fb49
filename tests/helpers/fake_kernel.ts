/**
 * A C library with a kernel behind it that does as a test says: what its table
 * holds, what its dumps leave out, what it announces, what it drops. It says
 * nothing about Linux, only about what this package does with an answer.
 *
 * @module
 */

import { parseAddress } from "../../ffi/parse/address.ts";
import type { Libc } from "../../ffi/linux/netlink/libc.ts";
import { encodeNeighbor } from "../../ffi/linux/netlink/ndmsg.ts";
import { bytesOf } from "../../ffi/linux/netlink/message.ts";
import { message } from "./golden/messages.ts";

export const EAGAIN = 11;
export const ENOBUFS = 105;
const ENOENT = 2;
const ENOTTY = 25;

const NOOP = 1;
const GETLINK = 18;
const NEWNEIGH = 28;
const DELNEIGH = 29;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NLM_F_DUMP = 0x300;
const NLM_F_DUMP_INTR = 0x10;

/** The interface of every row. */
export const INDEX = 100;

export const NUD = { reachable: 2, stale: 4, failed: 0x20, permanent: 0x80 };

/** One answer of `recv`: bytes, or an errno. */
type Reply = Uint8Array | number;

/** A neighbor message about an address. */
function neighbor(
  type: number,
  address: string,
  octet: number,
  state: number,
  sequence = 0,
): Uint8Array {
  const bytes = bytesOf(128);
  const octets = parseAddress(address).bytes;
  const request = { type, flags: 0, state, ndmFlags: 0 };
  const end = encodeNeighbor(
    bytes,
    0,
    sequence,
    { ...request, extendedFlags: 0, protocol: 0 },
    INDEX,
    octets,
    0,
    octets.length,
    Uint8Array.of(2, 0xfc, 0, 0, 0, octet),
    0,
    6,
  );
  return bytes.array.slice(0, end);
}

/** The fake kernel and its C library. */
export class FakeKernel {
  /** Address → last octet of the link-layer address and state. */
  readonly rows = new Map<string, readonly [number, number]>();
  /** Queued messages by listening descriptor. */
  readonly #queues = new Map<number, Reply[]>();
  /** The addresses that dump number `n` omits. */
  lacks: (n: number) => readonly string[] = () => [];
  /** Whether dump number `n` is marked as interrupted. */
  interrupts: (n: number) => boolean = () => false;
  /** Whether an answer of dump number `n` is lost. */
  loses: (n: number) => boolean = () => false;
  /** Called during a dump, after it has read the table. */
  during: () => void = () => {};
  /** An errno for the call of that name. */
  readonly fails = new Map<string, number>();
  /** Dumps and look-ups of rows and of links so far; polls at the same time at the most. */
  readonly count = { dumps: 0, lookUps: 0, links: 0, polls: 0, unloads: 0 };
  /** The groups of the last `bind`. */
  groups = 0;
  /** Descriptors that are open. */
  readonly open = new Set<number>();
  #errno = 0;
  #last = 2;
  /** The descriptors of the current poll. */
  #polled: number[] = [];
  /** Descriptors that joined a group and have no port yet. */
  readonly #joined = new Set<number>();
  /** Queued answers by requesting descriptor. */
  readonly #replies = new Map<number, Reply[]>();
  #wake: (() => void) | undefined;
  #isKicked = false;

  /** Adds a row and sends an event. */
  set(address: string, octet = 5, state = NUD.permanent): void {
    this.rows.set(address, [octet, state]);
    this.announce(neighbor(NEWNEIGH, address, octet, state));
  }

  /** Deletes a row as Linux does: it becomes failed first. */
  delete(address: string): void {
    const [octet] = this.rows.get(address)!;
    this.rows.delete(address);
    this.announce(neighbor(NEWNEIGH, address, octet, NUD.failed));
    this.announce(neighbor(DELNEIGH, address, octet, NUD.failed));
  }

  /** Queues any message. */
  announce(reply: Reply): void {
    for (const queue of this.#queues.values()) queue.push(reply);
    this.#wake?.();
  }

  readonly libc: Libc = {
    socket: () => this.#opened("socket"),
    setsockopt: (descriptor: number, level: number, option: number) => {
      if (level === SOL_NETLINK && option === NETLINK_ADD_MEMBERSHIP) {
        if (this.fails.has("join")) return this.#done("join");
        this.#joined.add(descriptor);
      }
      return this.#done("setsockopt");
    },
    bind: (descriptor: number, address: DataView) => {
      this.groups = address.getUint32(8, true);
      this.#queues.set(descriptor, []);
      return this.#done("bind");
    },
    send: (
      descriptor: number,
      buffer: Uint8Array<ArrayBuffer>,
      length: bigint,
    ) => {
      // The first message gives the socket its port; a NOOP has no answer
      if (this.#joined.delete(descriptor)) this.#queues.set(descriptor, []);
      if (buffer[4] === NOOP) return this.#done("noop") || Number(length);
      const replies = this.#replies.get(descriptor) ?? [];
      this.#replies.set(descriptor, replies);
      this.#answer(new DataView(buffer.buffer, 0, Number(length)), replies);
      return Number(length);
    },
    recv: (descriptor: number, buffer: Uint8Array) => {
      const queue = this.#queues.get(descriptor) ??
        this.#replies.get(descriptor);
      const reply = queue?.shift() ?? EAGAIN;
      if (typeof reply === "number") return this.#fail(reply);
      // The rest of a message that does not fit is lost
      buffer.set(reply.subarray(0, buffer.length));
      return reply.length;
    },
    eventfd: () => this.#opened("eventfd"),
    eventfd_write: () => {
      this.#isKicked = true;
      this.#wake?.();
      return 0;
    },
    eventfd_read: () => {
      this.#isKicked = false;
      return 0;
    },
    poll: async (view: DataView, count: bigint) => {
      const polls = Array.from(
        { length: Number(count) },
        (_, i) => view.getInt32(8 * i, true),
      );
      this.#polled = polls;
      this.count.polls++;
      const isReady = (descriptor: number) =>
        (this.#queues.get(descriptor)?.length ?? 0) > 0;
      if (!polls.some(isReady) && !this.#isKicked) {
        await new Promise<void>((go) => this.#wake = go);
      }
      // Never in the same turn, like the real one
      await new Promise((go) => setTimeout(go, 0));
      this.#wake = undefined;
      this.count.polls--;
      this.#polled = [];
      polls.forEach((descriptor, i) => {
        if (isReady(descriptor)) view.setInt16(8 * i + 6, 1, true);
      });
      return this.fails.has("poll") ? -1 : 1;
    },
    close: (descriptor: number) => {
      if (this.#polled.includes(descriptor)) throw new Error("still polled");
      if (!this.open.delete(descriptor)) throw new Error("closed twice");
      this.#queues.delete(descriptor);
      this.#replies.delete(descriptor);
      return 0;
    },
    // The caller then uses RTM_GETLINK
    ioctl: () => this.#fail(ENOTTY),
    errno: () => this.#errno,
    unload: () => void this.count.unloads++,
  } as unknown as Libc;

  #answer(request: DataView, replies: Reply[]): void {
    const sequence = request.getUint32(8, true);
    if (request.getUint16(4, true) === GETLINK) {
      this.count.links++;
      const { array, view } = message("LINK_VETH");
      view.setUint32(8, sequence, true);
      replies.push(array);
      return;
    }
    const family = request.getUint8(16);
    const isDump = (request.getUint16(6, true) & NLM_F_DUMP) === NLM_F_DUMP;
    if (!isDump) {
      this.count.lookUps++;
      const from = new Uint8Array(request.buffer, 32, family === 2 ? 4 : 16);
      for (const [address, [octet, state]] of this.rows) {
        const { bytes } = parseAddress(address);
        if (bytes.every((byte, i) => byte === from[i])) {
          const row = neighbor(NEWNEIGH, address, octet, state, sequence);
          replies.push(row);
          return;
        }
      }
      const { array, view } = message("ERROR_WITH_TEXT");
      view.setUint32(8, sequence, true);
      view.setInt32(16, -ENOENT, true);
      replies.push(array);
      return;
    }
    const dump = this.count.dumps++;
    const lacks = this.lacks(dump);
    for (const [address, [octet, state]] of this.rows) {
      if ((family === 2) === address.includes(":")) continue;
      if (lacks.includes(address)) continue;
      const row = neighbor(NEWNEIGH, address, octet, state, sequence);
      replies.push(row);
    }
    if (this.loses(dump)) replies.push(ENOBUFS);
    const { array, view } = message("DONE");
    view.setUint32(8, sequence, true);
    if (this.interrupts(dump)) {
      view.setUint16(6, view.getUint16(6, true) | NLM_F_DUMP_INTR, true);
    }
    replies.push(array);
    this.during();
  }

  #opened(name: string): number {
    if (this.fails.has(name)) return this.#fail(this.fails.get(name)!);
    this.open.add(++this.#last);
    return this.#last;
  }

  #done(name: string): number {
    return this.fails.has(name) ? this.#fail(this.fails.get(name)!) : 0;
  }

  #fail(errno: number): number {
    this.#errno = errno;
    return -1;
  }
}
