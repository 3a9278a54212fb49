import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  CHANGED,
  CREATE,
  CREATED,
  DELETE,
  DELETED,
  EntryList,
  NONE,
  REFUSED,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import {
  checkChanges,
  checkPresence,
  isInSync,
  parseWrite,
  resultOf,
} from "../../ffi/parse/change.ts";
import { addRow } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(12, "Ethernet", "0x0006008000000000");
const ROW = rowOf(ON, "192.0.2.7", "02:fc:00:00:00:05");
const ENTRY = {
  address: "192.0.2.7",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "Ethernet",
};

/** A list with that entry at position 1, behind another. */
function listOf(verb: number): EntryList {
  const entries = new EntryList();
  parseWrite(entries, CREATE, { ...ENTRY, address: "192.0.2.1" });
  assertEquals(parseWrite(entries, verb, ENTRY), 1);
  assertEquals(entries.verbs[1], verb);
  return entries;
}

for (
  const [verb, isRefusedThere, isRefusedAbsent] of [
    [NONE, false, false],
    [SET, false, true],
    [CREATE, true, false],
    [REPLACE, false, false],
    [DELETE, false, true],
  ] as const
) {
  Deno.test(`checkPresence() of verb ${verb}, where the entry is there and where not`, () => {
    const entries = listOf(verb);
    const check = (isThere: boolean) =>
      checkPresence(entries, 1, isThere ? ROW : undefined);
    for (
      const [isThere, isRefused] of [
        [true, isRefusedThere],
        [false, isRefusedAbsent],
      ] as const
    ) {
      if (!isRefused) {
        check(isThere);
        continue;
      }
      const error = assertThrows(() => check(isThere), NeighborError);
      assertEquals(error.code, isThere ? "ALREADY_EXISTS" : "NOT_FOUND");
      assertEquals(error.entry, ENTRY);
      assertEquals(error.status, null);
      assert(error.message.includes('192.0.2.7 on interface "Ethernet"'));
    }
  });
}

Deno.test("checkPresence() takes the empty row of a deleted entry for none", () => {
  const empty: Neighbor = {
    ...ROW,
    linkLayerAddress: null,
    state: "unreachable",
  };
  checkPresence(listOf(CREATE), 1, empty);
  // Set writes over it, and what Delete makes of it is the system's to say
  for (const verb of [SET, DELETE]) checkPresence(listOf(verb), 1, empty);
});

for (
  const [outcome, result] of [
    [CREATED, "created"],
    [CHANGED, "changed"],
    [UNCHANGED, "unchanged"],
    [DELETED, "deleted"],
  ] as const
) {
  Deno.test(`resultOf() an entry that was ${result}`, () => {
    const entries = listOf(SET);
    entries.outcomes[1] = outcome;
    assertEquals(resultOf(entries, 1), { outcome: "done", result });
    entries.previous.set(1, ROW);
    assertEquals(resultOf(entries, 1), {
      outcome: "done",
      result,
      previous: ROW,
    });
  });
}

Deno.test("resultOf() an entry that was refused, and one whose answer was lost", () => {
  const entries = listOf(SET);
  const error = new NeighborError("ACCESS_DENIED", "Not you");
  entries.fail(1, error);
  assertEquals(entries.outcomes[1], REFUSED);
  assertEquals(resultOf(entries, 1), { outcome: "refused", error });
  entries.fail(1, error, UNKNOWN);
  assertEquals(resultOf(entries, 1), { outcome: "unknown", error });
});

Deno.test("checkChanges() accepts an array, and refuses any other value", () => {
  checkChanges([]);
  for (const given of [undefined, null, {}, "", { length: 1 }, new Set()]) {
    const error = assertThrows(
      () => checkChanges(given as never),
      NeighborError,
      "The changes are not an array",
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  }
});

Deno.test("isInSync() of a row that is permanent and has the address", () => {
  const entries = listOf(REPLACE);
  assertEquals(isInSync(ROW, entries, 1), true);
  assertEquals(isInSync(undefined, entries, 1), false);
  assertEquals(isInSync({ ...ROW, state: "stale" }, entries, 1), false);
  const other = { ...ROW, linkLayerAddress: "02:fc:00:00:00:06" };
  assertEquals(isInSync(other, entries, 1), false);
  const none = { ...ROW, linkLayerAddress: null };
  assertEquals(isInSync(none, entries, 1), false);
});

Deno.test("addRow() uses the LUID and index of a row, never its name", () => {
  const entries = listOf(SET);
  assertEquals(addRow(entries, ROW), 2);
  assertEquals(entries.address(2), "192.0.2.7");
  assertEquals(entries.linkLayerLengths[2], 0);
  assertEquals(entries.verbs[2], NONE);
  assertEquals(entries.named(2), {
    luid: 0x0006008000000000n,
    index: 12,
    alias: null,
  });
  assertEquals(entries.given[2], ROW);
  const linux = rowOf(interfaceOf(3, "va"), "fe80::7", null, "failed");
  assertEquals(addRow(entries, linux), 3);
  assertEquals(entries.address(3), "fe80::7");
  assertEquals(entries.named(3), { luid: 0n, index: 3, alias: null });
});

Deno.test("a reused list keeps nothing of the entry before", () => {
  const entries = new EntryList();
  const parse = (address: string) => {
    entries.clear();
    parseWrite(entries, DELETE, { address, interfaceAlias: "va" });
    return entries.address(0);
  };
  const full = "1111:2222:3333:4444:5555:6666:7777:8888";
  for (
    const short of ["::", "::1", "1::", "1:2::7:8", "10.0.0.1", "::1.2.3.4"]
  ) {
    assertEquals(parse(full), full);
    const parsed = parse(short);
    assertEquals(parsed, short === "::1.2.3.4" ? "::102:304" : short);
    assertEquals(parse(full), full);
  }
});
