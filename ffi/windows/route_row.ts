/**
 * Decodes `MIB_IPFORWARD_ROW2`: of its 104 bytes the members that tell a default
 * gateway. Pure: it runs on every system.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_ipforward_row2
 *
 * @module
 */

import { formatAddress } from "../parse/address.ts";
import { NeighborError } from "../types/error.ts";
import type { AddressFamily } from "../types/neighbor.ts";
import {
  AF_INET,
  AF_INET6,
  IP_ADDRESS_PREFIX_PrefixLength,
  MIB_IPFORWARD_ROW2_DestinationPrefix,
  MIB_IPFORWARD_ROW2_InterfaceIndex,
  MIB_IPFORWARD_ROW2_InterfaceLuid,
  MIB_IPFORWARD_ROW2_NextHop,
  SIZEOF_MIB_IPFORWARD_ROW2,
  SOCKADDR_IN6_sin6_addr,
  SOCKADDR_IN_sin_addr,
  SOCKADDR_INET_si_family,
} from "./layout.ts";
import { bytesAt } from "./row.ts";

/** A default route. */
export interface DecodedRoute {
  readonly family: AddressFamily;
  /** `null` where the destination is on the link itself. */
  readonly address: string | null;
  readonly interfaceIndex: number;
  readonly interfaceLuid: bigint;
}

/**
 * Decodes the row at `at`; `undefined` for any route but a default route. Throws
 * if it is cut short.
 */
export function decodeDefaultRoute(
  rows: DataView<ArrayBuffer>,
  at: number,
): DecodedRoute | undefined {
  if (at + SIZEOF_MIB_IPFORWARD_ROW2 > rows.byteLength) {
    throw new NeighborError(
      "OTHER",
      `Cannot decode MIB_IPFORWARD_ROW2: it has ${rows.byteLength - at} of ` +
        `${SIZEOF_MIB_IPFORWARD_ROW2} bytes`,
      { operation: "GetIpForwardTable2" },
    );
  }
  const prefix = at + MIB_IPFORWARD_ROW2_DestinationPrefix;
  if (rows.getUint8(prefix + IP_ADDRESS_PREFIX_PrefixLength) !== 0) {
    return undefined;
  }
  const family = familyAt(rows, prefix);
  if (family === undefined) return undefined;
  return {
    family,
    address: addressAt(rows, at + MIB_IPFORWARD_ROW2_NextHop),
    interfaceIndex: rows.getUint32(
      at + MIB_IPFORWARD_ROW2_InterfaceIndex,
      true,
    ),
    interfaceLuid: rows.getBigUint64(
      at + MIB_IPFORWARD_ROW2_InterfaceLuid,
      true,
    ),
  };
}

function familyAt(
  rows: DataView<ArrayBuffer>,
  sockaddr: number,
): AddressFamily | undefined {
  const family = rows.getUint16(sockaddr + SOCKADDR_INET_si_family, true);
  return family === AF_INET ? "ipv4" : family === AF_INET6 ? "ipv6" : undefined;
}

/** The address of a SOCKADDR_INET; `null` for that of no host. */
function addressAt(
  rows: DataView<ArrayBuffer>,
  sockaddr: number,
): string | null {
  const family = familyAt(rows, sockaddr);
  if (family === undefined) return null;
  const octets = family === "ipv4"
    ? bytesAt(rows, sockaddr + SOCKADDR_IN_sin_addr, 4)
    : bytesAt(rows, sockaddr + SOCKADDR_IN6_sin6_addr, 16);
  return octets.every((octet) => octet === 0) ? null : formatAddress(octets);
}
