/**
 * An entry that every verb should refuse, and the check that each does.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  type EntryMember,
  NeighborError,
  type NeighborErrorCode,
} from "../../../ffi/types/error.ts";
import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { DEVICE, ipNeighbors, type Network } from "./network.ts";

export const FIRST = "02:fc:00:00:00:05";
/** An entry that the system accepts. */
export const ENTRY = {
  address: "10.0.0.7",
  interfaceAlias: DEVICE,
  linkLayerAddress: FIRST,
} as const;

/** The kernel adds rows for its own multicast groups at any time. */
function unicast() {
  return ipNeighbors().filter((row) => !row.dst.startsWith("ff"));
}

/** Asserts that every verb refuses the entry and the table does not change. */
export function refused(
  { table }: Network,
  entry: NeighborEntry,
  code: NeighborErrorCode,
  message: string,
  member?: EntryMember,
): void {
  const before = unicast();
  const calls = [
    () => table.set(entry),
    () => table.create(entry),
    () => table.replace(entry),
    () => {
      const [result] = table.change([{ verb: "create", ...entry }]);
      if (result?.outcome === "refused") throw result.error;
    },
  ];
  for (const call of calls) {
    const error = assertThrows(call, NeighborError, message);
    assertEquals(error.code, code);
    if (member !== undefined) assertEquals(error.member, member);
  }
  assertEquals(unicast(), before);
}
