/**
 * Parses the link-layer address of a filter, whole or its leading octets. Pure.
 *
 * @module
 */

import { invalid, NeighborError, quote } from "../types/error.ts";
import { describe } from "./describe.ts";
import {
  formatLinkLayerAddress,
  parseLinkLayerAddress,
} from "./link_layer_address.ts";

/** A parsed link-layer address of a filter. */
export interface LinkLayerFilter {
  /** Whether a row's text in lower case with colons matches. */
  matchesText(text: string | null): boolean;
  /** Whether the octets from `start` to `end` match; a row may have none. */
  matches(octets: Uint8Array, start: number, end: number): boolean;
}

/** Parses an address, or a prefix, which ends with `:` or `-`. */
export function parseLinkLayerFilter(value: unknown): LinkLayerFilter | null {
  if (value === undefined) return null;
  if (typeof value !== "string") {
    throw invalid(
      `The filter's linkLayerAddress takes text, not ${describe(value)}`,
    );
  }
  const isPrefix = /[:-]$/.test(value);
  const wanted = isPrefix ? parsePrefix(value) : parseLinkLayerAddress(value);
  const wantedText = formatLinkLayerAddress(wanted);
  return {
    matchesText: (text) =>
      text !== null &&
      (isPrefix
        ? `${text}:`.startsWith(`${wantedText}:`)
        : text === wantedText),
    matches(octets, start, end) {
      const length = end - start;
      if (isPrefix ? length < wanted.length : length !== wanted.length) {
        return false;
      }
      for (let i = 0; i < wanted.length; i++) {
        if (octets[start + i] !== wanted[i]) return false;
      }
      return true;
    },
  };
}

function parsePrefix(text: string): Uint8Array {
  try {
    // With one more octet it is an address, whose parser checks the separators
    return parseLinkLayerAddress(text + "00").slice(0, -1);
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    throw invalid(
      `Cannot parse link-layer prefix ${quote(text)}: it is 1 to 31 octets, ` +
        'each followed by ":", or each by "-", such as 02:fc:',
    );
  }
}
