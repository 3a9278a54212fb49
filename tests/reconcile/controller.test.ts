import { assert, assertEquals, assertRejects } from "@std/assert";
import { NONE } from "../../ffi/entry_list.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { type FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { ownTableOver } from "../helpers/own_table.ts";
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

const MOVED = interfaceOf(9, "va");
const ASIDE = { ...VA, interfaceAlias: "aside" };

/** An interval that no test lives to see. */
const NEVER = 100_000;

/** The sweep after the first application is over by then, in milliseconds. */
const SETTLED = 200;

/** Counts the readings of the whole table. */
function readings(table: FakeTable): { count: number } {
  const counted = { count: 0 };
  const { fake } = table;
  const scan = fake.scan.bind(fake);
  fake.scan = (filter, visitor) => {
    // Both families are read each time
    if (filter.family === "ipv4") counted.count++;
    scan(filter, visitor);
  };
  return counted;
}

/** Waits until the condition holds, at most half a minute. */
async function untilHolds(holds: () => boolean, otherwise: string) {
  const end = performance.now() + 30_000;
  while (!holds()) {
    assert(performance.now() < end, otherwise);
    await pause(1);
  }
}

/** The interfaces that are written to, by their indexes. */
function written(table: FakeTable): number[] {
  const indexes: number[] = [];
  const { fake } = table;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    for (let i = from; i < to; i++) {
      if (entries.verbs[i] !== NONE) indexes.push(entries.on(i).index);
    }
    write(entries, from, to);
  };
  return indexes;
}

Deno.test("where the system reports, nothing is read or looked up at rest", async () => {
  const table = tableOf(true, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: 10 });
  await guard.said(1);
  table.fake.interfacesChanged();
  await pause(SETTLED);
  const counted = readings(table);
  const { lookUps } = table.fake;
  await pause(60);
  // A repair needs neither
  table.rows.clear();
  await guard.said(2);
  table.rows.clear();
  await guard.said(3);
  assertEquals([counted.count, table.fake.lookUps], [0, lookUps]);
  await guard.end();
});

Deno.test("the first repair looks up no interface", async () => {
  const table = tableOf(true, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: NEVER });
  await guard.said(1);
  await pause(SETTLED);
  const { lookUps } = table.fake;
  table.rows.clear();
  await guard.said(2);
  assertEquals(table.fake.lookUps, lookUps);
  await guard.end();
});

Deno.test("readings and look-ups are apart, however often the system reports", async () => {
  const table = tableOf(true, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: NEVER });
  await guard.said(1);
  await pause(SETTLED);
  const counted = readings(table);
  const before = table.fake.lookUps;
  const [source] = table.rows.listeners;
  const start = performance.now();
  const isDone = () => counted.count >= 1 && table.fake.lookUps >= before + 2;
  while (performance.now() < start + 150 || !isDone()) {
    assert(performance.now() < start + 30_000, "nothing is read");
    source!.tell({ type: "resync", neighbor: null, previous: null });
    table.fake.interfacesChanged();
    await pause(1);
  }
  const took = performance.now() - start;
  const lookUps = table.fake.lookUps - before;
  assert(counted.count <= 1 + took / 100, `${counted.count} in ${took} ms`);
  assert(lookUps <= 2 + took / 20, `${lookUps} in ${took} ms`);
  await guard.end();
});

Deno.test("where nothing reports, readings are an interval apart", async () => {
  const table = tableOf(false, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: 50 });
  await guard.said(1);
  await pause(SETTLED);
  const counted = readings(table);
  const before = table.fake.lookUps;
  const start = performance.now();
  await pause(300);
  await untilHolds(() => counted.count >= 1, "nothing is read");
  const most = 2 + (performance.now() - start) / 50;
  assert(counted.count <= most, `${counted.count}`);
  assert(table.fake.lookUps - before <= most, `${table.fake.lookUps}`);
  await guard.end();
});

Deno.test("look-ups of a missing interface are an interval apart", async () => {
  const table = tableOf(true, [VA]);
  const pins = [pin("10.0.0.1"), pin("10.0.0.2", "vb")];
  const guard = new Guard(table, pins, { interval: 50 });
  await guard.said(2);
  const before = table.fake.lookUps;
  const start = performance.now();
  await pause(300);
  await untilHolds(() => table.fake.lookUps > before, "nothing is looked up");
  const most = 2 + (performance.now() - start) / 50;
  const lookUps = table.fake.lookUps - before;
  assert(lookUps <= most, `${lookUps}`);
  // It comes, and nobody reports it
  table.fake.interfaces_ = [VA, VB];
  assertEquals((await guard.said(4)).slice(2), [
    "arrived 10.0.0.2",
    "created 10.0.0.2 found nothing undefined 1",
  ]);
  await guard.end();
});

