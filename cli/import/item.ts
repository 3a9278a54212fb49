/**
 * What a line of a foreign file is: an entry, a line that can never be a pin, or
 * a malformed one. Pure.
 *
 * @module
 */

import {
  formatAddress,
  isLimitedBroadcast,
  isMulticast,
  parseAddress,
} from "../../ffi/parse/address.ts";
import { brokenAddressRule } from "../../ffi/parse/entry.ts";
import {
  formatLinkLayerAddress,
  parseLinkLayerAddress,
} from "../../ffi/parse/link_layer_address.ts";
import { NeighborError, quote } from "../../ffi/types/error.ts";
import { namesOfZone } from "../interface_map.ts";
import { type ReadProtocol, readProtocol } from "./protocol.ts";

/** Why a line can never be a pin, in words. */
export const SKIP_REASONS = {
  noAddress: "no IP address",
  incomplete: "incomplete or unreachable: it has no link-layer address to pin",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
  own: "an address of that computer itself",
  proxy: "a proxy entry, which has no link-layer address of its own",
  hostName: "a host name, which is not looked up",
  notWritable: "an address that cannot be written",
  repeated: "the same entry as on a line before",
  otherCommand: "a command that adds no neighbor",
  otherSection: "a section that is not about neighbors",
  heading: "a heading",
} as const;

/** Why a line can never be a pin. */
export type SkipReason = keyof typeof SKIP_REASONS;

/** Every name of its interface that a line gives. */
export interface Names {
  readonly interfaceLuid?: string;
  readonly interfaceAlias?: string;
  readonly interfaceIndex?: number;
}

/** Where an item starts, from 1. */
interface Start {
  readonly line: number;
  /** Where several items can share a line. */
  readonly column?: number;
}

/** An entry; both addresses are in their canonical text. */
export interface Entry extends Start, ReadProtocol {
  readonly kind: "entry";
  readonly address: string;
  readonly linkLayerAddress: string;
  /** Without a member where the file does not name the interface. */
  readonly names: Names;
  /** Whether the entry was learnt from the network; `undefined`: not known. */
  readonly isLearnt: boolean | undefined;
  readonly comment?: string;
}

/** A line that can never be a pin. */
export interface Skipped extends Start {
  readonly kind: "skipped";
  readonly reason: SkipReason;
  /** What the line is about, such as its address, where it is about something. */
  readonly what?: string;
}

/** A line that is not of the format, or has a mistake. */
export interface Refused extends Start {
  readonly kind: "refused";
  readonly message: string;
}

export type Item = Entry | Skipped | Refused;

/** What a file contains, each list in the order of the file. */
export interface Reading {
  readonly entries: Entry[];
  readonly skipped: Skipped[];
  readonly refused: Refused[];
}

/** Makes a {@linkcode Skipped}. */
export function skipped(
  line: number,
  reason: SkipReason,
  what?: string,
): Skipped {
  return { kind: "skipped", line, reason, ...(what !== undefined && { what }) };
}

/** Makes a {@linkcode Refused}. */
export function refused(line: number, message: string): Refused {
  return { kind: "refused", line, message };
}

/**
 * The state of a row: `configured` was written by somebody, `learnt` comes from
 * the network, `unknown` is either, `incomplete` has no link-layer address,
 * `own` is of the computer that printed it.
 */
export type RowState =
  | "configured"
  | "learnt"
  | "unknown"
  | "incomplete"
  | "own"
  | "proxy";

/** The states by the words that Linux and Windows have for them, in lower case. */
export const STATES: ReadonlyMap<string, RowState> = new Map([
  ["permanent", "configured"],
  ["noarp", "configured"],
  ["reachable", "learnt"],
  ["stale", "learnt"],
  ["delay", "learnt"],
  ["probe", "learnt"],
  ["incomplete", "incomplete"],
  ["failed", "incomplete"],
  ["unreachable", "incomplete"],
  ["none", "incomplete"],
]);

/** A row as its format reads it, unchecked. */
export interface Row {
  readonly line: number;
  /** IPv4, IPv6 with or without a zone, or a host name. */
  readonly address: string;
  /** `undefined` where the row has none. */
  readonly linkLayerAddress: string | undefined;
  readonly names?: Names;
  readonly state: RowState;
  /** A number or a name. */
  readonly protocol?: string | undefined;
  readonly comment?: string | undefined;
}

/** Checks a row by the rules of a pin. */
export function readRow(row: Row): Item {
  try {
    return checkRow(row);
  } catch (error) {
    if (error instanceof NeighborError) return refused(row.line, error.message);
    throw error;
  }
}

function checkRow(row: Row): Item {
  const { line, address, linkLayerAddress, state, comment } = row;
  if (isHostName(address)) return skipped(line, "hostName", quote(address));
  const { bytes, zone } = parseAddress(address);
  const text = formatAddress(bytes);
  if (state === "proxy" || state === "own") return skipped(line, state, text);
  if (isMulticast(bytes)) return skipped(line, "multicast", text);
  if (isLimitedBroadcast(bytes)) return skipped(line, "broadcast", text);
  if (state === "incomplete" || linkLayerAddress === undefined) {
    return skipped(line, "incomplete", text);
  }
  const octets = parseLinkLayerAddress(linkLayerAddress);
  // Windows and /proc/net/arp print zeros for an address that is not known
  if (octets.every((one) => one === 0)) {
    return skipped(line, "incomplete", text);
  }
  if (octets.every((one) => one === 0xff)) {
    return skipped(line, "broadcast", text);
  }
  if (brokenAddressRule(bytes) !== undefined) {
    return skipped(line, "notWritable", text);
  }
  const { names = {} } = row;
  if (zone !== null && !agrees(zone, names)) {
    const message = `The zone of ${quote(address)} is not the interface ` +
      "of its line";
    return refused(line, message);
  }
  const on = zone === null || isNamed(names) ? names : namesOfZone(zone);
  return {
    ...{ kind: "entry", line, address: text },
    linkLayerAddress: formatLinkLayerAddress(octets),
    names: on,
    isLearnt: state === "unknown" ? undefined : state === "learnt",
    ...readProtocol(row.protocol),
    ...(comment !== undefined && comment !== "" && { comment }),
  };
}

/** Whether any name is given. */
export function isNamed(names: Names): boolean {
  return names.interfaceAlias !== undefined ||
    names.interfaceIndex !== undefined || names.interfaceLuid !== undefined;
}

/** Whether a zone can be the interface of the line: by the name it has there. */
function agrees(zone: string, { interfaceAlias, interfaceIndex }: Names) {
  const given: Names = namesOfZone(zone);
  if (given.interfaceIndex !== undefined) {
    return interfaceIndex === undefined ||
      interfaceIndex === given.interfaceIndex;
  }
  return interfaceAlias === undefined || interfaceAlias === zone;
}

/**
 * Whether a word is a host name and not a mistyped address: its last label has
 * a letter (RFC 1123 section 2.1), and there is no colon.
 */
function isHostName(word: string): boolean {
  if (word.length > 253 || !/^[\w.-]+$/.test(word)) return false;
  const [last] = /[^.]*\.?$/.exec(word)!;
  return /[a-z]/i.test(last);
}
