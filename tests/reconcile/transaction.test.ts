import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CHANGED,
  CREATE,
  DELETE,
  type EntryList,
  PENDING,
  SET,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import {
  type AppliedEntry,
  type ApplyOptions,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const [VA, VB] = [interfaceOf(2, "va"), interfaceOf(3, "vb")];
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";

function pin(octet: number, interfaceAlias = "va"): NeighborEntry {
  return { address: `10.0.0.${octet}`, linkLayerAddress: OURS, interfaceAlias };
}

/** Applies; returns the report, and the error that contained it. */
async function applied(
  table: FakeTable,
  desired: readonly NeighborEntry[],
  options: ApplyOptions = {},
): Promise<{
  outcomes: string[];
  entries: readonly AppliedEntry[];
  error?: NeighborApplyError;
}> {
  const told = (entries: readonly AppliedEntry[]) => ({
    outcomes: entries.map(({ outcome }) => outcome),
    entries,
  });
  try {
    return told((await applyNeighbors(desired, { ...options, table })).entries);
  } catch (error) {
    assert(error instanceof NeighborApplyError, String(error));
    return { ...told(error.report.entries), error };
  }
}

/** The new meanings of names, set at the last write. */
function moving(
  table: FakeTable,
  at: number,
  ...interfaces: readonly ReturnType<typeof interfaceOf>[]
): void {
  table.before = (write) => {
    if (write === at) table.fake.interfaces_ = interfaces;
  };
}

const ASIDE = interfaceOf(2, "aside");

Deno.test("a moved name: everything is rolled back on the former interface", async () => {
  const table = new FakeTable([VA, VB]);
  moving(table, 3, ASIDE, interfaceOf(9, "va"), VB);
  const desired = [pin(1), pin(2), pin(3, "vb")];
  const { outcomes, entries, error } = await applied(table, desired);
  assertEquals(error?.code, "INTERFACE_NOT_FOUND");
  assertEquals(outcomes, ["refused", "refused", "restored"]);
  assertEquals(table.all(), []);
  for (const i of [0, 1]) {
    assertEquals(entries[i]?.error?.entry, desired[i]);
    assertEquals(
      entries[i]?.error?.message,
      'The interface "va" has come to mean interface 9; it meant interface 2 ' +
        "when the entries were applied",
    );
  }
  assertEquals(entries[2]?.error, null);
});

Deno.test("with keepGoing the entries of the moved name are rolled back, the others stay", async () => {
  const table = new FakeTable([VA, VB]);
  moving(table, 3, ASIDE, VB);
  const desired = [pin(1), pin(3, "vb"), pin(2)];
  const { outcomes, error } = await applied(table, desired, {
    keepGoing: true,
  });
  assertEquals(error, undefined);
  assertEquals(outcomes, ["refused", "created", "refused"]);
  assertEquals(table.all().map((row) => row.address), ["10.0.0.3"]);
});

Deno.test("a moved name refuses an entry in sync, which is not rolled back", async () => {
  const rows = [rowOf(VA, "10.0.0.1", OURS)];
  const table = new FakeTable([VA, VB], rows);
  moving(table, 1, ASIDE, VB);
  const { outcomes } = await applied(table, [pin(1), pin(2)]);
  assertEquals(outcomes, ["refused", "refused"]);
  assertEquals(table.all(), rows);
});

Deno.test("names are looked up again only where changes are kept", async () => {
  const table = new FakeTable([VA], [rowOf(VA, "10.0.0.1", OURS)]);
  await applied(table, [pin(1)]);
  assertEquals(table.fake.lookUps, 1);
  await applied(table, [pin(1), pin(2)]);
  assertEquals(table.fake.lookUps, 3);
  const controller = new AbortController();
  table.before = () => controller.abort();
  const desired = [...Array(200).keys()].map((octet) => pin(octet + 1));
  await applied(table, desired, { signal: controller.signal, keepGoing: true });
  assertEquals(table.fake.lookUps, 4);
});

/** Loses the answers of a verb, done or not. */
function losing(
  table: FakeTable,
  verb: number,
  isDone: boolean,
): NeighborError {
  const { fake } = table;
  const write = fake.write.bind(fake);
  const lost = new NeighborError("UNKNOWN_OUTCOME", "The answer was lost");
  fake.write = (entries: EntryList, from, to) => {
    const chosen: number[] = [];
    for (let i = from; i < to; i++) {
      if (entries.verbs[i] !== verb || entries.outcomes[i] !== PENDING) {
        continue;
      }
      chosen.push(i);
      if (!isDone) entries.outcomes[i] = CHANGED;
    }
    if (chosen.length > 0) fake.write = write;
    write(entries, from, to);
    for (const i of chosen) entries.fail(i, lost, UNKNOWN);
  };
  return lost;
}

const PRUNED = rowOf(VA, "10.0.0.9", THEIRS);

for (
  const [verb, rows, expected] of [
    [CREATE, [], ["created"]],
    [SET, [rowOf(VA, "10.0.0.1", THEIRS)], ["changed"]],
    [DELETE, [rowOf(VA, "10.0.0.1", OURS), PRUNED], ["unchanged", "removed"]],
  ] as const
) {
  Deno.test(`the answer to verb ${verb} is lost, and it was done`, async () => {
    const table = new FakeTable([VA], rows);
    losing(table, verb, true);
    const { outcomes, error } = await applied(table, [pin(1)], { prune: true });
    assertEquals([outcomes, error], [[...expected], undefined]);
    assertEquals(table.all(), [rowOf(VA, "10.0.0.1", OURS)]);
  });

  Deno.test(`the answer to verb ${verb} is lost, and it was not done`, async () => {
    const table = new FakeTable([VA], rows);
    const lost = losing(table, verb, false);
    const { outcomes, entries, error } = await applied(table, [pin(1)], {
      prune: true,
    });
    assertEquals(error?.cause, lost);
    assertEquals(outcomes.at(-1), "refused");
    assertEquals(entries.at(-1)?.error, lost);
    assertEquals(table.all(), [...rows]);
  });
}

Deno.test("a removal whose answer is lost counts as done where a row without an address is left", async () => {
  const table = new FakeTable([VA], [PRUNED]);
  const { fake } = table;
  losing(table, DELETE, true);
  const write = fake.write;
  fake.write = (entries, from, to) => {
    const isRemoval = entries.verbs[from] === DELETE;
    write(entries, from, to);
    if (isRemoval) table.put(rowOf(VA, "10.0.0.9", null, "unreachable"));
    else fake.write = write;
  };
  const { outcomes, error } = await applied(table, [pin(1)], { prune: true });
  assertEquals([outcomes, error], [["created", "removed"], undefined]);
});

Deno.test("a row to prune that changed meanwhile is reported, and left", async () => {
  for (
    const [now, outcome] of [
      [rowOf(VA, "10.0.0.9", OURS, "reachable"), "foreign"],
      [undefined, "removed"],
    ] as const
  ) {
    const table = new FakeTable([VA], [PRUNED]);
    table.before = () => {
      if (now === undefined) table.rows.delete("2 10.0.0.9");
      else table.put(now);
    };
    const { outcomes } = await applied(table, [pin(1)], { prune: true });
    assertEquals(outcomes, ["created", outcome]);
    assertEquals(table.rows.get("2 10.0.0.9"), now);
    // Nobody was asked to remove it
    assertEquals(table.writes, 1);
  }
});

Deno.test("a row created after a removal is reported, and left", async () => {
  for (
    const [linkLayerAddress, outcome] of [
      ["02:ee:00:00:00:03", "foreign"],
      [THEIRS, "refused"],
    ] as const
  ) {
    const table = new FakeTable([VA], [PRUNED]);
    const { fake } = table;
    const write = fake.write.bind(fake);
    const again = rowOf(VA, "10.0.0.9", linkLayerAddress);
    fake.write = (entries, from, to) => {
      const isRemoval = entries.verbs[to - 1] === DELETE &&
        entries.outcomes[to - 1] === PENDING;
      write(entries, from, to);
      if (isRemoval) table.put(again);
    };
    const { outcomes, entries } = await applied(table, [pin(1)], {
      prune: true,
      keepGoing: true,
    });
    assertEquals(outcomes, ["created", outcome]);
    assertEquals(table.rows.get("2 10.0.0.9"), again);
    const code = outcome === "refused" ? "UNCONFIRMED" : undefined;
    assertEquals(entries[1]?.error?.code, code);
  }
});

Deno.test("progress counts every change once, batch by batch", async () => {
  const desired = [...Array(250).keys()].map((i) => pin(i + 1));
  const rows = [
    ...[...Array(10).keys()].map((i) => rowOf(VA, `10.0.0.${i + 1}`, OURS)),
    ...[...Array(150).keys()].map((i) => rowOf(VA, `10.0.1.${i}`, THEIRS)),
  ];
  const table = new FakeTable([VA], rows);
  const told: number[][] = [];
  await applied(table, desired, {
    prune: true,
    progress: (...numbers) => void told.push(numbers),
  });
  assertEquals(told, [[128, 390], [240, 390], [368, 390], [390, 390]]);
});

Deno.test("an incomplete rollback: only the lost entries have an error", async () => {
  const rows = [1, 2, 3].map((i) => rowOf(VA, `10.0.0.${i}`, THEIRS));
  const table = new FakeTable([VA], rows);
  const full = new NeighborError("NO_MEMORY", "Full");
  const denied = new NeighborError("ACCESS_DENIED", "Not any more");
  // The third set is refused; then the second row is put back, then the first
  table.refuse = (write) =>
    write === 3 ? full : write === 4 ? denied : undefined;
  const { outcomes, entries, error } = await applied(
    table,
    [1, 2, 3].map((i) => pin(i)),
  );
  assertEquals(error?.cause, full);
  assert(error?.message.includes("1 of 3 entries refused"), error?.message);
  assertEquals(outcomes, ["restored", "lost", "refused"]);
  assertEquals(entries.map((one) => one.error), [null, denied, full]);
  assertEquals(
    table.all().map((row) => row.linkLayerAddress),
    [THEIRS, OURS, THEIRS],
  );
});

Deno.test("an unexpected error leaves the table rolled back as far as possible", async () => {
  const table = new FakeTable([VA]);
  const { fake } = table;
  const write = fake.write.bind(fake);
  let batches = 0;
  fake.write = (entries, from, to) => {
    if (++batches === 2) throw new TypeError("A bug");
    write(entries, from, to);
  };
  const desired = [...Array(200).keys()].map((i) => pin(i + 1));
  await assertRejects(() => applyNeighbors(desired, { table }), TypeError);
  assertEquals(table.rows.size, 0);
});

Deno.test("an entry refused half-way and forgotten keeps the error of its refusal", async () => {
  const learnt = rowOf(VA, "10.0.0.1", THEIRS, "reachable");
  const table = new FakeTable([VA], [learnt]);
  const { fake } = table;
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  fake.write = (entries, from, to) => {
    if (entries.verbs[from] === 0 || from === to) return;
    table.put(rowOf(VA, "10.0.0.1", OURS, "stale"));
    entries.fail(from, denied);
  };
  fake.restore = () => table.rows.clear();
  const { outcomes, entries } = await applied(table, [pin(1)]);
  assertEquals(outcomes, ["forgotten"]);
  assertEquals(entries[0]?.error, denied);
});

Deno.test("a pruned row is restored where every name of its interface moved", async () => {
  const named = { ...VA, altNames: ["alt"] };
  for (const holds of [true, false]) {
    const table = new FakeTable([named, VB], [PRUNED]);
    moving(table, 3, { ...ASIDE, altNames: holds ? ["alt"] : [] }, VB);
    const { outcomes, entries } = await applied(
      table,
      [pin(1), pin(2, "alt")],
      { prune: true, keepGoing: true },
    );
    assertEquals(
      outcomes,
      holds
        ? ["refused", "created", "removed"]
        : ["refused", "refused", "refused"],
    );
    assertEquals(
      table.all().map((row) => row.address),
      [holds ? "10.0.0.2" : "10.0.0.9"],
    );
    assertEquals(entries[2]?.entry, PRUNED);
  }
});

Deno.test("a pruned row is restored where the names of two interfaces are swapped", async () => {
  const table = new FakeTable([VA, VB], [PRUNED]);
  moving(table, 3, interfaceOf(3, "va"), interfaceOf(2, "vb"));
  const { outcomes } = await applied(table, [pin(1), pin(2, "vb")], {
    prune: true,
    keepGoing: true,
  });
  assertEquals(outcomes, ["refused", "refused", "refused"]);
  assertEquals(table.all(), [PRUNED]);
});

Deno.test("a single change is confirmed too", async () => {
  const table = new FakeTable([VA]);
  const { fake } = table;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    write(entries, from, to);
    table.rows.clear();
  };
  const { outcomes, error } = await applied(table, [pin(1)]);
  assertEquals([outcomes, error?.code], [["refused"], "UNCONFIRMED"]);
});

Deno.test("progress counts the first change too, and nothing that is as it should be", async () => {
  const table = new FakeTable([VA], [rowOf(VA, "10.0.0.2", OURS)]);
  const told: number[][] = [];
  await applied(table, [pin(1), pin(2), pin(3)], {
    progress: (...numbers) => void told.push(numbers),
  });
  assertEquals(told, [[2, 2]]);
});
