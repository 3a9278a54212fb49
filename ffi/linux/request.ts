/**
 * The requests about one entry. None has `NLM_F_CREATE` alone: for an entry
 * that exists the kernel then reports success and changes nothing.
 *
 * @module
 */

import {
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  NTF_EXT_EXT_VALIDATED,
  NTF_EXT_LEARNED,
  NTF_EXT_MANAGED,
  NTF_ROUTER,
  NTF_USE,
  NUD_NOARP,
  NUD_NONE,
  NUD_PERMANENT,
  NUD_STALE,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from "./netlink/layout.ts";
import type { Neighbor, NeighborState } from "../types/neighbor.ts";
import type { NeighborRequest } from "./netlink/ndmsg.ts";
import { STATE_TO_NUD } from "./netlink/state.ts";

/** A request, and its name for errors. */
export interface NamedRequest extends NeighborRequest {
  readonly operation: "RTM_NEWNEIGH" | "RTM_DELNEIGH" | "RTM_GETNEIGH";
  /** Whether it includes the link-layer address of the entry. */
  readonly hasLinkLayerAddress: boolean;
}

function requestOf(
  operation: NamedRequest["operation"],
  flags: number,
  state: keyof typeof STATE_TO_NUD = "none",
  ndmFlags = 0,
): NamedRequest {
  return {
    operation,
    type: TYPES[operation],
    flags: NLM_F_REQUEST | flags,
    state: STATE_TO_NUD[state],
    ndmFlags,
    extendedFlags: 0,
    protocol: 0,
    hasLinkLayerAddress: state === "permanent",
  };
}

const TYPES = { RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH };

/** The writes, by verb. */
export const WRITES = {
  set: requestOf("RTM_NEWNEIGH", NLM_F_REPLACE, "permanent"),
  create: requestOf("RTM_NEWNEIGH", NLM_F_CREATE | NLM_F_EXCL, "permanent"),
  replace: requestOf("RTM_NEWNEIGH", NLM_F_CREATE | NLM_F_REPLACE, "permanent"),
  delete: requestOf("RTM_DELNEIGH", 0),
} as const;

/** The writes, by the number of the verb. */
export const WRITES_BY_NUMBER: readonly NamedRequest[] = [
  WRITES.set, // Unused: NONE is never written
  WRITES.set,
  WRITES.create,
  WRITES.replace,
  WRITES.delete,
];

/**
 * The request that restores a row: with the nearest state that can be written,
 * its protocol, and the flags that the kernel accepts. `undefined` for a row
 * without a link-layer address, which is to be removed. A managed row without
 * an address is written all the same, and the kernel resolves it again.
 */
export function restoreRequest(row: Neighbor): NamedRequest | undefined {
  const { linkLayerAddress, protocol, flags = [] } = row;
  const isManaged = flags.includes("managed");
  const state = linkLayerAddress !== null
    ? RESTORED_STATE[row.state]
    : isManaged
    ? NUD_NONE
    : undefined;
  if (state === undefined) return undefined;
  return {
    ...WRITES.replace,
    state,
    ndmFlags: (row.isRouter ? NTF_ROUTER : 0) |
      (flags.includes("extern_learn") ? NTF_EXT_LEARNED : 0),
    extendedFlags: (isManaged ? NTF_EXT_MANAGED : 0) |
      (flags.includes("extern_valid") ? NTF_EXT_EXT_VALIDATED : 0),
    protocol: protocol ?? 0,
    hasLinkLayerAddress: linkLayerAddress !== null,
  };
}

/**
 * The state that each is restored as. An entry that was learnt becomes STALE,
 * so that the kernel confirms it before it relies on it.
 */
const RESTORED_STATE: Readonly<Partial<Record<NeighborState, number>>> = {
  permanent: NUD_PERMANENT,
  noarp: NUD_NOARP,
  reachable: NUD_STALE,
  stale: NUD_STALE,
  delay: NUD_STALE,
  probe: NUD_STALE,
};

/** Looks up one entry. The kernel always replies, with a row or an error. */
export const GET: NamedRequest = requestOf("RTM_GETNEIGH", 0);

/** Resolves an address that has no entry; refused if it has one. */
export const ASK_NEW: NamedRequest = requestOf(
  "RTM_NEWNEIGH",
  NLM_F_CREATE | NLM_F_EXCL,
  "none",
  NTF_USE,
);

/** Resolves an entry again that got no answer. */
export const ASK_AGAIN: NamedRequest = requestOf(
  "RTM_NEWNEIGH",
  NLM_F_REPLACE,
  "none",
  NTF_USE,
);

/** Has the kernel confirm an entry whose answer is old. */
export const CONFIRM: NamedRequest = requestOf(
  "RTM_NEWNEIGH",
  NLM_F_REPLACE,
  "probe",
);
