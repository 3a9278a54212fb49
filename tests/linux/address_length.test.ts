import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  changeNeighbors,
  createNeighbor,
  deleteNeighbor,
  NeighborError,
  pinNeighbor,
  replaceNeighbor,
  setNeighbor,
} from "../../mod.ts";
import { neighbor } from "../helpers/linux/command.ts";
import { Guarding, OURS } from "../helpers/linux/guarding.ts";
import { applied, Midway, pinsOn } from "../helpers/linux/moving.ts";
import { ip, networkTest } from "../helpers/linux/network.ts";
import { ARPHRD, Tap, tapMissing } from "../helpers/linux/tap.ts";
import {
  assertAgrees,
  assertAsBefore,
  indexOf,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";
import { pause } from "../helpers/pause.ts";

const ENTRY = {
  address: "10.9.0.7",
  linkLayerAddress: OURS,
  interfaceAlias: "t0",
};

/** What throws where the entry is refused. */
const WRITES: Readonly<Record<string, () => void>> = {
  create: () => createNeighbor(ENTRY),
  set: () => setNeighbor(ENTRY),
  replace: () => void replaceNeighbor(ENTRY),
  pin: () => void pinNeighbor(ENTRY),
  "change: create": () => change("create"),
  "change: set": () => change("set"),
  "change: replace": () => change("replace"),
};

function change(verb: "create" | "set" | "replace"): void {
  const [result] = changeNeighbors([{ ...ENTRY, verb }]);
  if (result!.outcome !== "done") throw result!.error;
}

/** Makes the shared table read the device as it is now, and keep that. */
function meet(): void {
  createNeighbor(ENTRY);
  for (let i = 0; i < 5; i++) setNeighbor(ENTRY);
  deleteNeighbor(ENTRY);
}

/** Asserts that every verb is refused and the table does not change. */
function assertRefused(): void {
  for (const [name, write] of Object.entries(WRITES)) {
    // A set needs an entry
    const isThere = /set|replace|pin/.test(name);
    if (isThere) ip("neigh add 10.9.0.7 lladdr 1.2.3.4 nud permanent dev t0");
    const before = snapshot();
    const error = assertThrows(write, NeighborError, undefined, name);
    assertEquals(error.code, "INVALID_PARAMETER", `${name}: ${error.message}`);
    assertAsBefore(before);
    if (isThere) ip("neigh del 10.9.0.7 dev t0");
  }
}

/** A test that needs a tap. */
function tapTest(...[name, test]: Parameters<typeof networkTest>): void {
  networkTest(name, test, tapMissing());
}

tapTest(
  "no write truncates an address after the device's address length changed",
  () => {
    using tap = new Tap("t0");
    meet();
    tap.become(ARPHRD.IPGRE);
    assertRefused();
  },
);

tapTest(
  "no write truncates an address on a new device of the same index",
  () => {
    // Indexes go up by one: the one behind this tap's is that of the next
    let next: number;
    {
      using _ = new Tap("t0");
      next = indexOf(snapshot(), "t0") + 1;
    }
    ip(`link add t0 index ${next} type bridge`);
    ip("link set t0 up");
    meet();
    ip("link del t0");
    using tap = new Tap("t0");
    assertEquals(indexOf(snapshot(), "t0"), next);
    tap.become(ARPHRD.IPGRE);
    assertRefused();
  },
);

tapTest("addresses of the new length are written as they are", () => {
  using tap = new Tap("t0");
  meet();
  tap.become(ARPHRD.IPGRE);
  const index = indexOf(snapshot(), "t0");
  createNeighbor({ ...ENTRY, linkLayerAddress: "01:02:03:04" });
  assertEquals(rowsOf(snapshot(), index), { "10.9.0.7": "1.2.3.4 PERMANENT" });
  setNeighbor({ ...ENTRY, linkLayerAddress: "01:02:03:05" });
  assertEquals(rowsOf(snapshot(), index), { "10.9.0.7": "1.2.3.5 PERMANENT" });
  tap.become(ARPHRD.ETHER);
  createNeighbor(ENTRY);
  setNeighbor(ENTRY);
  assertEquals(rowsOf(snapshot(), index), { "10.9.0.7": `${OURS} PERMANENT` });
});

tapTest("no apply truncates an address", async ({ table }) => {
  using tap = new Tap("t0");
  const pins = pinsOn("t0", 300);
  await applied(pins, { table });
  tap.become(ARPHRD.IPGRE);
  const before = snapshot();
  for (const keepGoing of [false, true]) {
    const { report } = await applied(pins, { table, keepGoing });
    assertAgrees(report, before);
    for (const { outcome, error } of report.entries) {
      assertEquals([outcome, error?.code], ["refused", "INVALID_PARAMETER"]);
    }
  }
});

tapTest(
  "no apply truncates an address where the device changes during it",
  async ({
    table,
  }) => {
    for (const keepGoing of [false, true]) {
      using tap = new Tap("t0");
      const before = snapshot();
      // Which takes the rows that were made along
      const midway = new Midway(() => tap.become(ARPHRD.IPGRE));
      const { report, error } = await applied(pinsOn("t0", 2000), {
        table,
        keepGoing,
        progress: midway.progress,
      });
      midway.assertActed();
      assertAgrees(report, before);
      const isRefused = report.entries.some(({ outcome }) =>
        outcome === "refused"
      );
      assert(isRefused && (keepGoing || error !== null));
      assertAsBefore(before);
    }
  },
);

tapTest(
  "no guard truncates an address where the device changes",
  async ({ table }) => {
    using tap = new Tap("t0");
    const index = indexOf(snapshot(), "t0");
    await using guarding = await Guarding.begin(pinsOn("t0", 100), { table });
    tap.become(ARPHRD.IPGRE);
    await guarding.until(() => guarding.of("refused").length > 0, "refused");
    await pause(200);
    // No entry is reported as repaired that is not in sync
    assertEquals(rowsOf(snapshot(), index), {});
    const codes = new Set(
      guarding.of("refused").map(({ error }) => error.code),
    );
    assertEquals([...codes], ["INVALID_PARAMETER"]);
  },
);

tapTest(
  "the command never reports success for a truncated address",
  async () => {
    using tap = new Tap("t0");
    tap.become(ARPHRD.IPGRE);
    const before = snapshot();
    for (const verb of ["add", "replace"]) {
      const words = [verb, "10.9.0.7", OURS, "--interface", "t0"];
      const { code, stdout } = await neighbor(words);
      assertEquals([code, stdout], [2, ""]);
    }
    assertAsBefore(before);
  },
);
