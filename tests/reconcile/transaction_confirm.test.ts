import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CHANGED,
  CREATED,
  type EntryList,
  PENDING,
  REPLACE,
  SET,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";
const PIN = {
  address: "10.0.0.1",
  linkLayerAddress: OURS,
  interfaceAlias: "va",
};

for (const isSnapshot of [false, true]) {
  Deno.test(`the error of a write that the table does not show names both, snapshot: ${isSnapshot}`, async () => {
    const pruned = rowOf(VA, "10.0.0.9", THEIRS);
    for (
      const [desired, refused, finding] of [
        [
          { ...PIN, address: "10.0.0.2" },
          pruned,
          `it has ${THEIRS}, permanent where no entry was asked for`,
        ],
        [
          PIN,
          rowOf(VA, "10.0.0.1", THEIRS),
          `it has ${THEIRS}, permanent where ${OURS}, permanent, was asked for`,
        ],
        [PIN, undefined, `there is no entry where ${OURS}, permanent, was`],
      ] as const
    ) {
      const table = new FakeTable([VA], [pruned]);
      table.fake.isSnapshot = isSnapshot;
      const write = table.fake.write.bind(table.fake);
      table.fake.write = (entries, from, to) => {
        write(entries, from, to);
        if (refused === undefined) table.rows.clear();
        else table.put(refused);
      };
      const { entries } = await applyNeighbors([desired], {
        table,
        prune: true,
        keepGoing: true,
      });
      const at = refused === pruned ? 1 : 0;
      const { outcome, error } = entries[at]!;
      assertEquals([outcome, error?.code], ["refused", "UNCONFIRMED"]);
      assertEquals(error?.message.includes(finding), true, error?.message);
    }
  });
}

/**
 * A table whose scans are complete, as on Windows, and whose sets leave a learnt
 * row learnt: with the new address, or with the old one.
 */
function leavingDynamic(addresses: readonly string[], isWritten: boolean) {
  const rows = addresses.map((address) =>
    rowOf(VA, address, THEIRS, "reachable")
  );
  const table = new FakeTable([VA], rows);
  table.fake.isSnapshot = true;
  const write = table.fake.write.bind(table.fake);
  const sets: string[] = [];
  table.fake.write = (entries: EntryList, from, to) => {
    for (let i = from; i < to; i++) {
      const isSet = entries.verbs[i] === SET && entries.outcomes[i] === PENDING;
      if (!isSet) continue;
      const address = entries.address(i);
      sets.push(address);
      table.put(rowOf(VA, address, isWritten ? OURS : THEIRS, "stale"));
      entries.outcomes[i] = CHANGED;
    }
    write(entries, from, to);
  };
  return { table, rows, sets };
}

for (const isWritten of [true, false]) {
  Deno.test(`a row that a set has left dynamic is replaced, its address written: ${isWritten}`, async () => {
    for (const count of [1, 2]) {
      const addresses = ["10.0.0.1", "10.0.0.2"].slice(0, count);
      const { table, rows, sets } = leavingDynamic(addresses, isWritten);
      const { entries } = await applyNeighbors(
        addresses.map((address) => ({ ...PIN, address })),
        { table },
      );
      assertEquals(sets, addresses);
      assertEquals(entries.map(({ outcome }) => outcome), [
        ...addresses.map(() => "changed"),
      ]);
      assertEquals(
        table.all(),
        addresses.map((address) => rowOf(VA, address, OURS)),
      );
      // The row before the set, not the one that it has left
      assertEquals(entries.map(({ previous }) => previous), rows);
    }
  });
}

Deno.test("a row that a set has left dynamic, and that cannot be replaced, is refused", async () => {
  const { table, rows } = leavingDynamic(["10.0.0.1"], true);
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  table.refuse = (write) => write === 1 ? denied : undefined;
  const { entries } = await applyNeighbors([PIN], { table, keepGoing: true });
  assertEquals(entries.map(({ outcome, error }) => [outcome, error]), [
    ["refused", denied],
  ]);
  // It was a half-done change of this application
  assertEquals(table.all(), rows.map((row) => ({ ...row, state: "stale" })));
});

Deno.test("a replaced row that had gone meanwhile is still called changed", async () => {
  const { table } = leavingDynamic(["10.0.0.1"], true);
  const write = table.fake.write;
  table.fake.write = (entries, from, to) => {
    if (entries.verbs[from] === REPLACE) table.rows.clear();
    write(entries, from, to);
  };
  const { entries } = await applyNeighbors([PIN], { table });
  assertEquals(entries.map(({ outcome }) => outcome), ["changed"]);
});

Deno.test("a row that somebody changed after a set is not replaced", async () => {
  const { table } = leavingDynamic(["10.0.0.1"], true);
  const other = rowOf(VA, "10.0.0.1", "02:ee:00:00:00:09", "reachable");
  const write = table.fake.write;
  table.fake.write = (entries, from, to) => {
    write(entries, from, to);
    if (entries.verbs[from] === SET) table.put(other);
  };
  const { entries } = await applyNeighbors([PIN], { table, keepGoing: true });
  assertEquals(entries.map(({ outcome, error }) => [outcome, error?.code]), [
    ["refused", "UNCONFIRMED"],
  ]);
  assertEquals(table.all(), [other]);
});

Deno.test("a rollback knows a row that a set has left dynamic for its own", async () => {
  const { table, rows } = leavingDynamic(["10.0.0.1"], true);
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  // The create; the set of the fake is none of its writes
  table.refuse = (write) => write === 1 ? denied : undefined;
  const error = await assertRejects(
    () => applyNeighbors([PIN, { ...PIN, address: "10.0.0.2" }], { table }),
    NeighborApplyError,
  );
  assertEquals(error.report.entries.map(({ outcome }) => outcome), [
    "restored",
    "refused",
  ]);
  assertEquals(table.all(), rows.map((row) => ({ ...row, state: "stale" })));
});

Deno.test("an error that is none of the system's ends the look at a lost answer", async () => {
  const table = new FakeTable([VA]);
  const lost = new NeighborError("UNKNOWN_OUTCOME", "The answer was lost");
  const { fake } = table;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    write(entries, from, to);
    if (entries.outcomes[from] !== CREATED) return;
    entries.fail(from, lost, UNKNOWN);
    fake.read = () => {
      throw new TypeError("A bug");
    };
  };
  const error = await assertRejects(() => applyNeighbors([PIN], { table }));
  assert(error instanceof TypeError, String(error));
});
