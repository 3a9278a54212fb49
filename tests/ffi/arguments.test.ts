import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { checkChanges } from "../../ffi/parse/change.ts";
import type { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { guardNeighbors } from "../../reconcile/guard.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { planNeighbors } from "../../reconcile/plan.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const VB = interfaceOf(3, "vb");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const KEY = { address: "10.0.0.1", interfaceAlias: "va" };
const ENTRY = { ...KEY, linkLayerAddress: OURS };
const ROW = rowOf(VA, "10.0.0.1", THEIRS);

/** A table whose resolve succeeds. */
function tableOf(): FakeTable {
  const table = new FakeTable([VA, VB], [
    ROW,
    rowOf(VA, "10.0.0.2", THEIRS, "stale"),
    rowOf(VA, "10.0.0.3", THEIRS, "stale"),
    rowOf(VB, "10.0.0.1", THEIRS, "stale"),
  ]);
  table.fake.resolve = () => Promise.resolve(ROW);
  return table;
}

/** Bytes that were taken away. */
function detached(): Uint8Array {
  const bytes = new Uint8Array(6);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

class Getter {
  get family() {
    return "ipv4";
  }
}

/** What is never an entry, a key, a row, a filter, a list or options. */
const JUNK: readonly unknown[] = [
  ...[null, 0, 7, NaN, "x", "", true, 5n, Symbol("s")],
  ...[[null], [{}], [[]], new Array(3), detached()],
  ...[new Map([[1, 2]]), new Set(), () => {}],
  // Without members of their own: as a filter they would mean everything
  ...[Promise.resolve(), new Date(0), /x/, new (class Empty {})()],
  ...[Object.create({ family: "ipv4" }), new Getter(), new Error("x")],
];

/** Each argument of each call that takes one. */
const ARGUMENTS: Readonly<
  Record<string, (table: SystemTable, given: never) => unknown>
> = {
  set: (table, given) => table.set(given),
  create: (table, given) => table.create(given),
  replace: (table, given) => table.replace(given),
  delete: (table, given) => table.delete(given),
  get: (table, given) => table.get(given),
  list: (table, given) => table.list(given),
  read: (table, given) => table.read(given),
  flush: (table, given) => table.flush(given),
  previewFlush: (table, given) => table.previewFlush(given),
  restore: (table, given) => table.restore(given),
  preview: (table, given) => table.preview("set", given),
  "preview of a delete": (table, given) => table.preview("delete", given),
  "the verb of preview": (table, given) => table.preview(given, ENTRY),
  resolve: (table, given) => table.resolve(given),
  "options of resolve": (table, given) => table.resolve(KEY, given),
  "signal of resolve": (table, signal) => table.resolve(KEY, { signal }),
  "sourceAddress of resolve": (table, sourceAddress) =>
    table.resolve(KEY, { sourceAddress }),
  watch: (table, given) => table.watch(given),
  "filter of watch": (table, filter) => table.watch({ filter }),
  "signal of watch": (table, signal) => table.watch({ signal }),
  "options of apply": (_, given) => applyNeighbors([], given),
  "table of apply": (_, table) => applyNeighbors([], { table }),
  "options of guard": (_, given) => guardNeighbors([null as never], given),
  "table of guard": (_, table) => guardNeighbors([null as never], { table }),
  "signal of guard": (table, signal) =>
    guardNeighbors([null as never], { table, signal }),
  pin: (table, given) => pinNeighbor(given, { table }),
  "options of pin": (_, given) => pinNeighbor(ENTRY, given),
  "table of pin": (_, table) => pinNeighbor(ENTRY, { table }),
};

/** It is refused by name, whatever it is; what threw. */
async function assertRefused(
  call: () => unknown,
  given: unknown,
): Promise<NeighborError> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  const what = `${Deno.inspect(given)}: ${thrown}`;
  assert(thrown instanceof NeighborError, what);
  assertEquals([thrown.code, thrown.status], ["INVALID_PARAMETER", null], what);
  return thrown;
}

for (const [name, call] of Object.entries(ARGUMENTS)) {
  Deno.test(`nothing but what it takes is taken: ${name}`, async () => {
    using table = tableOf();
    for (const given of JUNK) {
      const error = await assertRefused(
        () => call(table, given as never),
        given,
      );
      // Of options it is the options that are refused
      const isEntry = error.message.startsWith("No entry given");
      assert(!isEntry || !/^(options|table|signal)/.test(name), error.message);
    }
    assertEquals(table.all(), tableOf().all());
    assertEquals(table.writes, 0);
  });
}

Deno.test("a value that is not an array is refused, and so are invalid items of one", async () => {
  using table = tableOf();
  const lists = [null, undefined, 0, "x", {}, new Map(), detached(), () => {}];
  for (const given of lists as never[]) {
    await assertRefused(() => table.change(given), given);
    await assertRefused(() => applyNeighbors(given, { table }), given);
    await assertRefused(() => guardNeighbors(given, { table }), given);
  }
  const items = [...JUNK, undefined, {}, { address: "10.0.0.1" }, {
    ...ENTRY,
    linkLayerAddress: detached(),
  }];
  for (const item of items as never[]) {
    const [result, good] = table.change([item, { ...ENTRY, verb: "set" }]);
    assert(result?.outcome === "refused", Deno.inspect(item));
    assert(result.error instanceof NeighborError);
    assertEquals(result.error.code, "INVALID_PARAMETER");
    assertEquals(good?.outcome, "done");
    await assertRefused(() => applyNeighbors([item], { table }), item);
    await assertRefused(() => guardNeighbors([item], { table }), item);
  }
  // A hole is an entry that is missing
  const holes = new Array(2) as never[];
  assertEquals(
    table.change(holes).map(({ outcome }) => outcome),
    ["refused", "refused"],
  );
  await assertRefused(() => applyNeighbors(holes, { table }), holes);
});

Deno.test("a list of 4,294,967,295 holes is refused by each function that takes a list", async () => {
  using table = tableOf();
  const many = new Array(0xffff_ffff) as never[];
  for (
    const [call, words] of [
      [() => table.change(many), "4,294,967,295 changes, the limit is"],
      [() => applyNeighbors(many, { table }), "No entry given"],
      [() => guardNeighbors(many, { table }), "No entry given"],
      [() => planNeighbors(many, []), "No entry given"],
      [() => planNeighbors([], many), "No row given"],
      [() => planNeighbors([], [], { interfaces: many }), "No interface given"],
      [
        () =>
          planNeighbors([], [], { interfaces: [{ ...VA, altNames: many }] }),
        "altNames",
      ],
      [() => planNeighbors([], [{ ...ROW, flags: many }]), "flags"],
      [() => table.restore({ ...ROW, flags: many }), "flags"],
      [() => table.list({ state: many }), 'The state "undefined" is none of'],
      [
        () => table.flush({ state: many, permanent: true }),
        'The state "undefined" is none of',
      ],
    ] as const
  ) {
    const { message } = await assertRefused(call, words);
    assert(message.includes(words), message);
  }
  assertEquals(table.writes, 0);
});

Deno.test("change() takes 1,048,576 changes, and refuses one more", () => {
  checkChanges(new Array(2 ** 20));
  assertThrows(
    () => checkChanges(new Array(2 ** 20 + 1)),
    NeighborError,
    "There are 1,048,577 changes, the limit is 1,048,576",
  );
});

Deno.test("undefined is refused as an entry or flush filter, and accepted as options", async () => {
  using table = tableOf();
  const required = ["set", "create", "replace", "delete", "get", "resolve"];
  for (const name of [...required, "flush", "previewFlush", "restore", "pin"]) {
    const call = ARGUMENTS[name]!;
    await assertRefused(() => call(table, undefined as never), name);
  }
  assertEquals(table.list(undefined).length, 4);
  assertEquals(await table.resolve(KEY, undefined), ROW);
  await table.watch(undefined).return();
});

Deno.test("a flush refuses an empty array, map or string as its filter", () => {
  using table = tableOf();
  for (const given of [[], new Map(), new Uint8Array(0), ""] as never[]) {
    assertThrows(() => table.flush(given), NeighborError, "No filter given");
    assertThrows(
      () => table.watch({ filter: given }),
      NeighborError,
      "No filter given",
    );
  }
  assertEquals(table.all().length, 4);
});

for (
  const [options, words] of [
    [{ timeot: 5 }, 'There is no option "timeot"'],
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 31, "5", null].map((timeout) =>
      [{ timeout }, "milliseconds from 1 to 2147483647"] as const
    ),
    [{ signal: {} }, "The option signal takes an AbortSignal, not an Object"],
    [{ sourceAddress: 7 }, "The sourceAddress takes text"],
    [{ sourceAddress: "fe80::1" }, "is no ipv4 address without a zone"],
    [{ sourceAddress: "10.0.0" }, "Cannot parse IP address"],
    [{ sourceAddress: "224.0.0.1" }, '"224.0.0.1" is a multicast address'],
  ] as const
) {
  Deno.test(`resolve() refuses ${Deno.inspect(options)}`, async () => {
    using table = tableOf();
    const error = await assertRefused(
      () => table.resolve(KEY, options as never),
      options,
    );
    assert(error.message.includes(words), error.message);
    assertStrictEquals(error.entry, KEY);
  });
}

