/**
 * Validates rows that a caller passes back. Pure.
 *
 * @module
 */

import type { InterfaceId } from "../bound_interface.ts";
import { invalid } from "../types/error.ts";
import type { NetworkInterface } from "../types/interface.ts";
import type { Neighbor } from "../types/neighbor.ts";
import { parseAddress } from "./address.ts";
import { describe } from "./describe.ts";
import { attachEntry, checkObject, parseInterface } from "./entry.ts";
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
    if (flags !== undefined) checkTexts("row's flags", flags);
    return { ...row, family, interfaceIndex: on.index };
  } catch (error) {
    throw attachEntry(error, given);
  }
}

/** The names of an interface. */
export type InterfaceRow = Pick<
  NetworkInterface,
  "interfaceAlias" | "interfaceIndex" | "interfaceLuid" | "altNames"
>;

/** Checks the names of an interface as it was listed; answers a copy. */
export function parseInterfaceRow(given: NetworkInterface): InterfaceRow {
  try {
    checkObject("interface", given);
    const { interfaceAlias, interfaceIndex, interfaceLuid = null } = given;
    // Of a caller who has them from an earlier version
    const { altNames = [] } = given;
    parseInterface({ interfaceIndex, interfaceLuid });
    checkTexts("interface's altNames", altNames);
    return { interfaceAlias, interfaceIndex, interfaceLuid, altNames };
  } catch (error) {
    throw attachEntry(error, given);
  }
}

/** Refuses what is not an array of text; ends at the first other item. */
export function checkTexts(what: string, texts: unknown): void {
  if (!Array.isArray(texts)) {
    throw invalid(`The ${what} take an array, not ${describe(texts)}`);
  }
  for (const text of texts) {
    if (typeof text === "string") continue;
    throw invalid(`The ${what} take text, not ${describe(text)}`);
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
