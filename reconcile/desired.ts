/**
 * The entries there shall be, past the door: each alone, then all together.
 * Pure.
 *
 * @module
 */

import { formatAddress } from "../ffi/parse/address.ts";
import { AddressIndex, keyOfBytes } from "./address_index.ts";
import {
  describeKey,
  type ParsedEntry,
  parseEntry,
} from "../ffi/parse/entry.ts";
import { invalid } from "../ffi/types/error.ts";
import type { InterfaceLookup } from "./interface_lookup.ts";
import { formatLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";

/** A desired entry past the door. */
export class Desired {
  readonly entry: NeighborEntry;
  readonly parsed: ParsedEntry;

  /** Checks one entry alone. */
  constructor(entry: NeighborEntry) {
    this.entry = entry;
    this.parsed = parseEntry(entry);
  }

  /** As rows have it. */
  get address(): string {
    return formatAddress(this.parsed.address);
  }

  /** As rows have it. */
  get linkLayerAddress(): string {
    return formatLinkLayerAddress(this.parsed.linkLayerAddress);
  }
}

/** Desired entries, none of which stands twice. */
export interface DesiredEntries {
  /** In the order given. */
  readonly all: readonly Desired[];
  /** Where each stands among them, by the number of its interface. */
  readonly positions: Omit<AddressIndex, "add">;
}

/** The interface that all of them are on; 0 where there is no such one. */
export function soleInterface({ positions }: DesiredEntries): number {
  const [number = 0, ...others] = positions.interfaces();
  return others.length > 0 || number < 0 ? 0 : number;
}

/** Checks each of the desired entries alone. */
export function readDesired(desired: readonly NeighborEntry[]): Desired[] {
  if (!Array.isArray(desired)) {
    throw invalid("The desired entries are not an array");
  }
  return desired.map(readOne);
}

/** Checks one entry alone. */
export function readOne(entry: NeighborEntry): Desired {
  return new Desired(entry);
}

/**
 * Checks the desired entries together. `refuse` is told of each that cannot
 * stand beside the others, with the one that stands there, and throws unless all
 * of them are to be told.
 */
export function arrange(
  all: readonly Desired[],
  numbers: InterfaceLookup,
  refuse: (message: string, one: Desired, twin?: Desired) => void = (
    message,
    { entry },
  ) => {
    throw invalid(message, entry);
  },
): DesiredEntries {
  const positions = new AddressIndex(all.length);
  for (let position = 0; position < all.length; position++) {
    const one = all[position]!;
    const { parsed } = one;
    const number = numbers.of(parsed.interface);
    const zone = parsed.zone === null ? number : numbers.of(parsed.zone);
    // Of a zone that nobody knows the table knows more
    if (zone !== number && numbers.knows(zone)) {
      refuse(
        `The zone of ${describeKey(parsed)} names another interface`,
        one,
      );
    }
    const key = keyOfBytes(parsed.address);
    const twin = positions.add(number, key, position);
    if (twin >= 0) refuse(twice(one, all[twin]!), one, all[twin]!);
  }
  return { all, positions };
}

/** What is wrong with two entries for one address. */
function twice(one: Desired, twin: Desired): string {
  const says = one.linkLayerAddress === twin.linkLayerAddress
    ? "it is the same entry again"
    : `once as ${twin.linkLayerAddress}, once as ${one.linkLayerAddress}`;
  return `${describeKey(one.parsed)} is given twice: ${says}`;
}

/** Whether a row is what is desired. */
export function isSo(row: Neighbor | undefined, one: Desired): boolean {
  return row !== undefined && row.state === "permanent" &&
    row.linkLayerAddress === one.linkLayerAddress;
}
