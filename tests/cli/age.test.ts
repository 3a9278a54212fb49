import { assertEquals } from "@std/assert";
import { ageOf } from "../../cli/output/age.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

function aged(
  reachabilityTime: number | null,
  state: Neighbor["state"] = "stale",
): string | null {
  const row = rowOf(interfaceOf(2, "va"), "10.0.0.1", null, state);
  return ageOf({ ...row, interfaceLuid: null, reachabilityTime });
}

for (
  const [seconds, text] of [
    [0, "0s"],
    [0.999, "0s"],
    [1, "1s"],
    [59.9, "59s"],
    [60, "1m"],
    [61, "1m1s"],
    [3599, "59m59s"],
    [3600, "1h"],
    [3659, "1h"],
    [3660, "1h1m"],
    [86_399, "23h59m"],
    [86_400, "1d"],
    [90_000, "1d1h"],
    [42_949_672, "497d2h"],
  ] as const
) {
  Deno.test(`an age of ${seconds} seconds is ${text}`, () => {
    assertEquals(aged(1000 * seconds), text);
  });
}

Deno.test("only rows that were confirmed, or have failed, have an age", () => {
  for (
    const state of ["reachable", "stale", "delay", "probe", "failed"] as const
  ) {
    assertEquals(aged(5000, state), "5s");
    assertEquals(aged(null, state), null);
  }
  for (const state of ["permanent", "incomplete", "none", "noarp"] as const) {
    assertEquals(aged(5000, state), null);
  }
});

Deno.test("a row of Windows has no age, whose ReachabilityTime means another", () => {
  const row = rowOf(interfaceOf(2, "va"), "10.0.0.1", null, "stale");
  const interfaceLuid = "0x0006008000000000";
  assertEquals(ageOf({ ...row, interfaceLuid, reachabilityTime: 5000 }), null);
});
