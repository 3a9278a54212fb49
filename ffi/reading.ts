/**
 * The verbs that ask, as functions over one shared table.
 *
 * @module
 */

import type { ResolveOptions } from "./types/change.ts";
import type { NetworkInterface } from "./types/interface.ts";
import type {
  Neighbor,
  NeighborFilter,
  NeighborKey,
} from "./types/neighbor.ts";
import { sharedTable } from "./open.ts";

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
 * Asks the wire who has an address, by ARP or neighbor discovery. A permanent
 * entry is the answer already: nothing is asked, nothing is dropped.
 *
 * Windows: `ResolveIpNetEntry2` on a thread of its own, which forgets a dynamic
 * entry before it asks. An abort rejects at once; the call ends unheard.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-resolveipnetentry2
 *
 * @param key The address and the interface.
 * @param options `signal` to stop waiting, `sourceAddress` to ask from.
 * @returns The entry as the answer left it.
 * @throws {NeighborError} `UNREACHABLE` where nobody answers, after some
 * seconds; `INTERFACE_NOT_FOUND`, `INVALID_PARAMETER`.
 *
 * @example Who has it, in a second at the most
 * ```ts no-eval
 * import { resolveNeighbor } from "@ipnet/neighbor";
 *
 * const key = { address: "192.0.2.1", interfaceAlias: "Ethernet" };
 * const row = await resolveNeighbor(key, { signal: AbortSignal.timeout(1000) });
 * console.log(row.linkLayerAddress);
 * ```
 */
export async function resolveNeighbor(
  key: NeighborKey,
  options: ResolveOptions = {},
): Promise<Neighbor> {
  return await sharedTable().resolve(key, options);
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
