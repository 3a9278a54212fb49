import { assertEquals } from "@std/assert";
import { memberHint, MemberHints } from "../../cli/pins/member_hint.ts";
import { PIN_MEMBERS } from "../../cli/pins/rules.ts";

for (
  const [name, member] of [
    ["mac", "linkLayerAddress"],
    ["lladdr", "linkLayerAddress"],
    ["MAC-Address", "linkLayerAddress"],
    ["link_layer_address", "linkLayerAddress"],
    ["linkLayerAdress", "linkLayerAddress"],
    ["interface", "interfaceAlias"],
    ["dev", "interfaceAlias"],
    ["InterfaceIndex", "interfaceIndex"],
    ["ip", "address"],
    ["adress", "address"],
    ["proto", "protocol"],
    ["kind", undefined],
    ["constructor", undefined],
    ["", undefined],
    ["address".repeat(9), undefined],
  ] as const
) {
  Deno.test(`memberHint() of "${name}" is ${member}`, () => {
    const wanted = member === undefined ? "" : ` (did you mean "${member}"?)`;
    assertEquals(memberHint(name, PIN_MEMBERS), wanted);
  });
}

Deno.test("memberHint() names no member that is not allowed there", () => {
  assertEquals(memberHint("mac", new Set(["neighbors", "comment"])), "");
});

Deno.test("MemberHints gives a hint for the first 64 names, again for each of them", () => {
  const hints = new MemberHints();
  const names = Array.from({ length: 70 }, (_, i) => `addres${i}`);
  const given = names.map((name) => hints.of(name, PIN_MEMBERS));
  assertEquals(given.filter((hint) => hint !== "").length, 64);
  assertEquals(names.map((name) => hints.of(name, PIN_MEMBERS)), given);
});
