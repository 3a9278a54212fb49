/**
 * The verbs that change the table, as functions over one shared table.
 *
 * @module
 */

import type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  ReplaceResult,
} from "./types/change.ts";
import type { Neighbor, NeighborEntry, NeighborKey } from "./types/neighbor.ts";
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
 * Makes an entry so, permanent, whatever was there before, and reads it back.
 *
 * Windows: `GetIpNetTable2`, then `CreateIpNetEntry2` or `SetIpNetEntry2`, then
 * `GetIpNetTable2`; a dynamic entry that stays dynamic, or that Set does not
 * know, is deleted and created. Where the create is refused then, the message
 * says what was deleted: nobody can write a dynamic entry. A row in state
 * `unreachable` or `incomplete` without an address counts as no entry.
 * Linux: `RTM_NEWNEIGH` with `NLM_F_CREATE | NLM_F_REPLACE`, read back.
 *
 * @param entry The address, the interface and the link-layer address.
 * @returns What it took; `"changed"` also where only the state was another.
 * @throws {NeighborError} `INTERFACE_NOT_FOUND`, `ACCESS_DENIED`,
 * `INVALID_PARAMETER`; `UNCONFIRMED` where the table then disagrees, and
 * `UNKNOWN_OUTCOME` where it cannot be read to find out.
 *
 * @example Pin a gateway, whether or not it is known yet
 * ```ts no-eval
 * import { replaceNeighbor } from "@ipnet/neighbor";
 *
 * const result = replaceNeighbor({
 *   address: "192.0.2.1",
 *   linkLayerAddress: "02-fc-00-00-00-01",
 *   interfaceAlias: "Ethernet",
 * });
 * console.log(result);
 * ```
 */
export function replaceNeighbor(entry: NeighborEntry): ReplaceResult {
  return sharedTable().replace(entry);
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
 * Makes many changes, in order, and goes on after one that is refused.
 *
 * Windows: one call after the other, then `GetIpNetTable2`, so that each entry
 * was seen as it was asked for. Linux: 128 messages a send.
 *
 * @param changes Entries and keys, each with its verb.
 * @returns One result per change: done, refused or unknown.
 * @throws {NeighborError} `PERMISSION_REQUIRED`; what is wrong with one change
 * is its result, not thrown.
 *
 * @example Provision a network
 * ```ts no-eval
 * import { changeNeighbors } from "@ipnet/neighbor";
 *
 * const results = changeNeighbors([
 *   {
 *     verb: "replace",
 *     address: "192.0.2.7",
 *     linkLayerAddress: "02-fc-00-00-00-05",
 *     interfaceAlias: "Ethernet",
 *   },
 *   { verb: "delete", address: "192.0.2.9", interfaceAlias: "Ethernet" },
 * ]);
 * for (const one of results) {
 *   console.log(one.outcome === "done" ? one.result : one.error.message);
 * }
 * ```
 */
export function changeNeighbors(
  changes: readonly NeighborChange[],
): ChangeResult[] {
  return sharedTable().change(changes);
}

/**
 * Removes the rows that a filter names: never permanent ones unless told so,
 * never those of multicast and broadcast addresses.
 *
 * Windows: one `DeleteIpNetEntry2` per row; `FlushIpNetTable2` where permanent
 * rows are to go and the filter is no more than a family or an interface.
 *
 * @param filter Which rows; `{}` is every row that is not permanent.
 * @returns The rows that were removed, as they were.
 * @throws {NeighborError} `ACCESS_DENIED`, `INTERFACE_NOT_FOUND`,
 * `INVALID_PARAMETER`; the message says how many had gone before.
 *
 * @example Forget what does not answer
 * ```ts no-eval
 * import { flushNeighbors } from "@ipnet/neighbor";
 *
 * const gone = flushNeighbors({ interfaceAlias: "Ethernet", state: "stale" });
 * console.log(gone.length);
 * ```
 */
export function flushNeighbors(filter: FlushFilter): Neighbor[] {
  return sharedTable().flush(filter);
}
