/**
 * Encodes and decodes `MIB_IPNET_ROW2`: 88 bytes, one line per member, in the
 * order of the structure. Pure: it runs on every system.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_ipnet_row2
 *
 * @module
 */

import { formatLuid } from "../entry_list.ts";
import { formatAddress } from "../parse/address.ts";
import { NeighborError } from "../types/error.ts";
import { formatLinkLayerAddress } from "../parse/link_layer_address.ts";
import type {
  Neighbor,
  NeighborRow,
  NeighborState,
} from "../types/neighbor.ts";
import {
  AF_INET,
  AF_INET6,
  FLAG_IsRouter,
  FLAG_IsUnreachable,
  IF_MAX_PHYS_ADDRESS_LENGTH,
  MIB_IPNET_ROW2_Address,
  MIB_IPNET_ROW2_Flags,
  MIB_IPNET_ROW2_InterfaceIndex,
  MIB_IPNET_ROW2_InterfaceLuid,
  MIB_IPNET_ROW2_PhysicalAddress,
  MIB_IPNET_ROW2_PhysicalAddressLength,
  MIB_IPNET_ROW2_ReachabilityTime,
  MIB_IPNET_ROW2_State,
  SIZEOF_MIB_IPNET_ROW2,
  SOCKADDR_IN6_sin6_addr,
  SOCKADDR_IN_sin_addr,
  SOCKADDR_INET_si_family,
} from "./layout.ts";

/** `NL_NEIGHBOR_STATE`, by ordinal. */
export const NL_NEIGHBOR_STATE: readonly NeighborState[] = [
  "unreachable", // NlnsUnreachable
  "incomplete", // NlnsIncomplete
  "probe", // NlnsProbe
  "delay", // NlnsDelay
  "stale", // NlnsStale
  "reachable", // NlnsReachable
  "permanent", // NlnsPermanent
];

/**
 * The key of a row: the interface is the LUID or, where that is 0, the index.
 */
export interface RowKey {
  /** 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  readonly interfaceIndex: number;
  readonly interfaceLuid: bigint;
}

/** A decoded row, without the alias, which is not part of it. */
export type DecodedRow =
  & Omit<NeighborRow, "interfaceAlias" | "interfaceLuid">
  & {
    readonly linkLayerAddress: string | null;
    readonly interfaceLuid: bigint;
  };

/**
 * Zeroes the row, then writes the members that the calls read. State, flags and
 * reachability are read-only. Port, flow information and scope id stay 0,
 * because the LUID or index names the interface, also for link-local IPv6.
 */
export function encodeRow(
  row: DataView<ArrayBuffer>,
  key: RowKey,
  linkLayerAddress?: Uint8Array,
): void {
  const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  bytes.fill(0);
  encodeSockaddr(row, MIB_IPNET_ROW2_Address, key.address);
  row.setUint32(MIB_IPNET_ROW2_InterfaceIndex, key.interfaceIndex, true);
  row.setBigUint64(MIB_IPNET_ROW2_InterfaceLuid, key.interfaceLuid, true);
  if (linkLayerAddress === undefined) return;
  bytes.set(linkLayerAddress, MIB_IPNET_ROW2_PhysicalAddress);
  row.setUint32(
    MIB_IPNET_ROW2_PhysicalAddressLength,
    linkLayerAddress.length,
    true,
  );
}

/** Writes family and address of a `SOCKADDR_INET` into zeroed memory. */
export function encodeSockaddr(
  view: DataView<ArrayBuffer>,
  at: number,
  address: Uint8Array,
): void {
  const isIpv4 = address.length === 4;
  view.setUint16(
    at + SOCKADDR_INET_si_family,
    isIpv4 ? AF_INET : AF_INET6,
    true,
  );
  const member = isIpv4 ? SOCKADDR_IN_sin_addr : SOCKADDR_IN6_sin6_addr;
  for (let i = 0; i < address.length; i++) {
    view.setUint8(at + member + i, address[i]!);
  }
}

/**
 * The checked parts of a row: the offsets of its octets in the view, its state.
 */
export class RowParts {
  addressStart = 0;
  /** 4 or 16 octets after the start. */
  addressEnd = 0;
  linkLayerStart = 0;
  /** The same as the start where the row has no link-layer address. */
  linkLayerEnd = 0;
  state: NeighborState = "unreachable";

