import { assert, assertEquals, assertRejects } from "@std/assert";
import { invalid, NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";

const [VA, VB] = [interfaceOf(2, "va"), interfaceOf(3, "vb")];

/** 200 entries, of which the last one is on another interface. */
const DESIRED: readonly NeighborEntry[] = Array.from(
  { length: 200 },
  (_, i) => ({
    address: `10.0.0.${i + 1}`,
    linkLayerAddress: "02:fc:00:00:00:01",
    interfaceAlias: i < 199 ? "va" : "vb",
  }),
);

Deno.test("each batch reads the interfaces that it writes to anew, each once", async () => {
  const table = new FakeTable([VA, VB]);
  const { fake } = table;
  const read: string[] = [];
  fake.refresh = (on) => {
    read.push(`${on.index} after ${fake.writes}`);
    return on;
  };
  await applyNeighbors(DESIRED, { table });
  assertEquals(read, ["2 after 0", "2 after 128", "3 after 128"]);
  // Nothing is due any more
  await applyNeighbors(DESIRED, { table });
  assertEquals(read.length, 3);
});

Deno.test("an entry is checked by the rules as they are now, before it is written", async () => {
  for (const keepGoing of [false, true]) {
    const table = new FakeTable([VA, VB]);
    const { fake } = table;
    const check = fake.check.bind(fake);
    const broken = invalid("It takes 8 octets now");
    const fresh = new Set<unknown>();
    fake.refresh = (on) => {
      const now = { ...on };
      // Only the second reading of va finds other rules
      if (fake.writes > 0 && on.index === 2) fresh.add(now);
      return now;
    };
    fake.check = (entries, position) => {
      if (fresh.has(entries.on(position))) throw broken;
      check(entries, position);
    };
    const applying = applyNeighbors(DESIRED, { table, keepGoing });
    const { entries } = keepGoing
      ? await applying
      : (await assertRejects(() => applying, NeighborApplyError)).report;
    const done = keepGoing ? "created" : "restored";
    // In the second batch that of another interface is no worse for it
    assertEquals(
      entries.map(({ outcome }) => outcome),
      [...Array(128).fill(done), ...Array(71).fill("refused"), done],
    );
    const [first] = entries.slice(128);
    assert(first?.error instanceof NeighborError);
    assertEquals(
      [first.error.code, first.error.message, first.error.entry],
      ["INVALID_PARAMETER", "It takes 8 octets now", DESIRED[128]],
    );
    assertEquals(table.all().length, keepGoing ? 129 : 0);
  }
});

Deno.test("an interface that cannot be read anew is for the write to refuse", async () => {
  const table = new FakeTable([VA, VB]);
  table.fake.refresh = () => {
    throw new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
  };
  const { entries } = await applyNeighbors(DESIRED.slice(0, 1), { table });
  assertEquals(entries.map(({ outcome }) => outcome), ["created"]);
});

Deno.test("any other error of reading an interface anew ends the application", async () => {
  const table = new FakeTable([VA, VB]);
  table.fake.refresh = () => {
    throw new TypeError("A mistake");
  };
  const applying = () => applyNeighbors(DESIRED, { table });
  await assertRejects(applying, TypeError, "A mistake");
  assertEquals(table.all(), []);
});

for (const desired of [null, "10.0.0.1", { length: 1 }, new Set(DESIRED)]) {
  Deno.test(`applyNeighbors() refuses ${typeof desired} ${desired} for the entries`, async () => {
    await assertRejects(
      () => applyNeighbors(desired as never, { table: new FakeTable([VA]) }),
      NeighborError,
      "The desired entries are not an array",
    );
  });
}
