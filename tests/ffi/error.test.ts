import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { invalid, NeighborError, quote } from "../../ffi/types/error.ts";

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
