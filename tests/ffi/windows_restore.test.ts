import { assertEquals, assertThrows } from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { WindowsInterface } from "../../ffi/windows/interfaces.ts";
import { restore } from "../../ffi/windows/restore.ts";
import {
  FakeCalls,
  PERMANENT,
  STALE,
  UNREACHABLE,
} from "../helpers/windows/fake_calls.ts";

const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:fc:00:00:00:01";
const LUID = 0x6_000003_000000n;
const ON = new WindowsInterface(LUID, 3, 6);

const ROW: Neighbor = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceIndex: 3,
  interfaceLuid: "0x0006000003000000",
  interfaceAlias: "Ethernet",
  linkLayerAddress: OURS,
  state: "permanent",
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: 0,
};

const SETS = "SetIpNetEntry2";
const CREATES = "CreateIpNetEntry2";
const DELETES = "DeleteIpNetEntry2";
const READS = "GetIpNetEntry2";

function key(linkLayerAddress = THEIRS): EntryList {
  const entries = new EntryList();
  parseEntry(entries, {
    address: ROW.address,
    linkLayerAddress,
    interfaceIndex: 3,
  });
  entries.bound[0] = ON;
  return entries;
}

function computer(state: number | null, linkLayerAddress?: string): FakeCalls {
  const system = new FakeCalls();
  if (state !== null) system.seed(key(linkLayerAddress), 0, state);
  return system;
}

/** The row afterwards. */
function now(system: FakeCalls): string {
  const row = system.read(key(), 0);
  return row === undefined ? "none" : `${row.linkLayerAddress}, ${row.state}`;
}

for (
  const [what, state, onDynamic, hasRemains, made] of [
    ["a permanent entry", PERMANENT, "permanent", false, [SETS, READS]],
    ["nothing", null, "permanent", false, [SETS, CREATES, READS]],
    ["a dynamic entry", STALE, "permanent", false, [SETS, READS]],
    [
      "a dynamic entry that Set leaves so",
      STALE,
      "dynamic",
      false,
      [SETS, READS, DELETES, CREATES],
    ],
    [
      "a dynamic entry that Set does not know",
      STALE,
      "refuse",
      false,
      [SETS, CREATES, DELETES, CREATES],
    ],
    [
      "a dynamic entry that stays when it is deleted",
      STALE,
      "refuse",
      true,
      [SETS, CREATES, DELETES, CREATES, SETS],
    ],
  ] as const
) {
  Deno.test(`a permanent row comes back over ${what}`, () => {
    const system = computer(state);
    system.onDynamic = onDynamic;
    system.hasRemains = hasRemains;
    restore(system.calls, ROW, ON);
    assertEquals(system.made, [...made]);
    assertEquals(now(system), `${OURS}, permanent`);
  });
}

Deno.test("a row that cannot be written is removed, if it is there", () => {
  for (
    const row of [
      { ...ROW, state: "stale" },
      { ...ROW, state: "reachable" },
      { ...ROW, state: "incomplete", linkLayerAddress: null },
      { ...ROW, linkLayerAddress: null },
    ] as const
  ) {
    for (const state of [PERMANENT, STALE, UNREACHABLE, null]) {
      const system = computer(state);
      restore(system.calls, row, ON);
      assertEquals(system.made, [DELETES]);
      assertEquals(now(system), "none");
    }
  }
});

Deno.test("a restore throws the refusal", () => {
  for (const call of [SETS, CREATES, DELETES]) {
    const system = computer(call === SETS ? PERMANENT : null);
    system.answers.push({ call, code: "ACCESS_DENIED" });
    const row = call === DELETES ? { ...ROW, state: "stale" } as const : ROW;
    const error = assertThrows(
      () => restore(system.calls, row, ON),
      NeighborError,
    );
    assertEquals([error.code, error.operation], ["ACCESS_DENIED", call]);
  }
});
