import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { guardNeighbors } from "../../reconcile/guard.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { planNeighbors } from "../../reconcile/plan.ts";
import { pin, tableOf, VA } from "../helpers/guard_run.ts";

/** Options of a caller who does not check types. */
type Loose = Record<string, unknown> | null;

const PINS = [pin("10.0.0.1")];
const SHARED: readonly (readonly [Loose, string])[] = [
  [null, "No options given: it is an object, not null"],
  [{ prune: "false" }, 'The option prune takes true or false, not "false"'],
  [{ Prune: true }, 'There is no option "Prune", only prune'],
];
const APPLY: typeof SHARED = [
  ...SHARED,
  [{ keepGoing: 1 }, "The option keepGoing takes true or false"],
  [{ signal: "x" }, "The option signal takes an AbortSignal"],
  [{ table: {} }, "The option table takes a neighbor table"],
];

for (
  const [options, message] of [
    ...APPLY,
    [{ interval: 9 }, "The interval 9 is not"],
    [{ interval: "1s" }, 'The interval "1s" is not'],
    [{ report: "log" }, "The option report takes a function"],
  ] as const
) {
  Deno.test(`guardNeighbors() refuses ${JSON.stringify(options)}`, async () => {
    const table = tableOf(true, [VA]);
    await assertRejects(
      () => guardNeighbors(PINS, (options && { table, ...options }) as never),
      NeighborError,
      message,
    );
    assertEquals(table.writes, 0);
  });
}

for (
  const [options, message] of [
    ...APPLY,
    [{ progress: true }, "The option progress takes a function"],
  ] as const
) {
  Deno.test(`applyNeighbors() refuses ${JSON.stringify(options)}`, async () => {
    const table = tableOf(true, [VA]);
    await assertRejects(
      () => applyNeighbors(PINS, (options && { table, ...options }) as never),
      NeighborError,
      message,
    );
    assertEquals(table.writes, 0);
  });
}

for (
  const [options, message] of [
    ...SHARED,
    [{ interfaces: {} }, "The option interfaces takes an array"],
  ] as const
) {
  Deno.test(`planNeighbors() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => planNeighbors(PINS, [], options as never),
      NeighborError,
      message,
    );
  });
}

for (
  const [one, message] of [
    [null, "No interface given: it is an object, not null"],
    ["va", 'No interface given: it is an object, not "va"'],
    [{}, null],
    [{ ...VA, altNames: undefined }, null],
    [
      { ...VA, interfaceIndex: "2" },
      "The member interfaceIndex takes a number",
    ],
    [{ ...VA, interfaceLuid: "2" }, "Cannot parse interface LUID"],
    [{ ...VA, altNames: "uplink" }, "The interface's altNames take an array"],
  ] as const
) {
  const what = message === null ? "takes" : "refuses";
  Deno.test(`planNeighbors() ${what} the interface ${JSON.stringify(one)}`, () => {
    const plan = () => planNeighbors(PINS, [], { interfaces: [one] } as never);
    if (message === null) {
      assertEquals(plan().create, PINS);
      return;
    }
    const error = assertThrows(plan, NeighborError, message);
    assertEquals([error.code, error.entry], ["INVALID_PARAMETER", one]);
  });
}

for (const one of [null, undefined, 7, "x", [], {}, new Map()]) {
  Deno.test(`planNeighbors() refuses the row ${Deno.inspect(one)}`, () => {
    for (const rows of [[one], [, one], { length: 1, 0: one }]) {
      const error = assertThrows(
        () => planNeighbors(PINS, rows as never),
        NeighborError,
      );
      assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    }
  });
}

for (
  const [options, message] of [
    [null, "No options given"],
    [{ table: 3 }, "The option table takes a neighbor table, not the number 3"],
    [{ tabel: 3 }, 'There is no option "tabel", only table'],
  ] as const
) {
  Deno.test(`pinNeighbor() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => pinNeighbor(PINS[0]!, options as never),
      NeighborError,
      message,
    );
  });
}
