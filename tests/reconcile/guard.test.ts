import { assert, assertEquals, assertRejects } from "@std/assert";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { guardNeighbors } from "../../reconcile/guard.ts";
import type { GuardEvent } from "../../reconcile/guard_event.ts";
import { rowOf } from "../helpers/fake_table.ts";
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
  const how = isTold ? "told by the system" : "reading and comparing";

  Deno.test(`guardNeighbors() applies, then repairs what drifts and tells what it found, ${how}`, async () => {
    const table = tableOf(isTold, [VA, VB], [rowOf(VA, "10.0.0.2", THEIRS)]);
    const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")]);
    assertEquals(await guard.said(1), ["applied created,changed"]);
    table.rows.delete("2 10.0.0.1");
    assertEquals(
      (await guard.said(2)).at(-1),
      "created 10.0.0.1 found nothing undefined 1",
    );
    table.put(rowOf(VA, "10.0.0.2", THEIRS, "reachable"));
    assertEquals(
      (await guard.said(3)).at(-1),
      `changed 10.0.0.2 found ${THEIRS} reachable 1`,
    );
    // Somebody made it dynamic, with the right address
    table.put(rowOf(VA, "10.0.0.2", OURS, "stale"));
    assertEquals(
      (await guard.said(4)).at(-1),
      `changed 10.0.0.2 found ${OURS} stale 2`,
    );
    // Not ours: the same address elsewhere, another address here
    table.put(rowOf(VB, "10.0.0.2", THEIRS));
    table.put(rowOf(VA, "10.0.0.9", THEIRS));
    await pause(60);
    assertEquals(guard.events.length, 4);
    assertEquals(await guard.end(), { repairs: 3, refusals: 0 });
    assertEquals(table.all().map((row) => `${row.address} ${row.state}`), [
      "10.0.0.1 permanent",
      "10.0.0.2 permanent",
      "10.0.0.9 permanent",
      "10.0.0.2 permanent",
    ]);
  });

  Deno.test(`repairs of one entry are at least 100 ms apart, and counted, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")]);
    await guard.said(1);
    const writes: number[] = [];
    table.before = () => writes.push(performance.now());
    const fight = setInterval(
      () => table.put(rowOf(VA, "10.0.0.1", THEIRS)),
      3,
    );
    try {
      await guard.said(6);
    } finally {
      clearInterval(fight);
    }
    const repairs = guard.events.filter((event) => event.type === "repaired");
    repairs.forEach((event, i) => {
      assertEquals(event.type === "repaired" && event.repairs, i + 1);
      // By the clock before each write; the one of a report may be late
      if (i > 0) assert(writes[i]! - writes[i - 1]! >= 100, `${writes}`);
    });
    assertEquals(writes.length, repairs.length);
    await guard.end();
  });

  Deno.test(`a repair waits for no other entry, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")]);
    await guard.said(1);
    const fight = setInterval(
      () => table.put(rowOf(VA, "10.0.0.1", THEIRS)),
      3,
    );
    try {
      await guard.said(4);
      table.rows.delete("2 10.0.0.2");
      const before = guard.events.length;
      while (!table.rows.has("2 10.0.0.2")) await pause(1);
      await guard.said(before + 2);
      // One repair of the first may have been due before it
      const next = guard.events.slice(before, before + 2);
      assert(
        next.some((event) =>
          event.type === "repaired" && event.entry.address === "10.0.0.2"
        ),
      );
    } finally {
      clearInterval(fight);
    }
    await guard.end();
  });

  Deno.test(`an interface that is not there is waited for, once for all its entries, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    const pins = [
      pin("10.0.0.1"),
      pin("10.0.0.1", "vb"),
      pin("10.0.0.2", "vb"),
    ];
    const guard = new Guard(table, pins);
    assertEquals(await guard.said(2), [
      "applied created",
      "waiting 10.0.0.1,10.0.0.2",
    ]);
    await pause(40);
    table.interfaces = [VA, VB];
    assertEquals((await guard.said(5)).slice(2), [
      "arrived 10.0.0.1,10.0.0.2",
      "created 10.0.0.1 found nothing undefined 1",
      "created 10.0.0.2 found nothing undefined 1",
    ]);
    // It goes, with what was on it
    table.interfaces = [VA];
    table.rows.delete("3 10.0.0.1");
    table.rows.delete("3 10.0.0.2");
    assertEquals((await guard.said(6)).slice(5), ["waiting 10.0.0.1,10.0.0.2"]);
    assertEquals((await guard.end()).refusals, 0);
  });

  Deno.test(`a repair that is refused is told once and tried less and less often, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    const guard = new Guard(table, [pin("10.0.0.1")]);
    await guard.said(1);
    const tries: number[] = [];
    table.refuse = () => {
      tries.push(performance.now());
      return new NeighborError("ACCESS_DENIED", "Not you");
    };
    table.rows.delete("2 10.0.0.1");
    assertEquals(
      (await guard.said(2)).at(-1),
      "refused 10.0.0.1 ACCESS_DENIED",
    );
    while (tries.length < 4) await pause(5);
    const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
    [100, 200, 400].forEach((least, i) =>
      assert(gaps[i]! >= least - 2, `${gaps}`)
    );
    assertEquals(guard.events.length, 2);
    table.refuse = () => undefined;
    assertEquals(
      (await guard.said(3)).at(-1),
      "created 10.0.0.1 found nothing undefined 1",
    );
    assertEquals((await guard.end()).refusals, tries.length);
  });

  Deno.test(`prune removes what comes later, on the interfaces named alone, ${how}`, async () => {
    const table = tableOf(isTold, [VA, VB], [rowOf(VA, "10.0.0.9", THEIRS)]);
    const guard = new Guard(table, [pin("10.0.0.1")], { prune: true });
    assertEquals(await guard.said(1), ["applied created,removed"]);
    table.put(rowOf(VA, "10.0.0.8", THEIRS));
    assertEquals(
      (await guard.said(2)).at(-1),
      `removed 10.0.0.8 found ${THEIRS} permanent 1`,
    );
    const theirs = [
      rowOf(VB, "10.0.0.8", THEIRS),
      rowOf(VA, "10.0.0.7", THEIRS, "stale"),
      rowOf(VA, "239.1.1.1", "01:00:5e:01:01:01"),
      rowOf(VA, "10.255.255.255", "ff:ff:ff:ff:ff:ff"),
    ];
    for (const row of theirs) table.put(row);
    await pause(150);
    assertEquals(guard.events.length, 2);
    assertEquals(table.rows.size, 5);
    await guard.end();
  });

  Deno.test(`what cannot be applied to begin with is not guarded, ${how}`, async () => {
    const table = tableOf(isTold, [VA], [rowOf(VA, "10.0.0.1", THEIRS)]);
    table.refuse = (write) =>
      write === 2 ? new NeighborError("ACCESS_DENIED", "Not you") : undefined;
    const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")]);
    await assertRejects(() => guard.ended, NeighborApplyError, "Not you");
    assertEquals(table.all().map((row) => row.linkLayerAddress), [THEIRS]);
    assertEquals(guard.events, []);
  });

  Deno.test(`with keepGoing what was refused is tried again, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    table.refuse = (write) =>
      write <= 2 ? new NeighborError("NO_MEMORY", "It is full") : undefined;
    const options = { keepGoing: true };
    const guard = new Guard(table, [pin("10.0.0.1"), pin("10.0.0.2")], options);
    // Told by the first line already
    assertEquals(await guard.said(3), [
      "applied refused,refused",
      "created 10.0.0.1 found nothing undefined 1",
      "created 10.0.0.2 found nothing undefined 1",
    ]);
    await guard.end();
  });

  Deno.test(`what report throws ends the guard with it, and so does a closed table, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    for (const type of ["applied", "repaired"]) {
      const report = (event: GuardEvent) => {
        if (event.type === type) throw new TypeError("A bug of the caller");
        table.rows.clear();
      };
      const guard = new Guard(table, [pin("10.0.0.1")], { report });
      await assertRejects(() => guard.ended, TypeError, "A bug of the caller");
    }
    const guard = new Guard(table, [pin("10.0.0.1")]);
    await guard.said(1);
    // With a repair that is due, which a closed table refuses
    table.rows.clear();
    table.close();
    assertEquals(await guard.ended, { repairs: 0, refusals: 0 });
  });

  Deno.test(`a signal before the entries are applied leaves the table alone, ${how}`, async () => {
    const table = tableOf(isTold, [VA]);
    await assertRejects(
      () =>
        guardNeighbors([pin("10.0.0.1")], {
          table,
          signal: AbortSignal.abort(),
        }),
      NeighborApplyError,
      "nothing was changed",
    );
    assertEquals(table.rows.size, 0);
  });
}

Deno.test("after lost events the table is read again", async () => {
  const table = tableOf(true, [VA], [rowOf(VA, "10.0.0.9", THEIRS)]);
  const pins = [pin("10.0.0.1"), pin("10.0.0.2"), pin("10.0.0.3")];
  const guard = new Guard(table, pins, { prune: true });
  await guard.said(1);
  const [source] = table.rows.listeners;
  table.rows.listeners.clear();
  table.rows.delete("2 10.0.0.2");
  table.put(rowOf(VA, "10.0.0.3", THEIRS));
  table.put(rowOf(VA, "10.0.0.8", THEIRS));
  await pause(30);
  assertEquals(guard.events.length, 1);
  source!.tell({ type: "resync", neighbor: null, previous: null });
  assertEquals((await guard.said(5)).slice(1), [
    "resync",
    "created 10.0.0.2 found nothing undefined 1",
    `changed 10.0.0.3 found ${THEIRS} permanent 1`,
    `removed 10.0.0.8 found ${THEIRS} permanent 1`,
  ]);
  await guard.end();
});
