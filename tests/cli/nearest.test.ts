import { assertEquals } from "@std/assert";
import { nearest } from "../../cli/nearest.ts";

const WORDS = ["set", "add", "delete", "list", "interfaces", "apply", "-q"];

for (
  const [typed, wanted] of [
    ["list", "list"],
    ["LIST", "list"],
    ["lst", "list"],
    ["lists", "list"],
    ["lsit", "list"],
    ["pist", "list"],
    ["delte", "delete"],
    ["deltee", "delete"],
    ["inter", "interfaces"],
    ["ad", "add"],
    ["sett", "set"],
    // Two changes are too many for a short word, and not for a long one
    ["se", "set"],
    ["sat", "set"],
    ["sad", undefined],
    ["soup", undefined],
    ["abbly", "apply"],
    ["abblx", undefined],
    ["", undefined],
    ["s", undefined],
    ["purge", undefined],
    ["l".repeat(1_000_000), undefined],
    ["\u{1f995}", undefined],
  ] as const
) {
  Deno.test(`nearest() to ${JSON.stringify(typed.slice(0, 20))} is ${wanted}`, () => {
    assertEquals(nearest(typed, WORDS), wanted);
  });
}

Deno.test("nearest() prefers fewer changes, then the earlier word", () => {
  assertEquals(nearest("lisp", ["lists", "list"]), "list");
  assertEquals(nearest("cat", ["bat", "hat"]), "bat");
});
