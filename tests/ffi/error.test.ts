import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import {
  type EntryMember,
  invalid,
  NeighborError,
  quote,
  withEntry,
  withNote,
} from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";

Deno.test("NeighborError has null members without a call", () => {
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
  assertEquals(error.member, null);
  assertEquals("cause" in error, false);
});

Deno.test("NeighborError has the status of its call", () => {
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

Deno.test("quote() does not cut a character beyond U+FFFF in two", () => {
  const smile = "\u{1f600}";
  for (const before of [77, 78, 79]) {
    const text = quote("a".repeat(before) + smile.repeat(9));
    assert(text.isWellFormed(), text);
  }
});

/** Three names and the zone name the interface. */
const MEMBERS: Readonly<Record<string, EntryMember>> = {
  address: "address",
  linkLayerAddress: "linkLayerAddress",
  interfaceAlias: "interface",
  interfaceIndex: "interface",
  interfaceLuid: "interface",
};

Deno.test("an error names the member of the entry it is about", () => {
  const good = {
    address: "192.0.2.7",
    linkLayerAddress: "02-fc-00-00-00-05",
    interfaceAlias: "Ethernet",
  };
  for (
    const [name, value] of [
      ["address", "192.0.2.777"],
      ["address", 7],
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
    const entry = { ...good, [name]: value } as unknown as NeighborEntry;
    const member = MEMBERS[name];
    const parses = member === "linkLayerAddress"
      ? [parseEntry]
      : [parseEntry, parseKey];
    for (const parse of parses) {
      const error = assertThrows(
        () => parse(new EntryList(), entry),
        NeighborError,
      );
      assertEquals(error.member, member, error.message);
      assertEquals(withNote(error, "and so on").member, member);
      assertEquals(withEntry(error, good).member, member);
      assertEquals(withEntry(error, good).entry, good);
      assertEquals(error.entry, entry);
    }
  }
  const loopback = { ...good, address: "127.0.0.1" };
  const error = assertThrows(
    () => parseEntry(new EntryList(), loopback),
    NeighborError,
  );
  assertEquals(error.member, "address");
  const { interfaceAlias: _, ...nowhere } = good;
  const unnamed = assertThrows(
    () => parseEntry(new EntryList(), nowhere as unknown as NeighborEntry),
    NeighborError,
    "No interface given",
  );
  assertEquals(unnamed.member, "interface");
  // No member, or all of it
  assertEquals(invalid("No").member, null);
  const none = assertThrows(
    () => parseEntry(new EntryList(), null as never),
    NeighborError,
  );
  assertEquals(none.member, null);
});
