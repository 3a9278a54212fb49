/**
 * What counts as a pin: which members it has, what each has to be, which rows
 * of a listing become one, by which of its names the interface is remembered.
 * Pure.
 *
 * @module
 */

import { parseAddress } from "../../ffi/parse/address.ts";
import {
  brokenRule,
  describe,
  parseInterface,
  readAddress,
  readLinkLayerAddress,
  readZone,
} from "../../ffi/parse/entry.ts";
import { invalid, quote } from "../../ffi/types/error.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborState,
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

/** Throws what is wrong with one member of an item. */
export type Check = readonly [member: string, check: (item: Given) => void];

/** The entry of an item; of a row's three names the one that lives longest. */
export function entryOf(item: Given): NeighborEntry {
  const { address, linkLayerAddress } = item;
  const name = INTERFACE_MEMBERS.find((one) => item[one] != null);
  return {
    address,
    linkLayerAddress,
    ...(name !== undefined && { [name]: item[name] }),
  } as NeighborEntry;
}

/** Each name alone: where two are given, each may be wrong. */
const INTERFACE_CHECKS: readonly Check[] = INTERFACE_MEMBERS.map((name) => [
  name,
  (item) => {
    if (item[name] != null) parseInterface({ [name]: item[name] });
  },
]);

/** What a pin must be, member by member. */
export const PIN_CHECKS: readonly Check[] = [
  ["address", (pin) => {
    readZone(readAddress(pin).zone);
  }],
  ["linkLayerAddress", (pin) => {
    readLinkLayerAddress(pin);
  }],
  ...INTERFACE_CHECKS,
];

/** What every row must be, whether or not it becomes a pin. */
export const ROW_CHECKS: readonly Check[] = [
  ["state", ({ state }) => {
    if (typeof state !== "string") throw invalid("The state takes text");
    parseFilter({ state: state as NeighborState });
  }],
  ["address", ({ address, family }) => {
    if (typeof address !== "string") throw invalid("The address takes text");
    const parsed = parseAddress(address);
    readZone(parsed.zone);
    if (family === undefined || family === parsed.family) return;
    throw invalid(
      `The address ${quote(address)} is ${parsed.family}, the row's family ` +
        `is ${describe(family)}`,
    );
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

/** Why a row past its checks is none to pin, if it is none. */
export function skipReason(row: Given): SkipReason | undefined {
  const { address, linkLayerAddress, state, flags } = row;
  if (Array.isArray(flags) && flags.includes("proxy")) return "proxy";
  if (state !== "permanent") return "notPermanent";
  if (linkLayerAddress == null) return "noLinkLayerAddress";
  const group = groupOf({
    address: String(address),
    linkLayerAddress: String(linkLayerAddress).toLowerCase(),
  });
  if (group !== null) return group;
  // The kernel and other tools make such rows, nobody can through us
  const { bytes } = parseAddress(String(address));
  return brokenRule(bytes) === undefined ? undefined : "notWritable";
}