Deno.test("resolve() passes a timeout of 5000 ms, or that of its options", async () => {
  using table = tableOf();
  const timeouts: number[] = [];
  table.fake.resolve = (...[, , request]: unknown[]) => {
    timeouts.push((request as { timeout: number }).timeout);
    return Promise.resolve(ROW);
  };
  for (const timeout of [undefined, 1, 0x7fff_ffff]) {
    await table.resolve(KEY, { ...(timeout && { timeout }) });
  }
  assertEquals(timeouts, [5000, 1, 0x7fff_ffff]);
});

Deno.test("resolve() with an aborted signal makes no call", async () => {
  using table = tableOf();
  table.fake.resolve = () => {
    throw new Error("asked");
  };
  const signal = AbortSignal.abort(new RangeError("enough"));
  await assertRejects(
    () => table.resolve(KEY, { signal }),
    RangeError,
    "enough",
  );
});

for (
  const address of ["127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::"]
) {
  Deno.test(`${address} is read and removed, never written nor asked for`, async () => {
    const row = rowOf(VA, address, THEIRS);
    using table = new FakeTable([VA], [row]);
    table.fake.resolve = () => Promise.resolve(row);
    const key = { address, interfaceAlias: "va" };
    const entry = { ...key, linkLayerAddress: OURS };
    for (const write of ["set", "create", "replace"] as const) {
      await assertRefused(() => table[write](entry), entry);
      await assertRefused(() => table.preview(write, entry), entry);
    }
    await assertRefused(() => table.resolve(key), key);
    await assertRefused(() => pinNeighbor(entry, { table }), entry);
    await assertRefused(() => applyNeighbors([entry], { table }), entry);
    assertEquals(table.get(key), row);
    assertEquals(table.preview("delete", key).current, row);
    table.delete(key);
    assertEquals(table.get(key), undefined);
    // Restored as it was read, for any address
    assertEquals(table.restore(row), row);
    const [result] = table.change([{ verb: "delete", ...key }]);
    assertEquals(result?.outcome, "done");
    assertEquals(table.all(), []);
  });
}

