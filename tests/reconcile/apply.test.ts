import { assertEquals, assertRejects } from "@std/assert";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import { PENDING, VERBS } from "../../ffi/entry_list.ts";
import { FakeTable, rowOf } from "../helpers/fake_table.ts";
import { LINUX } from "../property/pins.ts";

const denied = () => new NeighborError("ACCESS_DENIED", "Not you");

Deno.test("an abort rolls everything back, or keeps it with keepGoing", async () => {
  const desired = Array.from({ length: 1000 }, (_, i) => ({
    address: `10.1.${i >> 8}.${i & 255}`,
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias: "va",
  }));
  for (const keepGoing of [false, true]) {
    const table = new FakeTable(LINUX);
    const controller = new AbortController();
    table.before = (write) => {
      if (write === 300) controller.abort(new Error("Enough"));
    };
    const error = await assertRejects(
      () =>
        applyNeighbors(desired, {
          table,
          keepGoing,
          signal: controller.signal,
        }),
      NeighborApplyError,
      "Stopped before all of 1000 entries were applied",
    );
    assertEquals((error.cause as Error).message, "Enough");
    // The batch under way is finished first
    assertEquals(table.rows.size, keepGoing ? 384 : 0);
    const count = (outcome: string) =>
      error.report.entries.filter((one) => one.outcome === outcome).length;
    assertEquals(count("untouched"), 616);
    assertEquals(count(keepGoing ? "created" : "restored"), 384);
  }
});

Deno.test("an aborted signal changes nothing", async () => {
  const table = new FakeTable(LINUX);
  const desired = [{
    address: "10.0.0.1",
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias: "va",
  }];
  await assertRejects(
    () => applyNeighbors(desired, { table, signal: AbortSignal.abort() }),
    NeighborApplyError,
    "nothing was changed",
  );
  assertEquals(table.writes, 0);
});

Deno.test("a missing interface refuses all entries before any change", async () => {
  const table = new FakeTable(LINUX);
  const desired = ["va", "nowhere"].map((interfaceAlias) => ({
    address: "10.0.0.1",
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias,
  }));
  const error = await assertRejects(
    () => applyNeighbors(desired, { table }),
    NeighborApplyError,
    "1 of 2 entries refused, nothing was changed",
  );
  assertEquals([error.code, table.writes], ["INTERFACE_NOT_FOUND", 0]);
  const { entries } = await applyNeighbors(desired, { table, keepGoing: true });
  assertEquals(entries.map(({ outcome }) => outcome), ["created", "refused"]);
});

Deno.test("a failing table is rolled back as well", async () => {
  const current = [...Array(3).keys()];
  for (const fault of [denied(), new TypeError("A bug")]) {
    const table = new FakeTable(LINUX);
    const { fake } = table;
    const write = fake.write.bind(fake);
    let batches = 0;
    fake.write = (entries, from, to) => {
      write(entries, from, to);
      if (++batches === 2) throw fault;
    };
    const desired = current.flatMap((octet) =>
      [...Array(100).keys()].map((i) => ({
        address: `10.1.${octet}.${i}`,
        linkLayerAddress: "02:fc:00:00:00:01",
        interfaceAlias: "va",
      }))
    );
    await assertRejects(() => applyNeighbors(desired, { table }));
    assertEquals(table.rows.size, 0);
  }
});

/** `count` pins, on rows of another link-layer address. */
function changing(count: number): {
  table: FakeTable;
  desired: NeighborEntry[];
} {
  const desired = Array.from({ length: count }, (_, i) => ({
    address: `10.1.${i >> 8}.${i & 255}`,
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias: "va",
  }));
  const rows = desired.map(({ address }) =>
    rowOf(LINUX[0]!, address, "02:fc:00:00:00:02")
  );
  return { table: new FakeTable(LINUX, rows), desired };
}

// As few as are looked up one by one, and as many as are read at once
for (const count of [3, 100]) {
  Deno.test(`a row of ${count} that goes before its change is made again`, async () => {
    const { table, desired } = changing(count);
    const { fake } = table;
    const write = fake.write.bind(fake);
    const verbs: string[] = [];
    fake.write = (entries, from, to) => {
      if (verbs.length === 0) table.rows.delete("2 10.1.0.1");
      for (let i = from; i < to; i++) {
        const isPending = entries.outcomes[i] === PENDING;
        if (isPending) verbs.push(VERBS[entries.verbs[i]!]!);
      }
      write(entries, from, to);
    };
    const { entries } = await applyNeighbors(desired, { table });
    assertEquals(verbs, [...Array(count).fill("set"), "replace"]);
    const [first, second] = entries;
    assertEquals(first?.outcome, "changed");
    assertEquals(first?.previous?.linkLayerAddress, "02:fc:00:00:00:02");
    assertEquals([second?.outcome, second?.previous], ["created", null]);
    assertEquals(table.rows.size, count);
  });

  for (const verb of ["create", "change"] as const) {
    for (
      const [what, theirs, found] of [
        ["changed", "02:ee:ee:ee:ee:ee", "it has 02:ee:ee:ee:ee:ee, permanent"],
        ["made dynamic", "02:fc:00:00:00:01", "02:fc:00:00:00:01, stale"],
        ["removed", null, "there is no entry"],
      ] as const
    ) {
      Deno.test(`of ${count} to ${verb} one is ${what} at once: refused, the rest put back`, async () => {
        const { table, desired } = changing(count);
        if (verb === "create") table.rows.clear();
        const before = table.all();
        const { fake } = table;
        const write = fake.write.bind(fake);
        const key = "2 10.1.0.1";
        let row: Neighbor | undefined;
        fake.write = (entries, from, to) => {
          write(entries, from, to);
          fake.write = write;
          const state = what === "made dynamic" ? "stale" : "permanent";
          if (theirs === null) table.rows.delete(key);
          else {
            row = { ...table.rows.get(key)!, linkLayerAddress: theirs, state };
            table.put(row);
          }
        };
        const error = await assertRejects(
          () => applyNeighbors(desired, { table }),
          NeighborApplyError,
          found,
        );
        assertEquals(
          error.report.entries.map(({ outcome }) => outcome),
          desired.map((_, i) => i === 1 ? "refused" : "restored"),
        );
        // The foreign change stays, and so does the row before
        assertEquals(table.rows.get(key), row);
        table.rows.delete(key);
        assertEquals(
          table.all(),
          before.filter(({ address }) => address !== "10.1.0.1"),
        );
      });
    }
  }
}

