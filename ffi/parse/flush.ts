/**
 * Which rows a flush may remove. Pure.
 *
 * @module
 */

import { isLimitedBroadcast, isMulticast, parseAddress } from "./address.ts";
import { checkObject, type ParsedKey } from "./entry.ts";
import { invalid, type NeighborErrorCode, withNote } from "../types/error.ts";
import { type ParsedFilter, parseFilter } from "./filter.ts";
import type { ChangeResult, FlushFilter } from "../types/change.ts";
import type { Neighbor } from "../types/neighbor.ts";

/** A flush's filter past the door. */
export interface ParsedFlush {
  /** Which rows to read. */
  readonly filter: ParsedFilter;
  /** Permanent rows go too. */
  readonly permanent: boolean;
  /** Which of them may go; `broadcast` is the device's own, or `null`. */
  mayGo(row: Neighbor, broadcast: string | null): boolean;
}

/** Checks the filter of a flush. */
export function parseFlush(given: FlushFilter): ParsedFlush {
  checkObject("filter", given);
  for (const [member, value] of Object.entries(given)) {
    // A variable that was never set must not widen what is removed
    if (value === undefined || value === null) {
      throw invalid(`The filter's member ${member} is ${value}`, given);
    }
  }
  const { permanent, ...filter } = given;
  if (permanent !== undefined && typeof permanent !== "boolean") {
    throw invalid("The filter's permanent takes true or false", given);
  }
  if (filter.proxy !== undefined) {
    throw invalid("Proxy entries cannot be flushed", given);
  }
  const states = [filter.state ?? []].flat();
  return {
    filter: parseFilter(filter),
    permanent: permanent === true,
    mayGo(row, broadcast) {
      if (row.state === "permanent" && permanent !== true) return false;
      // Made by hand, or by the kernel for what needs no asking
      if (row.state === "noarp" && !states.includes("noarp")) return false;
      const { bytes } = parseAddress(row.address);
      return !isMulticast(bytes) && !isLimitedBroadcast(bytes) &&
        (row.linkLayerAddress === null || row.linkLayerAddress !== broadcast);
    },
  };
}

/**
 * The key of a row that was read. Not checked: what the system keeps may break
 * the rules for what is written, and must be removable all the same.
 */
export function keyOfRow(row: Neighbor): ParsedKey {
  return {
    family: row.family,
    address: parseAddress(row.address).bytes,
    interface: {
      luid: BigInt(row.interfaceLuid ?? 0),
      index: row.interfaceIndex,
      alias: null,
    },
    zone: null,
    given: row,
  };
}

/** How a delete says that there is nothing left to delete. */
const GONE: ReadonlySet<NeighborErrorCode> = new Set([
  "NOT_FOUND",
  "INTERFACE_NOT_FOUND",
]);

/**
 * Which of the rows a batch of deletes removed. One that somebody else removed
 * first is not among them; any other that stays throws, and says how far the
 * flush came: nothing is silently partial.
 */
export function removedOf(
  rows: readonly Neighbor[],
  results: readonly ChangeResult[],
): Neighbor[] {
  const removed = rows.filter((_, i) => results[i]!.outcome === "done");
  for (const result of results) {
    if (result.outcome === "done" || GONE.has(result.error.code)) continue;
    const far = `${removed.length} of ${rows.length} entries were removed`;
    throw withNote(result.error, far);
  }
  return removed;
}
