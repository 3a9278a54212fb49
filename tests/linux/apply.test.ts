import { assert, assertEquals, assertRejects } from "@std/assert";
import { onWrite } from "../helpers/writes.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import {
  FIRST,
  pin,
  SECOND,
  seed,
  table,
} from "../helpers/linux/apply_network.ts";
import { Dark } from "../helpers/linux/dark.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";

networkTest(
  "applyNeighbors() applies the entries, then has nothing to do",
  async ({
    table: on,
    index,
  }) => {
    seed("10.0.0.3", FIRST, "reachable");
    seed("10.0.0.4", SECOND, "permanent");
    seed("10.0.0.9", SECOND, "permanent");
    const pins = [
      pin("10.0.0.3"),
      pin("10.0.0.4"),
      { ...pin("2001:db8::5"), interfaceAlias: null, interfaceIndex: index },
      pin(`fe80::7%${DEVICE}`),
    ];
    const outcomes = async () =>
      (await applyNeighbors(pins, { table: on, prune: true })).entries
        .map(({ outcome }) => outcome);
    assertEquals(await outcomes(), [
      ...["changed", "changed", "created", "created"],
      "removed",
    ]);
    const wanted = ["10.0.0.3", "10.0.0.4", "2001:db8::5"]
      .map((address) => `${address} ${FIRST} PERMANENT`);
    assertEquals(table(), wanted);
    assertEquals(ipNeighbor("fe80::7")?.lladdr, FIRST);
    assertEquals(await outcomes(), Array(4).fill("unchanged"));
    assertEquals(table(), wanted);
  },
);

networkTest("a refused entry rolls back addresses and states", async ({
  table: on,
}) => {
  seed("10.0.0.3", SECOND, "reachable");
  seed("10.0.0.4", SECOND, "permanent");
  seed("10.0.0.5", SECOND, "noarp");
  seed("10.0.0.6", SECOND, "stale");
  ip(`neigh add 2001:db8::6 lladdr ${SECOND} nud stale router dev ${DEVICE}`);
  seed("10.0.0.9", SECOND, "permanent");
  const pins = [3, 4, 5, 6, 7].map((i) => pin(`10.0.0.${i}`));
  using dark = new Dark();
  pins.push(pin("2001:db8::6"), dark.pin);
  const error = await assertRejects(
    () => applyNeighbors(pins, { table: on, prune: true }),
    NeighborApplyError,
    "1 of 8 entries refused, everything was put back as it was",
  );
  assertEquals(error.code, "NOT_SUPPORTED");
  assertEquals((error.entry as NeighborEntry).address, "2001:db8::dd");
  assertEquals(
    error.report.entries.map(({ outcome }) => outcome),
    [...Array(6).fill("restored"), "refused", "untouched"],
  );
  assertEquals(table(), [
    // Nobody vouches for it any more
    `10.0.0.3 ${SECOND} STALE`,
    `10.0.0.4 ${SECOND} PERMANENT`,
    `10.0.0.6 ${SECOND} STALE`,
    `10.0.0.9 ${SECOND} PERMANENT`,
    `2001:db8::6 ${SECOND} STALE`,
  ]);
  assertEquals(ipNeighbor("10.0.0.5")?.state, ["NOARP"]);
  assertEquals(ipNeighbor("2001:db8::6")?.router, null);

  const { entries } = await applyNeighbors(pins, {
    table: on,
    keepGoing: true,
  });
  assertEquals(
    entries.map(({ outcome }) => outcome),
    [...Array(4).fill("changed"), "created", "changed", "refused"],
  );
});

networkTest("removals are rolled back too", async ({ table: on }) => {
  for (const i of [3, 4, 5]) seed(`10.0.0.${i}`, SECOND, "permanent");
  const pins = [pin("10.0.0.7")];
  let isFirst = true;
  onWrite(on, () => {}, ({ entries, positions, verbs }) => {
    if (verbs[0] !== "delete" || !isFirst) return;
    isFirst = false;
    entries.fail(positions[1]!, lost);
  });
  const lost = new NeighborApplyError("OTHER", "Not this one", {
    plan: { create: [], change: [], unchanged: [], remove: [] },
    entries: [],
  });
  const error = await assertRejects(
    () => applyNeighbors(pins, { table: on, prune: true }),
    NeighborApplyError,
    "Not this one",
  );
  assertEquals(
    error.report.entries.map(({ outcome }) => outcome),
    ["restored", "restored", "refused", "restored"],
  );
  assertEquals(
    table(),
    [3, 4, 5].map((i) => `10.0.0.${i} ${SECOND} PERMANENT`),
  );
});