const VA = LINUX.find((one) => one.interfaceAlias === "va")!;
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:01";

function pin(octet: number): NeighborEntry {
  return {
    address: `10.0.0.${octet}`,
    linkLayerAddress: OURS,
    interfaceAlias: "va",
  };
}

Deno.test("one entry that is given twice is refused before any change", async () => {
  const table = new FakeTable(LINUX);
  const twice = [pin(1), pin(2), { ...pin(1), linkLayerAddress: THEIRS }];
  const error = await assertRejects(
    () => applyNeighbors(twice, { table }),
    NeighborError,
    `10.0.0.1 on interface "va" is given twice: once as ${OURS}, once as`,
  );
  assertEquals([error.code, error.entry], ["INVALID_PARAMETER", twice[2]]);
  assertEquals(table.writes, 0);
});

Deno.test("without options other entries stay, and the report has the plan", async () => {
  const other = rowOf(VA, "10.0.0.3", THEIRS);
  const current = rowOf(VA, "10.0.0.2", THEIRS);
  const table = new FakeTable(LINUX, [other, current]);
  const { plan } = await applyNeighbors([pin(1), pin(2)], { table });
  assertEquals(plan, {
    create: [pin(1)],
    change: [{ entry: pin(2), current }],
    unchanged: [],
    remove: [],
  });
  assertEquals(table.rows.get(`${VA.interfaceIndex} 10.0.0.3`), other);
});

for (
  const [restored, words] of [
    [undefined, "put back but for this: 1 could not be put back"],
    [null, "put back but for this: 1 will have to be learnt again"],
    [
      rowOf(VA, "10.0.0.1", "02:ee:00:00:00:09"),
      "put back but for this: 1 had been changed by somebody else",
    ],
  ] as const
) {
  Deno.test(`a refused application says what was not: ${words}`, async () => {
    const learnt = rowOf(VA, "10.0.0.1", THEIRS, "reachable");
    const table = new FakeTable(LINUX, [learnt]);
    table.refuse = (_, address) =>
      address === "10.0.0.2" ? denied() : undefined;
    table.fake.restore = () => {
      if (restored === null) table.rows.clear();
      else if (restored !== undefined) table.put(restored);
    };
    await assertRejects(
      () => applyNeighbors([pin(1), pin(2)], { table }),
      NeighborApplyError,
      `Not you; 1 of 2 entries refused, ${words}`,
    );
  });
}

Deno.test("a refused application says that everything is as it was", async () => {
  const before = [rowOf(VA, "10.0.0.1", THEIRS)];
  const table = new FakeTable(LINUX, before);
  table.refuse = (_, address) => address === "10.0.0.2" ? denied() : undefined;
  await assertRejects(
    () => applyNeighbors([pin(1), pin(2)], { table }),
    NeighborApplyError,
    "1 of 2 entries refused, everything was put back as it was",
  );
  assertEquals(table.all(), before);
});

Deno.test("nothing behind a batch is written with the last of its entries", async () => {
  // The last of the first batch comes while the others are written
  const theirs = rowOf(VA, "10.0.0.128", THEIRS);
  const table = new FakeTable(LINUX);
  const controller = new AbortController();
  const written: string[] = [];
  table.refuse = (write, address) => {
    written.push(address);
    if (write === 1) table.put(theirs);
    controller.abort();
    return undefined;
  };
  const desired = Array.from({ length: 130 }, (_, i) => pin(i + 1));
  await assertRejects(
    () => applyNeighbors(desired, { table, signal: controller.signal }),
    NeighborApplyError,
  );
  assertEquals(written.includes("10.0.0.128"), true);
  assertEquals(written.includes("10.0.0.129"), false);
  assertEquals(table.all(), [theirs]);
});

Deno.test("a table that is closed meanwhile ends an application, with keepGoing too", async () => {
  for (const keepGoing of [false, true]) {
    const table = new FakeTable(LINUX);
    table.fake.write = () => {
      throw new NeighborError("CLOSED", "It is closed");
    };
    const error = await assertRejects(
      () => applyNeighbors([pin(1)], { table, keepGoing }),
      NeighborApplyError,
    );
    assertEquals(error.code, "CLOSED");
    const end = keepGoing ? "what was applied stays" : "nothing was changed";
    assertEquals(error.message, `It is closed; ${end}`);
  }
});
