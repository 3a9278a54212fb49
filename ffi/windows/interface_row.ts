/**
 * Decodes `MIB_IF_ROW2`: of its 1352 bytes the members that this package needs.
 * Pure: it runs on every system.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_if_row2
 *
 * @module
 */

import { NeighborError } from "../types/error.ts";
import { formatLinkLayerAddress } from "../parse/link_layer_address.ts";
import type { InterfaceType, NetworkInterface } from "../types/interface.ts";
import {
  FLAG_FilterInterface,
  IF_ALIAS_LENGTH,
  IF_MAX_PHYS_ADDRESS_LENGTH,
  IfOperStatusUp,
  MIB_IF_ROW2_Alias,
  MIB_IF_ROW2_InterfaceAndOperStatusFlags,
  MIB_IF_ROW2_InterfaceIndex,
  MIB_IF_ROW2_InterfaceLuid,
  MIB_IF_ROW2_OperStatus,
  MIB_IF_ROW2_PhysicalAddress,
  MIB_IF_ROW2_PhysicalAddressLength,
  MIB_IF_ROW2_Type,
  SIZEOF_MIB_IF_ROW2,
} from "./layout.ts";
import { formatLuid } from "../entry_list.ts";
import { bytesAt } from "./row.ts";

/** `IFTYPE`, ipifcons.h: the IANA ifType numbers. */
const IF_TYPE: Readonly<Record<number, InterfaceType>> = {
  6: "ethernet", // IF_TYPE_ETHERNET_CSMACD
  23: "ppp", // IF_TYPE_PPP
  24: "loopback", // IF_TYPE_SOFTWARE_LOOPBACK
  71: "wifi", // IF_TYPE_IEEE80211
  131: "tunnel", // IF_TYPE_TUNNEL
  199: "infiniband", // IF_TYPE_INFINIBAND
};

/**
 * Whether the row at `at` is a packet filter that is bound to an adapter. It
 * never has an IP address, and an adapter has about six of them.
 */
export function isFilterInterface(
  rows: DataView<ArrayBuffer>,
  at: number,
): boolean {
  const flags = rows.getUint8(at + MIB_IF_ROW2_InterfaceAndOperStatusFlags);
  return (flags & FLAG_FilterInterface) !== 0;
}

/**
 * Decodes the row at `at`; throws if it is cut short or has an invalid length.
 */
export function decodeInterface(
  rows: DataView<ArrayBuffer>,
  at: number,
): NetworkInterface {
  if (at + SIZEOF_MIB_IF_ROW2 > rows.byteLength) {
    throw malformed(
      `it has ${rows.byteLength - at} of ${SIZEOF_MIB_IF_ROW2} bytes`,
    );
  }
  const length = rows.getUint32(at + MIB_IF_ROW2_PhysicalAddressLength, true);
  if (length > IF_MAX_PHYS_ADDRESS_LENGTH) {
    throw malformed(`its PhysicalAddressLength is ${length}`);
  }
  return {
    interfaceAlias: decodeAlias(rows, at + MIB_IF_ROW2_Alias),
    altNames: [],
    interfaceIndex: rows.getUint32(at + MIB_IF_ROW2_InterfaceIndex, true),
    interfaceLuid: formatLuid(
      rows.getBigUint64(at + MIB_IF_ROW2_InterfaceLuid, true),
    ),
    linkLayerAddress: length === 0 ? null : formatLinkLayerAddress(
      bytesAt(rows, at + MIB_IF_ROW2_PhysicalAddress, length),
    ),
    type: IF_TYPE[rows.getUint32(at + MIB_IF_ROW2_Type, true)] ?? "other",
    isUp: rows.getUint32(at + MIB_IF_ROW2_OperStatus, true) === IfOperStatusUp,
  };
}

function decodeAlias(rows: DataView<ArrayBuffer>, at: number): string {
  let alias = "";
  for (let i = 0; i < IF_ALIAS_LENGTH; i++) {
    const unit = rows.getUint16(at + 2 * i, true);
    if (unit === 0) break;
    alias += String.fromCharCode(unit);
  }
  return alias;
}

function malformed(what: string): NeighborError {
  return new NeighborError("OTHER", `Cannot decode MIB_IF_ROW2: ${what}`, {
    operation: "GetIfTable2",
  });
}
