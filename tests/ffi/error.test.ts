import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import {
  invalid,
  memberOf,
  NeighborError,
  quote,
  withNote,
} from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";

Deno.test("NeighborError carries null where nothing is known of a call", () => {
  const error = new NeighborError("NOT_FOUND", "It is not there");
  assert(error instanceof Error);
  assertEquals(error.name, "NeighborError");
  assertEquals(error.message, "It is not there");
  assertEquals(error.code, "NOT_FOUND");
  assertEquals(error.status, null);
  assertEquals(error.symbol, null);
  assertEquals(error.ntstatus, null);
  assertEquals(error.operation, null);
  assertEquals(error.entry, undefined);
  assertEquals("cause" in error, false);
});

Deno.test("NeighborError carries what is known of a call", () => {
  const entry = { address: "192.0.2.7" };
  const cause = new Error("below");
  const error = new NeighborError("OTHER", "No", {
    status: 0,
    symbol: "NO_ERROR",
    ntstatus: "STATUS_SUCCESS",
    operation: "SetIpNetEntry2",
    entry,
    cause,
  });
  assertEquals(
    [error.status, error.symbol, error.ntstatus, error.operation],
    [0, "NO_ERROR", "STATUS_SUCCESS", "SetIpNetEntry2"],
  );
  assertStrictEquals(error.entry, entry);
  assertStrictEquals(error.cause, cause);
});

Deno.test("invalid() is INVALID_PARAMETER before any call", () => {
  const error = invalid("No", 7);
  assertEquals(
    [error.code, error.status, error.operation, error.entry],
    ["INVALID_PARAMETER", null, null, 7],
  );
});

Deno.test("quote() cuts text when it is longer than 80 characters", () => {
  assertEquals(quote(""), '""');
  assertEquals(quote("a".repeat(80)), `"${"a".repeat(80)}"`);
  assertEquals(quote("a".repeat(81)), `"${"a".repeat(79)}…"`);
});

Deno.test("an error knows which member of an entry it is about", () => {
  const good = {
    address: "192.0.2.7",
    linkLayerAddress: "02-fc-00-00-00-05",
    interfaceAlias: "Ethernet",
  };
  for (
    const [member, value] of [
      ["address", "192.0.2.777"],
      ["address", 7],
      ["address", "127.0.0.1"],
      ["address", "fe80::1%0"],
      ["linkLayerAddress", "0g"],
      ["linkLayerAddress", undefined],
      ["interfaceAlias", ""],
      ["interfaceAlias", "a\0b"],
      ["interfaceAlias", 3],
      ["interfaceIndex", -1],
      ["interfaceIndex", "3"],
      ["interfaceLuid", "6"],
      ["interfaceLuid", 6],
      ["interfaceLuid", 1n << 64n],
    ] as const
  ) {
    const entry = { ...good, [member]: value } as unknown as NeighborEntry;
    const parses = member === "linkLayerAddress"
      ? [parseEntry]
      : [parseEntry, parseKey];
    for (const parse of parses) {
      const error = assertThrows(() => parse(entry), NeighborError);
      assertEquals(memberOf(error), member, error.message);
      assertEquals(memberOf(withNote(error, "and so on")), member);
      assertEquals(error.entry, entry);
      assertEquals(Object.keys(error).includes("member"), false);
    }
  }
  const { interfaceAlias: _, ...nowhere } = good;
  const error = assertThrows(
    () => parseEntry(nowhere as unknown as NeighborEntry),
    NeighborError,
    "No interface given",
  );
  assertEquals(memberOf(error), undefined);
});
