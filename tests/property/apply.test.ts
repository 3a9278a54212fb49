import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type ApplyReport,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { planNeighbors } from "../../reconcile/plan.ts";
import { FakeTable } from "../helpers/fake_table.ts";
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

Deno.test("applyNeighbors() applies the entries, and a second time changes nothing", async () => {
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

Deno.test("a refused change rolls everything back", async () => {
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

Deno.test("with keepGoing a refusal affects one entry only", async () => {
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

Deno.test("a rollback does not overwrite a foreign change", async () => {
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
