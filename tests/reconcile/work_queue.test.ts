import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { Removals, Repair, WorkQueue } from "../../reconcile/work_queue.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const denied = new NeighborError("ACCESS_DENIED", "Not you", { status: 1 });

Deno.test("an entry is repaired at most every 100 ms", () => {
  const one = new Repair(7);
  assertEquals([one.position, one.row, one.repairs], [7, null, 0]);
  assertEquals(one.notBefore, -Infinity);
  const now = performance.now();
  one.markRepaired(now);
  assertEquals([one.repairs, one.notBefore], [1, now + 100]);
  one.markRepaired(now + 200);
  assertEquals([one.repairs, one.notBefore], [2, now + 300]);
});

Deno.test("refusals double the pause up to five seconds, until it is in sync", () => {
  const one = new Repair(0);
  // Ahead of the clock, so that no pause is over before it is looked at
  const now = performance.now() + 60_000;
  const pauses = Array.from({ length: 9 }, () => {
    one.backOff(now, denied);
    return Math.round(one.notBefore - now);
  });
  assertEquals(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  const before = performance.now();
  one.markInSync();
  // The long pause is over, the short one is not
  assert(one.notBefore >= before + 100, `${one.notBefore - before}`);
  assert(one.notBefore <= performance.now() + 100);
  one.backOff(now, denied);
  assertEquals(Math.round(one.notBefore - now), 100);
  assertEquals(one.repairs, 0);
});

Deno.test("markInSync() does not postpone a due repair", () => {
  const one = new Repair(0);
  one.markInSync();
  assertEquals(one.notBefore, -Infinity);
});

Deno.test("backOff() is true for a new refusal, by code and status", () => {
  const one = new Repair(0);
  const news = (error: NeighborError) => one.backOff(0, error);
  assertEquals(news(denied), true);
  assertEquals(news(denied), false);
  const words = new NeighborError("ACCESS_DENIED", "In other words", {
    status: 1,
  });
  assertEquals(news(words), false);
  assertEquals(news(new NeighborError("ACCESS_DENIED", "No")), true);
  assertEquals(news(new NeighborError("OTHER", "No")), true);
  one.markInSync();
  assertEquals(news(new NeighborError("OTHER", "No")), true);
});

Deno.test("Removals keeps one state per address and interface", () => {
  const rows = new Removals();
  const [va, vb] = [interfaceOf(2, "va"), interfaceOf(3, "vb")];
  const row = rowOf(va, "10.0.0.7", "02:fc:00:00:00:01");
  const one = rows.of(row);
  assertEquals([one.position, one.row], [-1, row]);
  const renamed = { ...row, interfaceAlias: "vx", state: "stale" as const };
  assertStrictEquals(rows.of(renamed), one);
  assert(rows.of(rowOf(vb, "10.0.0.7", null)) !== one);
  assert(rows.of(rowOf(va, "10.0.0.8", null)) !== one);
});

Deno.test("Removals remembers 10,000 rows, then starts over", () => {
  const rows = new Removals();
  const on = interfaceOf(2, "va");
  const of = (i: number) =>
    rows.of(rowOf(on, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, null));
  const first = of(0);
  for (let i = 1; i < 10_000; i++) of(i);
  assertStrictEquals(of(0), first);
  of(10_000);
  assert(of(0) !== first);
});

Deno.test("WorkQueue returns each entry once, when it is due", () => {
  const queue = new WorkQueue();
  const [now, later] = [new Repair(0), new Repair(1)];
  assertEquals(queue.next(), Infinity);
  assertEquals(queue.take(Infinity), []);
  const start = performance.now();
  later.notBefore = start + 5000;
  assertEquals(queue.add(later), start + 5000);
  const due = queue.add(now);
  assert(due >= start && due <= performance.now());
  // Once queued it is due when it was due
  later.notBefore = start + 9000;
  assertEquals(queue.add(later), start + 5000);
  assertEquals(queue.add(now), due);
  assertEquals(queue.next(), due);
  assertEquals(queue.take(due - 1), []);
  assertEquals(queue.take(due), [now]);
  assertEquals(queue.take(due), []);
  assertEquals(queue.next(), start + 5000);
  queue.forget(later);
  assertEquals(queue.next(), Infinity);
  assertEquals(queue.take(Infinity), []);
});
