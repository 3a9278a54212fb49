/**
 * Interfaces: which one a caller means, what it is called, how long its
 * link-layer addresses are.
 *
 * @module
 */

import type { BoundInterface } from "../bound_interface.ts";
import {
  describeInterface,
  type EntryList,
  type ParsedInterface,
} from "../entry_list.ts";
import { invalid, NeighborError } from "../types/error.ts";
import type { NetworkInterface } from "../types/interface.ts";
import { EINVAL, ENODEV } from "./netlink/errno.ts";
import { type Attempt, failure, unknownOutcome } from "./netlink/failure.ts";
import {
  decodeLink,
  encodeLinkRequest,
  type Link,
  toInterface,
} from "./netlink/ifinfomsg.ts";
import {
  ALTIFNAMSIZ,
  IFNAMSIZ,
  ifreq_ifr_hwaddr,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  RTM_GETLINK,
} from "./netlink/layout.ts";
import type { Bytes } from "./netlink/message.ts";
import { decodeName, encodeName } from "./netlink/name.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import { brokenDeviceRule } from "./rules.ts";

const OPERATION = "RTM_GETLINK";
/** `ndm_ifindex` is signed: no interface has an index above this. */
const MAX_INDEX = 0x7fff_ffff;
const COLON = 0x3a;

/** An interface by its index, with what was just read of it. */
export class LinuxInterface implements BoundInterface {
  readonly key: number;
  readonly index: number;
  readonly luid = 0n;
  readonly link: Link;

  /** Takes what was read. */
  constructor(link: Link) {
    this.key = this.index = link.index;
    this.link = link;
  }
}

/** The interfaces of one open table. */
export class LinuxInterfaces {
  readonly #socket: NetlinkSocket;
  /** What {@linkcode target} has read, with its hardware address then. */
  readonly #known = new Map<
    number,
    { readonly on: LinuxInterface; readonly hardware: Uint8Array }
  >();

  /** Asks over the table's own socket. */
  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  /** Looks one up, whole. */
  bind(named: ParsedInterface, given: unknown): LinuxInterface {
    checkNames(named, given);
    const link = named.alias === null
      ? this.#link(named.index, named, given)
      : this.#linkOfAlias(named, named.alias, given);
    return new LinuxInterface(link);
  }

  /** Its index alone, to read by: without a request where it was given. */
  index(named: ParsedInterface, given: unknown): number {
    checkNames(named, given);
    if (named.alias === null) return named.index;
    return this.#indexOf(named, given) ||
      this.#linkOfAlias(named, named.alias, given).index;
  }

  /**
   * Looks one up whole, at a fraction of the cost where it was read before and
   * still has the same type and hardware address: then it is still the same
   * device, with addresses of the same length.
   */
  target(named: ParsedInterface, given: unknown): LinuxInterface {
    checkNames(named, given);
    const index = named.alias === null
      ? this.#name(named.index)
      : this.#indexOf(named, given);
    const known = this.#known.get(index);
    const isRead = index > 0 && this.#socket.hardwareAddress() === 0;
    if (known !== undefined && isRead && this.#isHardware(known.hardware)) {
      return known.on;
    }
    const hardware = isRead ? this.#hardware().slice() : undefined;
    const on = this.bind(named, given);
    if (hardware !== undefined) this.#known.set(on.index, { on, hardware });
    return on;
  }

