/**
 * Entries in flat storage: the parsed addresses, the interface, the verb and
 * the outcome of each, one array per column and no object per entry, because
 * objects cost more than the parsing. Single writes, batches and
 * `applyNeighbors` all use it. Pure.
 *
 * @module
 */

import type { BoundInterface } from "./bound_interface.ts";
import { formatAddress } from "./parse/address.ts";
import { formatLinkLayerAddress } from "./parse/link_layer_address.ts";
import { type NeighborError, quote } from "./types/error.ts";
import type { Neighbor } from "./types/neighbor.ts";

/** The most characters of an alias, on Windows: a longer one is cut in errors. */
const LONGEST_ALIAS = 256;

/** The names a caller gave of an interface; zero and `null` mean not given. */
export interface ParsedInterface {
  readonly luid: bigint;
  readonly index: number;
  readonly alias: string | null;
}

/** The writes of one entry, by the names of the methods of a table. */
export type WriteVerb = "set" | "create" | "replace" | "delete";

/** The numbers of the verbs in {@linkcode EntryList.verbs}; 0 is none. */
export const NONE = 0;
export const SET = 1;
export const CREATE = 2;
export const REPLACE = 3;
export const DELETE = 4;

/** The verb of a number. */
export const VERBS: readonly WriteVerb[] = [
  "set", // Unused: NONE is never written
  "set",
  "create",
  "replace",
  "delete",
];

/** The numbers of the outcomes in {@linkcode EntryList.outcomes}. */
export const PENDING = 0;
export const CREATED = 1;
export const CHANGED = 2;
export const UNCHANGED = 3;
export const DELETED = 4;
export const REFUSED = 5;
export const UNKNOWN = 6;

/** Octets kept for each address and for each link-layer address. */
const ADDRESS_STRIDE = 16;
const LINK_LAYER_STRIDE = 32;

/** More room than this is made when it is needed: an array may be all holes. */
const MOST_CAPACITY = 1 << 20;

/** A list of entries, each known by its position. */
export class EntryList {
  #capacity: number;
  /** The number of entries. */
  length = 0;
  /** 16 octets each, in network order; IPv4 uses the first four. */
  addresses: Uint8Array<ArrayBuffer>;
  /** 4 or 16. */
  addressLengths: Uint8Array<ArrayBuffer>;
  /** 32 octets each. */
  linkLayerAddresses: Uint8Array<ArrayBuffer>;
  /** 1 to 32; 0 for a key, which has no link-layer address. */
  linkLayerLengths: Uint8Array<ArrayBuffer>;
  /** The protocol to write with the entry, 1 to 255; 0 leaves it out. */
  protocols: Uint8Array<ArrayBuffer>;
  /** The index into `interfaces` of each entry. */
  interfaceOf: Uint32Array<ArrayBuffer>;
  /** The verb of each entry. */
  verbs: Uint8Array<ArrayBuffer>;
  /** The outcome of each entry. */
  outcomes: Uint8Array<ArrayBuffer>;
  /** What the caller passed: handed back in errors and reports, never read. */
  readonly given: unknown[] = [];
  /** The interfaces that the entries name, without duplicates. */
  readonly interfaces: ParsedInterface[] = [];
  /**
   * The bound interface of each; absent before the look-up, and if it failed.
   */
  readonly bound: (BoundInterface | undefined)[] = [];
  /** The error of each interface whose look-up failed. */
  readonly unbound: Map<number, NeighborError> = new Map();
  /** The index into `interfaces` of a zone, for entries that name both. */
  readonly zones: Map<number, number> = new Map();
  /** The error of each entry that was refused or whose outcome is unknown. */
  readonly errors: Map<number, NeighborError> = new Map();
  /** The row that was there before; only a `replace` reads it. */
  readonly previous: Map<number, Neighbor> = new Map();
  #numbers: Map<string, number> | undefined;

