/**
 * Looks up interfaces: by any of their names, their alias, and the length of
 * their link-layer addresses.
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
  NLM_F_DUMP,
  NLM_F_REQUEST,
  RTM_GETLINK,
} from "./netlink/layout.ts";
import type { LinkCache } from "./link_cache.ts";
import type { Bytes } from "./netlink/message.ts";
import { decodeName, encodeName } from "./netlink/name.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import { deviceRuleError } from "./rules.ts";

const OPERATION = "RTM_GETLINK";
/** `ndm_ifindex` is signed: no interface has an index above this. */
const MAX_INDEX = 0x7fff_ffff;
const COLON = 0x3a;

/** A bound interface, with its link as just read. */
export class LinuxInterface implements BoundInterface {
  readonly key: number;
  readonly index: number;
  readonly luid = 0n;
  readonly link: Link;

  /** Wraps a link. */
  constructor(link: Link) {
    this.key = this.index = link.index;
    this.link = link;
  }
}

/** The interfaces of one open table. */
export class LinuxInterfaces {
  readonly #socket: NetlinkSocket;
  readonly #cache: LinkCache<LinuxInterface>;

  /** Uses the socket and the cache of the table. */
  constructor(socket: NetlinkSocket, cache: LinkCache<LinuxInterface>) {
    this.#socket = socket;
    this.#cache = cache;
  }

  /** Looks one up with its link. */
  bind(named: ParsedInterface, given: unknown): LinuxInterface {
    checkNames(named, given);
    const link = named.alias === null
      ? this.#link(named.index, named, given)
      : this.#linkOfAlias(named, named.alias, given);
    return new LinuxInterface(link);
  }

  /** Looks up only its index; without a request if that was given. */
  index(named: ParsedInterface, given: unknown): number {
    checkNames(named, given);
    if (named.alias === null) return named.index;
    return this.#indexOf(named, given) ||
      this.#linkOfAlias(named, named.alias, given).index;
  }

  /** Looks one up with its link, unless that is known and has not changed. */
  target(named: ParsedInterface, given: unknown): LinuxInterface {
    checkNames(named, given);
    const { alias, index } = named;
    const name = alias ?? index;
    const known = this.#cache.get(name);
    if (known !== undefined) {
      if (alias !== null && index !== 0) {
        checkIndex(alias, index, known.index, given);
      }
      return known;
    }
    const on = this.bind(named, given);
    this.#cache.keep(name, on);
    return on;
  }

  /** Puts a short name into the ifreq; returns its index, 0 if not found. */
  #indexOf({ alias, index }: ParsedInterface, given: unknown): number {
    const name = encodeName(alias!);
    if (!isShort(name)) return 0;
    const found = this.#socket.indexOfName(name);
    if (found <= 0) return 0;
    if (index !== 0) checkIndex(alias!, index, found, given);
    return found;
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

  /** The name; `null` where the interface has gone. */
  alias(index: number): string | null {
    if (index === 0) return null;
    const status = -this.#socket.nameOfIndex(index);
    if (status === 0) return this.#readName();
    if (status === ENODEV) return null;
    // Ioctls may be forbidden
    return this.ifThere(index)?.name ?? null;
  }

  #readName(): string {
    const { array } = this.#socket.ifreq;
    const end = array.indexOf(0);
    return decodeName(array.subarray(0, Math.min(end, IFNAMSIZ)));
  }

  /** The link of an index; `undefined` if there is none. */
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
    const error = deviceRuleError(link, entries, position);
    if (error !== undefined) throw error;
  }

  /** All interfaces, in the kernel's order. */
  list(): NetworkInterface[] {
    // A dump may repeat a link if links came or went meanwhile
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
      "Linux has no interface LUIDs: name the interface by its index or " +
        "its alias",
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

/** Whether an ioctl takes the name: it cuts longer ones, and any at a ":". */
function isShort(name: Uint8Array): boolean {
  return name.length < IFNAMSIZ && !name.includes(COLON);
}

/** The attempt to find an interface, for errors. */
function lookUp(named: ParsedInterface, entry: unknown): Attempt {
  return { operation: OPERATION, what: `find ${describeNamed(named)}`, entry };
}

function describeNamed(named: ParsedInterface): string {
  return describeInterface(
    named.alias === null ? named : { ...named, index: 0 },
  );
}

/** The kernel calls a name invalid that no interface can have. */
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
