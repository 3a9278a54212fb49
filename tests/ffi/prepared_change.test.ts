import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { NeighborChange } from "../../ffi/types/change.ts";
import { Desired } from "../../reconcile/desired.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseChange, prepareChange } from "../../ffi/parse/change.ts";

const ENTRY = {
  address: "192.0.2.7",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "Ethernet",
};

Deno.test("a prepared change is not parsed again", () => {
  const one = new Desired(ENTRY);
  for (
    const [verb, write] of [
      ["create", "create"],
      ["set", "set"],
      ["replace", "replace"],
    ] as const
  ) {
    const parsed = parseChange(prepareChange(verb, one));
    assertEquals(parsed.write, write);
    assertStrictEquals(parsed.parsed, one.parsed);
    assertStrictEquals(parsed.parsed.given, ENTRY);
  }
});

Deno.test("a prepared change looks like any other, and a copy is checked like any other", () => {
  const change = prepareChange("set", new Desired(ENTRY));
  const copy = { ...change };
  assertEquals(copy as unknown, {
    ...ENTRY,
    verb: "set",
    interfaceLuid: null,
    interfaceIndex: null,
  });
  assertEquals(parseChange(copy).parsed.address, Uint8Array.of(192, 0, 2, 7));
  const copyAt = (address: string) =>
    parseChange({ ...copy, address } as NeighborChange);
  assertEquals(copyAt("192.0.2.8").parsed.address, Uint8Array.of(192, 0, 2, 8));
  assertThrows(
    () => copyAt("127.0.0.1"),
    NeighborError,
    "a loopback address",
  );
});

Deno.test("a change is called create: add is refused with the word for it", () => {
  assertEquals(parseChange({ ...ENTRY, verb: "create" }).write, "create");
  assertThrows(
    () => parseChange({ ...ENTRY, verb: "add" as never }),
    NeighborError,
    'The verb "add" is none of set, create, replace, delete: ' +
      '"add" is called create here',
  );
});