  /**
   * Finds the parts of the row at `at`. Throws {@linkcode NeighborError}
   * `OTHER` for a row that is cut short or holds what no documented row holds.
   */
  locate(rows: DataView<ArrayBuffer>, at: number): void {
    if (at + SIZEOF_MIB_IPNET_ROW2 > rows.byteLength) {
      const length = Math.max(0, rows.byteLength - at);
      throw malformed(`it has ${length} of ${SIZEOF_MIB_IPNET_ROW2} bytes`);
    }
    const sockaddr = at + MIB_IPNET_ROW2_Address;
    const family = rows.getUint16(sockaddr + SOCKADDR_INET_si_family, true);
    if (family === AF_INET) {
      this.addressStart = sockaddr + SOCKADDR_IN_sin_addr;
      this.addressEnd = this.addressStart + 4;
    } else if (family === AF_INET6) {
      this.addressStart = sockaddr + SOCKADDR_IN6_sin6_addr;
      this.addressEnd = this.addressStart + 16;
    } else throw malformed(`its address family is ${family}`);
    const length = rows.getUint32(
      at + MIB_IPNET_ROW2_PhysicalAddressLength,
      true,
    );
    if (length > IF_MAX_PHYS_ADDRESS_LENGTH) {
      throw malformed(`its PhysicalAddressLength is ${length}`);
    }
    const ordinal = rows.getUint32(at + MIB_IPNET_ROW2_State, true);
    const state = NL_NEIGHBOR_STATE[ordinal];
    if (state === undefined) throw malformed(`its State is ${ordinal}`);
    this.state = state;
    this.linkLayerStart = at + MIB_IPNET_ROW2_PhysicalAddress;
    this.linkLayerEnd = this.linkLayerStart + length;
    if (hasNoAnswer(state) && this.#isZero(rows)) {
      this.linkLayerEnd = this.linkLayerStart;
    }
  }

  #isZero(rows: DataView<ArrayBuffer>): boolean {
    for (let at = this.linkLayerStart; at < this.linkLayerEnd; at++) {
      if (rows.getUint8(at) !== 0) return false;
    }
    return true;
  }
}

/**
 * In these states there was no answer, or the row was deleted and stays. Then a
 * link-layer address of zeroes means none, as the page of New-NetNeighbor says.
 */
function hasNoAnswer(state: NeighborState): boolean {
  return state === "unreachable" || state === "incomplete";
}

/** Decodes the row at `at`; throws as {@linkcode RowParts.locate} does. */
export function decodeRow(rows: DataView<ArrayBuffer>, at = 0): DecodedRow {
  const parts = new RowParts();
  parts.locate(rows, at);
  return decodeParts(rows, at, parts);
}

/** Decodes the row at `at`, whose parts were located. */
export function decodeParts(
  rows: DataView<ArrayBuffer>,
  at: number,
  { addressStart, addressEnd, linkLayerStart, linkLayerEnd, state }: RowParts,
): DecodedRow {
  const address = bytesAt(rows, addressStart, addressEnd - addressStart);
  const length = linkLayerEnd - linkLayerStart;
  const flags = rows.getUint8(at + MIB_IPNET_ROW2_Flags);
  return {
    address: formatAddress(address),
    family: address.length === 4 ? "ipv4" : "ipv6",
    interfaceIndex: rows.getUint32(at + MIB_IPNET_ROW2_InterfaceIndex, true),
    interfaceLuid: rows.getBigUint64(at + MIB_IPNET_ROW2_InterfaceLuid, true),
    linkLayerAddress: length === 0
      ? null
      : formatLinkLayerAddress(bytesAt(rows, linkLayerStart, length)),
    state,
    isRouter: (flags & FLAG_IsRouter) !== 0,
    isUnreachable: (flags & FLAG_IsUnreachable) !== 0,
    reachabilityTime: rows.getUint32(
      at + MIB_IPNET_ROW2_ReachabilityTime,
      true,
    ),
  };
}

/** The public form of a row, with the alias of its interface. */
export function toNeighbor(
  row: DecodedRow,
  interfaceAlias: string | null,
): Neighbor {
  return {
    address: row.address,
    family: row.family,
    interfaceIndex: row.interfaceIndex,
    interfaceLuid: formatLuid(row.interfaceLuid),
    interfaceAlias,
    linkLayerAddress: row.linkLayerAddress,
    state: row.state,
    isRouter: row.isRouter,
    isUnreachable: row.isUnreachable,
    reachabilityTime: row.reachabilityTime,
  };
}

/** A view of some octets, not a copy: for formatting at once. */
export function bytesAt(
  view: DataView<ArrayBuffer>,
  at: number,
  length: number,
): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

function malformed(what: string): NeighborError {
  return new NeighborError(
    "OTHER",
    `Cannot decode MIB_IPNET_ROW2: ${what}`,
  );
}
