/**
 * Validates the filter of a flush, and decides which rows it may remove. Pure.
 *
 * @module
 */

import { isLimitedBroadcast, isMulticast, parseAddress } from "./address.ts";
import { checkPlain } from "./entry.ts";
import { invalid } from "../types/error.ts";
import { type ParsedFilter, parseFilter } from "./filter.ts";
import type { FlushFilter } from "../types/change.ts";
import type { InterfaceNames } from "../types/interface.ts";
import type { Neighbor } from "../types/neighbor.ts";

/** The members that the system's own flush takes too. */
const WHOLE: ReadonlySet<string> = new Set<keyof InterfaceNames | "family">([
  "family",
  "interfaceLuid",
  "interfaceIndex",
  "interfaceAlias",
]);

/**
 * Why a flush keeps a row. `absent`: it is the rest of a deleted row, which
 * Windows keeps; it counts as no entry.
 */
export type RowKept = "absent" | KeepReason;

/** The same for rows that are entries. */
export type KeepReason = "permanent" | "noarp" | "multicast" | "broadcast";

/** A validated filter of a flush. */
export interface ParsedFlush {
  /** Which rows to read. */
  readonly filter: ParsedFilter;
  /** Whether it means every row of its families and interface. */
  readonly isWhole: boolean;
  /**
   * Why a row is kept, `undefined` where it may be removed; `broadcast` is its
   * interface's, or `null`.
   */
  keepReason(row: Neighbor, broadcast: string | null): RowKept | undefined;
}

/** Validates the filter of a flush. */
export function parseFlush(given: FlushFilter): ParsedFlush {
  checkPlain("filter", given);
  // A copy: no member is read twice
  const { permanent, ...filter }: FlushFilter = { ...given };
  for (const [member, value] of Object.entries({ ...filter, permanent })) {
    if (member === "permanent" && !("permanent" in given)) continue;
    // An undefined variable must not widen what is removed
    if (value === undefined || value === null) {
      throw invalid(`The filter's member ${member} is ${value}`, given);
    }
  }
  if (permanent !== undefined && typeof permanent !== "boolean") {
    throw invalid("The filter's permanent takes true or false", given);
  }
  if (filter.proxy !== undefined) {
    throw invalid("Proxy entries cannot be flushed", given);
  }
  // First, because it ends at the first state that is none
  const parsed = parseFilter(filter);
  const states = [filter.state ?? []].flat();
  return {
    filter: parsed,
    isWhole: permanent === true &&
      Object.keys(filter).every((member) => WHOLE.has(member)),
    keepReason({ address, linkLayerAddress, state }, broadcast) {
      const { bytes } = parseAddress(address);
      // First, because no option removes them
      if (isMulticast(bytes)) return "multicast";
      const isBroadcast = isLimitedBroadcast(bytes) ||
        (linkLayerAddress !== null && linkLayerAddress === broadcast);
      if (isBroadcast) return "broadcast";
      // Windows keeps a deleted row like this
      if (state === "unreachable" && linkLayerAddress === null) return "absent";
      if (state === "permanent" && permanent !== true) return "permanent";
      // The kernel makes these for addresses that need no resolution
      if (state === "noarp" && !states.includes("noarp")) return "noarp";
    },
  };
}
