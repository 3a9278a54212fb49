import { assert, assertEquals } from "@std/assert";
import * as layout from "../../ffi/windows/layout.ts";
import { NL_NEIGHBOR_STATE } from "../../ffi/windows/row.ts";
import { readLayoutHeader } from "../helpers/layout_header.ts";

const header = readLayoutHeader();

/** The names of layout.ts that do not spell the C name out. */
const OTHER_NAMES: Readonly<Record<string, readonly (number | undefined)[]>> = {
  MIB_TABLE_NumEntries: [
    header.members.get("MIB_IPNET_TABLE2.NumEntries")?.offset,
    header.members.get("MIB_IF_TABLE2.NumEntries")?.offset,
    header.members.get("MIB_IPFORWARD_TABLE2.NumEntries")?.offset,
  ],
  MIB_TABLE_Table: [
    header.members.get("MIB_IPNET_TABLE2.Table[0]")?.offset,
    header.members.get("MIB_IF_TABLE2.Table[0]")?.offset,
    header.members.get("MIB_IPFORWARD_TABLE2.Table[0]")?.offset,
  ],
  FLAG_IsRouter: [header.flags.get("MIB_IPNET_ROW2.IsRouter")?.bits],
  FLAG_IsUnreachable: [header.flags.get("MIB_IPNET_ROW2.IsUnreachable")?.bits],
  FLAG_FilterInterface: [
    header.flags.get("MIB_IF_ROW2.InterfaceAndOperStatusFlags.FilterInterface")
      ?.bits,
  ],
  // WCHAR Alias[IF_MAX_STRING_SIZE + 1], two bytes each
  IF_ALIAS_LENGTH: [(header.members.get("MIB_IF_ROW2.Alias")?.bytes ?? 0) / 2],
};

/** What layout.h has for an export of layout.ts. */
function expected(name: string): readonly (number | undefined)[] {
  const other = OTHER_NAMES[name];
  if (other !== undefined) return other;
  if (name.startsWith("SIZEOF_")) return [header.sizes.get(name.slice(7))];
  for (const [member, { offset }] of header.members) {
    if (member.replace(".", "_") === name) return [offset];
  }
  return [header.values.get(name)];
}

for (const [name, value] of Object.entries(layout)) {
  Deno.test(`${name} is what layout.h has`, () => {
    const numbers = expected(name);
    assert(numbers.length > 0);
    for (const number of numbers) assertEquals(value, number);
  });
}

Deno.test("layout.ts exports the constants of the codec", () => {
  // Each name above is tested: this is against an import of nothing
  assert(Object.keys(layout).length >= 30);
});

Deno.test("FLAG_IsRouter and FLAG_IsUnreachable are in the byte that the codec reads", () => {
  const { flags } = header;
  for (const name of ["IsRouter", "IsUnreachable"]) {
    assertEquals(
      flags.get(`MIB_IPNET_ROW2.${name}`)?.offset,
      layout.MIB_IPNET_ROW2_Flags,
    );
  }
  assertEquals(
    flags.get("MIB_IF_ROW2.InterfaceAndOperStatusFlags.FilterInterface")
      ?.offset,
    layout.MIB_IF_ROW2_InterfaceAndOperStatusFlags,
  );
});

Deno.test("MIB_TABLE_Table plus a stride is the second row", () => {
  const { members } = header;
  assertEquals(
    members.get("MIB_IPNET_TABLE2.Table[1]")?.offset,
    layout.MIB_TABLE_Table + layout.SIZEOF_MIB_IPNET_ROW2,
  );
  assertEquals(
    members.get("MIB_IF_TABLE2.Table[1]")?.offset,
    layout.MIB_TABLE_Table + layout.SIZEOF_MIB_IF_ROW2,
  );
  assertEquals(
    members.get("MIB_IPFORWARD_TABLE2.Table[1]")?.offset,
    layout.MIB_TABLE_Table + layout.SIZEOF_MIB_IPFORWARD_ROW2,
  );
});

Deno.test("NL_NEIGHBOR_STATE has each state at its ordinal", () => {
  assertEquals(NL_NEIGHBOR_STATE.length, header.values.get("NlnsMaximum"));
  for (
    const [ordinal, state] of [
      ["NlnsUnreachable", "unreachable"],
      ["NlnsIncomplete", "incomplete"],
      ["NlnsProbe", "probe"],
      ["NlnsDelay", "delay"],
      ["NlnsStale", "stale"],
      ["NlnsReachable", "reachable"],
      ["NlnsPermanent", "permanent"],
    ] as const
  ) {
    assertEquals(NL_NEIGHBOR_STATE[header.values.get(ordinal)!], state);
  }
});