  /** Creates a list with room for `capacity` entries; it grows when needed. */
  constructor(capacity = 1) {
    this.#capacity = Math.min(Math.max(1, capacity), MOST_CAPACITY);
    this.addresses = new Uint8Array(ADDRESS_STRIDE * this.#capacity);
    this.addressLengths = new Uint8Array(this.#capacity);
    this.linkLayerAddresses = new Uint8Array(
      LINK_LAYER_STRIDE * this.#capacity,
    );
    this.linkLayerLengths = new Uint8Array(this.#capacity);
    this.protocols = new Uint8Array(this.#capacity);
    this.interfaceOf = new Uint32Array(this.#capacity);
    this.verbs = new Uint8Array(this.#capacity);
    this.outcomes = new Uint8Array(this.#capacity);
  }

  /** Removes all entries and interfaces, and keeps the memory. */
  clear(): void {
    this.length = 0;
    empty(this.given);
    empty(this.interfaces);
    empty(this.bound);
    this.#numbers = undefined;
    // Clearing a map costs more than looking at its size
    if (this.unbound.size > 0) this.unbound.clear();
    if (this.zones.size > 0) this.zones.clear();
    if (this.errors.size > 0) this.errors.clear();
    if (this.previous.size > 0) this.previous.clear();
  }

  /** Unbinds all interfaces, so that they are looked up again. */
  unbind(): void {
    this.bound.fill(undefined);
    this.unbound.clear();
  }

  /** Makes room for one more entry; returns its position. */
  reserve(): number {
    if (this.length === this.#capacity) this.#grow();
    return this.length;
  }

  #grow(): void {
    this.#capacity *= 2;
    const grow = (from: Uint8Array, stride = 1) => {
      const to = new Uint8Array(stride * this.#capacity);
      to.set(from);
      return to;
    };
    this.addresses = grow(this.addresses, ADDRESS_STRIDE);
    this.addressLengths = grow(this.addressLengths);
    this.linkLayerAddresses = grow(this.linkLayerAddresses, LINK_LAYER_STRIDE);
    this.linkLayerLengths = grow(this.linkLayerLengths);
    this.protocols = grow(this.protocols);
    this.verbs = grow(this.verbs);
    this.outcomes = grow(this.outcomes);
    const interfaceOf = new Uint32Array(this.#capacity);
    interfaceOf.set(this.interfaceOf);
    this.interfaceOf = interfaceOf;
  }

  /**
   * Adds the entry whose octets were written at the reserved position. `number` is
   * an index into `interfaces`. Returns the position.
   */
  push(
    given: unknown,
    number: number,
    addressLength: number,
    linkLayerLength: number,
  ): number {
    const position = this.length++;
    this.given.push(given);
    this.interfaceOf[position] = number;
    this.addressLengths[position] = addressLength;
    this.linkLayerLengths[position] = linkLayerLength;
    this.protocols[position] = 0;
    this.verbs[position] = NONE;
    this.outcomes[position] = PENDING;
    return position;
  }

  /** Removes the last entry. */
  pop(): void {
    this.given.pop();
    this.zones.delete(--this.length);
  }

  /**
   * The index of an interface in `interfaces`, to which it is added if missing.
   */
  number(luid: bigint, index: number, alias: string | null): number {
    const { interfaces } = this;
    const last = interfaces.length - 1;
    if (last >= 0) {
      // Most entries name the same interface as the entry before
      const one = interfaces[last]!;
      if (one.alias === alias && one.index === index && one.luid === luid) {
        return last;
      }
    } else return this.#add({ luid, index, alias });
    if (this.#numbers === undefined) {
      this.#numbers = new Map();
      interfaces.forEach((one, i) =>
        this.#numbers!.set(interfaceNameKey(one), i)
      );
    }
    const named = { luid, index, alias };
    const known = this.#numbers.get(interfaceNameKey(named));
    if (known !== undefined) return known;
    this.#numbers.set(interfaceNameKey(named), interfaces.length);
    return this.#add(named);
  }

  #add(named: ParsedInterface): number {
    this.bound.push(undefined);
    return this.interfaces.push(named) - 1;
  }

  /** A list of the entries at those positions, in that order. */
  pick(positions: readonly number[]): EntryList {
    const picked = new EntryList(positions.length);
    picked.interfaces.push(...this.interfaces);
    picked.bound.push(...this.bound);
    for (const [number, error] of this.unbound) {
      picked.unbound.set(number, error);
    }
    for (const position of positions) {
      const to = picked.reserve();
      const at = this.addressAt(position);
      const address = this.addresses.subarray(at, at + ADDRESS_STRIDE);
      picked.addresses.set(address, picked.addressAt(to));
      const start = this.linkLayerAt(position);
      const octets = this.linkLayerAddresses
        .subarray(start, start + LINK_LAYER_STRIDE);
      picked.linkLayerAddresses.set(octets, picked.linkLayerAt(to));
      const zone = this.zones.get(position);
      if (zone !== undefined) picked.zones.set(to, zone);
      picked.push(
        this.given[position],
        this.interfaceOf[position]!,
        this.addressLengths[position]!,
        this.linkLayerLengths[position]!,
      );
      picked.protocols[to] = this.protocols[position]!;
    }
    return picked;
  }

  /**
   * The positions of the entries that name an interface, or do so by their
   * zone.
   */
  positionsNaming(number: number): number[] {
    const positions: number[] = [];
    for (let position = 0; position < this.length; position++) {
      const isOn = this.interfaceOf[position] === number;
      if (isOn || this.zones.get(position) === number) positions.push(position);
    }
    return positions;
  }

  /** The names that the caller gave of an entry's interface. */
  named(position: number): ParsedInterface {
    return this.interfaces[this.interfaceOf[position]!]!;
  }

  /** The bound interface of an entry. */
  on(position: number): BoundInterface {
    return this.bound[this.interfaceOf[position]!]!;
  }

  /** The offset of an entry's address in `addresses`. */
  addressAt(position: number): number {
    return ADDRESS_STRIDE * position;
  }

  /** The offset of its link-layer address in `linkLayerAddresses`. */
  linkLayerAt(position: number): number {
    return LINK_LAYER_STRIDE * position;
  }

  isIpv4(position: number): boolean {
    return this.addressLengths[position] === 4;
  }

  /** The address as text, in the form that rows have. */
  address(position: number): string {
    const at = this.addressAt(position);
    const end = at + this.addressLengths[position]!;
    return formatAddress(this.addresses.subarray(at, end));
  }

  /**
   * The link-layer address as text, in the form that rows have; `""` for a key.
   */
  linkLayerAddress(position: number): string {
    const at = this.linkLayerAt(position);
    const end = at + this.linkLayerLengths[position]!;
    return formatLinkLayerAddress(this.linkLayerAddresses, at, end);
  }

  /** Gives a protocol to the entries that have none; 0 changes nothing. */
  setOwner(protocol: number): void {
    const { protocols } = this;
    for (let i = 0; i < this.length; i++) protocols[i] ||= protocol;
  }

  /** What is asked for, in words: `02:fc:00:00:00:05, permanent`. */
  wanted(position: number): string {
    const words = `${this.linkLayerAddress(position)}, permanent`;
    const protocol = this.protocols[position]!;
    return protocol === 0 ? words : `${words}, protocol ${protocol}`;
  }

  /** Whether its link-layer address equals the octets from `from` to `to`. */
  hasLinkLayerAddress(
    position: number,
    octets: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    if (to - from !== this.linkLayerLengths[position]) return false;
    const own = this.linkLayerAddresses;
    for (let i = this.linkLayerAt(position), at = from; at < to; i++, at++) {
      if (own[i] !== octets[at]) return false;
    }
    return true;
  }

  /** The key in words: `192.0.2.7 on interface "Ethernet"`. */
  describe(position: number): string {
    const on = describeInterface(this.named(position));
    return `${this.address(position)} on ${on}`;
  }

  /** Records that an entry was refused, or that its outcome is unknown. */
  fail(
    position: number,
    error: NeighborError,
    outcome: typeof REFUSED | typeof UNKNOWN = REFUSED,
  ): void {
    this.outcomes[position] = outcome;
    this.errors.set(position, error);
  }
}

/** Removes all elements. To set the length frees memory that is needed again. */
function empty(list: unknown[]): void {
  if (list.length === 1) list.pop();
  else if (list.length > 0) list.length = 0;
}

/** The interface in words, by the name that decides. */
export function describeInterface(named: ParsedInterface): string {
  if (named.luid !== 0n) return `interface 0x${named.luid.toString(16)}`;
  if (named.index !== 0) return `interface ${named.index}`;
  return `interface ${quote(named.alias ?? "", LONGEST_ALIAS)}`;
}

function interfaceNameKey({ luid, index, alias }: ParsedInterface): string {
  return `${luid}\0${index}\0${alias ?? ""}`;
}

/** A LUID as text, because JSON has no 64-bit numbers. */
export function formatLuid(luid: bigint): string {
  return "0x" + luid.toString(16).padStart(16, "0");
}