for (
  const [change, words] of [
    [{ address: 7 }, "The row's address takes text"],
    [{ address: "10.0.0" }, "Cannot parse IP address"],
    [{ interfaceIndex: 0 }, "The row names no interface"],
    [{ interfaceIndex: -1 }, "The interface index -1"],
    [{ interfaceLuid: "12" }, "Cannot parse interface LUID"],
    [{ linkLayerAddress: "0g" }, 'octet 1 is "0g"'],
    [{ linkLayerAddress: undefined }, "takes text or null, not undefined"],
    [{ state: "pinned" }, 'The state "pinned" is none of'],
    [{ flags: "proxy" }, "The row's flags take an array"],
  ] as const
) {
  Deno.test(`restore() refuses a row with ${Deno.inspect(change)}`, async () => {
    using table = tableOf();
    const row = { ...ROW, ...change } as never;
    const error = await assertRefused(() => table.restore(row), row);
    assert(error.message.includes(words), error.message);
    assertStrictEquals(error.entry, row);
    assertEquals(table.writes, 0);
  });
}

Deno.test("a filter is any object with members of its own, or a plain one", () => {
  const table = tableOf();
  class Ipv6 {
    readonly family = "ipv6";
  }
  assertEquals(table.list(new Ipv6()), []);
  for (const plain of [{}, Object.create(null), structuredClone({})]) {
    assertEquals(table.list(plain).length, 4);
  }
});
