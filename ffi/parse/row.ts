/**
 * Validates rows that a caller passes back. Pure.
 *
 * @module
 */

import type { InterfaceId } from "../bound_interface.ts";
import { invalid } from "../types/error.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { parseAddress } from "./address.ts";
import { attachEntry, checkObject, describe, parseInterface } from "./entry.ts";
import { checkState } from "./filter.ts";
import { parseLinkLayerAddress } from "./link_layer_address.ts";

/** Validates a row; returns a copy, so that no member is read twice. */
export function parseRow(given: Neighbor): Neighbor {
  try {
    checkObject("row", given);
    const row = { ...given };
    const { address, interfaceIndex, interfaceLuid, linkLayerAddress } = row;
    if (typeof address !== "string") {
      throw invalid(`The row's address takes text, not ${describe(address)}`);
    }
    const { family } = parseAddress(address);
    const on = parseInterface({ interfaceIndex, interfaceLuid });
    if (on === null) throw invalid("The row names no interface");
    if (linkLayerAddress !== null) {
      if (typeof linkLayerAddress !== "string") {
        throw invalid(
          "The row's linkLayerAddress takes text or null, not " +
            describe(linkLayerAddress),
        );
      }
      parseLinkLayerAddress(linkLayerAddress);
    }
    checkState(row.state);
    const { flags } = row;
    if (flags !== undefined && !Array.isArray(flags)) {
      throw invalid(`The row's flags take an array, not ${describe(flags)}`);
    }
    return { ...row, family, interfaceIndex: on.index };
  } catch (error) {
    throw attachEntry(error, given);
  }
}

/**
 * The key of a row's interface: the LUID where there is one, else the index.
 */
export function interfaceIdOf(
  { interfaceIndex, interfaceLuid }: Pick<
    Neighbor,
    "interfaceIndex" | "interfaceLuid"
  >,
): InterfaceId {
  return interfaceLuid === null ? interfaceIndex : BigInt(interfaceLuid);
}
