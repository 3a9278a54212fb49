import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import fc from "fast-check";
import { formatAddress, parseAddress } from "../../ffi/parse/address.ts";
import { keyOfOctets } from "../../ffi/address_key.ts";
import { AddressIndex, keyOfText } from "../../reconcile/address_index.ts";

const interfaceNumber = fc.constantFrom(1, 2, 3, 1000, -1, -2, 0xffff_ffff);
/** Few and near each other, so that many meet, or anything at all. */
const ipv4 = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((i) =>
    Uint8Array.of(10, 0, i & 3, i >> 2)
  ),
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
);
const ipv6 = fc.integer({ min: 0, max: 9 }).map((i) =>
  Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i)
);

Deno.test("AddressIndex behaves like a map by text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(interfaceNumber, fc.oneof(ipv4, ipv6)), {
        maxLength: 200,
      }),
      (entries) => {
        const map = new Map<string, number>();
        const index = new AddressIndex(entries.length);
        entries.forEach(([on, bytes], position) => {
          const text = `${formatAddress(bytes)}%${on}`;
          const known = map.get(text);
          assertEquals(
            index.add(on, keyOfOctets(bytes), position),
            known ?? -1,
          );
          if (known === undefined) map.set(text, position);
        });
        for (const [on, bytes] of entries) {
          const address = formatAddress(bytes);
          for (const other of [on, 2, 77]) {
            assertEquals(
              index.find(other, keyOfText(address)),
              map.get(`${address}%${other}`) ?? -1,
            );
          }
          assertEquals(index.isOn(on), true);
        }
        assertEquals(index.isOn(77), false);
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("AddressIndex holds its full count, and finds no other address", () => {
  const count = 10_000;
  const index = new AddressIndex(count);
  for (let i = 0; i < count; i++) assertEquals(index.add(3, i, i), -1);
  for (let i = 0; i < count; i++) assertEquals(index.find(3, i), i);
  for (let i = count; i < 2 * count; i++) assertEquals(index.find(3, i), -1);
});

Deno.test("the key of a text is that of its octets", () => {
  for (
    const text of ["0.0.0.0", "10.1.2.3", "255.255.255.254", "2001:db8::7"]
  ) {
    assertEquals(keyOfText(text), keyOfOctets(parseAddress(text).bytes));
  }
  for (const text of ["", "10.1.2", "10.1.2.03", "10.1.2.3.4", "x", "NaN"]) {
    assertThrows(() => keyOfText(text), NeighborError);
  }
});
