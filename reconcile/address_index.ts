/**
 * Positions by interface and address. Pure.
 *
 * @module
 */

import type { InterfaceId } from "../ffi/bound_interface.ts";
import { parseAddressInto } from "../ffi/parse/address.ts";

/** What an address is looked up by: of IPv4 the number that it is. */
export type AddressKey = number | string;

/** Of the 4 or 16 octets from `at` to `end`. */
export function keyOfOctets(
  octets: Uint8Array,
  at = 0,
  end: number = octets.length,
): AddressKey {
  if (end - at === 4) {
    return (octets[at]! << 24) | (octets[at + 1]! << 16) |
      (octets[at + 2]! << 8) | octets[at + 3]!;
  }
  let key = "";
  for (let i = at; i < end; i += 2) {
    key += String.fromCharCode((octets[i]! << 8) | octets[i + 1]!);
  }
  return key;
}

// Read before anybody else writes to it
const SCRATCH = new Uint8Array(16);

/** Of an address as rows have it. */
export function keyOfText(text: string): AddressKey {
  return keyOfOctets(SCRATCH, 0, parseAddressInto(text, SCRATCH, 0));
}

/** A slot is the key, which interface it is and the position, from 1 on. */
const SLOT = 3;

/**
 * Positions by an interface and an address on it. The rows of a table come in no
 * order: most look-ups in a map so large miss the processor's cache, those in one
 * array of numbers do not.
 */
export class AddressIndex {
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #interfaces = new Map<InterfaceId, number>();
  #lastId: InterfaceId | undefined;
  #lastOn = -1;
  readonly #others = new Map<string, number>();

  /** Has room for so many. */
  constructor(count: number) {
    let size = 16;
    while (size < 1.5 * count) size *= 2;
    this.#slots = new Int32Array(SLOT * size);
    this.#mask = size - 1;
  }

  /** The interfaces that have a position. */
  interfaces(): InterfaceId[] {
    return [...this.#interfaces.keys()];
  }

  /** Whether an interface has a position. */
  isOn(id: InterfaceId): boolean {
    return this.#interfaces.has(id);
  }

  /** Takes a position in, unless there is one already: that, or -1. */
  add(id: InterfaceId, key: AddressKey, position: number): number {
    const known = this.find(id, key);
    if (known >= 0) return known;
    const on = this.#interfaces.get(id) ?? this.#interfaces.size;
    this.#interfaces.set(id, on);
    this.#lastId = undefined;
    if (typeof key === "string") this.#others.set(`${on} ${key}`, position);
    else {
      const slot = this.#slot(on, key);
      this.#slots[slot] = key;
      this.#slots[slot + 1] = on;
      this.#slots[slot + 2] = position + 1;
    }
    return -1;
  }

  /** The position of an address on an interface, or -1. */
  find(id: InterfaceId, key: AddressKey): number {
    // Rows come interface by interface, most of the time
    if (id !== this.#lastId) {
      this.#lastId = id;
      this.#lastOn = this.#interfaces.get(id) ?? -1;
    }
    const on = this.#lastOn;
    if (on < 0) return -1;
    return typeof key === "string"
      ? this.#others.get(`${on} ${key}`) ?? -1
      : this.#slots[this.#slot(on, key) + 2]! - 1;
  }

  /** The slot that has them, or the free one where they would be. */
  #slot(on: number, key: number): number {
    const slots = this.#slots;
    const mixed = Math.imul(key ^ Math.imul(on, 0x9e3779b1), 0x85ebca6b);
    for (let i = mixed ^ (mixed >>> 15);; i++) {
      const slot = SLOT * (i & this.#mask);
      const isIt = slots[slot] === key && slots[slot + 1] === on;
      if (isIt || slots[slot + 2] === 0) return slot;
    }
  }
}
