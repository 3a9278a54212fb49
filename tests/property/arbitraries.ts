/**
 * What the property tests draw from: mostly texts that nearly are addresses,
 * because texts out of nowhere are all refused by the first rule.
 *
 * @module
 */

import fc from "fast-check";
import { NeighborError } from "../../ffi/types/error.ts";

const IPV6_GROUP = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[0-9a-fA-F]{1,4}$/) },
  { weight: 3, arbitrary: fc.constant("0") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "00000", "12345", "g", "-1", "+1", " 1"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1.2.3.4", "256.1.1.1", "01.2.3.4", "1.2.3"),
  },
);

/** Up to nine groups with whatever between. */
const NEAR_IPV6 = fc.tuple(
  fc.array(
    fc.tuple(IPV6_GROUP, fc.constantFrom(":", ":", ":", ":", "::", ".")),
    { maxLength: 9 },
  ),
  fc.oneof(IPV6_GROUP, fc.constant("")),
).map(([groups, last]) => groups.map((pair) => pair.join("")).join("") + last);

const NEAR_IPV4 = fc.array(
  fc.oneof(
    fc.nat(300).map(String),
    fc.stringMatching(/^[0-9 +xa-]{0,4}$/),
  ),
  { minLength: 3, maxLength: 5 },
).map((octets) => octets.join("."));

/** `%` and a name, an index, nothing, or noise; or no zone at all. */
const ZONE = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.stringMatching(/^%[a-zA-Z0-9 .:_%-]{0,5}$/) },
  { weight: 1, arbitrary: fc.nat(2 ** 32).map((index) => `%${index}`) },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 6, unit: "binary" })
      .map((zone) => `%${zone}`),
  },
);

/** Text that is an IP address, or nearly, or not at all; with a zone or not. */
export const ADDRESS_TEXT: fc.Arbitrary<string> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: NEAR_IPV6 },
    { weight: 2, arbitrary: NEAR_IPV4 },
    { weight: 2, arbitrary: fc.ipV6() },
    { weight: 1, arbitrary: fc.ipV4() },
    { weight: 1, arbitrary: fc.ipV4Extended() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  ),
  ZONE,
).map((parts) => parts.join(""));

/** As many bytes as said. */
export function bytes(
  minLength: number,
  maxLength = minLength,
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.uint8Array({ minLength, maxLength, size: "max" })
    .map((drawn) => new Uint8Array(drawn));
}

/** 4 or 16 bytes; many zero groups, since it is those that RFC 5952 is about. */
export const ADDRESS_BYTES: fc.Arbitrary<Uint8Array> = fc.oneof(
  bytes(4),
  bytes(16),
  fc.tuple(bytes(16), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
    .map(([address, zero]) => {
      zero.forEach((isZero, i) => {
        if (isZero) address.fill(0, 2 * i, 2 * i + 2);
      });
      return address;
    }),
  bytes(4).map((ipv4) =>
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...ipv4)
  ),
);

/** What was answered, or the code of the refusal; anything else is thrown on. */
export function attempt<T>(
  fn: () => T,
): { readonly value: T } | { readonly refused: NeighborError["code"] } {
  try {
    return { value: fn() };
  } catch (error) {
    if (error instanceof NeighborError) return { refused: error.code };
    throw error;
  }
}

/** Draws often: a run takes microseconds. fast-check prints seed and path. */
export function property<Ts extends [unknown, ...unknown[]]>(
  ...args: [
    ...arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
    predicate: (...args: Ts) => boolean | void,
  ]
): void {
  fc.assert(fc.property<Ts>(...args), { numRuns: 5000 });
}
