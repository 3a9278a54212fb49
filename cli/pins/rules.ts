/**
 * What counts as a pin: which members it has, what each has to be, which rows
 * of a listing become one, by which of its names the interface is remembered.
 * Pure.
 *
 * @module
 */

import type { EntryList } from "../../ffi/entry_list.ts";
import { parseAddress } from "../../ffi/parse/address.ts";
import {
  brokenAddressRule,
  describe,
  parseInterface,
} from "../../ffi/parse/entry.ts";
import { checkState } from "../../ffi/parse/filter.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { invalid, quote } from "../../ffi/types/error.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborEntry,
} from "../../ffi/types/neighbor.ts";
import { groupOf } from "../../reconcile/plan.ts";

/** Why a row of a listing is not made into a pin. */
export type SkipReason =
  | "notPermanent"
  | "noLinkLayerAddress"
  | "multicast"
  | "broadcast"
  | "proxy"
  | "notWritable";

/** The names of an interface, the one that lives longest first. */
export const INTERFACE_MEMBERS = [
  "interfaceLuid",
  "interfaceAlias",
  "interfaceIndex",
] as const;

/** What a pin may have. */
export const PIN_MEMBERS: Readonly<Record<string, true>> = {
  address: true,
  linkLayerAddress: true,
  interfaceAlias: true,
  interfaceIndex: true,
  interfaceLuid: true,
  comment: true,
};

/** What a row of a listing has: a record, so that the compiler misses one. */
export const ROW_MEMBERS: Readonly<Record<keyof Neighbor | "comment", true>> = {
  address: true,
  family: true,
  interfaceIndex: true,
  interfaceLuid: true,
  interfaceAlias: true,
  linkLayerAddress: true,
  state: true,
  isRouter: true,
  isUnreachable: true,
  reachabilityTime: true,
  protocol: true,
  flags: true,
  comment: true,
};

/** What a file may have that is no listing. */
export const FILE_MEMBERS: Readonly<Record<string, true>> = {
  neighbors: true,
  $schema: true,
  comment: true,
};

/** The members of an item, of whatever type. */
export type Given = Readonly<Record<string, unknown>>;

/** Of the three names of an interface the one that lives longest. */
export function nameOf(
  item: Given,
): (typeof INTERFACE_MEMBERS)[number] | undefined {
  return INTERFACE_MEMBERS.find((one) => item[one] != null);
}

/** The entry of an item, by one name of its interface. */
export function entryOf(item: Given): NeighborEntry {
  const { address, linkLayerAddress } = item;
  const name = nameOf(item);
  return {
    address,
    linkLayerAddress,
    ...(name !== undefined && { [name]: item[name] }),
  } as NeighborEntry;
}

/** Throws what is wrong with one member of an item. */
export type Check = readonly [member: string, check: (item: Given) => void];

/** What each name of an interface must be. */
export const INTERFACE_CHECKS: readonly Check[] = INTERFACE_MEMBERS.map(
  (name) => [name, (item) => {
    if (item[name] != null) parseInterface({ [name]: item[name] });
  }],
);

/** What a row that is skipped must be all the same. */
export const ROW_CHECKS: readonly Check[] = [
  ["state", ({ state }) => checkState(state)],
  ["address", ({ address, family }) => {
    if (typeof address !== "string") throw invalid("The address takes text");
    checkFamily(address, parseAddress(address).family, family);
  }],
  ["linkLayerAddress", ({ linkLayerAddress }) => {
    if (linkLayerAddress == null) return;
    if (typeof linkLayerAddress !== "string") {
      throw invalid("The link-layer address takes text or null");
    }
    parseLinkLayerAddress(linkLayerAddress);
  }],
  ...INTERFACE_CHECKS,
];

/** Refuses a row whose family is not that of its address. */
export function checkFamily(
  address: string,
  family: AddressFamily,
  given: unknown,
): void {
  if (given === undefined || given === family) return;
  throw invalid(
    `The address ${quote(address)} is ${family}, the row's family ` +
      `is ${describe(given)}`,
  );
}

/** Why a row is none to pin, whatever its address is. */
export function skipReason(row: Given): SkipReason | undefined {
  const { linkLayerAddress, state, flags } = row;
  if (Array.isArray(flags) && flags.includes("proxy")) return "proxy";
  if (state !== "permanent") return "notPermanent";
  if (linkLayerAddress == null) return "noLinkLayerAddress";
}

/** Why the entry that a row became is none to pin. */
export function addressSkipReason(
  entries: EntryList,
  position: number,
): SkipReason | undefined {
  const group = groupOf({
    address: entries.address(position),
    linkLayerAddress: entries.linkLayerAddress(position),
  });
  if (group !== null) return group;
  // The kernel and other tools make such rows, nobody can through us
  const at = entries.addressAt(position);
  const end = at + entries.addressLengths[position]!;
  const broken = brokenAddressRule(entries.addresses.subarray(at, end));
  return broken === undefined ? undefined : "notWritable";
}
