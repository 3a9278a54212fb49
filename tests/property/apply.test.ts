import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { type ApplyReport, NeighborApplyError } from "../../ffi/applied.ts";
import { applyNeighbors } from "../../ffi/apply.ts";
import { NeighborError } from "../../ffi/error.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/neighbor.ts";
import { planNeighbors } from "../../ffi/plan.ts";
import { FakeTable, rowOf } from "../fake_table.ts";
import { LINUX, pinsOn, rowsOn } from "./pins.ts";

const pins = pinsOn(LINUX);
const rows = rowsOn(LINUX);
const denied = () => new NeighborError("ACCESS_DENIED", "Not you");

/** What a rollback can bring back: what was learnt is stale, or gone. */
function asKept(row: Neighbor): Neighbor | undefined {
  if (row.linkLayerAddress === null) return undefined;
  const isKept = row.state === "permanent" || row.state === "noarp";
  return isKept ? row : { ...row, state: "stale" };
}

function checkBack(
  table: FakeTable,
  before: ReadonlyMap<string, Neighbor>,
): void {
  for (const [key, row] of before) {
    const now = table.rows.get(key);
    const isSame = JSON.stringify(now) === JSON.stringify(row);
    if (!isSame) assertEquals(now, asKept(row), key);
  }
  for (const key of table.rows.keys()) assert(before.has(key), key);
}

Deno.test("applyNeighbors() makes it so, twice changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      pins,
      rows,
      fc.boolean(),
      fc.func(fc.boolean()),
      async (desired, current, prune, loses) => {
        const table = new FakeTable(LINUX, current);
        // A list is no proof of absence
        table.loses = (row) => loses(row.address);
        await applyNeighbors(desired, { table, prune });
        const options = { prune: false, interfaces: LINUX };
        const { unchanged } = planNeighbors(desired, table.all(), options);
        assertEquals(unchanged.length, desired.length);

        table.loses = () => false;
        await applyNeighbors(desired, { table, prune });
        table.writes = 0;
        const { entries } = await applyNeighbors(desired, { table, prune });
        assertEquals(table.writes, 0);
        assert(entries.every(({ outcome }) => outcome === "unchanged"));
      },
    ),
    { numRuns: 1000 },
  );
});

/** Applies and has the k-th write refused; what came of it. */
async function refusedAt(
  k: number,
  table: FakeTable,
  ...[desired, options]: Parameters<typeof applyNeighbors>
): Promise<{ report: ApplyReport; error: NeighborApplyError | undefined }> {
  table.refuse = (write) => write === k ? denied() : undefined;
  try {
    const report = await applyNeighbors(desired, { ...options, table });
    return { report, error: undefined };
  } catch (error) {
    if (!(error instanceof NeighborApplyError)) throw error;
    return { report: error.report, error };
  }
}

Deno.test("a refused change puts everything back", async () => {
  await fc.assert(
    fc.asyncProperty(
      pins,
      rows,
      fc.boolean(),
      fc.integer({ min: 1, max: 12 }),
      async (desired, current, prune, k) => {
        const table = new FakeTable(LINUX, current);
        const before = new Map(table.rows);
        const plan = planNeighbors(desired, current, {
          prune,
          interfaces: LINUX,
        });
        const count = plan.create.length + plan.change.length +
          plan.remove.length;
        const { error, report } = await refusedAt(k, table, desired, { prune });
        assertEquals(error?.code, k <= count ? "ACCESS_DENIED" : undefined);
        if (error === undefined) return;
        checkBack(table, before);
        assertEquals(
          report.entries.filter(({ outcome }) => outcome === "refused").length,
          1,
        );
        for (const { outcome } of report.entries) {
          assert(
            ["refused", "restored", "untouched", "unchanged", "forgotten"]
              .includes(outcome),
            outcome,
          );
        }
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("with keepGoing one refusal is one entry", async () => {
  await fc.assert(
    fc.asyncProperty(
      pins,
      rows,
      fc.integer({ min: 1, max: 12 }),
      async (desired, current, k) => {
        const table = new FakeTable(LINUX, current);
        const before = new Map(table.rows);
        const { report, error } = await refusedAt(k, table, desired, {
          keepGoing: true,
          prune: true,
        });
        assertEquals(error, undefined);
        const refused = report.entries.filter((one) =>
          one.outcome === "refused"
        );
        assert(refused.length <= 1);
        for (const one of refused) {
          assertEquals(one.error?.code, "ACCESS_DENIED");
          assertEquals(table.get(one.entry) ?? null, one.previous);
          const key = [...before].find(([, row]) => row === one.previous)?.[0];
          if (key !== undefined) assert(table.rows.has(key));
        }
        const left = planNeighbors(desired, table.all(), {
          prune: true,
          interfaces: LINUX,
        });
        assertEquals(
          left.create.length + left.change.length + left.remove.length,
          refused.length,
        );
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("an entry somebody else changes is not put back over it", async () => {
  await fc.assert(
    fc.asyncProperty(
      pins.filter((list) => list.length >= 2),
      rows,
      async (desired, current) => {
        const table = new FakeTable(LINUX, current);
        const [first] = desired;
        let theirs: Neighbor | undefined;
        table.refuse = (write) => write === 2 ? denied() : undefined;
        table.before = (write) => {
          const row = table.get(first!);
          if (write !== 2 || row?.state !== "permanent") return;
          theirs = { ...row, linkLayerAddress: "02:ee:ee:ee:ee:ee" };
          table.put(theirs);
        };
        await applyNeighbors(desired, { table }).catch((error) => {
          assert(error instanceof NeighborApplyError, String(error));
          const [entry] = error.report.entries;
          if (entry?.outcome === "unchanged") return;
          assertEquals(entry?.outcome, "foreign");
          assert(error.message.includes("somebody else"), error.message);
        });
        if (theirs !== undefined) assertEquals(table.get(first!), theirs);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("an abort puts everything back, or leaves it with keepGoing", async () => {
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

Deno.test("a signal that was aborted before changes nothing", async () => {
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

Deno.test("an interface that is not there refuses all before any change", async () => {
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

Deno.test("a table that breaks is put back as well", async () => {
  const current = [...Array(3).keys()];
  for (const fault of [denied(), new TypeError("A bug")]) {
    const table = new FakeTable(LINUX);
    const change = table.change.bind(table);
    let batches = 0;
    table.change = (changes) => {
      const results = change(changes);
      if (++batches === 2) throw fault;
      return results;
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

/** As many pins as told, on rows of another link-layer address. */
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
    const change = table.change.bind(table);
    const verbs: string[] = [];
    table.change = (changes) => {
      if (verbs.length === 0) table.rows.delete("2 10.1.0.1");
      verbs.push(...changes.map(({ verb }) => verb));
      return change(changes);
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
        const change = table.change.bind(table);
        const key = "2 10.1.0.1";
        let row: Neighbor | undefined;
        table.change = (changes) => {
          const results = change(changes);
          const state = what === "made dynamic" ? "stale" : "permanent";
          if (theirs === null) table.rows.delete(key);
          else {
            row = { ...table.rows.get(key)!, linkLayerAddress: theirs, state };
            table.put(row);
          }
          return results;
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
        // What somebody else did stands, and so does what was there before
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
