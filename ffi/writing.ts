/**
 * The functions that change the table that all functions share.
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
 * Windows: one `SetIpNetEntry2`, as an elevated administrator. What it makes of
 * the state of a dynamic entry is not documented: read the entry to find out.
 * Linux: `RTM_NEWNEIGH` with `NLM_F_REPLACE`; the entry becomes permanent.
 *
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-setipnetentry2
 *
 * @param entry The address, the interface and the new link-layer address.
 * @throws {NeighborError} `NOT_FOUND` where there is no such entry,
 * `INTERFACE_NOT_FOUND`, `ACCESS_DENIED`, and `INVALID_PARAMETER` before any call
 * for an entry that breaks a rule.
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
 * Windows: one `CreateIpNetEntry2`, as an elevated administrator. The entry is
 * lost at a restart. Where that finds a row there, `GetIpNetTable2` shows
 * whether it is the empty one that Windows may keep of a deleted entry. That
 * row is deleted and created, and where it stays, set.
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
 * Makes an entry permanent with this link-layer address, whatever was there
 * before, and reads it back.
 *
 * Windows: `GetIpNetTable2`, then `CreateIpNetEntry2` or `SetIpNetEntry2`, then
 * `GetIpNetTable2`. A dynamic entry that stays dynamic, or that Set does not
 * find, is deleted and created. If that create is refused, the message says
 * what was deleted, because a dynamic entry cannot be written back. A row in
 * state `unreachable` or `incomplete` without an address counts as no entry.
 * Linux: `RTM_NEWNEIGH` with `NLM_F_CREATE | NLM_F_REPLACE`, then
 * `RTM_GETNEIGH`.
 *
 * @param entry The address, the interface and the link-layer address.
 * @returns What was done; `"changed"` also where only the state was different.
 * @throws {NeighborError} `INTERFACE_NOT_FOUND`, `ACCESS_DENIED`,
 * `INVALID_PARAMETER`; `UNCONFIRMED` where the table then does not have the entry
 * as asked for, and `UNKNOWN_OUTCOME` where the table cannot be read.
 *
 * @example Pin a gateway, whether or not it has an entry
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
 * Makes many changes in order. A change that is refused does not stop the rest.
 *
 * Windows: one call for each change, then `GetIpNetTable2` to compare the table
 * with what was asked for. Linux: up to 128 messages in one `send`.
 *
 * @param changes Entries and keys, each with its verb; at most 1,048,576.
 * @returns One result per change: done, refused or unknown.
 * @throws {NeighborError} `PERMISSION_REQUIRED`, and `INVALID_PARAMETER` for
 * what is not an array, or a longer one. An error of one change is not thrown:
 * it is the result of that change.
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
 * Removes the rows that match a filter. Permanent rows are kept unless
 * `permanent` is `true`; rows of multicast and broadcast addresses are always
 * kept.
 *
 * Windows: one `DeleteIpNetEntry2` per row, or one `FlushIpNetTable2` where
 * every row of a family or of an interface is to be removed.
 *
 * @param filter Which rows; `{}` means every row that is not permanent.
 * @returns The rows that were removed, as they were.
 * @throws {NeighborError} `ACCESS_DENIED`, `INTERFACE_NOT_FOUND`,
 * `INVALID_PARAMETER`; the message says how many rows were removed before.
 *
 * @example Remove stale entries
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
