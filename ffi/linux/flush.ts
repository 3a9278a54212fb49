/**
 * Which rows a flush may remove. Pure.
 *
 * @module
 */

import { isLimitedBroadcast, isMulticast, parseAddress } from "../address.ts";
import { checkObject, type ParsedKey } from "../entry.ts";
import { invalid } from "../error.ts";
import { type ParsedFilter, parseFilter } from "../filter.ts";
import type { FlushFilter, Neighbor } from "../neighbor.ts";

/** A flush's filter past the door. */
export interface ParsedFlush {
  /** Which rows to read. */
  readonly filter: ParsedFilter;
  /** Which of them may go; `broadcast` is the device's own, or `null`. */
  mayGo(row: Neighbor, broadcast: string | null): boolean;
}

/** Checks the filter of a flush. */
export function parseFlush(given: FlushFilter): ParsedFlush {
  checkObject("filter", given);
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
 * The key of a row that was read. Not checked: what the kernel keeps may break
 * the rules for what is written, and must be removable all the same.
 */
export function keyOfRow(row: Neighbor): ParsedKey {
  return {
    family: row.family,
    address: parseAddress(row.address).bytes,
    interface: { luid: 0n, index: row.interfaceIndex, alias: null },
    zone: null,
    given: row,
  };
}
