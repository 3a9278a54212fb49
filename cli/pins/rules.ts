/**
 * What counts as a pin: which members it has, which rows of a listing become
 * one, by which of its names the interface is remembered. Pure.
 *
 * @module
 */

import { parseAddress } from "../../ffi/parse/address.ts";
import { parseEntry, parseInterface } from "../../ffi/parse/entry.ts";
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
  | "proxy";

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

/** The entry of an item; of a row's three names the one that lives longest. */
export function entryOf(item: Given): NeighborEntry {
  const { address, linkLayerAddress } = item;
  const name = ["interfaceLuid", "interfaceAlias", "interfaceIndex"]
    .find((one) => item[one] != null);
  return {
    address,
    linkLayerAddress,
    ...(name !== undefined && { [name]: item[name] }),
  } as NeighborEntry;
}

/** What every row must be, whether or not it becomes a pin: member by member. */
export const ROW_CHECKS: readonly (readonly [string, (row: Given) => void])[] =
  [
    ["state", ({ state }) => {
      if (typeof state !== "string") throw invalid("The state takes text");
      parseFilter({ state: state as NeighborState });
    }],
    ["address", ({ address, family }) => {
      if (typeof address !== "string") throw invalid("The address takes text");
      const parsed = parseAddress(address);
      if (family === undefined || family === parsed.family) return;
      throw invalid(
        `The address ${quote(address)} is ${parsed.family}, the row's family ` +
          `is ${JSON.stringify(family)}`,
      );
    }],
    ["linkLayerAddress", ({ linkLayerAddress }) => {
      if (linkLayerAddress == null) return;
      if (typeof linkLayerAddress !== "string") {
        throw invalid("The link-layer address takes text or null");
      }
      parseLinkLayerAddress(linkLayerAddress);
    }],
    ...(["interfaceAlias", "interfaceIndex", "interfaceLuid"] as const).map((
      name,
    ): [string, (row: Given) => void] => [
      name,
      (row) => void parseInterface({ [name]: row[name] }),
    ]),
  ];

/** Why a row past its checks is none to pin, if it is none. */
export function skipReason(row: Given): SkipReason | undefined {
  const { address, linkLayerAddress, state, flags } = row;
  if (Array.isArray(flags) && flags.includes("proxy")) return "proxy";
  if (state !== "permanent") return "notPermanent";
  if (linkLayerAddress == null) return "noLinkLayerAddress";
  return groupOf({
    address: String(address),
    linkLayerAddress: String(linkLayerAddress).toLowerCase(),
  }) ?? undefined;
}

/** Which member an entry is refused for: the one that no other makes good. */
export function culprit({ address, linkLayerAddress, ...on }: NeighborEntry) {
  const good = { address: "192.0.2.1", linkLayerAddress: "02-00-00-00-00-01" };
  const key = { ...good, interfaceIndex: 1 };
  if (!isGood({ ...key, address })) return "address";
  if (!isGood({ ...key, linkLayerAddress })) return "linkLayerAddress";
  return Object.keys(on)[0] ?? "";
}

function isGood(entry: NeighborEntry): boolean {
  try {
    parseEntry(entry);
    return true;
  } catch {
    return false;
  }
}
