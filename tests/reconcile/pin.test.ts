import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va", "0x0006000002000000");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const PIN = {
  address: "10.0.0.1",
  linkLayerAddress: "02-FC-00-00-00-05",
  interfaceAlias: "va",
};
const PERMANENT = rowOf(VA, "10.0.0.1", THEIRS);
const REACHABLE = rowOf(VA, "10.0.0.1", THEIRS, "reachable");
const SAME = rowOf(VA, "10.0.0.1", OURS);
const UNKNOWN = rowOf(VA, "10.0.0.1", null, "failed");

/** Where one pin leaves a table, and what it says. */
function pinnedOnce(
  before: readonly Neighbor[],
  meanwhile: (table: FakeTable) => void = () => {},
) {
  const table = new FakeTable([VA], before);
  let result;
  let pinned;
  {
    using pin = pinNeighbor(PIN, { table });
    assertEquals(pin.previous, before[0] ?? null);
    result = pin.result;
    pinned = table.get(PIN);
    meanwhile(table);
  }
  assertEquals([pinned?.linkLayerAddress, pinned?.state], [OURS, "permanent"]);
  return { result, writes: table.writes, after: table.all() };
}

for (
  const [name, before, result, after] of [
    ["was not there", [], "created", []],
    ["was permanent", [PERMANENT], "changed", [PERMANENT]],
    ["was learnt", [REACHABLE], "changed", [{ ...REACHABLE, state: "stale" }]],
    ["had no address", [UNKNOWN], "changed", []],
  ] as const
) {
  Deno.test(`pinNeighbor() puts back an entry that ${name}`, () => {
    const done = pinnedOnce(before);
    assertEquals([done.result, done.after], [result, [...after]]);
  });
}

Deno.test("pinNeighbor() leaves an entry that was in sync before", () => {
  assertEquals(pinnedOnce([SAME]), {
    result: "unchanged",
    writes: 0,
    after: [SAME],
  });
});

for (
  const [name, theirs] of [
    ["changed", rowOf(VA, "10.0.0.1", "02:aa:00:00:00:01")],
    ["made dynamic", rowOf(VA, "10.0.0.1", OURS, "stale")],
  ] as const
) {
  Deno.test(`pinNeighbor() leaves alone what somebody else has ${name} since`, () => {
    for (const before of [[], [PERMANENT]]) {
      const { after } = pinnedOnce(before, (table) => table.put(theirs));
      assertEquals(after, [theirs]);
    }
  });
}

Deno.test("pinNeighbor() does not restore an entry that another program removed", () => {
  for (const before of [[], [PERMANENT]]) {
    const { after } = pinnedOnce(before, (table) => table.rows.clear());
    assertEquals(after, []);
  }
});

Deno.test("unpin() acts once, and returns the outcome", () => {
  const table = new FakeTable([VA], [PERMANENT]);
  const pin = pinNeighbor(PIN, { table });
  assertEquals(pin.unpin(), "restored");
  const { writes } = table;
  table.replace(PIN);
  assertEquals(pin.unpin(), "restored");
  pin[Symbol.dispose]();
  assertEquals([table.writes, table.get(PIN)?.linkLayerAddress], [
    writes + 1,
    OURS,
  ]);
  const other = pinNeighbor({ ...PIN, address: "10.0.0.2" }, { table });
  table.put(rowOf(VA, "10.0.0.2", THEIRS));
  assertEquals(other.unpin(), "foreign");
});

Deno.test("unpin() throws the system's refusal, and can be called again", () => {
  const table = new FakeTable([VA]);
  const pin = pinNeighbor(PIN, { table });
  table.refuse = () => new NeighborError("ACCESS_DENIED", "Not you");
  assertThrows(() => pin.unpin(), NeighborError, "Not you");
  table.refuse = () => undefined;
  assertEquals(pin.unpin(), "restored");
  assertEquals(table.all(), []);
});

Deno.test("pins of one entry are undone in reverse order", () => {
  const table = new FakeTable([VA], [PERMANENT]);
  {
    using _outer = pinNeighbor(PIN, { table });
    {
      const entry = { ...PIN, linkLayerAddress: "02:fc:00:00:00:09" };
      using _inner = pinNeighbor(entry, { table });
    }
    assertEquals(table.get(PIN)?.linkLayerAddress, OURS);
  }
  assertEquals(table.all(), [PERMANENT]);
});

Deno.test("unpin() writes to the interface of the pin, whatever its name is now", () => {
  const table = new FakeTable([VA]);
  {
    using _pin = pinNeighbor(PIN, { table });
    table.interfaces = [
      { ...VA, interfaceAlias: "old" },
      interfaceOf(3, "va", "0x0006000003000000"),
    ];
    table.replace(PIN);
  }
  assertEquals(table.all().map((row) => row.interfaceIndex), [3]);
});

Deno.test("unpin() after its interface was removed", () => {
  const { after } = pinnedOnce([], (table) => {
    table.interfaces = [];
    table.rows.clear();
  });
  assertEquals(after, []);
});

Deno.test("a pin that is refused changes nothing", () => {
  for (const before of [[], [PERMANENT]]) {
    const table = new FakeTable([VA], before);
    table.refuse = () => new NeighborError("ACCESS_DENIED", "Not you");
    assertThrows(() => pinNeighbor(PIN, { table }), NeighborError, "Not you");
    assertEquals(table.all(), before);
    const { writes } = table;
    const bad = { ...PIN, address: "10.0.0.256" };
    assertThrows(() => pinNeighbor(bad, { table }), NeighborError, "over 255");
    assertEquals(table.writes, writes);
  }
});

/** A table whose replace is refused after the first of its two calls. */
function halfRefused(): { table: FakeTable; denied: NeighborError } {
  const table = new FakeTable([VA], [REACHABLE]);
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  const { fake } = table;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    fake.write = write;
    table.put(rowOf(VA, "10.0.0.1", OURS, "stale"));
    entries.fail(from, denied);
    write(entries, from, to);
  };
  return { table, denied };
}

Deno.test("a pin that is refused half-way is undone, and says what could not be", () => {
  const { table } = halfRefused();
  const error = assertThrows(
    () => pinNeighbor(PIN, { table }),
    NeighborError,
  );
  assertEquals(error.message, "Not you");
  assertEquals(table.all(), [{ ...REACHABLE, state: "stale" }]);

  const lost = halfRefused();
  lost.table.fake.restore = () => {};
  assertThrows(
    () => pinNeighbor(PIN, { table: lost.table }),
    NeighborError,
    "Not you; what was there could not be put back",
  );
});

Deno.test("the row before a pin is the one that was replaced", () => {
  const table = new FakeTable([VA], [PERMANENT]);
  const other = rowOf(VA, "10.0.0.1", "02:ee:00:00:00:09");
  const { fake } = table;
  const write = fake.write.bind(fake);
  fake.write = (entries, from, to) => {
    fake.write = write;
    // After the pin has read the table
    table.put(other);
    write(entries, from, to);
  };
  const pin = pinNeighbor(PIN, { table });
  assertEquals(pin.previous, other);
  assertEquals(pin.unpin(), "restored");
  assertEquals(table.all(), [other]);
});
