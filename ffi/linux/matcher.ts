/**
 * Finding desired entries in a dump: octets are compared with octets, and only
 * what somebody will look at becomes a row.
 *
 * @module
 */

import { keyOfBytes } from "../../reconcile/address_index.ts";
import {
  type Desired,
  type DesiredEntries,
  soleInterface,
} from "../../reconcile/desired.ts";
import type { Matched, Standing } from "../../reconcile/match.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { dumpBy } from "./entries.ts";
import { type LinuxInterfaces, MAX_INDEX } from "./interfaces.ts";
import { AF_INET, NUD_PERMANENT } from "./netlink/layout.ts";
import { decodeParts } from "./netlink/ndmsg.ts";
import { NeighborParts } from "./netlink/ndmsg_parts.ts";
import type { Bytes } from "./netlink/message.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import type { Decoder } from "./netlink/replies.ts";

/** Looks for the same entries again and again, over the table's own socket. */
export class LinuxMatcher {
  readonly #socket: NetlinkSocket;
  readonly #interfaces: LinuxInterfaces;
  readonly #desired: DesiredEntries;
  readonly #octets: LinkLayerOctets;

  constructor(
    socket: NetlinkSocket,
    interfaces: LinuxInterfaces,
    desired: DesiredEntries,
  ) {
    this.#socket = socket;
    this.#interfaces = interfaces;
    this.#desired = desired;
    this.#octets = new LinkLayerOctets(desired.all);
  }

  match(): Matched {
    // Before the dump: nothing else can be asked for while it lasts
    const aliases = new Map<number, string | null>();
    for (const index of this.#desired.positions.interfaces()) {
      // A number that no index can be is that of no interface
      if (index < 0 || index > MAX_INDEX) continue;
      aliases.set(index, this.#interfaces.alias(index, undefined));
    }
    const finder = new RowFinder(this.#desired, this.#octets, aliases);
    this.#dump(finder);
    const { current, standing } = finder;
    return { current, standing, others: [] };
  }

  standing(): readonly Standing[] {
    const finder = new Finder(this.#desired, this.#octets);
    this.#dump(finder);
    return finder.standing;
  }

  #dump(finder: Finder): void {
    const index = soleInterface(this.#desired);
    for (const family of ["ipv4", "ipv6"] as const) {
      const which = { family, index, proxy: false, given: undefined };
      dumpBy(this.#socket, which, () => finder);
    }
  }
}

/**
 * Finds what stands in the place of each entry, in a word. What is read last of
 * one holds: a dump may repeat itself.
 */
class Finder implements Decoder<never> {
  readonly #desired: DesiredEntries;
  readonly #octets: LinkLayerOctets;
  readonly #parts = new NeighborParts();
  readonly standing: Standing[];

  constructor(desired: DesiredEntries, octets: LinkLayerOctets) {
    this.#desired = desired;
    this.#octets = octets;
    this.standing = new Array(desired.all.length).fill("absent");
  }

  decode(bytes: Bytes, start: number, end: number): undefined {
    const parts = this.#parts;
    parts.locate(bytes, start, end);
    const { address, interfaceIndex } = parts;
    const length = parts.family === AF_INET ? 4 : 16;
    const key = keyOfBytes(bytes.array, address, address + length);
    const position = this.#desired.positions.find(interfaceIndex, key);
    if (position < 0) return;
    this.standing[position] = this.#standing(position, parts, bytes);
    this.found(position, parts, bytes);
  }

  /** Hears of each that is found. */
  protected found(
    _position: number,
    _parts: NeighborParts,
    _bytes: Bytes,
  ): void {}

  #standing(
    position: number,
    { state, linkLayer, linkLayerEnd }: NeighborParts,
    { array }: Bytes,
  ): Standing {
    if ((state & NUD_PERMANENT) === 0) return "dynamic";
    return this.#octets.are(position, array, linkLayer, linkLayerEnd)
      ? "pinned"
      : "permanent";
  }
}

/** The same, with the rows. */
class RowFinder extends Finder {
  readonly #aliases: ReadonlyMap<number, string | null>;
  readonly current: (Neighbor | undefined)[];

  constructor(
    desired: DesiredEntries,
    octets: LinkLayerOctets,
    aliases: ReadonlyMap<number, string | null>,
  ) {
    super(desired, octets);
    this.#aliases = aliases;
    this.current = new Array(desired.all.length).fill(undefined);
  }

  protected override found(
    position: number,
    parts: NeighborParts,
    bytes: Bytes,
  ): void {
    const row = decodeParts(bytes, parts);
    row.interfaceAlias = this.#aliases.get(row.interfaceIndex) ?? null;
    this.current[position] = row;
  }
}

/**
 * The link-layer addresses in one piece. A dump comes in no order: to look each
 * up where it was parsed would cost more than the rest of the comparison.
 */
class LinkLayerOctets {
  readonly #ends: Int32Array;
  readonly #octets: Uint8Array;

  constructor(all: readonly Desired[]) {
    this.#ends = new Int32Array(all.length + 1);
    let end = 0;
    for (let i = 0; i < all.length; i++) {
      end += all[i]!.parsed.linkLayerAddress.length;
      this.#ends[i + 1] = end;
    }
    const octets = this.#octets = new Uint8Array(end);
    end = 0;
    for (const { parsed: { linkLayerAddress } } of all) {
      // A loop: TypedArray.set costs more than these few bytes
      for (let i = 0; i < linkLayerAddress.length; i++) {
        octets[end++] = linkLayerAddress[i]!;
      }
    }
  }

  /** Whether those at a position are the bytes from `from` to `to`. */
  are(position: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#ends[position]!;
    const end = this.#ends[position + 1]!;
    if (to - from !== end - start) return false;
    for (let i = start, at = from; i < end; i++, at++) {
      if (this.#octets[i] !== bytes[at]) return false;
    }
    return true;
  }
}
