/**
 * The functions that read, over the table that all functions share.
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
import type { NeighborWatch, WatchOptions } from "./types/watch.ts";
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
 * Reads the table. An address family that this computer lacks has no rows.
 *
 * Windows: `GetIpNetTable2` and `FreeMibTable`.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getipnettable2
 *
 * @param filter Which rows; all of them without one.
 * @returns The rows, in the system's order, IPv4 first.
 * @throws {NeighborError} `INTERFACE_NOT_FOUND`, `INVALID_PARAMETER`, and
 * `OTHER` for a row that cannot be decoded; no row is skipped.
 *
 * @example The permanent entries
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
 * Reads the table row by row, for tables too large to be kept as a whole. Rows
 * are decoded as they are asked for, IPv4 first, each address of an interface
 * once.
 *
 * Linux: each read has a socket of its own, which the first row opens and the
 * end of the loop closes, also `break` and an error. Only the addresses of the
 * rows that were returned are kept. A row may have changed since the kernel was
 * asked for it.
 *
 * Windows: `GetIpNetTable2`. The copy of the table is kept until the end.
 *
 * @param filter Which rows; all of them without one.
 * @returns The rows, to be read once. One that is neither read to its end nor
 * left by `break` has to be ended by `return()` or `using`.
 * @throws {NeighborError} At the call `INTERFACE_NOT_FOUND` and
 * `INVALID_PARAMETER`, while reading what {@linkcode listNeighbors} throws.
 *
 * @example Look for the first row that has a link-layer address
 * ```ts no-eval
 * import { readNeighbors } from "@ipnet/neighbor";
 *
 * for (const row of readNeighbors({ family: "ipv4" })) {
 *   if (row.linkLayerAddress !== "02:fc:00:00:00:05") continue;
 *   console.log(row.address);
 *   break;
 * }
 * ```
 */
export function readNeighbors(
  filter: NeighborFilter = {},
): Generator<Neighbor, undefined> {
  return sharedTable().read(filter);
}

/**
 * Asks the network who has an address, by ARP or neighbor discovery. A
 * permanent entry is returned as it is, without asking.
 *
 * Windows: `ResolveIpNetEntry2` on another thread. It removes a dynamic entry
 * before it asks. It cannot be stopped: an abort or the timeout rejects at
 * once, and the result of the call is ignored.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-resolveipnetentry2
 *
 * @param key The address and the interface.
 * @param options `signal` and `timeout` to stop waiting, `sourceAddress` to ask
 * from.
 * @returns The entry after the answer.
 * @throws {NeighborError} `UNREACHABLE` where there is no answer, after some
 * seconds; `TIMEOUT`, `INTERFACE_NOT_FOUND`, `INVALID_PARAMETER`.
 *
 * @example Wait for at most a second
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
 * Windows: `GetIfTable2`, without the packet filters that are bound to an
 * adapter: they never have an IP address.
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

/**
 * Reports the rows of the table, unless `initial` is `false`, and then every
 * change from this call on.
 *
 * Linux: the kernel's events. They are queued in the kernel until they are
 * read. If the kernel had to drop some, the event `resync` says so and the
 * table is read again. The kernel does not announce rows in state `incomplete`,
 * the step from `stale` to `delay`, or the rows it makes for multicast
 * addresses. A filter with nothing but an alias follows whichever interface has
 * that name.
 *
 * Windows has no such events: the table is read every `interval` milliseconds
 * and compared. What came and went between two readings is missed.
 *
 * @param options `signal` to end it, `filter`, `interval`, `initial`.
 * @returns The events, for `for await`.
 * @throws {NeighborError} `INVALID_PARAMETER`, `INTERFACE_NOT_FOUND`,
 * `PERMISSION_REQUIRED`, at the call. A later error of the system rejects the
 * iteration and ends it.
 *
 * @example Who changes the gateway's link-layer address
 * ```ts no-eval
 * import { watchNeighbors } from "@ipnet/neighbor";
 *
 * const filter = { subnet: "192.0.2.1/32" };
 * for await (const { type, neighbor, previous } of watchNeighbors({ filter })) {
 *   if (type === "changed") {
 *     console.log(previous.linkLayerAddress, "->", neighbor.linkLayerAddress);
 *   }
 * }
 * ```
 */
export function watchNeighbors(options: WatchOptions = {}): NeighborWatch {
  return sharedTable().watch(options);
}
