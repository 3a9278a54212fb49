/**
 * A C library with a kernel behind it that does as a test says: what its table
 * holds, what its dumps leave out, what it announces, what it drops. It says
 * nothing about Linux, only about what this package does with an answer.
 *
 * @module
 */

import { formatAddress, parseAddress } from "../../ffi/parse/address.ts";
import type { Libc } from "../../ffi/linux/netlink/libc.ts";
import { encodeNeighbor } from "../../ffi/linux/netlink/ndmsg.ts";
import { bytesOf } from "../../ffi/linux/netlink/message.ts";
import { message } from "./golden/messages.ts";

export const EAGAIN = 11;
export const ENOBUFS = 105;
const ENOENT = 2;
const EEXIST = 17;
const EINVAL = 22;
const ENOTTY = 25;

const NOOP = 1;
const GETLINK = 18;
const NEWNEIGH = 28;
const DELNEIGH = 29;
const GETNEIGH = 30;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NLM_F_DUMP = 0x300;
const NLM_F_REPLACE = 0x100;
const NLM_F_EXCL = 0x200;
const NLM_F_CREATE = 0x400;
const NLM_F_DUMP_INTR = 0x10;

/** The interface of every row. */
export const INDEX = 100;

export const NUD = { reachable: 2, stale: 4, failed: 0x20, permanent: 0x80 };

/** One answer of `recv`: bytes, or an errno. */
export type Reply = Uint8Array | number;

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

/** The answer to a request that is refused. */
function errorReply(sequence: number, errno: number): Uint8Array {
  const { array, view } = message("ERROR_WITH_TEXT");
  view.setUint32(8, sequence, true);
  view.setInt32(16, -errno, true);
  return array;
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
  /** An errno for a request about an address; 0 makes it as it should. */
  refuses: (address: string, isWrite: boolean) => number = () => 0;
  /** The errno of a send of so many requests; 0 makes it as it should. */
  refusesSend: (requests: number) => number = () => 0;
  /** What `recv` returns instead. */
  receives: (reply: Reply) => Reply = (reply) => reply;
  /** The interface that each dump asked for; `null` for all. */
  readonly dumped: (number | null)[] = [];
  /** How many requests each send had. */
  readonly sends: number[] = [];
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
  #isCongested = false;

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

  /** Queues any message; drops it like the kernel after an overflow. */
  announce(reply: Reply): void {
    if (this.#isCongested) return;
    for (const queue of this.#queues.values()) queue.push(reply);
    this.#wake?.();
  }

  /**
   * Overflows the queues, in which `count` messages are left. Until one of them
   * was empty, announcements are dropped and no further error tells of it.
   */
  overflow(count: number): void {
    this.announce(ENOBUFS);
    const old = neighbor(NEWNEIGH, "192.0.2.1", 5, NUD.permanent);
    for (let i = 0; i < count; i++) this.announce(old);
    this.#isCongested = true;
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
      const all = new DataView(buffer.buffer, 0, Number(length));
      const requests: DataView[] = [];
      for (let at = 0; at < all.byteLength;) {
        const end = at + all.getUint32(at, true);
        requests.push(new DataView(buffer.slice(at, end).buffer));
        at = end + 3 & ~3;
      }
      this.sends.push(requests.length);
      const refused = this.refusesSend(requests.length);
      if (refused !== 0) return this.#fail(refused);
      for (const request of requests) this.#answer(request, replies);
      return Number(length);
    },
    recv: (descriptor: number, buffer: Uint8Array) => {
      const queue = this.#queues.get(descriptor) ??
        this.#replies.get(descriptor);
      const reply = this.receives(queue?.shift() ?? EAGAIN);
      const isListening = this.#queues.has(descriptor);
      if (isListening && queue?.length === 0) this.#isCongested = false;
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
    if (request.getUint16(4, true) !== GETNEIGH || !isDump) {
      const status = this.#answerOne(request, sequence, replies);
      if (status !== 0) replies.push(errorReply(sequence, status));
      return;
    }
    // NDA_IFINDEX, the only attribute
    const isFiltered = request.byteLength > 28;
    this.dumped.push(isFiltered ? request.getUint32(32, true) : null);
    const refused = this.refuses("a dump", false);
    if (refused !== 0) {
      replies.push(errorReply(sequence, refused));
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

  /** Reads or writes one row; returns an errno, or 0. */
  #answerOne(request: DataView, sequence: number, replies: Reply[]): number {
    const type = request.getUint16(4, true);
    const flags = request.getUint16(6, true);
    const length = request.getUint8(16) === 2 ? 4 : 16;
    const octets = new Uint8Array(request.buffer, 32, length);
    const address = formatAddress(octets);
    const row = this.rows.get(address);
    const refused = this.refuses(address, type !== GETNEIGH);
    if (refused !== 0) return refused;
    const hasLinkLayer = request.byteLength > 32 + length;
    if (hasLinkLayer !== (type === NEWNEIGH)) return EINVAL;
    if (type === GETNEIGH) {
      this.count.lookUps++;
      if (row === undefined) return ENOENT;
      replies.push(neighbor(NEWNEIGH, address, ...row, sequence));
      return 0;
    }
    const isForNew = type === NEWNEIGH && (flags & NLM_F_CREATE) !== 0;
    if (row === undefined && !isForNew) return ENOENT;
    if (type === DELNEIGH) this.delete(address);
    else if (row !== undefined && flags & NLM_F_EXCL) return EEXIST;
    else if (row === undefined || flags & NLM_F_REPLACE) {
      // NDA_LLADDR follows NDA_DST; its last octet is the one that is kept
      const octet = request.getUint8(32 + length + 4 + 5);
      this.set(address, octet, request.getUint16(24, true));
    }
    return 0;
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
