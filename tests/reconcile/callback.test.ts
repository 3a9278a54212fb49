import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { Callback } from "../../reconcile/callback.ts";
import type { GuardEvent } from "../../reconcile/guard_event.ts";
import { FakeTable, rowOf } from "../helpers/fake_table.ts";
import { Guard, pin, tableOf, THEIRS, VA, VB } from "../helpers/guard_run.ts";
import { ownTableOver } from "../helpers/own_table.ts";
import { pause } from "../helpers/pause.ts";

class Bug extends Error {}

/** The ways in which a caller's function fails. */
const FAILURES: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Bug("of the caller");
  },
  rejects: () => Promise.reject(new Bug("of the caller")),
  "rejects later": async () => {
    await pause(1);
    throw new Bug("of the caller");
  },
  "rejects when all is done": async () => {
    await pause(200);
    throw new Bug("of the caller");
  },
};

Deno.test("Callback throws an error at once, and a rejection at check()", async () => {
  const given: unknown[][] = [];
  const throwing = new Callback((...words: unknown[]) => {
    given.push(words);
    throw new Bug("1");
  });
  assertThrows(() => throwing.call(1, 2), Bug);
  // Remembered too: whoever called for it may have taken it for another's
  assertThrows(() => throwing.check(), Bug, "1");
  assertEquals(given, [[1, 2]]);

  let count = 0;
  const rejecting = new Callback(() => Promise.reject(new Bug(`${++count}`)));
  rejecting.call();
  rejecting.call();
  rejecting.check();
  await pause(0);
  // check() always throws the first rejection
  assertThrows(() => rejecting.check(), Bug, "1");
  assertThrows(() => rejecting.check(), Bug, "1");

  const quiet = new Callback(() => Promise.resolve(7));
  quiet.call();
  const none = new Callback(undefined);
  none.call();
  await pause(0);
  quiet.check();
  none.check();
});

/** So many entries that there are several batches. */
const PINS = Array.from(
  { length: 600 },
  (_, i) => pin(`10.0.${i >> 8}.${i & 255}`),
);
const ROWS = [
  rowOf(VA, "10.0.0.1", THEIRS),
  rowOf(VA, "10.0.0.2", THEIRS, "noarp"),
  rowOf(VA, "10.0.9.9", THEIRS),
];

/** A table so slow that there are turns between its batches. */
function slow(): FakeTable {
  const table = new FakeTable([VA], ROWS);
  table.before = () => {
    const end = performance.now() + 0.05;
    while (performance.now() < end);
  };
  return table;
}

for (const [how, fail] of Object.entries(FAILURES)) {
  for (const isOwn of [false, true]) {
    const whose = isOwn ? "a caller's own table" : "a table";
    Deno.test(`an apply to ${whose} whose progress ${how} puts all back and says so`, async () => {
      const fake = slow();
      const table = isOwn ? ownTableOver(fake).table : fake;
      let calls = 0;
      const progress = () => {
        calls++;
        return fail() as void;
      };
      await assertRejects(
        () => applyNeighbors(PINS, { table, prune: true, progress }),
        Bug,
        "of the caller",
      );
      assert(calls > 0 && fake.writes > 1, `${calls} calls`);
      assertEquals(fake.all(), slow().all());
    });
  }

  Deno.test(`an apply with keepGoing whose progress ${how} keeps what was made and says so`, async () => {
    const table = slow();
    const progress = () => fail() as void;
    await assertRejects(
      () => applyNeighbors(PINS, { table, keepGoing: true, progress }),
      Bug,
      "of the caller",
    );
    assert(table.rows.size > ROWS.length);
  });

  for (const isTold of [true, false]) {
    const by = isTold ? "told" : "polled";
    for (const type of ["applied", "repaired", "waiting"]) {
      Deno.test(`a guard whose report of "${type}" ${how} ends with it, ${by}`, async () => {
        const table = tableOf(isTold, [VA]);
        const told: GuardEvent["type"][] = [];
        const report = (event: GuardEvent) => {
          told.push(event.type);
          if (event.type === type) return fail() as void;
          table.rows.clear();
        };
        const pins = [pin("10.0.0.1"), pin("10.0.0.2", "vb")];
        const guard = new Guard(table, pins, { report });
        // A further event makes the guard check for a rejected promise
        const fight = setInterval(() => table.rows.clear(), 5);
        try {
          await assertRejects(() => guard.ended, Bug, "of the caller");
        } finally {
          clearInterval(fight);
        }
        assert(told.includes(type as GuardEvent["type"]));
        assertEquals(table.rows.listeners.size, 0);
      });
    }
  }
}

Deno.test("Callback waits for the promises it was answered with", async () => {
  const done: string[] = [];
  const waits = new Callback(async (name: string) => {
    await pause(name === "slow" ? 20 : 1);
    done.push(name);
  });
  waits.call("slow");
  waits.call("fast");
  await waits.settle();
  assertEquals(done, ["fast", "slow"]);
  await waits.settle();
});

for (const keepGoing of [false, true]) {
  for (const isLate of [false, true]) {
    const how = isLate ? "rejects with" : "throws";
    Deno.test(`what progress ${how} is the caller's, a NeighborError too, keepGoing ${keepGoing}`, async () => {
      const own = new NeighborError("ACCESS_DENIED", "of the caller");
      const table = slow();
      const progress = () => {
        if (!isLate) throw own;
        return Promise.reject(own) as unknown as void;
      };
      const error = await assertRejects(
        () => applyNeighbors(PINS, { table, keepGoing, progress }),
      );
      assertStrictEquals(error, own);
      assertEquals(table.rows.size === ROWS.length, !keepGoing);
    });
  }

  const by = keepGoing ? "told" : "polled";
  Deno.test(`a NeighborError that report throws ends the guard with it, ${by}`, async () => {
    const own = new NeighborError("INTERFACE_NOT_FOUND", "of the caller");
    const table = tableOf(keepGoing, [VA]);
    const report = ({ type }: GuardEvent) => {
      if (type === "arrived") throw own;
    };
    const pins = [pin("10.0.0.1"), pin("10.0.0.2", "vb")];
    const guard = new Guard(table, pins, { report });
    const plug = setTimeout(() => table.interfaces = [VA, VB], 50);
    const error = await assertRejects(() => guard.ended);
    clearTimeout(plug);
    assertStrictEquals(error, own);
  });
}

Deno.test("progress counts up to all changes, and to 0 without any", async () => {
  const table = slow();
  const told: (readonly [number, number])[] = [];
  const progress = (done: number, of: number) => void told.push([done, of]);
  await applyNeighbors(PINS, { table, prune: true, progress });
  const all = PINS.length + 1;
  assertEquals(told.at(-1), [all, all]);
  assertEquals(new Set(told.map(([, of]) => of)), new Set([all]));
  const counts = told.map(([done]) => done);
  assertEquals(counts, counts.toSorted((a, b) => a - b));
  told.length = 0;
  await applyNeighbors(PINS, { table, progress });
  assertEquals(told.filter(([, of]) => of > 0), []);
});
