import { assertEquals } from "@std/assert";
import { rowOf } from "../helpers/fake_table.ts";
import { Guard, pin, tableOf, THEIRS, VA, VB } from "../helpers/guard_run.ts";

/** Rows of two pins, of another interface and of no pin. */
const ROWS = [
  rowOf(VA, "10.0.0.1", THEIRS),
  rowOf(VB, "10.0.0.1", THEIRS),
  rowOf(VA, "2001:db8::7", THEIRS),
  rowOf(VA, "10.0.0.9", THEIRS),
];

for (
  const [prune, kept] of [
    [false, ["2 10.0.0.1", "3 10.0.0.1", "2 2001:db8::7"]],
    [true, ["2 10.0.0.1", "3 10.0.0.1", "2 2001:db8::7", "2 10.0.0.9"]],
  ] as const
) {
  const which = prune ? "every row" : "only the rows of its entries";
  Deno.test(`a guard with prune ${prune} has the watch keep ${which}`, async () => {
    const table = tableOf(true, [VA, VB]);
    const guard = new Guard(
      table,
      [pin("10.0.0.1"), pin("2001:DB8:0::7")],
      { prune },
    );
    await guard.said(1);
    const { wants } = table.fake.watched!;
    assertEquals(
      ROWS.filter(wants).map((row) => `${row.interfaceIndex} ${row.address}`),
      [...kept],
    );
    await guard.end();
  });
}
