import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import { groupOf } from "../../ffi/parse/group.ts";
import { planNeighbors } from "../../reconcile/plan.ts";
import { FakeTable } from "../helpers/fake_table.ts";
import { LINUX, pinsOn, rowsOn } from "./pins.ts";

const PROTOCOLS = [null, 11, 42] as const;
const protocols = fc.infiniteStream(fc.constantFrom(...PROTOCOLS));
const owners = fc.constantFrom(undefined, 11, 42);

/** Gives each a protocol, or `null`. */
function owned<T>(list: readonly T[], of: Iterator<number | null>) {
  return list.map((one) => ({ ...one, protocol: of.next().value! }));
}

const desires = fc.tuple(pinsOn(LINUX), protocols)
  .map(([pins, of]) => owned(pins, of) as NeighborEntry[]);
const currents = fc.tuple(rowsOn(LINUX), protocols)
  .map(([rows, of]) => owned(rows, of) as Neighbor[]);

/** The key of a row, and of the entry that desires it. */
const keyOf = ({ interfaceIndex, address }: Neighbor) =>
  `${interfaceIndex} ${address}`;

Deno.test("an applied entry has the protocol it asks for, and prune removes the owner's rows alone", async () => {
  await fc.assert(
    fc.asyncProperty(
      desires,
      currents,
      owners,
      fc.boolean(),
      async (desired, current, protocol, prune) => {
        const options = { prune, ...(protocol !== undefined && { protocol }) };
        const table = new FakeTable(LINUX, current);
        const before = new Map(current.map((row) => [keyOf(row), row]));
        const plan = planNeighbors(desired, current, {
          ...options,
          interfaces: LINUX,
        });
        const { entries, plan: applied } = await applyNeighbors(desired, {
          ...options,
          table,
        });
        const counts = ({ create, change, remove }: typeof plan) =>
          [create, change, remove].map(({ length }) => length);
        assertEquals(counts(applied), counts(plan));

        // Each desired row is the one that a plan finds in sync
        const { unchanged } = planNeighbors(desired, table.all(), {
          ...options,
          prune: false,
          interfaces: LINUX,
        });
        assertEquals(unchanged.length, desired.length);
        const keys = new Set<string>();
        for (const { entry, current: row } of unchanged) {
          keys.add(keyOf(row));
          const then = before.get(keyOf(row));
          const wanted = entry.protocol ?? protocol ?? then?.protocol ?? null;
          assertEquals(row.protocol ?? null, wanted);
        }
        const named = new Set(
          unchanged.map(({ current }) => current.interfaceIndex),
        );
        for (const [key, row] of before) {
          if (keys.has(key)) continue;
          const isPruned = prune && row.state === "permanent" &&
            named.has(row.interfaceIndex) && groupOf(row) === null &&
            (protocol === undefined || row.protocol === protocol);
          assertEquals(table.rows.has(key), !isPruned, key);
        }
        table.writes = 0;
        await applyNeighbors(desired, { ...options, table });
        assertEquals(table.writes, 0);
        assertEquals(entries.every(({ error }) => error === null), true);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("a refused change puts every protocol back", async () => {
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(
      desires,
      currents,
      owners,
      fc.integer({ min: 1, max: 8 }),
      async (desired, current, protocol, k) => {
        const table = new FakeTable(LINUX, current);
        const before = table.all();
        table.refuse = (write) =>
          write === k ? new NeighborError("ACCESS_DENIED", "No") : undefined;
        const error = await applyNeighbors(desired, {
          table,
          prune: true,
          ...(protocol !== undefined && { protocol }),
        }).catch((error) => error);
        if (!(error instanceof NeighborApplyError)) return;
        refusals++;
        const now = new Map(table.all().map((row) => [keyOf(row), row]));
        for (const row of before) {
          if (row.linkLayerAddress === null) continue;
          assertEquals(now.get(keyOf(row))?.protocol, row.protocol);
        }
      },
    ),
    { numRuns: 1000 },
  );
  assertEquals(refusals > 100, true, `${refusals}`);
});
