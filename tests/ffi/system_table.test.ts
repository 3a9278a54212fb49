import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { SystemTable } from "../../ffi/system_table.ts";
import type { FlushFilter } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { guardNeighbors } from "../../reconcile/guard.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { counted, fickle, notOnce } from "../helpers/counted.ts";
import {
  FakeBackend,
  FakeTable,
  interfaceOf,
  rowOf,
} from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const VB = interfaceOf(3, "vb");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const NAMES = { interfaceAlias: "va", interfaceIndex: 2 };
const KEY = { address: "10.0.0.1", ...NAMES, interfaceLuid: null };
const ENTRY = { ...KEY, linkLayerAddress: OURS };
const FRESH = { ...ENTRY, address: "10.0.0.8" };
const ROW = rowOf(VA, "10.0.0.1", THEIRS);
const SIGNAL = new AbortController().signal;

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

/** What a call is given, and the call. */
type Use = readonly [object, (table: FakeTable, given: never) => unknown];

const USES: Readonly<Record<string, Use>> = {
  set: [ENTRY, (table, given) => table.set(given)],
  create: [FRESH, (table, given) => table.create(given)],
  replace: [ENTRY, (table, given) => table.replace(given)],
  "replace what is not there": [FRESH, (table, given) => table.replace(given)],
  delete: [KEY, (table, given) => table.delete(given)],
  get: [KEY, (table, given) => table.get(given)],
  "get by a zone": [
    { address: "fe80::1%va", ...NAMES },
    (table, given) => table.get(given),
  ],
  list: [
    {
      ...NAMES,
      family: "ipv4",
      state: ["permanent", "stale"],
      subnet: "10.0.0.0/8",
      proxy: false,
    },
    (table, given) => table.list(given),
  ],
  read: [
    { ...NAMES, family: "ipv4", state: "stale", subnet: "10.0.0.0/8" },
    (table, given) => [...table.read(given)],
  ],
  "a change": [
    { ...ENTRY, verb: "set" },
    (table, given) => table.change([given]),
  ],
  "a change that deletes": [
    { ...KEY, verb: "delete" },
    (table, given) => table.change([given]),
  ],
  previewFlush: [
    { interfaceAlias: "va", state: "stale", permanent: false },
    (table, given) => table.previewFlush(given),
  ],
  flush: [
    { interfaceAlias: "va", state: "stale", permanent: false },
    (table, given) => table.flush(given),
  ],
  "flush all": [
    { interfaceAlias: "va", permanent: true },
    (table, given) => {
      table.fake.flush = () => true;
      table.flush(given);
    },
  ],
  resolve: [KEY, (table, given) => table.resolve(given)],
  "options of resolve": [
    { signal: SIGNAL, timeout: 100, sourceAddress: "10.0.0.9" },
    (table, given) => table.resolve(KEY, given),
  ],
  "options of watch": [
    { signal: SIGNAL, filter: {}, interval: 100, initial: false },
    (table, given) => void table.watch(given).return(),
  ],
  "filter of watch": [
    { ...NAMES, family: "ipv4", state: "stale", subnet: "10.0.0.0/8" },
    (table, given) => void table.watch({ filter: given }).return(),
  ],
  "preview of a set": [ENTRY, (table, given) => table.preview("set", given)],
  "preview of a create": [
    FRESH,
    (table, given) => table.preview("create", given),
  ],
  "preview of a replace": [
    ENTRY,
    (table, given) => table.preview("replace", given),
  ],
  "preview of a delete": [
    KEY,
    (table, given) => table.preview("delete", given),
  ],
  restore: [{ ...ROW }, (table, given) => table.restore(given)],
  "options of apply": [
    { prune: false, keepGoing: true, signal: SIGNAL, progress() {} },
    (table, given) => {
      Object.defineProperty(given, "table", { value: table });
      return applyNeighbors([ENTRY], given);
    },
  ],
  "a desired entry": [
    ENTRY,
    (table, given) => applyNeighbors([given], { table }),
  ],
  "an entry that is pinned": [
    ENTRY,
    (table, given) => pinNeighbor(given, { table }).unpin(),
  ],
};

for (const [name, [given, use]] of Object.entries(USES)) {
  Deno.test(`each member is read once: ${name}`, async () => {
    using table = tableOf();
    const { object, taken } = counted({ ...given });
    await use(table, object as never);
    assertEquals(notOnce(given, taken()), []);
  });
}

Deno.test("later changes of an argument have no effect", () => {
  using table = tableOf();
  const other = { ...ENTRY, address: "10.0.0.9", linkLayerAddress: THEIRS };
  table.set(fickle(ENTRY, other));
  assertEquals(table.get(fickle(KEY, other))?.linkLayerAddress, OURS);
  const first: FlushFilter = { state: "stale" };
  const second: FlushFilter = { state: "permanent" };
  assertEquals(table.flush(fickle(first, second)).length, 3);
  assertEquals(table.all().length, 1);
});

/** Every method, with valid arguments. */
const CALLS: Readonly<Record<string, (table: SystemTable) => unknown>> = {
  set: (table) => table.set(ENTRY),
  create: (table) => table.create(ENTRY),
  replace: (table) => table.replace(ENTRY),
  delete: (table) => table.delete(KEY),
  get: (table) => table.get(KEY),
  list: (table) => table.list(),
  read: (table) => table.read(),
  change: (table) => table.change([]),
  flush: (table) => table.flush({}),
  previewFlush: (table) => table.previewFlush({}),
  resolve: (table) => table.resolve(KEY),
  watch: (table) => table.watch(),
  restore: (table) => table.restore(ROW),
  listInterfaces: (table) => table.listInterfaces(),
  preview: (table) => table.preview("set", ENTRY),
  applyNeighbors: (table) => applyNeighbors([ENTRY], { table }),
  "applyNeighbors of nothing": (table) => applyNeighbors([], { table }),
  guardNeighbors: (table) => guardNeighbors([ENTRY], { table }),
  pinNeighbor: (table) => pinNeighbor(ENTRY, { table }),
};

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`a table that is closed is CLOSED to ${name}`, async () => {
    let loads = 0;
    const unused = new SystemTable(() => {
      loads++;
      return new FakeBackend([VA]);
    });
    const used = tableOf();
    used.list();
    for (const table of [unused, used]) {
      table.close();
      table.close();
      const error = await assertRejects(
        async () => await call(table),
        NeighborError,
        "closed",
      );
      assertEquals([error.code, error.status], ["CLOSED", null]);
    }
    assertEquals(loads, 0);
    assertEquals(used.all(), tableOf().all());
  });
}

Deno.test("a table is loaded by its first call, once, and closed with it", () => {
  const backend = new FakeBackend([VA]);
  let loads = 0;
  let closes = 0;
  backend.close = () => void closes++;
  const table = new SystemTable(() => {
    loads++;
    return backend;
  });
  assertThrows(() => table.get({} as never), NeighborError);
  assertEquals(loads, 0);
  table.list();
  table.list();
  table.close();
  table.close();
  assertEquals([loads, closes], [1, 1]);
});

Deno.test("an error of loading is thrown by the call, and the next call loads again", () => {
  let loads = 0;
  const refused = new NeighborError("PERMISSION_REQUIRED", "Not allowed");
  const table = new SystemTable(() => {
    if (++loads === 1) throw refused;
    return new FakeBackend([VA]);
  });
  const error = assertThrows(() => table.list(), NeighborError);
  assertStrictEquals(error, refused);
  assertEquals(table.list(), []);
});
