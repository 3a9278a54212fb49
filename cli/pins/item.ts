/**
 * An item of a pins file, and where it and its members stand in the text.
 *
 * @module
 */

import type { EntryMember } from "../../ffi/types/error.ts";
import { nameOf } from "./rules.ts";

/** The values and the offsets of an item's members. */
export interface Item {
  readonly at: number;
  readonly values: Record<string, unknown>;
  readonly places: Record<string, number>;
}

/** Changes the values of an item; returns the mistake that it finds. */
export type Edit = (item: Item) => string | undefined;

/** The offsets of an item. */
export function pinOf({ at, values, places }: Item): Pin {
  const isZoned = String(values.address).includes("%");
  const name = nameOf(values) ?? (isZoned ? "address" : "");
  return {
    at,
    addressAt: places.address ?? at,
    linkLayerAddressAt: places.linkLayerAddress ?? at,
    interfaceAt: places[name] ?? at,
    protocolAt: places.protocol ?? at,
  };
}

/** The offsets of a desired entry and of its members in the text. */
export interface Pin {
  readonly at: number;
  readonly addressAt: number;
  readonly linkLayerAddressAt: number;
  /** The offset of the member that names the interface, `address` for a zone. */
  readonly interfaceAt: number;
  readonly protocolAt: number;
}

/** The offset of an entry, or of one of its members. */
export function offsetOf(
  pin: Pin,
  member: EntryMember | null | undefined,
): number {
  return member == null ? pin.at : pin[`${member}At`];
}
