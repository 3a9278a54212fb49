/**
 * Plans the changes from the present rows to the desired entries. Pure.
 *
 * @module
 */

import type { EntryList } from "../ffi/entry_list.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { groupOf } from "../ffi/parse/group.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { NO_PROTOCOL, parseProtocol } from "../ffi/parse/protocol.ts";
import { parseInterfaceRow, parseRow } from "../ffi/parse/row.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import { invalid } from "../ffi/types/error.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import { keyOfText } from "./address_index.ts";
import { indexDesired, parseDesired } from "./desired.ts";
import { InterfaceLookup } from "./interface_lookup.ts";

/**
 * Options of `planNeighbors`.
 *
 * @example Pass the interfaces, so that every name is known
 * ```ts no-eval
 * import { listInterfaces, type PlanOptions } from "@ipnet/neighbor";
 *
 * const options: PlanOptions = { prune: true, interfaces: listInterfaces() };
 * console.log(options.prune);
 * ```
 */
export interface PlanOptions {
  /**
   * Plans to remove permanent entries that are not desired, only on interfaces
   * that a desired entry names. Entries of multicast and broadcast addresses
   * stay. `false` by default.
   */
  readonly prune?: boolean;
  /** As for `applyNeighbors`. */
  readonly protocol?: number;
  /**
   * The interfaces, as `listInterfaces()` returns them. Without them only the
   * rows tell which alias, index and LUID belong to one interface.
   */
  readonly interfaces?: readonly NetworkInterface[];
}

/**
 * A desired entry, and the present row of its address and interface.
 *
 * @example Describe the row that would be overwritten
 * ```ts
 * import type { PlannedEntry } from "@ipnet/neighbor";
 *
 * function loss({ entry, current }: PlannedEntry): string {
 *   return `${entry.address} has ${current.linkLayerAddress}, ${current.state}`;
 * }
 * console.log(loss.name);
 * ```
 */
export interface PlannedEntry {
  /** The entry as given. */
  readonly entry: NeighborEntry;
  /** The row of that address on that interface. */
  readonly current: Neighbor;
}

/**
 * The planned changes; each list keeps the order of the input.
 *
 * @example Whether there is anything to do
 * ```ts
 * import type { NeighborPlan } from "@ipnet/neighbor";
 *
 * function isEmpty({ create, change, remove }: NeighborPlan): boolean {
 *   return create.length + change.length + remove.length === 0;
 * }
 * console.log(isEmpty({ create: [], change: [], unchanged: [], remove: [] }));
 * ```
 */
export interface NeighborPlan {
  /** Entries without a row. */
  readonly create: readonly NeighborEntry[];
  /**
   * Entries whose row has another link-layer address, is not permanent, or has
   * another protocol than the entry asks for.
   */
  readonly change: readonly PlannedEntry[];
  /** Entries whose row is in sync. */
  readonly unchanged: readonly PlannedEntry[];
  /**
   * Permanent rows that are not desired, with `protocol` only those that have
   * it; empty without `prune`.
   */
  readonly remove: readonly Neighbor[];
}

/**
 * Compares desired entries with rows. Makes no system call. Addresses are
 * compared as bytes; aliases, indexes and LUIDs of one interface are equal. An
 * interface that neither the rows nor `interfaces` contain has no rows.
 *
 * @param desired The desired entries; at most one per address and interface.
 * @param current The rows, of at least the interfaces that entries name.
 * @param options `prune`, `protocol`, and the interfaces.
 * @returns The planned changes.
 * @throws {NeighborError} `INVALID_PARAMETER` for an entry that breaks a rule,
 * and for an address given twice on one interface, even if the entries agree.
 *
 * @example Count what is missing
 * ```ts no-eval
 * import { listNeighbors, planNeighbors } from "@ipnet/neighbor";
 *
 * const pins = [{
 *   address: "192.0.2.1",
 *   linkLayerAddress: "02-fc-00-00-00-01",
 *   interfaceAlias: "Ethernet",
 * }];
 * const { create, change } = planNeighbors(pins, listNeighbors());
 * console.log(create.length, "to create,", change.length, "to change");
 * ```
 */
export function planNeighbors(
  desired: readonly NeighborEntry[],
  current: readonly Neighbor[],
  options: PlanOptions = {},
): NeighborPlan {
  const { prune = false, protocol, interfaces = [] } = checkOptions(options, {
    prune: "boolean",
    protocol: "any",
    interfaces: "array",
  });
  const owner = parseProtocol(protocol);
  const entries = parseDesired(desired, owner);
  const rows = checkRows(current);
  const names = Array.from(interfaces, parseInterfaceRow);
  const lookup = new InterfaceLookup(names, rows);
  const ids = entries.interfaces.map((named) => lookup.find(named));
  checkZones(entries, ids);
  const { positions, duplicates } = indexDesired(entries, ids);
  if (duplicates.length > 0) throw duplicates[0]!.error;
  const found = new Array<Neighbor | undefined>(entries.length);
  const remove: Neighbor[] = [];
  rows.forEach((row, i) => {
    const id = row.interfaceIndex;
    if (!positions.isOn(id) || isProxy(row) || isEmptyRow(row)) return;
    const position = positions.find(id, keyOfText(row.address));
    // The plan contains the caller's rows, not the checked copies
    if (position >= 0) found[position] = current[i]!;
    else if (prune && mayPrune(row, owner)) remove.push(current[i]!);
  });
  return comparePlan(entries, entries.length, found, remove);
}

/** Checks the rows; returns copies, which the caller cannot change. */
function checkRows(current: readonly Neighbor[]): Neighbor[] {
  if (!Array.isArray(current)) throw invalid("The rows are not an array");
  return Array.from(current, (row) => parseRow(row));
}

/** Refuses an entry whose zone means another interface than the entry names. */
function checkZones(
  entries: EntryList,
  ids: readonly (number | undefined)[],
): void {
  for (const [position, zone] of entries.zones) {
    const id = ids[zone];
    const other = ids[entries.interfaceOf[position]!];
    if (id === undefined || id === other) continue;
    throw invalid(
      `The zone of ${entries.describe(position)} names another interface`,
      entries.given[position],
    );
  }
}

/** Compares the first `count` entries with the row found for each. */
export function comparePlan(
  entries: EntryList,
  count: number,
  found: readonly (Neighbor | undefined)[],
  remove: readonly Neighbor[],
): NeighborPlan {
  const create: NeighborEntry[] = [];
  const change: PlannedEntry[] = [];
  const unchanged: PlannedEntry[] = [];
  for (let i = 0; i < count; i++) {
    const entry = entries.given[i] as NeighborEntry;
    const current = found[i];
    if (current === undefined) create.push(entry);
    else {
      const list = isInSync(current, entries, i) ? unchanged : change;
      list.push({ entry, current });
    }
  }
  return { create, change, unchanged, remove };
}

/** Whether a row is a proxy entry, which is no neighbor. */
function isProxy(row: Neighbor): boolean {
  return row.flags !== undefined && row.flags.includes("proxy");
}

/**
 * Whether `prune` removes a row that is not desired: a permanent one of a
 * single neighbor, and of the owner; 0 stands for every owner.
 */
export function mayPrune(row: Neighbor, owner: number): boolean {
  return row.state === "permanent" && isOf(row, owner) &&
    groupOf(row) === null;
}

/** Whether a row has the protocol of the owner; 0 stands for every owner. */
export function isOf({ protocol }: Neighbor, owner: number): boolean {
  return owner === NO_PROTOCOL || protocol === owner;
}
