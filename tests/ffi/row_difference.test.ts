import { assertEquals } from "@std/assert";
import {
  differences,
  isEmptyRow,
  isUnresolved,
} from "../../ffi/row_difference.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(2, "va");
const ROW = rowOf(ON, "10.0.0.7", "02:fc:00:00:00:05");
const NONE = rowOf(ON, "10.0.0.7", null, "unreachable");

const LUID = "0x0006008000000000";

for (
  const [row, isEmpty, isOpen] of [
    [ROW, false, false],
    [{ ...ROW, state: "unreachable" }, false, false],
    [{ ...ROW, state: "incomplete", interfaceLuid: LUID }, false, false],
    [NONE, true, true],
    [{ ...NONE, interfaceLuid: LUID }, true, true],
    // Windows keeps a deleted row like that, Linux is asking
    [{ ...NONE, state: "incomplete", interfaceLuid: LUID }, true, true],
    [{ ...NONE, state: "incomplete" }, false, true],
    [{ ...NONE, state: "failed" }, false, true],
    [{ ...NONE, state: "none", flags: [] }, false, true],
    [{ ...NONE, state: "permanent" }, false, false],
    [{ ...NONE, state: "noarp" }, false, false],
    [{ ...NONE, state: "none", flags: ["extern_learn"] }, false, true],
    // The managed flag keeps it resolved
    [{ ...NONE, state: "failed", flags: ["managed"] }, false, false],
  ] as [Neighbor, boolean, boolean][]
) {
  const { interfaceLuid, linkLayerAddress, state, flags } = row;
  const words = `${linkLayerAddress}, ${state}, LUID ${interfaceLuid}, ` +
    `flags ${flags}`;
  Deno.test(`a row of ${words}: empty ${isEmpty}, unresolved ${isOpen}`, () => {
    assertEquals([isEmptyRow(row), isUnresolved(row)], [isEmpty, isOpen]);
  });
}

Deno.test("differences() names every difference of two rows except their age", () => {
  assertEquals(differences(ROW, { ...ROW, reachabilityTime: 7 }), []);
  assertEquals(
    differences({
      ...ROW,
      linkLayerAddress: null,
      state: "stale",
      isRouter: true,
      protocol: 11,
      flags: ["managed", "extern_learn"],
    }, ROW),
    [
      "link-layer address none, was 02:fc:00:00:00:05",
      "state stale, was permanent",
      "router true, was false",
      "protocol 11, was none",
      "flags managed,extern_learn, was none",
    ],
  );
});
