/**
 * The rules of a pins file: the members of a pin and of a row, their checks,
 * which rows become pins, and which name of the interface they keep. Pure.
 *
 * @module
 */

import type { EntryList } from "../../ffi/entry_list.ts";
import { parseAddress } from "../../ffi/parse/address.ts";
import { describe } from "../../ffi/parse/describe.ts";
import { brokenAddressRule, parseInterface } from "../../ffi/parse/entry.ts";
import { checkState } from "../../ffi/parse/filter.ts";
import { groupOf } from "../../ffi/parse/group.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { parseProtocol } from "../../ffi/parse/protocol.ts";
import { checkTexts } from "../../ffi/parse/row.ts";
import { invalid, quote } from "../../ffi/types/error.ts";
import { counted } from "../output/count.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborEntry,
} from "../../ffi/types/neighbor.ts";

/** The reason why a row is not made into a pin. */
export type SkipReason =
  | "notPermanent"
  | "noLinkLayerAddress"
  | "multicast"
  | "broadcast"
  | "proxy"
  | "notWritable";

/** The members that name an interface, the most lasting one first. */
export const INTERFACE_MEMBERS = [
  "interfaceLuid",
  "interfaceAlias",
  "interfaceIndex",
] as const;

const REASONS: Readonly<Record<SkipReason, string>> = {
  notPermanent: "not permanent",
  noLinkLayerAddress: "without a link-layer address",
  multicast: "multicast",
  broadcast: "broadcast",
  proxy: "proxy",
  notWritable: "of an address that cannot be written",
};

/** How many rows were skipped, by reason; `undefined` where none was. */
export function skippedText(
  skipped: Readonly<Partial<Record<SkipReason, number>>>,
): string | undefined {
  const reasons = Object.entries(skipped).filter(([, n]) => n > 0);
  if (reasons.length === 0) return undefined;
  const all = reasons.reduce((sum, [, n]) => sum + n, 0);
  const words = reasons.map(([reason, n]) =>
    `${n} ${REASONS[reason as SkipReason]}`
  );
  return `${counted(all, "row")} skipped: ${words.join(", ")}`;
}

/** The members of a pin. */
export const PIN_MEMBERS: ReadonlySet<string> = new Set([
  "address",
  "linkLayerAddress",
  "interfaceAlias",
  "interfaceIndex",
  "interfaceLuid",
  "protocol",
  "comment",
]);

/** The members of a row. */
export const ROW_MEMBERS: ReadonlySet<string> = new Set<
  keyof Neighbor | "comment"
>([
  "address",
  "family",
  "interfaceIndex",
  "interfaceLuid",
  "interfaceAlias",
  "linkLayerAddress",
  "state",
  "isRouter",
  "isUnreachable",
  "reachabilityTime",
  "protocol",
  "flags",
  "comment",
]);

/** Whether a row has a member that only a listing has, beside its state. */
export function isListed(row: Given): boolean {
  return Object.keys(row).some((name) =>
    name !== "state" && !PIN_MEMBERS.has(name)
  );
}

/** The members of a file that is an object. */
export const FILE_MEMBERS: ReadonlySet<string> = new Set([
  "neighbors",
  "protocol",
  "$schema",
  "comment",
]);

/** The members of an item, unchecked. */
export type Given = Readonly<Record<string, unknown>>;

/** The most lasting name of the interface that an item has. */
export function nameOf(
  item: Given,
): (typeof INTERFACE_MEMBERS)[number] | undefined {
  return INTERFACE_MEMBERS.find((one) => item[one] != null);
}

/** The entry of an item, with one name of its interface, and its comment. */
export function entryOf(item: Given): NeighborEntry {
  const { address, linkLayerAddress, protocol, comment } = item;
  const name = nameOf(item);
  return {
    address,
    linkLayerAddress,
    ...(name !== undefined && { [name]: item[name] }),
    // A listing has null where a row has none
    ...(protocol != null && { protocol }),
    // Reports contain the entry, so the comment is where the entry is
    ...(comment !== undefined && { comment }),
  } as NeighborEntry;
}

/** A check of one member of an item, which throws where it is wrong. */
export type Check = readonly [member: string, check: (item: Given) => void];

/** The checks of the members that name an interface. */
export const INTERFACE_CHECKS: readonly Check[] = INTERFACE_MEMBERS.map(
  (name) => [name, (item) => {
    if (item[name] != null) parseInterface({ [name]: item[name] });
  }],
);

/** The check of the flags, of which "proxy" makes a row no pin. */
export const FLAGS_CHECK: Check = ["flags", ({ flags }) => {
  if (flags != null) checkTexts("row's flags", flags);
}];

/** The checks of a row that is skipped. */
export const ROW_CHECKS: readonly Check[] = [
  FLAGS_CHECK,
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
  ["protocol", ({ protocol }) => void parseProtocol(protocol)],
];

/** Refuses a row whose family differs from that of its address. */
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

/** The reason to skip a row, apart from its address. */
export function skipReason(row: Given): SkipReason | undefined {
  const { linkLayerAddress, state, flags } = row;
  if (Array.isArray(flags) && flags.includes("proxy")) return "proxy";
  if (state !== "permanent") return "notPermanent";
  if (linkLayerAddress == null) return "noLinkLayerAddress";
}

/** The reason to skip a row, by the addresses of its entry. */
export function addressSkipReason(
  entries: EntryList,
  position: number,
): SkipReason | undefined {
  const group = groupOf({
    address: entries.address(position),
    linkLayerAddress: entries.linkLayerAddress(position),
  });
  if (group !== null) return group;
  // The kernel and other tools create such rows; this package refuses to
  const at = entries.addressAt(position);
  const end = at + entries.addressLengths[position]!;
  const broken = brokenAddressRule(entries.addresses, at, end);
  return broken === undefined ? undefined : "notWritable";
}
