import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { EntryList, VERBS } from "../../ffi/entry_list.ts";
import { parseChange } from "../../ffi/parse/change.ts";
import type { NeighborChange } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parsedAt } from "../helpers/parsed.ts";

const ENTRY = {
  address: "192.0.2.7",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "Ethernet",
};

for (const verb of ["set", "create", "replace", "delete"] as const) {
  Deno.test(`parseChange() puts a ${verb} into the list, with its verb`, () => {
    const entries = new EntryList();
    const change = { ...ENTRY, verb } as NeighborChange;
    assertEquals(parseChange(entries, change), 0);
    assertEquals(VERBS[entries.verbs[0]!], verb);
    assertStrictEquals(entries.given[0], change);
    assertEquals(parsedAt(entries, 0), {
      address: Uint8Array.of(192, 0, 2, 7),
      // A delete has no link-layer address
      linkLayerAddress: verb === "delete"
        ? new Uint8Array(0)
        : Uint8Array.of(2, 0xfc, 0, 0, 0, 5),
      interface: { luid: 0n, index: 0, alias: "Ethernet" },
      zone: null,
      given: change,
    });
  });
}

Deno.test("parseChange() accepts a copy of a change", () => {
  const entries = new EntryList();
  const copy: NeighborChange = { ...ENTRY, verb: "set" };
  parseChange(entries, copy);
  parseChange(entries, { ...copy, address: "192.0.2.8" });
  assertEquals([entries.address(0), entries.address(1)], [
    ...["192.0.2.7", "192.0.2.8"],
  ]);
  assertThrows(
    () => parseChange(entries, { ...copy, address: "127.0.0.1" }),
    NeighborError,
    "a loopback address",
  );
  assertEquals(entries.length, 2);
});

Deno.test("parseChange() refuses to write 127.0.0.1, and accepts deleting it", () => {
  const entries = new EntryList();
  const given = { ...ENTRY, address: "127.0.0.1" };
  for (const verb of ["set", "create", "replace"] as const) {
    assertThrows(
      () => parseChange(entries, { ...given, verb }),
      NeighborError,
      "a loopback address",
    );
  }
  parseChange(entries, { ...given, verb: "delete" });
  assertEquals(entries.address(0), "127.0.0.1");
});

Deno.test("the verb add is refused with a hint to create", () => {
  const entries = new EntryList();
  parseChange(entries, { ...ENTRY, verb: "create" });
  assertEquals(VERBS[entries.verbs[0]!], "create");
  assertThrows(
    () => parseChange(entries, { ...ENTRY, verb: "add" as never }),
    NeighborError,
    'The verb "add" is none of set, create, replace, delete: ' +
      '"add" is called create here',
  );
});
