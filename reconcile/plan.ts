/**
 * The difference between the entries there shall be and those there are. Pure.
 *
 * @module
 */

import {
  isLimitedBroadcast,
  isMulticast,
  parseAddress,
} from "../ffi/parse/address.ts";
import { arrange, type DesiredEntries, readDesired } from "./desired.ts";
import { InterfaceLookup } from "./interface_lookup.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import { match, type Matched } from "./match.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";

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
  checkOptions(options, { prune: "boolean", interfaces: "array" });
  const all = readDesired(desired);
  const numbers = new InterfaceLookup(options.interfaces ?? [], current);
  const arranged = arrange(all, numbers);
  const matched = match(arranged, current);
  const remove = options.prune ? matched.others.filter(mayPrune) : [];
  return compare(arranged, matched, remove);
}

/** Compares the entries with what stands in the place of each. */
export function compare(
  { all }: DesiredEntries,
  { current, standing }: Matched,
  remove: readonly Neighbor[],
): NeighborPlan {
  const create: NeighborEntry[] = [];
  const change: PlannedEntry[] = [];
  const unchanged: PlannedEntry[] = [];
  for (let i = 0; i < all.length; i++) {
    const { entry } = all[i]!;
    const row = current[i];
    if (row === undefined) create.push(entry);
    else {
      const list = standing[i] === "pinned" ? unchanged : change;
      list.push({ entry, current: row });
    }
  }
  return { create, change, unchanged, remove };
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
