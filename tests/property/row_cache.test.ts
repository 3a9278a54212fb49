import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { NeighborEvent } from "../../ffi/types/watch.ts";
import { pushEvent, RowCache, rowKey } from "../../ffi/watch/row_cache.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { property } from "./arbitraries.ts";

/** Few names, so that they meet; few values, so that some are the same again. */
const ROW: fc.Arbitrary<Neighbor> = fc.record({
  address: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8::1"),
  interfaceIndex: fc.constantFrom(1, 2),
  interfaceAlias: fc.constantFrom("eth0", null),
  linkLayerAddress: fc.constantFrom("02:fc:00:00:00:05", null),
  state: fc.constantFrom("permanent", "stale", "failed"),
  isRouter: fc.boolean(),
  reachabilityTime: fc.nat(3),
  flags: fc.constantFrom([], ["managed"], ["extern_learn"]),
}).map((row) => ({
  family: row.address.includes(":") ? "ipv6" : "ipv4",
  interfaceLuid: null,
  isUnreachable: row.state === "failed",
  protocol: null,
  ...row,
} as Neighbor));

/** A table is rows of different names. */
const TABLE = fc.uniqueArray(ROW, { selector: rowKey, maxLength: 6 });

const FILTER = fc.constantFrom<(row: Neighbor) => boolean>(
  () => true,
  (row) => row.state === "permanent",
  (row) => row.family === "ipv4",
);

const STEP = fc.oneof(
  ROW.map((row) => ({ row, gone: false })),
  ROW.map((row) => ({ row, gone: true })),
);

/** The table that a consumer builds from the events alone. */
class Consumer {
  readonly rows = new Map<string, Neighbor>();

  take(event: NeighborEvent): void {
    assertEquals(JSON.parse(JSON.stringify(event)), event);
    const { type, neighbor, previous } = event;
    const row = neighbor ?? previous;
    assert(row !== null);
    const name = rowKey(row);
    // `previous` is the row of the last event
    assertEquals<unknown>(
      timeless(this.rows.get(name)),
      timeless(previous ?? undefined),
    );
    if (type === "changed") {
      assert(
        JSON.stringify(timeless(neighbor)) !==
          JSON.stringify(timeless(previous)),
      );
    }
    if (neighbor === null) this.rows.delete(name);
    else this.rows.set(name, neighbor);
  }
}

/** A change of the age alone is not reported. */
function timeless(row: Neighbor | undefined) {
  return row && { ...row, reachabilityTime: null };
}

function sorted(rows: Iterable<Neighbor>): unknown[] {
  return [...rows].map(timeless)
    .toSorted((a, b) => rowKey(a!) < rowKey(b!) ? -1 : 1);
}

Deno.test("RowCache: following the events gives the filtered table", () => {
  property(
    FILTER,
    fc.array(STEP, { maxLength: 20 }),
    (wants, steps) => {
      const known = new RowCache(wants);
      const consumer = new Consumer();
      const truth = new Map<string, Neighbor>();
      for (const { row, gone } of steps) {
        const event = gone ? known.remove(row) : known.update(row);
        if (gone) truth.delete(rowKey(row));
        else truth.set(rowKey(row), row);
        if (event !== undefined) consumer.take(event);
        const wanted = [...truth.values()].filter(wants);
        assertEquals(sorted(consumer.rows.values()), sorted(wanted));
      }
      assertEquals(sorted(known.rows()), sorted(consumer.rows.values()));
    },
  );
});

Deno.test("RowCache: compare() turns any table into any other", () => {
  property(FILTER, TABLE, TABLE, (wants, before, after) => {
    const known = new RowCache(wants);
    const consumer = new Consumer();
    for (const event of known.compare(before)) consumer.take(event);
    for (const event of known.compare(after)) consumer.take(event);
    assertEquals(sorted(consumer.rows.values()), sorted(after.filter(wants)));
    // The same again is no news, whatever age the rows are
    const older = after.map((row) => ({ ...row, reachabilityTime: 99 }));
    assertEquals(known.compare(older as Neighbor[]), []);
  });
});

Deno.test("RowCache: missing() returns reported rows that a reading lacks", () => {
  property(TABLE, TABLE, (before, after) => {
    const known = new RowCache(() => true);
    known.compare(before);
    const there = new Set(after.map(rowKey));
    assertEquals(
      known.missing(after),
      before.filter((row) => !there.has(rowKey(row))),
    );
    // Nothing was removed by asking
    assertEquals([...known.rows()].length, before.length);
  });
});

Deno.test("RowCache: readings, deletions and lost rows in any order end in the right table", () => {
  // A reading that lacks rows is only believed in what it has
  property(TABLE, TABLE, fc.nat(63), (before, truth, lapses) => {
    const known = new RowCache(() => true);
    const consumer = new Consumer();
    for (const event of known.compare(before)) consumer.take(event);
    const reading = truth.filter((_, i) => (lapses >> i & 1) === 0);
    const events: NeighborEvent[] = [];
    for (const row of reading) pushEvent(events, known.update(row));
    for (const row of known.missing(reading)) {
      const now = truth.find((one) => rowKey(one) === rowKey(row));
      pushEvent(
        events,
        now === undefined ? known.remove(row) : known.update(now),
      );
    }
    events.forEach((event) => consumer.take(event));
    const removed = events.filter(({ type }) => type === "removed");
    for (const { previous } of removed) {
      assert(!truth.some((one) => rowKey(one) === rowKey(previous!)));
    }
    const names = new Set([...before, ...reading].map(rowKey));
    assertEquals(
      sorted(consumer.rows.values()),
      sorted(truth.filter((row) => names.has(rowKey(row)))),
    );
  });
});
