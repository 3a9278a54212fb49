import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { interfaceIdOf, parseRow } from "../../ffi/parse/row.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const LUID = "0x0006008000000000";
const ROW = rowOf(interfaceOf(3, "va"), "10.0.0.7", "02:fc:00:00:00:05");
const WINDOWS = rowOf(
  interfaceOf(12, "Ethernet", LUID),
  "fe80::7",
  null,
  "failed",
);

Deno.test("parseRow() returns a copy of a listed row", () => {
  for (
    const row of [
      ROW,
      WINDOWS,
      { ...ROW, flags: ["managed"], protocol: 11 } as Neighbor,
      { ...ROW, flags: [] },
      // What no table could be given is restored all the same
      { ...ROW, address: "127.0.0.1" },
    ]
  ) {
    const parsed = parseRow(row);
    assertEquals(parsed, row);
    assert(parsed !== row);
  }
});

Deno.test("parseRow() derives the family from the address, and accepts a LUID alone", () => {
  assertEquals(parseRow({ ...ROW, family: "ipv6" }).family, "ipv4");
  assertEquals(parseRow({ ...WINDOWS, family: "ipv4" }).family, "ipv6");
  const { interfaceIndex, interfaceLuid } = parseRow({
    ...WINDOWS,
    interfaceIndex: 0,
  });
  assertEquals([interfaceIndex, interfaceLuid], [0, LUID]);
});

for (
  const [change, message] of [
    [{ address: 7 }, "The row's address takes text, not the number 7"],
    [{ address: undefined }, "The row's address takes text, not undefined"],
    [{ address: "10.0.0" }, "Cannot parse IP address"],
    [{ interfaceIndex: 0 }, "The row names no interface"],
    [{ interfaceIndex: -1 }, "The interface index -1 is not"],
    [{ interfaceLuid: "x" }, "Cannot parse interface LUID"],
    [{ linkLayerAddress: 7 }, "takes text or null, not the number 7"],
    [{ linkLayerAddress: undefined }, "takes text or null, not undefined"],
    [{ linkLayerAddress: "02:" }, "Cannot parse link-layer address"],
    [{ linkLayerAddress: "" }, "The link-layer address is empty"],
    [{ state: "gone" }, 'The state "gone" is none of'],
    [{ state: undefined }, "is none of"],
    [{ flags: "managed" }, 'The row\'s flags take an array, not "managed"'],
    [{ flags: null }, "The row's flags take an array, not null"],
  ] as [Record<string, unknown>, string][]
) {
  Deno.test(`parseRow() refuses a row with ${Deno.inspect(change)}`, () => {
    const given = { ...ROW, ...change } as unknown as Neighbor;
    const error = assertThrows(() => parseRow(given), NeighborError, message);
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertStrictEquals(error.entry, given);
  });
}

for (const given of [undefined, null, 7, "row", {}, []]) {
  Deno.test(`parseRow() refuses ${Deno.inspect(given)}`, () => {
    const error = assertThrows(
      () => parseRow(given as unknown as Neighbor),
      NeighborError,
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  });
}

Deno.test("interfaceIdOf() is the LUID where there is one, else the index", () => {
  assertEquals(interfaceIdOf(ROW), 3);
  assertEquals(interfaceIdOf(WINDOWS), 0x0006008000000000n);
});