networkTest(
  "an unresolved row is pinned, and removed at the rollback",
  async ({
    table: on,
  }) => {
    await on.resolve({ address: "10.0.0.77", interfaceAlias: DEVICE }, {
      signal: AbortSignal.timeout(50),
    }).catch(() => {});
    assertEquals(ipNeighbor("10.0.0.77")?.state, ["INCOMPLETE"]);
    using dark = new Dark();
    const pins = [pin("10.0.0.77"), dark.pin];
    const error = await assertRejects(
      () => applyNeighbors(pins, { table: on }),
      NeighborApplyError,
      "1 will have to be learnt again",
    );
    assertEquals(error.report.entries[0]?.outcome, "forgotten");
    assertEquals(ipNeighbor("10.0.0.77")?.lladdr, undefined);
    await applyNeighbors([pin("10.0.0.77")], { table: on });
    assertEquals(table(), [`10.0.0.77 ${FIRST} PERMANENT`]);
  },
);

networkTest("an entry may name its interface by an alternative name", async ({
  table: on,
}) => {
  ip(`link property add dev ${DEVICE} altname the-other-name-of-it`);
  const other = { ...pin("10.0.0.7"), interfaceAlias: "the-other-name-of-it" };
  assertEquals(
    (await applyNeighbors([other], { table: on })).entries[0]?.outcome,
    "created",
  );
  assertEquals(
    (await applyNeighbors([other], { table: on })).entries[0]?.outcome,
    "unchanged",
  );
  await assertRejects(
    () => applyNeighbors([pin("10.0.0.7"), other], { table: on }),
    Error,
    "given twice",
  );
});

networkTest(
  "an interface removed during an apply affects no other interface",
  async ({
    table: on,
    index,
  }) => {
    const pins = Array.from({ length: 300 }, (_, i) => ({
      ...pin(addressOf(i), linkLayerOf(i)),
      interfaceAlias: null,
      interfaceIndex: index,
    }));
    let batches = 0;
    onWrite(on, () => {
      if (++batches === 2) ip(`link set ${DEVICE} name vz`);
      if (batches === 3) ip("link del vz");
    });
    const error = await assertRejects(
      () => applyNeighbors(pins, { table: on }),
      NeighborApplyError,
    );
    assertEquals(error.code, "INTERFACE_NOT_FOUND");
    const outcomes = new Set(
      error.report.entries.map(({ outcome }) => outcome),
    );
    assertEquals([...outcomes], ["restored", "refused"]);
    // The end of the test removes it
    ip(`link add ${DEVICE} type veth peer name vc`);
  },
  renameMissing(),
);

networkTest("an index out of range is a missing interface", async ({
  table: on,
}) => {
  const good = pin("10.0.0.7");
  for (const interfaceIndex of [9999, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    const bad = { ...pin("10.0.0.8"), interfaceAlias: null, interfaceIndex };
    const error = await assertRejects(
      () => applyNeighbors([bad], { table: on }),
      NeighborApplyError,
      "nothing was changed",
    );
    assertEquals(error.code, "INTERFACE_NOT_FOUND");
    const { entries } = await applyNeighbors([good, bad], {
      table: on,
      keepGoing: true,
    });
    assertEquals(entries[1]?.outcome, "refused");
    assertEquals(table(), [`10.0.0.7 ${FIRST} PERMANENT`]);
  }
});

networkTest(
  "an entry that breaks a rule of its device is refused before any change",
  async ({
    table: on,
  }) => {
    seed("10.0.0.4", SECOND, "permanent");
    const before = table();
    let changes = 0;
    onWrite(on, () => changes++);
    const bad = [
      pin("10.0.0.5", "02:fc"),
      pin("10.0.0.6", "02:fc:00:00:00:05:06"),
      { ...pin("10.0.0.7"), interfaceAlias: "lo" },
    ];
    const pins = [pin("10.0.0.3"), pin("10.0.0.4"), ...bad];
    const error = await assertRejects(
      () => applyNeighbors(pins, { table: on }),
      NeighborApplyError,
      "3 of 5 entries refused, nothing was changed",
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertEquals(
      error.report.entries.map(({ outcome }) => outcome),
      ["untouched", "untouched", "refused", "refused", "refused"],
    );
    assertEquals([changes, table()], [0, before]);
    const { entries } = await applyNeighbors(pins, {
      table: on,
      keepGoing: true,
    });
    assertEquals(
      entries.map(({ outcome }) => outcome),
      ["created", "changed", "refused", "refused", "refused"],
    );
  },
);

networkTest("10,000 entries are applied, read back and rolled back", async ({
  table: on,
}) => {
  const pins = Array.from(
    { length: 10_000 },
    (_, i) => pin(addressOf(i), linkLayerOf(i)),
  );
  const count = () =>
    ipNeighbors().filter(({ state }) => state[0] === "PERMANENT").length;
  using dark = new Dark();
  await assertRejects(
    () => applyNeighbors([...pins, dark.pin], { table: on }),
    NeighborApplyError,
    "everything was put back",
  );
  assertEquals(count(), 0);
  await applyNeighbors(pins, { table: on });
  assertEquals(count(), 10_000);
  const shifted = pins.map((_, i) => pin(addressOf(i), linkLayerOf(i + 1)));
  const { entries } = await applyNeighbors(shifted, { table: on });
  assert(entries.every(({ outcome }) => outcome === "changed"));
  assertEquals(ipNeighbor(addressOf(0))?.lladdr, linkLayerOf(1));
});
