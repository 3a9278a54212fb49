/**
 * Validates filters, and matches rows against them. Pure.
 *
 * @module
 */

import { formatAddress, parseAddressInto } from "./address.ts";
import type { RawRow } from "../raw_row.ts";
import type { EntryList, ParsedInterface } from "../entry_list.ts";
import { describe } from "./describe.ts";
import { attachEntry, checkPlain, parseInterface } from "./entry.ts";
import { parseLinkLayerFilter } from "./link_layer_filter.ts";
import { parseProtocol } from "./protocol.ts";
import { parseSubnets, type SubnetSet } from "./subnet.ts";
import type { InterfaceNames } from "../types/interface.ts";
import { invalid, quote } from "../types/error.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborFilter,
  NeighborState,
} from "../types/neighbor.ts";

const STATES: ReadonlySet<string> = new Set<NeighborState>([
  "unreachable",
  "incomplete",
  "probe",
  "delay",
  "stale",
  "reachable",
  "permanent",
  "none",
  "noarp",
  "failed",
]);

/** Whether a value is the name of a state. */
export function isState(value: unknown): value is NeighborState {
  return typeof value === "string" && STATES.has(value);
}

/** Refuses what is not the name of a state. */
export function checkState(value: unknown): void {
  if (isState(value)) return;
  const known = [...STATES].join(", ");
  throw invalid(`The state ${show(value)} is none of ${known}`);
}

const MEMBERS: ReadonlySet<string> = new Set<keyof NeighborFilter>([
  "family",
  "state",
  "subnet",
  "linkLayerAddress",
  "protocol",
  "interfaceLuid",
  "interfaceIndex",
  "interfaceAlias",
  "proxy",
]);

/** A validated filter. */
export interface ParsedFilter {
  /** The families to read, one by one. */
  readonly families: readonly AddressFamily[];
  /** Not looked up yet; `null` for every interface. */
  readonly interface: ParsedInterface | null;
  /** The proxy entries instead of the neighbors. */
  readonly proxy: boolean;
  /** Whether the caller says which of the two. */
  readonly isProxyGiven: boolean;
  /** The protocol of the rows; `null` for every one. */
  readonly protocol: number | null;
  /** Whether a row matches by state, address and kind. */
  readonly wants: (row: Neighbor) => boolean;
  /** The same for a row of a scan. */
  readonly matches: (row: RawRow) => boolean;
  /** What the caller passed, for errors. */
  readonly given: unknown;
}

/** Validates a filter. */
export function parseFilter(filter: NeighborFilter): ParsedFilter {
  try {
    return readFilter(filter);
  } catch (error) {
    throw attachEntry(error, filter);
  }
}

function readFilter(given: NeighborFilter): ParsedFilter {
  checkPlain("filter", given);
  for (const member of Object.keys(given)) {
    // A misspelt member would be ignored, and so widen the filter
    if (!MEMBERS.has(member)) {
      throw invalid(`A filter has no member ${quote(member)}`);
    }
  }
  const { family, interfaceLuid, interfaceIndex, interfaceAlias } = given;
  const { subnet, state, linkLayerAddress, protocol, proxy: kind } = given;
  const subnets = parseSubnets(subnet);
  const states = readStates(state);
  const linkLayer = parseLinkLayerFilter(linkLayerAddress);
  const wantedProtocol = readProtocol(protocol);
  const proxy = readProxy(kind);
  return {
    families: readFamilies(family, subnets),
    interface: readFilterInterface({
      interfaceLuid,
      interfaceIndex,
      interfaceAlias,
    }),
    proxy,
    protocol: wantedProtocol,
    isProxyGiven: kind !== undefined,
    wants: (row) =>
      proxy === (row.flags?.includes("proxy") ?? false) &&
      (states === null || states.has(row.state)) &&
      (wantedProtocol === null || row.protocol === wantedProtocol) &&
      (linkLayer === null || linkLayer.matchesText(row.linkLayerAddress)) &&
      (subnets === null || hasAddress(subnets, row.address)),
    matches: (row) =>
      proxy === row.isProxy &&
      (states === null || states.has(row.state)) &&
      (wantedProtocol === null || row.protocol === wantedProtocol) &&
      (subnets === null ||
        subnets.has(row.octets, row.addressStart, row.addressEnd)) &&
      (linkLayer === null ||
        linkLayer.matches(row.octets, row.linkLayerStart, row.linkLayerEnd)),
    given,
  };
}

/** The same filter for rows of these addresses only, on any interface. */
export function ofAddresses(
  filter: ParsedFilter,
  entries: EntryList,
): ParsedFilter {
  const addresses = new Set<string>();
  for (let i = 0; i < entries.length; i++) addresses.add(entries.address(i));
  const isAmong = ({ octets, addressStart, addressEnd }: RawRow) =>
    addresses.has(formatAddress(octets.subarray(addressStart, addressEnd)));
  return {
    ...filter,
    wants: (row) => addresses.has(row.address) && filter.wants(row),
    matches: (row) => isAmong(row) && filter.matches(row),
  };
}

// Written and read within one call
const SCRATCH = new Uint8Array(16);

/** Whether the address of a row, which is text, is in one of them. */
function hasAddress(subnets: SubnetSet, address: string): boolean {
  return subnets.has(SCRATCH, 0, parseAddressInto(address, SCRATCH, 0));
}

function readFilterInterface(
  filter: Partial<Record<keyof InterfaceNames, unknown>>,
): ParsedInterface | null {
  const { interfaceLuid, interfaceIndex, interfaceAlias } = filter;
  const parsed = parseInterface(filter);
  if (
    parsed === null &&
    (interfaceLuid ?? interfaceIndex ?? interfaceAlias) != null
  ) {
    // Index or LUID zero means no interface, not every interface
    throw invalid("The filter names interface 0, there is none");
  }
  return parsed;
}

function readFamilies(
  family: unknown,
  subnets: SubnetSet | null,
): readonly AddressFamily[] {
  const all = subnets?.families ?? ["ipv4", "ipv6"];
  if (family === undefined) return all;
  if (family !== "ipv4" && family !== "ipv6") {
    throw invalid(
      `The family ${show(family)} is neither "ipv4" nor "ipv6"`,
    );
  }
  if (subnets === null || all.includes(family)) return [family];
  const [first, ...others] = subnets.subnets;
  throw invalid(
    others.length === 0
      ? `The subnet ${quote(first!.text)} is not of the family "${family}"`
      : `None of the ${others.length + 1} subnets is of the family "${family}"`,
  );
}

function readStates(state: unknown): ReadonlySet<string> | null {
  if (state === undefined) return null;
  const states: unknown[] = Array.isArray(state) ? state : [state];
  if (states.length === 0) throw invalid("The list of states is empty");
  for (const one of states) checkState(one);
  return new Set(states as string[]);
}

function show(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? describe(value)
    : quote(String(value));
}

function readProtocol(protocol: unknown): number | null {
  if (protocol === undefined) return null;
  // Of an entry null means none, of a filter it could mean any
  if (protocol !== null) return parseProtocol(protocol);
  throw invalid("The protocol takes a number from 1 to 255, not null");
}

function readProxy(proxy: unknown): boolean {
  if (proxy === undefined || typeof proxy === "boolean") return proxy ?? false;
  throw invalid("The filter's proxy takes true or false");
}
