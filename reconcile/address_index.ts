/**
 * An index of entry positions by interface and address. Pure.
 *
 * @module
 */

import { type AddressKey, keyOfOctets } from "../ffi/address_key.ts";
import type { InterfaceId } from "../ffi/bound_interface.ts";
import { parseAddressInto } from "../ffi/parse/address.ts";

// Shared: each use reads it before the next one writes it
const SCRATCH = new Uint8Array(16);

/** The key of an address in the text form of rows. */
export function keyOfText(text: string): AddressKey {
  return keyOfOctets(SCRATCH, 0, parseAddressInto(text, SCRATCH, 0));
}

/** Numbers in a slot: the key, the interface's number, the position plus 1. */
const SLOT = 3;

/**
 * Positions by interface and address. IPv4 addresses are kept in one array of
 * numbers, an open-addressing hash table: rows come in random order, and most
 * look-ups in a `Map` of that size would miss the processor's cache.
 */
export class AddressIndex {
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #interfaces = new Map<InterfaceId, number>();
  #lastId: InterfaceId | undefined;
  #lastNumber = -1;
  readonly #others = new Map<string, number>();

  /** Makes room for `count` addresses. */
  constructor(count: number) {
    let size = 16;
    while (size < 1.5 * count) size *= 2;
    this.#slots = new Int32Array(SLOT * size);
    this.#mask = size - 1;
  }

  /** Whether an interface has a position. */
  isOn(id: InterfaceId): boolean {
    return this.#interfaces.has(id);
  }

  /**
   * Adds a position. Where the address has one already, that one stays and is
   * returned; otherwise returns -1.
   */
  add(id: InterfaceId, key: AddressKey, position: number): number {
    const known = this.find(id, key);
    if (known >= 0) return known;
    const number = this.#interfaces.get(id) ?? this.#interfaces.size;
    this.#interfaces.set(id, number);
    this.#lastId = undefined;
    if (typeof key === "string") this.#others.set(`${number} ${key}`, position);
    else {
      const slot = this.#slot(number, key);
      this.#slots[slot] = key;
      this.#slots[slot + 1] = number;
      this.#slots[slot + 2] = position + 1;
    }
    return -1;
  }

  /** The position of an address on an interface, or -1. */
  find(id: InterfaceId, key: AddressKey): number {
    // Rows are mostly grouped by interface, so the last look-up is remembered
    if (id !== this.#lastId) {
      this.#lastId = id;
      this.#lastNumber = this.#interfaces.get(id) ?? -1;
    }
    const number = this.#lastNumber;
    if (number < 0) return -1;
    return typeof key === "string"
      ? this.#others.get(`${number} ${key}`) ?? -1
      : this.#slots[this.#slot(number, key) + 2]! - 1;
  }

  /** The slot of a key on an interface, or the free slot where it belongs. */
  #slot(number: number, key: number): number {
    const slots = this.#slots;
    const mixed = Math.imul(key ^ Math.imul(number, 0x9e3779b1), 0x85ebca6b);
    for (let i = mixed ^ (mixed >>> 15);; i++) {
      const slot = SLOT * (i & this.#mask);
      const isIt = slots[slot] === key && slots[slot + 1] === number;
      if (isIt || slots[slot + 2] === 0) return slot;
    }
  }
}