  /** Its name now goes into the ifreq; the index, or 0 where there is no such. */
  #name(index: number): number {
    return this.#socket.nameOfIndex(index) === 0 ? index : 0;
  }

  /** The index of a short name, which is then in the ifreq; 0 for any other. */
  #indexOf({ alias, index }: ParsedInterface, given: unknown): number {
    const name = encodeName(alias!);
    if (!isShort(name)) return 0;
    const found = this.#socket.indexOfName(name);
    if (found <= 0) return 0;
    if (index !== 0) checkIndex(alias!, index, found, given);
    return found;
  }

  /** Type and address as `struct sockaddr` has them: 16 octets of the ifreq. */
  #hardware(): Uint8Array {
    const { array } = this.#socket.ifreq;
    return array.subarray(ifreq_ifr_hwaddr, ifreq_ifr_hwaddr + 16);
  }

  #isHardware(hardware: Uint8Array): boolean {
    const { array } = this.#socket.ifreq;
    for (let i = 0; i < hardware.length; i++) {
      if (array[ifreq_ifr_hwaddr + i] !== hardware[i]) return false;
    }
    return true;
  }

  #linkOfAlias(named: ParsedInterface, alias: string, given: unknown): Link {
    const name = encodeName(alias);
    if (name.length >= ALTIFNAMSIZ) throw missing(named, given);
    let link: Link;
    try {
      link = this.#request(0, name, lookUp(named, given));
    } catch (error) {
      throw toMissing(error, named, given);
    }
    if (named.index !== 0) checkIndex(alias, named.index, link.index, given);
    return link;
  }

  #link(index: number, named: ParsedInterface, given: unknown): Link {
    return this.#request(index, null, lookUp(named, given));
  }

  /** The name, or `null` where it went away in the meantime. */
  alias(index: number): string | null {
    if (index === 0) return null;
    const status = -this.#socket.nameOfIndex(index);
    if (status === 0) return this.#readName();
    if (status === ENODEV) return null;
    // Where ioctls are not allowed
    return this.ifThere(index)?.name ?? null;
  }

  #readName(): string {
    const { array } = this.#socket.ifreq;
    const end = array.indexOf(0);
    return decodeName(array.subarray(0, Math.min(end, IFNAMSIZ)));
  }

  /** The interface of that index; `undefined` where there is none. */
  ifThere(index: number): Link | undefined {
    const named = { luid: 0n, index, alias: null };
    try {
      return this.#link(index, named, undefined);
    } catch (error) {
      const isMissing = error instanceof NeighborError &&
        error.code === "INTERFACE_NOT_FOUND";
      if (isMissing) return undefined;
      throw error;
    }
  }

  /** Refuses an entry that breaks a rule of its device. */
  check(entries: EntryList, position: number): void {
    const { link } = entries.on(position) as LinuxInterface;
    const rule = brokenDeviceRule(link, entries, position);
    if (rule !== undefined) throw invalid(rule, entries.given[position]);
  }

  /** All of them, in the kernel's order. */
  list(): NetworkInterface[] {
    // A dump that was continued while links came and went may repeat one
    const links = new Map<number, Link>();
    const answer = this.#socket.dump(
      OPERATION,
      (sequence) =>
        encodeLinkRequest(
          this.#socket.request,
          sequence,
          RTM_GETLINK,
          NLM_F_REQUEST | NLM_F_DUMP,
          0,
          null,
        ),
      {
        begin: () => links.clear(),
        read(bytes: Bytes, start: number, end: number) {
          const link = decodeLink(bytes, start, end);
          links.set(link.index, link);
        },
      },
    );
    if (answer.status !== 0) {
      throw failure(answer, {
        operation: OPERATION,
        what: "list interfaces",
        entry: undefined,
      });
    }
    return [...links.values()].map(toInterface);
  }

  #request(index: number, name: Uint8Array | null, attempt: Attempt): Link {
    const socket = this.#socket;
    const sequence = socket.reserve(1);
    const length = encodeLinkRequest(
      socket.request,
      sequence,
      RTM_GETLINK,
      NLM_F_REQUEST,
      index,
      name,
    );
    const { answer, row } = socket.ask(length, sequence, decodeLink);
    if (answer !== null && answer.status !== 0) throw failure(answer, attempt);
    if (row === undefined) throw unknownOutcome(attempt);
    return row;
  }
}

/** Refuses names that no interface of Linux can have. */
function checkNames(named: ParsedInterface, given: unknown): void {
  if (named.luid !== 0n) {
    throw new NeighborError(
      "NOT_SUPPORTED",
      "Linux has no interface LUIDs: name the interface by " +
        "interfaceIndex or interfaceAlias",
      { entry: given },
    );
  }
  if (named.index > MAX_INDEX) throw missing(named, given);
}

function checkIndex(
  alias: string,
  index: number,
  found: number,
  given: unknown,
): void {
  if (index === found) return;
  throw invalid(
    `The alias "${alias}" means interface ${found}, ` +
      `the entry interface ${index}`,
    given,
  );
}

/** What an ioctl can be asked for: it would cut a longer name, and one at its ":". */
function isShort(name: Uint8Array): boolean {
  return name.length < IFNAMSIZ && !name.includes(COLON);
}

/** The search for an interface. */
function lookUp(named: ParsedInterface, entry: unknown): Attempt {
  return { operation: OPERATION, what: `find ${describeNamed(named)}`, entry };
}

function describeNamed(named: ParsedInterface): string {
  return describeInterface(
    named.alias === null ? named : { ...named, index: 0 },
  );
}

/** A name that the kernel calls invalid is one that no interface has. */
function toMissing(
  error: unknown,
  named: ParsedInterface,
  given: unknown,
): unknown {
  const isInvalid = error instanceof NeighborError && error.status === EINVAL;
  return isInvalid ? missing(named, given) : error;
}

/** No interface can have such a name. */
function missing(named: ParsedInterface, entry: unknown): NeighborError {
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `Cannot find ${describeNamed(named)}: there is no such interface`,
    { entry },
  );
}
