/**
 * What an application and a batch read, and that reading asks nobody: one
 * report has it that GetIpNetEntry2 of a missing entry asks the wire and waits.
 */

import { assert, assertEquals } from "@std/assert";
import {
  applyNeighbors,
  changeNeighbors,
  guardNeighbors,
  listNeighbors,
  readNeighbors,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import {
  countsOf,
  OURS,
  outcomesOf,
  tryToApply,
} from "../helpers/windows/applying.ts";
import { indexes, pinsOn } from "../helpers/windows/moving.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

const COUNT = 50;
const STALE = 4;

/** How often the interfaces and the table were read since the last reset. */
function reads() {
  const calls = control.calls();
  return {
    entries: calls.GetIpNetEntry2,
    interfaces: calls.GetIfTable2,
    names: calls.ConvertInterfaceAliasToLuid,
    lengths: calls.GetIfEntry2,
    ...control.tableReads(),
  };
}

/** The limits that hold of any operation on entries of two aliases. */
function checkReads(what: string): void {
  const { entries, interfaces, names, ipv4, ipv6 } = reads();
  assertEquals([what, entries], [what, 0]);
  for (const [kind, count] of Object.entries({ interfaces, ipv4, ipv6 })) {
    assert(count <= 2, `${what}: ${kind} read ${count} times`);
  }
  // Each alias once at the start and once more at the end
  assert(names <= 4, `${what}: ${names} look-ups of two aliases`);
}

const PINS = [
  ...pinsOn(ETHERNET, COUNT / 2),
  ...pinsOn(OTHER, COUNT / 2),
];

for (const count of [2, COUNT, 300]) {
  wineTest(`an apply of ${count} pins reads tables, not entries`, async () => {
    control.setBackend("memory");
    const pins = [
      ...pinsOn(ETHERNET, count / 2),
      ...pinsOn(OTHER, count / 2),
    ];
    assertEquals(countsOf(await applyNeighbors(pins)), { created: count });
    checkReads("created");
    const changed = pins.map((one) => ({
      ...one,
      linkLayerAddress: "02:fc:00:00:00:06",
    }));
    for (
      const [outcome, desired] of [
        ["changed", changed],
        ["unchanged", changed],
      ] as const
    ) {
      const before = reads();
      const report = await applyNeighbors(desired, { prune: true });
      assertEquals(countsOf(report), { [outcome]: count });
      const now = reads();
      assertEquals(now.entries, before.entries, outcome);
      assert(now.ipv4 - before.ipv4 <= 2, outcome);
      assert(now.interfaces - before.interfaces <= 2, outcome);
    }
  });
}

wineTest("an apply over dynamic rows reads tables, not entries", async () => {
  control.setBackend("memory");
  const { ethernet } = await indexes();
  control.addRows(
    ...Array.from(
      { length: COUNT / 2 },
      (_, i) =>
        rawRow({ index: ethernet, address: [10, 7, 0, i], state: STALE }),
    ),
  );
  assertEquals(countsOf(await applyNeighbors(PINS)), {
    changed: COUNT / 2,
    created: COUNT / 2,
  });
  checkReads("dynamic");
});

wineTest("a rollback reads tables, not entries", async () => {
  control.setBackend("memory");
  control.failNext("CreateIpNetEntry2", 8, 1, COUNT - 1);
  const { error, report } = await tryToApply(PINS);
  assertEquals(error?.status, 8);
  assertEquals(countsOf(report), { restored: COUNT - 1, refused: 1 });
  const { entries, ipv4 } = reads();
  assertEquals(entries, 0);
  // Before the changes, before they are taken back, and after
  assert(ipv4 <= 3, `${ipv4}`);
  assertEquals(listNeighbors(), []);
});

wineTest("a batch of replaces reads tables, not entries", () => {
  control.setBackend("memory");
  const changes = PINS.map((one) => ({ verb: "replace" as const, ...one }));
  const results = changeNeighbors(changes);
  assertEquals(
    results.map((one) => one.outcome === "done" && one.result),
    Array(COUNT).fill("created"),
  );
  checkReads("replaced");
});

wineTest(
  "an apply neither asks the network nor waits",
  async () => {
    control.setBackend("memory");
    control.setAsking(60_000);
    const started = performance.now();
    await applyNeighbors(PINS);
    // And one that is taken back
    control.failNext("SetIpNetEntry2", 8, 1, 0);
    const others = PINS.map((one) => ({
      ...one,
      address: one.address.replace("10.7.", "10.8."),
    }));
    const { error } = await tryToApply([
      ...others,
      { ...PINS[0]!, linkLayerAddress: "02:fc:00:00:00:06" },
    ]);
    assertEquals(error?.status, 8);
    // A single look would have cost a minute
    const took = performance.now() - started;
    assert(took < 30_000, `${took} ms`);
    assertEquals(control.calls().GetIpNetEntry2, 0);
    const rows = listNeighbors();
    assertEquals(rows.length, COUNT);
    assertEquals(
      rows.filter(({ state }) => state === "incomplete"),
      [],
    );
  },
);

wineTest(
  "a guard neither asks the network nor waits, in repairs or for an interface",
  async () => {
    control.setBackend("memory");
    control.setAsking(100);
    const index = await kernelIndex(ETHERNET);
    const controller = new AbortController();
    let rounds = 0;
    await guardNeighbors([
      ...pinsOn(ETHERNET, 5),
      ...pinsOn("Never", 1),
    ], {
      interval: 30,
      signal: AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]),
      report(event) {
        if (event.type === "applied") {
          assertEquals(outcomesOf(event.report), Array(5).fill("created"));
          control.addRows(
            rawRow({
              index,
              address: [10, 7, 0, 1],
              physical: [2, 9, 9, 9, 9, 9],
            }),
          );
        }
        if (event.type !== "repaired") return;
        assertEquals(event.outcome, "changed");
        if (++rounds === 1) controller.abort();
      },
    });
    assertEquals(rounds, 1);
    assertEquals(control.calls().GetIpNetEntry2, 0);
    assertEquals(
      listNeighbors().map(({ linkLayerAddress }) => linkLayerAddress),
      Array(5).fill(OURS),
    );
  },
);

wineTest(
  "readNeighbors() reads the table of each family once, as it is asked for",
  () => {
    control.setBackend("memory");
    const changes = PINS.map((one) => ({ verb: "create" as const, ...one }));
    assert(changeNeighbors(changes).every(({ outcome }) => outcome === "done"));
    const before = control.tableReads();
    const reads = () => {
      const { ipv4, ipv6 } = control.tableReads();
      return [ipv4 - before.ipv4, ipv6 - before.ipv6];
    };
    const rows = readNeighbors();
    assertEquals(reads(), [0, 0]);
    const first = rows.next().value!;
    assertEquals(reads(), [1, 0]);
    assertEquals([first, ...rows], listNeighbors());
    assertEquals(reads(), [2, 2]);
    for (const { address } of readNeighbors({ subnet: "10.7.0.0/16" })) {
      assert(address.startsWith("10.7."), address);
      break;
    }
    assertEquals(reads(), [3, 2]);
  },
);
