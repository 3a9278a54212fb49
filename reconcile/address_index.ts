/**
 * Positions by interface and address. Pure.
 *
 * @module
 */

import { formatAddress, parseIpv4 } from "../ffi/parse/address.ts";

/** What an address is looked up by: of IPv4 the number that it is. */
export type AddressKey = number | string;

/** Of the 4 or 16 bytes from `at` to `end`. */
export function keyOfBytes(
  bytes: Uint8Array,
  at = 0,
  end: number = bytes.length,
): AddressKey {
  return end - at === 4
    ? (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) |
      bytes[at + 3]!
    : formatAddress(bytes.subarray(at, end));
}

/** Of an address as rows have it. What is none is equal to none. */
export function keyOfText(text: string): AddressKey {
  if (text.includes(":")) return text;
  try {
    return parseIpv4(text);
  } catch {
    return text;
  }
}

/** A slot is the key, which interface it is and the position, from 1 on. */
const SLOT = 3;

/**
 * Where things are, by an interface and an address on it. The rows of a table
 * come in no order: a map of so many waits for memory most of its time, and one
 * array of numbers does not.
 */
export class AddressIndex {
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #interfaces = new Map<number, number>();
  readonly #others = new Map<string, number>();

  /** Has room for so many. */
  constructor(count: number) {
    let size = 16;
    while (size < 1.5 * count) size *= 2;
    this.#slots = new Int32Array(SLOT * size);
    this.#mask = size - 1;
  }

  /** The interfaces there is something on. */
  interfaces(): number[] {
    return [...this.#interfaces.keys()];
  }

  /** Whether there is something on an interface. */
  isOn(index: number): boolean {
    return this.#interfaces.has(index);
  }

  /** Takes a position in, unless there is one already: that, or -1. */
  add(index: number, key: AddressKey, position: number): number {
    const known = this.find(index, key);
    if (known >= 0) return known;
    const on = this.#interfaces.get(index) ?? this.#interfaces.size;
    this.#interfaces.set(index, on);
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
  find(index: number, key: AddressKey): number {
    const on = this.#interfaces.get(index);
    if (on === undefined) return -1;
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
