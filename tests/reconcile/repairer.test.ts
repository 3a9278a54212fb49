import { assert, assertEquals } from "@std/assert";
import { bindAll } from "../../ffi/bind.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { GuardEvent } from "../../reconcile/guard_event.ts";
import { Repairer } from "../../reconcile/repairer.ts";
import { FakeBackend, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const [VA, VB] = [interfaceOf(2, "va"), interfaceOf(3, "vb")];
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";
const LATER = Infinity;
const denied = new NeighborError("ACCESS_DENIED", "Not you");

/** A repairer of entries 10.0.0.0, 10.0.0.1 and so on, with its events. */
function repairing(count: number, ...rows: readonly Neighbor[]) {
  const backend = new FakeBackend([VA, VB]);
  const put = (row: Neighbor) =>
    void backend.rows.set(`${row.interfaceIndex} ${row.address}`, row);
  rows.forEach(put);
  const entries = new EntryList();
  for (let i = 0; i < count; i++) {
    parseEntry(entries, {
      address: `10.0.${i >> 8}.${i & 255}`,
      linkLayerAddress: OURS,
      interfaceAlias: "va",
    });
  }
  bindAll(backend, entries);
  const events: GuardEvent[] = [];
  const repairer = new Repairer(backend, entries, {
    report: (one) => events.push(one),
    owner: 0,
  });
  const said = () => events.splice(0).map(wordsOf);
  return { backend, entries, repairer, put, said };
}

function wordsOf(event: GuardEvent): string {
  switch (event.type) {
    case "repaired": {
      const { outcome, entry, found, repairs } = event;
      return `${outcome} ${entry.address} ${found?.linkLayerAddress} ${repairs}`;
    }
    case "refused":
      return `refused ${event.entry.address} ${event.error.code}`;
    case "withdrawn": {
      const addresses = event.entries.map(({ address }) => address);
      return `withdrawn ${addresses} from ${event.interfaceIndex}`;
    }
    default:
      return event.type;
  }
}

Deno.test("a repairer creates or changes entries, leaves those in sync, and reports what it found", async () => {
  const { backend, repairer, said } = repairing(
    4,
    rowOf(VA, "10.0.0.1", THEIRS),
    rowOf(VA, "10.0.0.2", OURS),
    rowOf(VA, "10.0.0.3", OURS, "stale"),
  );
  const start = performance.now();
  assertEquals(repairer.next, Infinity);
  for (const position of [3, 0, 1, 2]) {
    const due = repairer.enqueue(position);
    assert(due >= start && due <= performance.now());
  }
  assert(repairer.next >= start);
  await repairer.repair(start - 1);
  assertEquals([said(), backend.writes], [[], 0]);
  await repairer.repair(LATER);
  assertEquals(said(), [
    `changed 10.0.0.3 ${OURS} 1`,
    "created 10.0.0.0 undefined 1",
    `changed 10.0.0.1 ${THEIRS} 1`,
  ]);
  assertEquals(repairer.summary, { repairs: 3, refusals: 0 });
  assertEquals(repairer.next, Infinity);
  // Not before 100 ms have gone; what was in sync may be repaired at once
  assert(repairer.enqueue(0) >= start + 100);
  assert(repairer.enqueue(2) <= performance.now());
  backend.rows.delete("2 10.0.0.0");
  await repairer.repair(LATER);
  assertEquals(said(), ["created 10.0.0.0 undefined 2"]);
});

Deno.test("a repairer drops entries in sync from the queue, and stops at its end", async () => {
  const { repairer, said } = repairing(2);
  repairer.enqueue(0);
  repairer.enqueue(1);
  repairer.markInSync(0);
  await repairer.repair(LATER);
  assertEquals(said(), ["created 10.0.0.1 undefined 1"]);
  repairer.enqueue(0);
  repairer.end();
  await repairer.repair(LATER);
  assertEquals(said(), []);
});

Deno.test("a repairer yields between batches, and repairs all entries", async () => {
  const { backend, repairer, said } = repairing(300);
  for (let i = 0; i < 300; i++) repairer.enqueue(i);
  const turns: number[] = [];
  const turn = setInterval(() => turns.push(backend.writes), 0);
  await repairer.repair(LATER);
  clearInterval(turn);
  assertEquals(said().length, 300);
  assertEquals(backend.rows.size, 300);
  const other = repairing(300);
  for (let i = 0; i < 300; i++) other.repairer.enqueue(i);
  const repairs = other.repairer.repair(LATER);
  // It ends while others have their turn
  other.repairer.end();
  await repairs;
  assert(other.said().length < 300);
});

Deno.test("a repairer that is ended while others have their turn writes no other batch", async () => {
  const { backend, repairer } = repairing(300);
  for (let i = 0; i < 300; i++) repairer.enqueue(i);
  const repaired = repairer.repair(LATER);
  assertEquals(backend.writes, 128);
  repairer.end();
  await repaired;
  assertEquals(backend.writes, 128);
});

Deno.test("a repairer skips entries without an interface, and suspended ones", async () => {
  const { entries, repairer, said } = repairing(2);
  const bound = entries.bound[0];
  const go = () => {
    entries.bound[0] = undefined;
    entries.unbound.set(0, new NeighborError("INTERFACE_NOT_FOUND", "Gone"));
  };
  const come = () => {
    entries.bound[0] = bound;
    entries.unbound.clear();
  };
  go();
  assertEquals(repairer.enqueue(0), Infinity);
  come();
  const error = new NeighborError("INVALID_PARAMETER", "The same as another");
  repairer.enqueue(1);
  repairer.suspend(new Map([[1, error]]));
  assertEquals(said(), ["refused 10.0.0.1 INVALID_PARAMETER"]);
  assertEquals(repairer.enqueue(1), Infinity);
  await repairer.repair(LATER);
  repairer.suspend(new Map([[1, error], [0, error]]));
  assertEquals(said(), ["refused 10.0.0.0 INVALID_PARAMETER"]);
  repairer.suspend(new Map());
  assert(repairer.enqueue(1) < Infinity);
  // Its interface has gone since
  go();
  await repairer.repair(LATER);
  come();
  assertEquals(said(), []);
  repairer.enqueue(1);
  await repairer.repair(LATER);
  assertEquals(said(), ["created 10.0.0.1 undefined 1"]);
});

Deno.test("a refused repair is reported once, and retried with backoff", async () => {
  const { backend, repairer, said } = repairing(1);
  backend.refuse = () => denied;
  const start = performance.now();
  repairer.enqueue(0);
  await repairer.repair(LATER);
  const first = repairer.next;
  assert(first >= start + 100, `${first - start}`);
  await repairer.repair(LATER);
  assert(repairer.next >= start + 200);
  assertEquals(said(), ["refused 10.0.0.0 ACCESS_DENIED"]);
  backend.refuse = () => new NeighborError("OTHER", "Something else");
  await repairer.repair(LATER);
  assertEquals(said(), ["refused 10.0.0.0 OTHER"]);
  assertEquals(repairer.summary, { repairs: 0, refusals: 3 });
  backend.refuse = () => undefined;
  await repairer.repair(LATER);
  assertEquals(said(), ["created 10.0.0.0 undefined 1"]);
  assertEquals(repairer.hasMetMissing, false);
});

Deno.test("an entry refused by the application is retried, and not reported again", async () => {
  const { backend, repairer, said } = repairing(1);
  const start = performance.now();
  repairer.takeRefused(0, denied);
  assert(repairer.next >= start + 100);
  backend.refuse = () => denied;
  await repairer.repair(LATER);
  assertEquals([said(), repairer.summary.refusals], [[], 1]);
});

Deno.test("a repair that finds its interface missing is not a refusal", async () => {
  const { backend, repairer, said } = repairing(1);
  backend.refuse = () => new NeighborError("INTERFACE_NOT_FOUND", "Gone");
  repairer.enqueue(0);
  await repairer.repair(LATER);
  assertEquals([said(), repairer.hasMetMissing, repairer.next], [
    [],
    true,
    Infinity,
  ]);
  assertEquals(repairer.summary, { repairs: 0, refusals: 0 });
});

Deno.test("a repairer refuses what breaks a rule of its interface, without a write", async () => {
  const { backend, repairer, said } = repairing(1);
  backend.check = () => {
    throw new NeighborError("INVALID_PARAMETER", "Too long");
  };
  repairer.enqueue(0);
  await repairer.repair(LATER);
  assertEquals(said(), ["refused 10.0.0.0 INVALID_PARAMETER"]);
  assertEquals(backend.writes, 0);
});

Deno.test("a row to remove is removed where it still exists and is permanent", async () => {
  const rows = [10, 11, 12, 13].map((i) => rowOf(VA, `10.0.0.${i}`, THEIRS));
  const { backend, repairer, put, said } = repairing(1, ...rows);
  for (const row of rows) repairer.enqueueRemoval(row);
  const other = { ...rows[0]!, linkLayerAddress: "02:ee:00:00:00:03" };
  put(other);
  put({ ...rows[1]!, state: "reachable" });
  backend.rows.delete("2 10.0.0.12");
  repairer.enqueueRemoval(rowOf(VB, "10.0.0.13", THEIRS));
  await repairer.repair(LATER);
  assertEquals(said(), [
    "removed 10.0.0.10 02:ee:00:00:00:03 1",
    `removed 10.0.0.13 ${THEIRS} 1`,
  ]);
  assertEquals([...backend.rows.keys()], ["2 10.0.0.11"]);
  assertEquals(repairer.summary, { repairs: 2, refusals: 0 });
  put(other);
  repairer.enqueueRemoval(other);
  await repairer.repair(LATER);
  assertEquals(said(), ["removed 10.0.0.10 02:ee:00:00:00:03 2"]);
});

Deno.test("a refused removal is reported, one made by another program is not", async () => {
  const row = rowOf(VA, "10.0.0.9", THEIRS);
  for (
    const [code, words, isAgain] of [
      ["ACCESS_DENIED", ["refused 10.0.0.9 ACCESS_DENIED"], true],
      ["NOT_FOUND", [], false],
      ["INTERFACE_NOT_FOUND", [], false],
    ] as const
  ) {
    const { backend, repairer, said } = repairing(1, row);
    backend.refuse = () => new NeighborError(code, "No");
    repairer.enqueueRemoval(row);
    await repairer.repair(LATER);
    assertEquals(said(), [...words]);
    assertEquals(repairer.next < Infinity, isAgain);
    assertEquals(repairer.hasMetMissing, false);
  }
});

Deno.test("withdraw() restores the former rows on the interface that was written", async () => {
  const before = rowOf(VA, "10.0.0.1", THEIRS);
  const { backend, entries, repairer, put, said } = repairing(5, before);
  for (const i of [0, 1, 2]) repairer.enqueue(i);
  await repairer.repair(LATER);
  // As an application has written it, and what it found
  repairer.takeWritten(3, undefined);
  put(rowOf(VA, "10.0.0.3", OURS));
  // The guard's second write has not found what was there before the first
  put(rowOf(VA, "10.0.0.1", "02:ee:00:00:00:09"));
  repairer.enqueue(1);
  await repairer.repair(LATER);
  // Somebody else has changed this, and made that
  put(rowOf(VA, "10.0.0.2", THEIRS));
  put(rowOf(VA, "10.0.0.4", OURS));
  said();
  repairer.enqueue(0);
  repairer.withdraw(0, entries.bound[0]!);
  assertEquals(said(), ["withdrawn 10.0.0.0,10.0.0.1,10.0.0.3 from 2"]);
  assertEquals(backend.rows.get("2 10.0.0.1"), before);
  assertEquals([...backend.rows.keys()].toSorted(), [
    ...["2 10.0.0.1", "2 10.0.0.2", "2 10.0.0.4"],
  ]);
  assertEquals(repairer.next, Infinity);
  // Once is enough
  repairer.withdraw(0, entries.bound[0]!);
  assertEquals(said(), []);
});

Deno.test("a failed withdraw is reported as refused", async () => {
  const { backend, entries, repairer, said } = repairing(2);
  for (const i of [0, 1]) repairer.enqueue(i);
  await repairer.repair(LATER);
  said();
  backend.refuse = (_, address) => address === "10.0.0.0" ? denied : undefined;
  repairer.withdraw(0, entries.bound[0]!);
  assertEquals(said(), [
    "refused 10.0.0.0 ACCESS_DENIED",
    "withdrawn 10.0.0.1 from 2",
  ]);
});