Deno.test("a repair that finds no interface looks the interfaces up at once", async () => {
  const table = tableOf(true, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: NEVER });
  await guard.said(1);
  await pause(SETTLED);
  // Not reported; the row went with it
  table.fake.interfaces_ = [];
  table.rows.clear();
  assertEquals((await guard.said(2)).at(-1), "waiting 10.0.0.1");
  await guard.end();
});

for (const isTold of [true, false]) {
  Deno.test(`a name that moves is followed, told ${isTold}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1")]);
    await guard.said(1);
    await pause(SETTLED);
    table.interfaces = [ASIDE, MOVED];
    assertEquals((await guard.said(3)).slice(1).toSorted(), [
      "created 10.0.0.1 found nothing undefined 1",
      "withdrawn",
    ]);
    assertEquals([...table.rows.keys()], ["9 10.0.0.1"]);
    await guard.end();
  });
}

Deno.test("where a name moves, a row that was changed comes back, one in sync is left alone", async () => {
  const rows = [rowOf(VA, "10.0.0.1", THEIRS), rowOf(VA, "10.0.0.2", OURS)];
  const table = tableOf(true, [VA], rows);
  const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")]);
  assertEquals(await guard.said(1), ["applied changed,unchanged"]);
  await pause(SETTLED);
  table.interfaces = [ASIDE, MOVED];
  const { length } = await guard.said(4);
  assertEquals(length, 4);
  await guard.end();
  assertEquals(
    table.all().map(({ interfaceIndex, address, linkLayerAddress }) =>
      `${interfaceIndex} ${address} ${linkLayerAddress}`
    ),
    [
      `2 10.0.0.1 ${THEIRS}`,
      `2 10.0.0.2 ${OURS}`,
      `9 10.0.0.1 ${OURS}`,
      `9 10.0.0.2 ${OURS}`,
    ],
  );
});

Deno.test("while a name may have moved nothing is written to its former interface", async () => {
  const table = tableOf(true, [VA]);
  const guard = new Guard(table, [pin("10.0.0.1")], { interval: NEVER });
  await guard.said(1);
  await pause(SETTLED);
  // A look-up, so that the next one has to wait
  const { lookUps } = table.fake;
  table.fake.interfacesChanged();
  while (table.fake.lookUps === lookUps) await pause(0);
  const indexes = written(table);
  table.interfaces = [ASIDE, MOVED];
  table.rows.clear();
  assertEquals(
    (await guard.said(2)).at(-1),
    "created 10.0.0.1 found nothing undefined 1",
  );
  assertEquals(new Set(indexes), new Set([9]));
  await guard.end();
});

Deno.test("with prune, a row of another interface is not even looked at", async () => {
  const table = tableOf(true, [VA, VB]);
  const guard = new Guard(table, [pin("10.0.0.1")], { prune: true });
  await guard.said(1);
  await pause(SETTLED);
  const { fake } = table;
  const read = fake.read.bind(fake);
  const addresses: string[] = [];
  fake.read = (entries, position) => {
    addresses.push(entries.address(position));
    return read(entries, position);
  };
  const indexes = written(table);
  table.put(rowOf(VB, "10.0.0.8", THEIRS));
  table.put(rowOf(VA, "10.0.0.7", THEIRS, "stale"));
  await pause(50);
  assertEquals([addresses, indexes], [[], []]);
  await guard.end();
});

for (const isTold of [true, false]) {
  Deno.test(`an error that is none of the system's ends a guard, told ${isTold}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1")]);
    await guard.said(1);
    await pause(SETTLED);
    table.fake.scan = () => {
      throw new TypeError("A bug");
    };
    for (const source of table.rows.listeners) {
      source.tell({ type: "resync", neighbor: null, previous: null });
    }
    await assertRejects(() => guard.ended, TypeError, "A bug");
    assert(guard.events.every(({ type }) => type !== "unread"));
  });
}

Deno.test("a look-up that the system refuses is no missing interface", async () => {
  const full = new NeighborError("NO_MEMORY", "It is full");
  for (const isTold of [true, false]) {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1")]);
    await guard.said(1);
    await pause(SETTLED);
    table.fake.bind = (names) => names.map(() => full);
    if (isTold) {
      table.fake.interfacesChanged();
      await assertRejects(() => guard.ended, NeighborError, "It is full");
    } else assertEquals((await guard.said(2)).at(-1), "unread");
    assert(guard.events.every(({ type }) => type !== "waiting"));
    if (!isTold) await guard.end();
  }
});

Deno.test("a caller's table reports no interfaces, so they are polled", async () => {
  const fake = tableOf(true, [VA]);
  const { table } = ownTableOver(fake);
  const guard = new Guard(table, [pin("10.0.0.1")]);
  await guard.said(1);
  await pause(SETTLED);
  fake.fake.interfaces_ = [ASIDE, MOVED];
  assertEquals((await guard.said(3)).slice(1).toSorted(), [
    "created 10.0.0.1 found nothing undefined 1",
    "withdrawn",
  ]);
  await guard.end();
});
