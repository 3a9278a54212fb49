/**
 * The difference between the entries there shall be and those there are. Pure.
 *
 * @module
 */

import type { EntryList } from "../ffi/entry_list.ts";
import {
  isLimitedBroadcast,
  isMulticast,
  parseAddress,
} from "../ffi/parse/address.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { parseInterfaceRow, parseRow } from "../ffi/parse/row.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import { invalid } from "../ffi/types/error.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import { keyOfText } from "./address_index.ts";
import { indexDesired, parseDesired } from "./desired.ts";
import { InterfaceLookup } from "./interface_lookup.ts";

/**
 * How to plan.
 *
 * @example With what the interfaces are called
 * ```ts no-eval
 * import { listInterfaces, type PlanOptions } from "@ipnet/neighbor";
 *
 * const options: PlanOptions = { prune: true, interfaces: listInterfaces() };
 * console.log(options.prune);
 * ```
 */
export interface PlanOptions {
  /**
   * Removes the permanent entries that are not desired, on the interfaces that
   * the desired ones name and on no others; those of multicast and broadcast
   * addresses stay.
   */
  readonly prune?: boolean;
  /**
   * What the interfaces are called, as `listInterfaces()` answers. Without it
   * the rows alone say which alias, index and LUID are one interface.
   */
  readonly interfaces?: readonly NetworkInterface[];
}

/**
 * An entry there shall be, and the row that stands in its place.
 *
 * @example What would be overwritten
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
  /** As given. */
  readonly entry: NeighborEntry;
  /** The row of that address on that interface. */
  readonly current: Neighbor;
}

/**
 * What is to be done, each list in the order of what was given.
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
  /** There is no row for these. */
  readonly create: readonly NeighborEntry[];
  /** The row has another link-layer address, or is not permanent. */
  readonly change: readonly PlannedEntry[];
  /** The row is permanent and as desired. */
  readonly unchanged: readonly PlannedEntry[];
  /** Permanent rows that nobody desires; empty without `prune`. */
  readonly remove: readonly Neighbor[];
}

/**
 * Compares the entries there shall be with the rows there are. Reads nothing
 * and changes nothing; addresses are compared as bytes, interfaces as what
 * their names mean. An interface that neither the rows nor `interfaces` know
 * is one without rows.
 *
 * @param desired The entries there shall be, each address once an interface.
 * @param current The rows there are, of at least the interfaces named.
 * @param options `prune`, and what the interfaces are called.
 * @returns What is to be done.
 * @throws {NeighborError} `INVALID_PARAMETER` for an entry that breaks a rule,
 * and for one that stands twice, whether or not they agree.
 *
 * @example What is missing
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
  const { prune = false, interfaces = [] } = checkOptions(options, {
    prune: "boolean",
    interfaces: "array",
  });
  const entries = parseDesired(desired);
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
    // What is handed out is what was given, not the copy that was checked
    if (position >= 0) found[position] = current[i]!;
    else if (prune && mayPrune(row)) remove.push(current[i]!);
  });
  return comparePlan(entries, entries.length, found, remove);
}

/** Each row checked, as a copy that nobody changes. */
function checkRows(current: readonly Neighbor[]): Neighbor[] {
  if (!Array.isArray(current)) throw invalid("The rows are not an array");
  return Array.from(current, (row) => parseRow(row));
}

/** A zone that is known must name the interface beside it. */
function checkZones(
  entries: EntryList,
  ids: readonly (number | undefined)[],
): void {
  for (const [position, zone] of entries.zones) {
    const id = ids[zone];
    const on = ids[entries.interfaceOf[position]!];
    if (id === undefined || id === on) continue;
    throw invalid(
      `The zone of ${entries.describe(position)} names another interface`,
      entries.given[position],
    );
  }
}

/** Compares the first `count` entries with what stands in the place of each. */
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

/** Answers for an address, and so is no neighbor. */
function isProxy(row: Neighbor): boolean {
  return row.flags !== undefined && row.flags.includes("proxy");
}

/** Whether a row goes where it is not desired. */
export function mayPrune(row: Neighbor): boolean {
  return row.state === "permanent" && groupOf(row) === null;
}

/**
 * Whether a row belongs to a group rather than to a neighbor: the system makes
 * such rows itself, and makes them permanent on Windows.
 */
export function groupOf(
  row: Pick<Neighbor, "address" | "linkLayerAddress">,
): "multicast" | "broadcast" | null {
  const { bytes } = parseAddress(row.address);
  if (isMulticast(bytes)) return "multicast";
  const isBroadcast = isLimitedBroadcast(bytes) ||
    (row.linkLayerAddress !== null &&
      /^ff(:ff)*$/.test(row.linkLayerAddress));
  return isBroadcast ? "broadcast" : null;
}
