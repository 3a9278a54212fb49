import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import { type NeighborPlan, planNeighbors } from "../../reconcile/plan.ts";
import { FakeTable } from "../helpers/fake_table.ts";
import { LINUX, pinsOn, rowsOn, WINDOWS } from "./pins.ts";

/** Does what a plan says, and nothing else. */
function carryOut(table: FakeTable, plan: NeighborPlan): void {
  for (const entry of plan.create) table.create(entry);
  for (const { entry } of plan.change) table.replace(entry);
  for (const row of plan.remove) table.delete(row);
}

function size({ create, change, remove }: NeighborPlan): number {
  return create.length + change.length + remove.length;
}

function touched(plan: NeighborPlan): Set<string> {
  const probe = new FakeTable([...LINUX, ...WINDOWS]);
  for (const entry of plan.create) probe.replace(entry);
  for (const { entry } of plan.change) probe.replace(entry);
  for (const row of plan.remove) probe.put(row);
  return new Set(probe.rows.keys());
}

for (const interfaces of [LINUX, WINDOWS]) {
  const name = interfaces[0]!.interfaceAlias;
  const rows = rowsOn(interfaces);
  const pins = pinsOn(interfaces);

  Deno.test(`carrying out a plan makes it so, on ${name} and the like`, () => {
    fc.assert(
      fc.property(pins, rows, fc.boolean(), (desired, current, prune) => {
        const table = new FakeTable(interfaces, current);
        const plan = planNeighbors(desired, current, { prune, interfaces });
        carryOut(table, plan);
        for (const entry of desired) {
          const row = table.get(entry);
          assertEquals(row?.state, "permanent");
          assertEquals(
            row?.linkLayerAddress,
            String(entry.linkLayerAddress).replaceAll("-", ":"),
          );
        }
        const again = planNeighbors(desired, table.all(), {
          prune,
          interfaces,
        });
        assertEquals(size(again), 0);
        assertEquals(again.unchanged.length, desired.length);
        assertEquals(
          plan.create.length + plan.change.length + plan.unchanged.length,
          desired.length,
        );
      }),
      { numRuns: 2000 },
    );
  });

  Deno.test(`no row outside the plan is touched, on ${name} and the like`, () => {
    fc.assert(
      fc.property(pins, rows, fc.boolean(), (desired, current, prune) => {
        const table = new FakeTable(interfaces, current);
        const before = new Map(table.rows);
        const plan = planNeighbors(desired, current, { prune, interfaces });
        carryOut(table, plan);
        const may = touched(plan);
        for (const [key, row] of before) {
          if (!may.has(key)) assertEquals(table.rows.get(key), row);
        }
        for (const key of table.rows.keys()) {
          assert(before.has(key) || may.has(key));
        }
      }),
      { numRuns: 2000 },
    );
  });

  Deno.test(`prune takes permanent rows of named interfaces, on ${name} and the like`, () => {
    fc.assert(
      fc.property(pins, rows, (desired, current) => {
        const table = new FakeTable(interfaces);
        for (const entry of desired) table.replace(entry);
        const named = new Set(table.all().map((row) => row.interfaceIndex));
        const isGroup = ({ address }: Neighbor) =>
          address.startsWith("239.") || address.startsWith("ff02:");
        const { remove } = planNeighbors(desired, current, {
          prune: true,
          interfaces,
        });
        assertEquals(
          remove,
          current.filter((row) =>
            row.state === "permanent" && named.has(row.interfaceIndex) &&
            !isGroup(row) && table.get(row) === undefined
          ),
        );
        assertEquals(
          planNeighbors(desired, current, { interfaces }).remove,
          [],
        );
      }),
      { numRuns: 2000 },
    );
  });

  Deno.test(`a table is what it is: planning it is empty, on ${name} and the like`, () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (current, prune) => {
        const desired = current.filter((row) =>
          row.state === "permanent" && row.linkLayerAddress !== null
        ) as NeighborEntry[];
        // The rows alone say what their interfaces are called
        const plan = planNeighbors(desired, current, { prune });
        assertEquals(size(plan), 0);
      }),
      { numRuns: 2000 },
    );
  });
}
