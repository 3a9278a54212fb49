import { assert, assertEquals, assertRejects } from "@std/assert";
import { NONE } from "../../ffi/entry_list.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseDesired } from "../../reconcile/desired.ts";
import { guardEntries } from "../../reconcile/guard.ts";
import { bindDesired } from "../../reconcile/observe.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";
import {
  Guard,
  OURS,
  pin,
  tableOf,
  THEIRS,
  VA,
  VB,
} from "../helpers/guard_run.ts";
import { pause } from "../helpers/pause.ts";

for (const isTold of [true, false]) {
  Deno.test(`a table that cannot be read is told once and read again, told ${isTold}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1")], { prune: true });
    await guard.said(1);
    await pause(30);
    const { fake } = table;
    const scan = fake.scan.bind(fake);
    let readings = 0;
    fake.scan = () => {
      readings++;
      throw new NeighborError("NO_MEMORY", "It is full");
    };
    // A row that only a reading finds
    for (const source of fake.rows.listeners) {
      source.tell({ type: "resync", neighbor: null, previous: null });
    }
    fake.rows.listeners.clear();
    table.put(rowOf(VA, "10.0.0.9", THEIRS));
    // A resync is reported itself
    const count = isTold ? 3 : 2;
    assertEquals((await guard.said(count)).at(-1), "unread");
    while (readings < 3) await pause(5);
    assertEquals(guard.events.length, count);
    fake.scan = scan;
    assertEquals(
      (await guard.said(count + 1)).at(-1),
      `removed 10.0.0.9 found ${THEIRS} permanent 1`,
    );
    await guard.end();
  });
}

Deno.test("of two entries that now mean one row the later is suspended", async () => {
  const vc = interfaceOf(4, "vc");
  const table = tableOf(true, [VA, vc]);
  const later = {
    address: "10.0.0.1",
    linkLayerAddress: "02:fc:00:00:00:09",
    interfaceIndex: 4,
  };
  const guard = new Guard(table, [pin("10.0.0.1"), later]);
  assertEquals(await guard.said(1), ["applied created,created"]);
  // The interface is gone, and what comes back by its name has another's index
  table.interfaces = [{ ...vc, interfaceIndex: 4 }];
  table.rows.delete("2 10.0.0.1");
  assertEquals((await guard.said(2)).at(-1), "waiting 10.0.0.1");
  table.interfaces = [{ ...VA, interfaceIndex: 4 }];
  // Index 4 means another interface by then: what the later one had is taken back
  assertEquals((await guard.said(6)).slice(2).toSorted(), [
    "arrived 10.0.0.1",
    "created 10.0.0.1 found nothing undefined 1",
    "refused 10.0.0.1 INVALID_PARAMETER",
    "withdrawn",
  ]);
  await pause(400);
  assertEquals(guard.events.length, 6);
  assertEquals(table.all().map((row) => row.linkLayerAddress), [OURS]);
  const { repairs } = await guard.end();
  assertEquals(repairs, 1);
});

Deno.test("events of the same address on other interfaces queue no entry", async () => {
  const table = tableOf(true, [VA, VB]);
  const guard = new Guard(table, [pin("10.0.0.1")]);
  await guard.said(1);
  // It reads all of the table once when it has begun
  await pause(200);
  const { fake } = table;
  let writes = 0;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    writes++;
    write(entries, from, to);
  };
  for (let i = 0; i < 20; i++) {
    table.put(rowOf(VB, "10.0.0.1", THEIRS, i % 2 ? "stale" : "reachable"));
    await pause(2);
  }
  await pause(20);
  assertEquals(writes, 0);
  await guard.end();
});

Deno.test("with prune, rows of other interfaces cause no reading", async () => {
  const table = tableOf(true, [VA, VB]);
  const guard = new Guard(table, [pin("10.0.0.1")], { prune: true });
  await guard.said(1);
  // It reads all of the table once when it has begun
  await pause(200);
  let readings = 0;
  const { fake } = table;
  const scan = fake.scan.bind(fake);
  fake.scan = (filter, visitor) => {
    readings++;
    scan(filter, visitor);
  };
  for (let i = 0; i < 20; i++) {
    table.put(rowOf(VB, `10.0.1.${i}`, THEIRS));
    await pause(15);
  }
  assertEquals(readings, 0);
  assertEquals(table.rows.size, 21);
  await guard.end();
});

Deno.test("a guard waits for an interface that disappears before its entries are applied", async () => {
  const table = tableOf(true, [VA, VB]);
  const { fake } = table;
  const write = fake.write.bind(fake);
  let changes = 0;
  fake.write = (entries, from, to) => {
    if (++changes === 1) table.interfaces = [VA];
    write(entries, from, to);
  };
  const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.1", "vb")]);
  assertEquals(await guard.said(2), ["applied created", "waiting 10.0.0.1"]);
  // A write, its rollback, and one more attempt, for which all is looked up
  assertEquals(changes, 3);
  table.interfaces = [VA, VB];
  assertEquals((await guard.said(4)).slice(2), [
    "arrived 10.0.0.1",
    "created 10.0.0.1 found nothing undefined 1",
  ]);
  await guard.end();
});

Deno.test("a guard writes nothing in sync, also where interfaces before it are missing", async () => {
  const table = tableOf(true, [VA], [rowOf(VA, "10.0.0.2", OURS)]);
  const { fake } = table;
  const write = fake.write.bind(fake);
  let due = 0;
  fake.write = (entries, from, to) => {
    due += entries.verbs.subarray(from, to).filter((verb) => verb !== NONE)
      .length;
    write(entries, from, to);
  };
  const guard = new Guard(table, [pin("10.0.0.1", "vb"), pin("10.0.0.2")]);
  assertEquals(await guard.said(2), ["applied unchanged", "waiting 10.0.0.1"]);
  assertEquals(due, 0);
  await guard.end();
});

Deno.test("a guard gives up where an interface disappears again and again", async () => {
  const table = tableOf(true, [VA, VB]);
  let tries = 0;
  table.refuse = () => {
    tries++;
    return new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
  };
  const guard = new Guard(table, [pin("10.0.0.1", "vb")]);
  const error = await assertRejects(() => guard.ended, NeighborError);
  assertEquals([error.code, tries], ["INTERFACE_NOT_FOUND", 5]);
  assertEquals(guard.events, []);
});

Deno.test("a guard does not look up again what its caller has bound", async () => {
  const lookUps = [];
  for (const isBound of [false, true]) {
    const table = tableOf(true, [VA]);
    const entries = parseDesired([pin("10.0.0.1")], 0);
    if (isBound) bindDesired(table.fake, entries);
    const controller = new AbortController();
    await guardEntries(table, entries, {
      ...{ prune: false, owner: 0, keepGoing: false, interval: 10 },
      signal: controller.signal,
      report: () => controller.abort(),
    });
    lookUps.push(table.fake.lookUps);
  }
  assertEquals(lookUps[0], lookUps[1]);
});

Deno.test("a guard tells nothing of an interface that no entry names any more", async () => {
  const table = tableOf(true, [VA]);
  const entries = parseDesired([pin("10.0.0.1"), pin("10.0.0.2", "vb")], 0);
  entries.pop();
  const controller = new AbortController();
  const types: string[] = [];
  const ended = guardEntries(table, entries, {
    ...{ prune: false, owner: 0, keepGoing: false, interval: 10 },
    signal: controller.signal,
    report: ({ type }) => types.push(type),
  });
  await pause(30);
  table.interfaces = [VA, VB];
  await pause(60);
  controller.abort();
  await ended;
  assertEquals(types, ["applied"]);
});

Deno.test("a guard with constant work yields to the event loop", async () => {
  const table = tableOf(true, [VA]);
  const pins = Array.from(
    { length: 2000 },
    (_, i) => pin(`10.1.${i >> 8}.${i & 255}`),
  );
  const guard = new Guard(table, pins);
  await guard.said(1);
  // How many repairs each turn of another task has seen
  const seen = new Set<number>();
  const turns = setInterval(() => seen.add(guard.events.length), 0);
  table.rows.clear();
  await guard.said(2001);
  clearInterval(turns);
  const counts = [1, ...seen, 2001].toSorted((a, b) => a - b);
  const most = Math.max(...counts.slice(1).map((one, i) => one - counts[i]!));
  assert(most <= 512, `${most} repairs without a turn`);
  await guard.end();
});

Deno.test("one entry that is given twice is refused before a guard changes anything", async () => {
  const table = tableOf(true, [VA]);
  const twice = [pin("10.0.0.1"), pin("10.0.0.1")];
  const guard = new Guard(table, twice);
  await assertRejects(() => guard.ended, NeighborError, "is given twice");
  assertEquals([table.writes, guard.events], [0, []]);
});

Deno.test("a guard does not ask for the rows that are there", async () => {
  const table = tableOf(true, [VA]);
  const { fake } = table;
  const watch = fake.watch.bind(fake);
  let initial: boolean | undefined;
  fake.watch = (options, changed) => {
    initial = options.initial;
    return watch(options, changed);
  };
  const guard = new Guard(table, [pin("10.0.0.1")]);
  await guard.said(1);
  assertEquals(initial, false);
  await guard.end();
});
