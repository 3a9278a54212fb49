/**
 * Validates the protocol of an entry: the number of the program that made it,
 * which Linux keeps with each entry (`NDA_PROTOCOL`). Pure.
 *
 * @module
 */

import { invalid } from "../types/error.ts";
import { describe } from "./describe.ts";

/** The protocol of an entry that names none, `RTPROT_UNSPEC`. */
export const NO_PROTOCOL = 0;

/** The protocol that was given, or `NO_PROTOCOL` for `undefined` and `null`. */
export function parseProtocol(protocol: unknown): number {
  if (protocol === undefined || protocol === null) return NO_PROTOCOL;
  if (typeof protocol !== "number") {
    throw invalid(
      `The protocol takes a number from 1 to 255, not ${describe(protocol)}`,
    );
  }
  if (protocol === NO_PROTOCOL) {
    throw invalid("The protocol 0 is that of an entry without one: omit it");
  }
  if (!Number.isInteger(protocol) || protocol < 1 || protocol > 255) {
    throw invalid(
      `The protocol ${protocol} is not a whole number from 1 to 255`,
    );
  }
  return protocol;
}
