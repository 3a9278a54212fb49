/**
 * Interfaces: which one a caller means, what it is called, how long its
 * link-layer addresses are.
 *
 * @module
 */

import {
  describeInterface,
  type ParsedEntry,
  type ParsedInterface,
  type ParsedKey,
} from "../parse/entry.ts";
import { invalid, NeighborError } from "../types/error.ts";
import type { NetworkInterface } from "../types/interface.ts";
import { ENODEV } from "./netlink/errno.ts";
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
import { encodeName } from "./netlink/name.ts";
import { brokenFamilyRule, brokenRule } from "./rules.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import type { Decoder } from "./netlink/replies.ts";

const OPERATION = "RTM_GETLINK";
const LINK: Decoder<Link> = { decode: decodeLink };

/** `ndm_ifindex` is signed: no interface has an index above this. */
export const MAX_INDEX = 0x7fff_ffff;

/** The interfaces of one open table. */
export class LinuxInterfaces {
  readonly #socket: NetlinkSocket;
  /** Trusted to allow, never to refuse: a device may have changed since. */
  readonly #links = new Map<number, Link>();
  /** Which index an alias has, for the length of one batch. */
  #aliases: Map<string, number> | undefined;

  /** Asks over the table's own socket. */
  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  /** Asks for each alias once while `work` runs. */
  rememberAliases<T>(work: () => T): T {
    this.#aliases = new Map();
    try {
      return work();
    } finally {
      this.#aliases = undefined;
    }
  }

  /** The index of a key's interface: no request for an index, one for an alias. */
  target(key: ParsedKey): number {
    const index = this.index(key.interface, key.given);
    if (key.zone !== null && this.index(key.zone, key.given) !== index) {
      throw invalid(
        `The zone of the address means ${describeInterface(key.zone)}, ` +
          `the entry ${describeInterface(key.interface)}`,
        key.given,
      );
    }
    return index;
  }

  /** The index of an interface as named; whether it exists only for an alias. */
  index(named: ParsedInterface, entry: unknown): number {
    if (named.luid !== 0n) {
      throw new NeighborError(
        "NOT_SUPPORTED",
        "Linux has no interface LUIDs: name the interface by " +
          "interfaceIndex or interfaceAlias",
        { entry },
      );
    }
    if (named.index > MAX_INDEX) throw missing(named, entry);
    if (named.alias === null) return named.index;
    const index = this.#indexOfAlias(named, named.alias, entry);
    if (named.index !== 0 && named.index !== index) {
      throw invalid(
        `The alias "${named.alias}" means interface ${index}, ` +
          `the entry interface ${named.index}`,
        entry,
      );
    }
    return index;
  }

  #indexOfAlias(
    named: ParsedInterface,
    alias: string,
    entry: unknown,
  ): number {
    const known = this.#aliases?.get(alias);
    if (known !== undefined) return known;
    const name = encodeName(alias);
    // What the kernel would call an invalid argument, or (":") cut
    if (name.length >= ALTIFNAMSIZ || alias.includes(":")) {
      throw missing(named, entry);
    }
    const index = name.length < IFNAMSIZ
      ? this.#indexOfName(named, name, entry)
      : this.#request(0, name, lookUp(OPERATION, named, entry)).index;
    this.#aliases?.set(alias, index);
    return index;
  }

  #indexOfName(
    named: ParsedInterface,
    name: Uint8Array,
    entry: unknown,
  ): number {
    const index = this.#socket.indexOfName(name);
    if (index > 0) return index;
    // A sandbox may refuse the ioctl, whatever the name
    if (index !== -ENODEV) {
      return this.#request(0, name, lookUp(OPERATION, named, entry)).index;
    }
    throw failure(
      { status: -index, text: null },
      lookUp("SIOCGIFINDEX", named, entry),
    );
  }

  /** The interface of that index, or `INTERFACE_NOT_FOUND`. */
  link(index: number, entry: unknown): Link {
    const link = this.#request(index, null, {
      operation: OPERATION,
      what: `find interface ${index}`,
      entry,
    });
    this.#links.set(index, link);
    return link;
  }

  /** The alias, or `null` where the interface went away in the meantime. */
  alias(index: number, entry: unknown): string | null {
    return this.#ifThere(index, entry)?.name ?? null;
  }

  /** The device's broadcast address, or `null`. */
  broadcast(index: number, entry: unknown): string | null {
    return this.#ifThere(index, entry)?.broadcast ?? null;
  }

  #ifThere(index: number, entry: unknown): Link | undefined {
    // A proxy entry may be for all interfaces
    if (index === 0) return undefined;
    try {
      return this.link(index, entry);
    } catch (error) {
      if (
        error instanceof NeighborError && error.code === "INTERFACE_NOT_FOUND"
      ) return undefined;
      throw error;
    }
  }

  /** Refuses an entry that breaks a rule of its device. */
  checkEntry(index: number, entry: ParsedEntry): void {
    const known = this.#links.get(index);
    if (known !== undefined && brokenRule(known, entry) === undefined) return;
    const rule = brokenRule(this.link(index, entry.given), entry);
    if (rule !== undefined) throw invalid(rule, entry.given);
  }

  /** The same for a key, by the rule that holds for one. */
  checkFamily(index: number, key: ParsedKey): void {
    const rule = brokenFamilyRule(this.link(index, key.given), key);
    if (rule !== undefined) throw invalid(rule, key.given);
  }

  /** All of them, in the kernel's order. */
  list(): NetworkInterface[] {
    const { answer, rows } = this.#socket.dump(
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
      () => LINK,
    );
    if (answer.status !== 0) {
      throw failure(answer, {
        operation: OPERATION,
        what: "list interfaces",
        entry: undefined,
      });
    }
    // A dump that was continued while links came and went may repeat one
    return [...new Map(rows.map((row) => [row.index, row])).values()]
      .map(toInterface);
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
    const { answer, row } = socket.ask(length, sequence, LINK);
    if (answer !== null && answer.status !== 0) throw failure(answer, attempt);
    if (row === undefined) throw unknownOutcome(attempt);
    return row;
  }
}

/** The search for an interface by its alias. */
function lookUp(
  operation: string,
  named: ParsedInterface,
  entry: unknown,
): Attempt {
  const what = `find ${describeInterface({ ...named, index: 0 })}`;
  return { operation, what, entry };
}

/** Refused without asking: no interface can have such a name. */
function missing(named: ParsedInterface, entry: unknown): NeighborError {
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `Cannot find ${describeInterface(named)}: there is no such interface`,
    { entry },
  );
}
