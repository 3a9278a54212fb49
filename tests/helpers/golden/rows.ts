/**
 * The golden rows as bytes, each call a copy of its own.
 *
 * @module
 */

import { readDump } from "./compile.ts";
import { INTERFACES } from "./interfaces.ts";
import { NEIGHBORS } from "./neighbors.ts";
import { ROUTES } from "./routes.ts";

/** The name of a golden `MIB_IPNET_ROW2`. */
export type NeighborName = keyof typeof NEIGHBORS;

/** The name of a golden `MIB_IF_ROW2`. */
export type InterfaceName = keyof typeof INTERFACES;

/** The 88 bytes of a `MIB_IPNET_ROW2`. */
export function neighborBytes(name: NeighborName): Uint8Array<ArrayBuffer> {
  return readDump(NEIGHBORS[name], 88);
}

/** The 1352 bytes of a `MIB_IF_ROW2`. */
export function interfaceBytes(name: InterfaceName): Uint8Array<ArrayBuffer> {
  return readDump(INTERFACES[name], 1352);
}

/** The name of a golden `MIB_IPFORWARD_ROW2`. */
export type RouteName = keyof typeof ROUTES;

/** The 104 bytes of a `MIB_IPFORWARD_ROW2`. */
export function routeBytes(name: RouteName): Uint8Array<ArrayBuffer> {
  return readDump(ROUTES[name], 104);
}

/** A view of all the bytes. */
export function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
