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

Deno.test("a learnt row that goes after a set is not confirmed", async () => {
  const { table } = leavingDynamic(["10.0.0.1"], true);
  const write = table.fake.write;
  table.fake.write = (entries, from, to) => {
    write(entries, from, to);
    table.rows.clear();
  };
  const { entries } = await applyNeighbors([PIN], { table, keepGoing: true });
  assertEquals(entries.map(({ outcome, error }) => [outcome, error?.code]), [
    ["refused", "UNCONFIRMED"],
  ]);
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

for (
  const [linkLayerAddress, state] of [
    ["02:ee:00:00:00:09", "reachable"],
    [THEIRS, "permanent"],
  ] as const
) {
  Deno.test(`a row that somebody made ${state} after a set is not replaced`, async () => {
    const { table } = leavingDynamic(["10.0.0.1"], true);
    const other = rowOf(VA, "10.0.0.1", linkLayerAddress, state);
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
}

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
  const { table } = unread(new TypeError("A bug"));
  await assertRejects(
    () => applyNeighbors([PIN], { table }),
    TypeError,
    "A bug",
  );
  assertEquals(table.all(), []);
});

/** A table in which a create is done and its answer lost, then `read` fails. */
function unread(error: Error): { table: FakeTable; lost: NeighborError } {
  const table = new FakeTable([VA]);
  const lost = new NeighborError("UNKNOWN_OUTCOME", "The answer was lost");
  const { fake } = table;
  const write = fake.write.bind(fake);
  const read = fake.read.bind(fake);
  fake.write = (entries, from, to) => {
    write(entries, from, to);
    if (entries.outcomes[from] !== CREATED) return;
    entries.fail(from, lost, UNKNOWN);
    fake.read = () => {
      // The rollback can read again
      fake.read = read;
      throw error;
    };
  };
  return { table, lost };
}

Deno.test("a lost answer that cannot be looked up stays one, and is rolled back", async () => {
  for (const keepGoing of [false, true]) {
    const { table, lost } = unread(new NeighborError("OTHER", "Unreadable"));
    const error = keepGoing ? undefined : await assertRejects(
      () => applyNeighbors([PIN], { table }),
      NeighborApplyError,
      "The answer was lost; 1 of 1 entries refused",
    );
    const { entries } = error?.report ??
      await applyNeighbors([PIN], { table, keepGoing });
    assertEquals(entries.map((one) => [one.outcome, one.error]), [
      ["refused", lost],
    ]);
    assertEquals(table.all(), []);
  }
});

Deno.test("a table that cannot be read back is not an entry refused", async () => {
  for (
    const [error, type] of [
      [new NeighborError("OTHER", "Unreadable"), NeighborApplyError],
      [new TypeError("A bug"), TypeError],
    ] as const
  ) {
    const table = new FakeTable([VA]);
    const { fake } = table;
    const write = fake.write.bind(fake);
    const read = fake.read.bind(fake);
    fake.write = (entries, from, to) => {
      write(entries, from, to);
      fake.read = () => {
        fake.read = read;
        throw error;
      };
    };
    const thrown = await assertRejects(
      () => applyNeighbors([PIN], { table }),
      type,
    );
    assert(!thrown.message.includes("refused"), thrown.message);
    assert(thrown.message.startsWith(error.message), thrown.message);
    assertEquals(table.all(), []);
  }
});
