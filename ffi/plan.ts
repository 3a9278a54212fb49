/**
 * The difference between the entries there shall be and those there are. Pure.
 *
 * @module
 */

import {
  formatAddress,
  isLimitedBroadcast,
  isMulticast,
  parseAddress,
} from "./address.ts";
import { describeKey, type ParsedEntry, parseEntry } from "./entry.ts";
import { invalid } from "./error.ts";
import { InterfaceNumbers } from "./interface_numbers.ts";
import { checkOptions } from "./options.ts";
import { formatLinkLayerAddress } from "./link_layer_address.ts";
import type { NetworkInterface } from "./interface.ts";
import type { Neighbor, NeighborEntry } from "./neighbor.ts";

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
  const numbers = new InterfaceNumbers(options.interfaces ?? [], current);
  return plan(arrange(all, numbers), current, options.prune ?? false);
}

/** A desired entry past the door. */
export interface Desired {
  readonly entry: NeighborEntry;
  readonly parsed: ParsedEntry;
  /** As rows have it. */
  readonly address: string;
  readonly linkLayerAddress: string;
}

/** Desired entries, none of which stands twice. */
export interface DesiredEntries {
  /** In the order given. */
  readonly all: readonly Desired[];
  /** By the number of the interface and the address. */
  readonly at: ReadonlyMap<number, ReadonlyMap<string, Desired>>;
}

/** Checks each of the desired entries alone. */
export function readDesired(desired: readonly NeighborEntry[]): Desired[] {
  if (!Array.isArray(desired)) {
    throw invalid("The desired entries are not an array");
  }
  return desired.map(readOne);
}

/** Checks one entry alone. */
export function readOne(entry: NeighborEntry): Desired {
  const parsed = parseEntry(entry);
  return {
    entry,
    parsed,
    address: formatAddress(parsed.address),
    linkLayerAddress: formatLinkLayerAddress(parsed.linkLayerAddress),
  };
}

/**
 * Checks the desired entries together. `refuse` is told of each that cannot
 * stand beside the others, and throws unless all of them are to be told.
 */
export function arrange(
  all: readonly Desired[],
  numbers: InterfaceNumbers,
  refuse: (message: string, one: Desired) => void = (message, { entry }) => {
    throw invalid(message, entry);
  },
): DesiredEntries {
  const at = new Map<number, Map<string, Desired>>();
  for (const one of all) {
    const { parsed } = one;
    const number = numbers.of(parsed.interface);
    if (parsed.zone !== null && numbers.of(parsed.zone) !== number) {
      refuse(
        `The zone of ${describeKey(parsed)} names another interface`,
        one,
      );
    }
    let addresses = at.get(number);
    if (addresses === undefined) at.set(number, addresses = new Map());
    const twin = addresses.get(one.address);
    if (twin !== undefined) refuse(twice(one, twin), one);
    else addresses.set(one.address, one);
  }
  return { all, at };
}

/** What is wrong with two entries for one address. */
function twice(one: Desired, twin: Desired): string {
  const says = one.linkLayerAddress === twin.linkLayerAddress
    ? "it is the same entry again"
    : `once as ${twin.linkLayerAddress}, once as ${one.linkLayerAddress}`;
  return `${describeKey(one.parsed)} is given twice: ${says}`;
}

/** The rest of {@linkcode planNeighbors}. */
export function plan(
  desired: DesiredEntries,
  current: readonly Neighbor[],
  prune: boolean,
): NeighborPlan {
  const rows = new Map<Desired, Neighbor>();
  const remove: Neighbor[] = [];
  for (const row of current) {
    const addresses = desired.at.get(row.interfaceIndex);
    if (addresses === undefined || isProxy(row)) continue;
    const one = addresses.get(row.address);
    if (one !== undefined) rows.set(one, row);
    else if (prune && mayPrune(row)) remove.push(row);
  }
  const create: NeighborEntry[] = [];
  const change: PlannedEntry[] = [];
  const unchanged: PlannedEntry[] = [];
  for (const one of desired.all) {
    const row = rows.get(one);
    if (row === undefined) create.push(one.entry);
    else {
      const list = isSo(row, one) ? unchanged : change;
      list.push({ entry: one.entry, current: row });
    }
  }
  return { create, change, unchanged, remove };
}

/** Whether a row is what is desired. */
export function isSo(row: Neighbor | undefined, one: Desired): boolean {
  return row !== undefined && row.state === "permanent" &&
    row.linkLayerAddress === one.linkLayerAddress;
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
