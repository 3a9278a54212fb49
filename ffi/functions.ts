/**
 * The verbs as functions, over one shared table.
 *
 * @module
 */

import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NetworkInterface,
} from "./neighbor.ts";
import { sharedTable } from "./open.ts";

/**
 * Changes the link-layer address of an entry that exists.
 *
 * Windows: one `SetIpNetEntry2`, as an elevated administrator. What becomes of
 * the state of a dynamic entry is not documented there: read it back.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-setipnetentry2
 *
 * @param entry The address, the interface and the new link-layer address.
 * @throws {NeighborError} `NOT_FOUND` where there is no such entry,
 * `INTERFACE_NOT_FOUND`, `ACCESS_DENIED`, `INVALID_PARAMETER` for an entry that
 * breaks a rule, before any call.
 *
 * @example Pin a gateway
 * ```ts no-eval
 * import { setNeighbor } from "@ipnet/neighbor";
 *
 * setNeighbor({
 *   address: "192.0.2.7",
 *   linkLayerAddress: "02-fc-00-00-00-05",
 *   interfaceAlias: "Ethernet",
 * });
 * ```
 */
export function setNeighbor(entry: NeighborEntry): void {
  sharedTable().set(entry);
}

/**
 * Adds a permanent entry.
 *
 * Windows: one `CreateIpNetEntry2`, as an elevated administrator. The entry
 * does not outlive a reboot.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-createipnetentry2
 *
 * @param entry The address, the interface and the link-layer address.
 * @throws {NeighborError} `ALREADY_EXISTS`, `INTERFACE_NOT_FOUND`,
 * `ACCESS_DENIED`, `INVALID_PARAMETER`.
 *
 * @example Wake a host that is asleep and so does not answer ARP
 * ```ts no-eval
 * import { createNeighbor } from "@ipnet/neighbor";
 *
 * createNeighbor({
 *   address: "192.0.2.9",
 *   linkLayerAddress: "02fc.0000.0009",
 *   interfaceIndex: 12,
 * });
 * ```
 */
export function createNeighbor(entry: NeighborEntry): void {
  sharedTable().create(entry);
}

/**
 * Removes an entry.
 *
 * Windows: one `DeleteIpNetEntry2`, as an elevated administrator.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-deleteipnetentry2
 *
 * @param key The address and the interface.
 * @throws {NeighborError} `NOT_FOUND`, `INTERFACE_NOT_FOUND`, `ACCESS_DENIED`,
 * `INVALID_PARAMETER`.
 *
 * @example Remove an IPv6 entry
 * ```ts no-eval
 * import { deleteNeighbor } from "@ipnet/neighbor";
 *
 * deleteNeighbor({ address: "fe80::1%Ethernet" });
 * ```
 */
export function deleteNeighbor(key: NeighborKey): void {
  sharedTable().delete(key);
}

/**
 * Reads one entry.
 *
 * Windows: one `GetIpNetEntry2` and the interface's alias.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipnetentry2
 *
 * @param key The address and the interface.
 * @returns The entry, or `undefined` where there is none.
 * @throws {NeighborError} `INTERFACE_NOT_FOUND`, `INVALID_PARAMETER`.
 *
 * @example Ask for the gateway's link-layer address
 * ```ts no-eval
 * import { getNeighbor } from "@ipnet/neighbor";
 *
 * const row = getNeighbor({ address: "192.0.2.1", interfaceAlias: "Ethernet" });
 * console.log(row?.linkLayerAddress ?? "not known");
 * ```
 */
export function getNeighbor(key: NeighborKey): Neighbor | undefined {
  return sharedTable().get(key);
}

/**
 * Reads the table, family by family; a family this computer lacks has no rows.
 *
 * Windows: `GetIpNetTable2` and `FreeMibTable`.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipnettable2
 *
 * @param filter Which rows; all of them without one.
 * @returns The rows, in the system's order.
 * @throws {NeighborError} `INTERFACE_NOT_FOUND`, `INVALID_PARAMETER`, and
 * `OTHER` for a row that cannot be decoded: none is ever skipped.
 *
 * @example What is pinned
 * ```ts no-eval
 * import { listNeighbors } from "@ipnet/neighbor";
 *
 * console.table(listNeighbors({ state: "permanent" }));
 * ```
 */
export function listNeighbors(filter: NeighborFilter = {}): Neighbor[] {
  return sharedTable().list(filter);
}

/**
 * Reads the network interfaces.
 *
 * Windows: `GetIfTable2`, without the packet filters bound to an adapter, which
 * never have an address.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getiftable2
 *
 * @returns The interfaces, in the system's order.
 * @throws {NeighborError} `PERMISSION_REQUIRED`, or what the system answered.
 *
 * @example Their names
 * ```ts no-eval
 * import { listInterfaces } from "@ipnet/neighbor";
 *
 * console.log(listInterfaces().map((one) => one.interfaceAlias));
 * ```
 */
export function listInterfaces(): NetworkInterface[] {
  return sharedTable().listInterfaces();
}
