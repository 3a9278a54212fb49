import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  invalid,
  NeighborError,
  partsOf,
  withEntry,
} from "../../ffi/types/error.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { FakeTable, rowOf } from "../helpers/fake_table.ts";
import { Guard, OURS, pin, THEIRS, VA, VB } from "../helpers/guard_run.ts";
import { ownTableOver } from "../helpers/own_table.ts";

/** A second copy of the errors module, as from another version of the package. */
const copy: typeof import("../../ffi/types/error.ts") = await import(
  import.meta.resolve("../../ffi/types/error.ts?copy")
);

/** An error as the other copy throws it. */
function foreign(error: unknown): unknown {
  if (!(error instanceof NeighborError)) return error;
  const { code, message } = error;
  return new copy.NeighborError(code, message, partsOf(error));
}

/** A table of the other copy: a caller's own to this one. */
function foreignTable(fake: FakeTable): NeighborTable {
  const { table } = ownTableOver(fake, foreign);
  return {
    ...table,
    change: (changes) =>
      table.change(changes).map((one) =>
        one.outcome === "done"
          ? one
          : { ...one, error: foreign(one.error) as NeighborError }
      ),
  };
}

Deno.test("each copy of the module recognizes the other's errors", () => {
  assert(copy.NeighborError !== NeighborError);
  const own = invalid("Ours");
  const other = copy.invalid("Theirs");
  for (const error of [own, other]) {
    assert(error instanceof NeighborError);
    assert(error instanceof copy.NeighborError);
    assert(error instanceof Error);
    assert(NeighborError.is(error) && copy.NeighborError.is(error));
  }
  assertEquals(Object.getPrototypeOf(own), NeighborError.prototype);
  // It can be said again
  assertEquals(withEntry(other, 7, "address").entry, 7);
});

Deno.test("no other value is recognized, and an apply error only as such", () => {
  const values = [
    ...[null, undefined, 0, "x", Symbol.iterator, {}, [], () => {}],
    ...[new Error("x"), new TypeError("x"), { code: "OTHER", message: "x" }],
    ...[{ name: "NeighborError" }, NeighborError],
  ];
  for (const value of values) {
    assertEquals(value instanceof NeighborError, false, Deno.inspect(value));
    assertEquals(NeighborError.is(value), false);
  }
  const report = { plan: {} as never, entries: [] };
  const applied = new NeighborApplyError("OTHER", "x", report);
  assert(applied instanceof NeighborError);
  assert(applied instanceof copy.NeighborError);
  assert(applied instanceof NeighborApplyError);
  for (const error of [invalid("x"), copy.invalid("x"), {}, null]) {
    assertEquals(error instanceof NeighborApplyError, false);
  }
});

Deno.test("the mark of an error is neither printed nor in its JSON", () => {
  const error = invalid("x");
  assertEquals(Object.getOwnPropertySymbols(error), []);
  assertEquals(Deno.inspect(error).includes("@ipnet"), false);
});

Deno.test("an apply recognizes the errors of a table of another copy", async () => {
  const rows = [rowOf(VA, "10.0.0.1", THEIRS), rowOf(VA, "10.0.0.9", THEIRS)];
  const fake = new FakeTable([VA], rows);
  const table = foreignTable(fake);
  const pins = [pin("10.0.0.1"), pin("10.0.0.2"), pin("10.0.0.3")];
  fake.refuse = (_, address) =>
    address === "10.0.0.3"
      ? new NeighborError("ACCESS_DENIED", "Not you")
      : undefined;
  const error = await assertRejects(
    () => applyNeighbors(pins, { table, prune: true }),
    NeighborApplyError,
    "Not you",
  );
  assertEquals(error.code, "ACCESS_DENIED");
  assertEquals(fake.all(), new FakeTable([VA], rows).all());
  // What its preview throws is an entry that is refused, not a fault
  const short = { ...pin("10.0.0.4"), linkLayerAddress: "02" };
  const { entries } = await applyNeighbors([short, pin("10.0.0.1")], {
    table,
    keepGoing: true,
  });
  assertEquals(entries.map(({ outcome }) => outcome), ["refused", "changed"]);
});

Deno.test("a pin recognizes the errors of a table of another copy", () => {
  const fake = new FakeTable([VA], [rowOf(VA, "10.0.0.1", THEIRS)]);
  const table = foreignTable(fake);
  fake.refuse = () => new NeighborError("ACCESS_DENIED", "Not you");
  const error = assertThrows(
    () => pinNeighbor(pin("10.0.0.1"), { table }),
    NeighborError,
    "Not you",
  );
  assertEquals(error.code, "ACCESS_DENIED");
  assertEquals(fake.rows.get("2 10.0.0.1")?.linkLayerAddress, THEIRS);
});

for (const isTold of [true, false]) {
  const how = isTold ? "told" : "polled";
  Deno.test(`a guard of a table of another copy waits and tries again, ${how}`, async () => {
    const fake = new FakeTable([VA]);
    fake.isTold = isTold;
    const table = foreignTable(fake);
    const pins = [pin("10.0.0.1"), pin("10.0.0.2", "vb")];
    const guard = new Guard(fake, pins, { table });
    assertEquals(await guard.said(2), ["applied created", "waiting 10.0.0.2"]);
    fake.refuse = (write) =>
      write < 4 ? new NeighborError("NO_MEMORY", "It is full") : undefined;
    fake.rows.delete("2 10.0.0.1");
    await guard.said(4);
    fake.interfaces = [VA, VB];
    assertEquals((await guard.said(6)).slice(2), [
      "refused 10.0.0.1 NO_MEMORY",
      "created 10.0.0.1 found nothing undefined 1",
      "arrived 10.0.0.2",
      "created 10.0.0.2 found nothing undefined 1",
    ]);
    await guard.end();
    assertEquals(fake.rows.get("3 10.0.0.2")?.linkLayerAddress, OURS);
  });
}
