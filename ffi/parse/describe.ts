/**
 * Describes values for messages. Pure.
 *
 * @module
 */

import { quote } from "../types/error.ts";

/** Describes a value of the wrong type, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" && typeof value !== "function") {
    return `the ${typeof value} ${String(value)}`;
  }
  // The constructor of a caller's object may be anything
  const name: unknown = value.constructor?.name;
  const noun = typeof name === "string" ? name : "null-prototype object";
  // "Uint8Array" and "URL" do not start with the sound of a vowel
  return `${/^[aeio]/i.test(noun) ? "an" : "a"} ${noun}`;
}
