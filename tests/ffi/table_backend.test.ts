import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import type { BoundInterface } from "../../ffi/bound_interface.ts";
import type { RawRow } from "../../ffi/raw_row.ts";
import {
  CHANGED,
  CREATE,
  CREATED,
  DELETE,
  DELETED,
  EntryList,
  NONE,
  PENDING,
  REFUSED,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
} from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import { backendOf, TableBackend, TableRow } from "../../ffi/table_backend.ts";
import type { ChangeResult, NeighborChange } from "../../ffi/types/change.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { ownTableOver } from "../helpers/own_table.ts";

const VA = { ...interfaceOf(2, "va"), altNames: ["uplink"] };
const VB = interfaceOf(3, "vb", "0x0006000003000000");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const ON_VA = { key: 2, index: 2, luid: 0n };
const ON_VB = {
  key: 0x0006000003000000n,
  index: 3,
  luid: 0x0006000003000000n,
};
const NAMED = { luid: 0n, index: 0, alias: null };

function backendOver(fake: FakeTable) {
  const { table, calls } = ownTableOver(fake);
  return { backend: new TableBackend(table), table, calls };
}

/** Entries that are bound. */
function entriesOn(
  bound: BoundInterface,
  ...addresses: readonly string[]
): EntryList {
  const entries = new EntryList();
  for (const address of addresses) {
    const entry = { address, linkLayerAddress: OURS, interfaceIndex: 9 };
    parseEntry(entries, entry);
  }
  entries.bound[0] = bound;
  return entries;
}

Deno.test("backendOf() takes a table's own backend, and the methods of any other", () => {
  const fake = new FakeTable([VA]);
  assertStrictEquals(backendOf(fake), fake.fake);
  assert(backendOf(ownTableOver(fake).table) instanceof TableBackend);
});

Deno.test("bind() lists the interfaces once, and finds each by any of its names", () => {
  const { backend, calls } = backendOver(new FakeTable([VA, VB]));
  const found = backend.bind([
    { ...NAMED, alias: "va" },
    { ...NAMED, alias: "uplink" },
    { ...NAMED, index: 2 },
    { ...NAMED, alias: "vb" },
    { ...NAMED, luid: ON_VB.luid, index: 2, alias: "va" },
    { ...NAMED, index: 3, alias: "va" },
    { ...NAMED, alias: "" },
    { ...NAMED, index: 4 },
    { ...NAMED, luid: 1n },
  ], "given");
  assertEquals(found.slice(0, 6), [ON_VA, ON_VA, ON_VA, ON_VB, ON_VB, ON_VB]);
  for (const error of found.slice(6)) {
    assert(error instanceof NeighborError);
    assertEquals([error.code, error.entry], ["INTERFACE_NOT_FOUND", "given"]);
  }
  assertEquals(calls, { listInterfaces: 1 });
});

Deno.test("bind() takes interfaces of a table that knows no alternative names", () => {
  const { altNames: _, ...old } = VA;
  const { backend } = backendOver(new FakeTable([old as typeof VA]));
  assertEquals(backend.bind([{ ...NAMED, alias: "va" }], null), [ON_VA]);
  const [missing] = backend.bind([{ ...NAMED, alias: "uplink" }], null);
  assert(missing instanceof NeighborError);
});

Deno.test("check() refuses only entries that the table's own preview refuses", () => {
  const fake = new FakeTable([VA], [rowOf(VA, "10.0.0.1", THEIRS)]);
  const { backend, calls } = backendOver(fake);
  const entries = entriesOn(ON_VA, "10.0.0.1", "10.0.0.2");
  for (const verb of [NONE, SET, CREATE, REPLACE]) {
    entries.verbs.fill(verb);
    // There or not: that is for the change to meet
    backend.check(entries, 0);
    backend.check(entries, 1);
  }
  assertEquals(calls, { preview: 8 });
  entries.linkLayerLengths[1] = 2;
  assertThrows(() => backend.check(entries, 1), NeighborError, "takes 6");
  // A delete is not checked
  entries.verbs[1] = DELETE;
  backend.check(entries, 1);
  assertEquals(calls, { preview: 9 });
  fake.interfaces = [];
  backend.check(entries, 0);
  fake.fake.check = () => {
    throw new TypeError("A bug of theirs");
  };
  fake.interfaces = [VA];
  assertThrows(() => backend.check(entries, 0), TypeError, "A bug of theirs");
});

for (const [on, bound] of [[VA, ON_VA], [VB, ON_VB]] as const) {
  const name = on.interfaceAlias;
  Deno.test(`read() and restore() go by what the interface is, ${name}`, () => {
    const row = rowOf(on, "fe80::1", THEIRS);
    const { backend } = backendOver(new FakeTable([VA, VB], [row]));
    const entries = entriesOn(bound, "FE80:0::1", "fe80::2");
    assertEquals(backend.read(entries, 0), row);
    assertEquals(backend.read(entries, 1), undefined);
    const before = { ...row, linkLayerAddress: OURS } as const;
    backend.restore(before);
    assertEquals(backend.read(entries, 0), before);
  });

  Deno.test(`scan() hands out the rows of one family on ${name}, as octets`, () => {
    const others = on === VA ? VB : VA;
    const rows = [
      rowOf(on, "10.0.0.1", THEIRS),
      rowOf(on, "10.0.0.2", null, "failed"),
      rowOf(on, "fe80::1", OURS, "stale"),
      rowOf(others, "10.0.0.1", OURS),
    ];
    const fake = new FakeTable([VA, VB], rows);
    const filters: NeighborFilter[] = [];
    const list = fake.list.bind(fake);
    fake.list = (filter = {}) => {
      filters.push(filter);
      return list(filter);
    };
    const { backend } = backendOver(fake);
    const scan = (family: "ipv4" | "ipv6", where: BoundInterface | null) => {
      const told: unknown[] = [];
      const filter = { proxy: false, mayRepeat: true, given: null };
      backend.scan({ family, on: where, ...filter }, {
        begin: () => void told.push("begin"),
        row: (raw: RawRow) => void told.push(octetsOf(raw), raw.neighbor()),
      });
      return told;
    };
    const key = bound.key;
    assertEquals(scan("ipv4", bound), [
      "begin",
      [key, "0a000001", "02ee00000001", "permanent", false],
      rows[0],
      [key, "0a000002", "", "failed", false],
      rows[1],
    ]);
    assertEquals(scan("ipv6", bound), [
      "begin",
      [
        ...[key, "fe800000000000000000000000000001", "02fc00000005"],
        ...["stale", false],
      ],
      rows[2],
    ]);
    assertEquals(scan("ipv4", null).length, 7);
    const { index, luid } = bound;
    const names = luid === 0n
      ? { interfaceIndex: index }
      : { interfaceIndex: index, interfaceLuid: luid };
    assertEquals(filters, [
      { family: "ipv4", ...names },
      { family: "ipv6", ...names },
      { family: "ipv4" },
    ]);
  });
}

function octetsOf(row: RawRow): unknown[] {
  const { octets, addressStart, addressEnd } = row;
  const { linkLayerStart, linkLayerEnd } = row;
  return [
    row.interfaceKey,
    octets.slice(addressStart, addressEnd).toHex(),
    octets.slice(linkLayerStart, linkLayerEnd).toHex(),
    row.state,
    row.isProxy,
  ];
}

Deno.test("scan() requests and returns proxy entries", () => {
  const { table } = ownTableOver(new FakeTable([VA]));
  const row = { ...rowOf(VA, "10.0.0.1", null, "none"), flags: ["proxy"] };
  const filters: unknown[] = [];
  const backend = new TableBackend({
    ...table,
    list: (filter) => {
      filters.push(filter);
      return [row as never];
    },
  });
  const told: boolean[] = [];
  const how = { on: null, proxy: true, mayRepeat: false, given: null };
  backend.scan({ family: "ipv4", ...how }, {
    begin() {},
    row: (raw) => void told.push(raw.isProxy),
  });
  assertEquals([filters, told], [[{ family: "ipv4", proxy: true }], [true]]);
});

Deno.test("write() makes all pending changes in one call, and records each outcome", () => {
  const fake = new FakeTable([VA], [
    ...["10.0.0.1", "10.0.0.3", "10.0.0.5"].map((one) =>
      rowOf(VA, one, THEIRS)
    ),
    rowOf(VA, "10.0.0.4", OURS),
  ]);
  const given: NeighborChange[][] = [];
  const change = fake.change.bind(fake);
  fake.change = (changes) => {
    given.push([...changes]);
    return change(changes);
  };
  const { backend } = backendOver(fake);
  const addresses = Array.from({ length: 9 }, (_, i) => `10.0.0.${i}`);
  const entries = entriesOn(ON_VA, ...addresses);
  entries.verbs.set([
    ...[NONE, SET, CREATE, REPLACE, REPLACE, DELETE, REPLACE],
    ...[SET, CREATE],
  ]);
  entries.outcomes[8] = REFUSED;
  // Not those before nor behind
  backend.write(entries, 2, 2);
  assertEquals(given, []);
  backend.write(entries, 0, 9);
  assertEquals([...entries.outcomes.subarray(0, 9)], [
    ...[PENDING, CHANGED, CREATED, CHANGED, UNCHANGED, DELETED, CREATED],
    ...[REFUSED, REFUSED],
  ]);
  assertEquals([...entries.errors.keys()], [7]);
  assertEquals(entries.errors.get(7)?.code, "NOT_FOUND");
  assertEquals(entries.previous.get(3)?.linkLayerAddress, THEIRS);
  assertEquals(given.length, 1);
  assertEquals(given[0]!.map(({ verb }) => verb), [
    ...["set", "create", "replace", "replace", "delete", "replace", "set"],
  ]);
  // A key names nothing but the entry
  assertEquals<unknown>(given[0]![4], {
    verb: "delete",
    address: "10.0.0.5",
    interfaceIndex: 2,
  });
  assertEquals<unknown>(given[0]![0], {
    verb: "set",
    address: "10.0.0.1",
    interfaceIndex: 2,
    linkLayerAddress: OURS,
  });
});

Deno.test("write() distinguishes an unknown outcome from a refusal", () => {
  const { table } = ownTableOver(new FakeTable([VA]));
  const error = new NeighborError("UNKNOWN_OUTCOME", "Lost");
  const results: ChangeResult[] = [
    { outcome: "unknown", error },
    { outcome: "refused", error },
  ];
  const backend = new TableBackend({ ...table, change: () => results });
  const entries = entriesOn(ON_VA, "10.0.0.1", "10.0.0.2");
  entries.verbs.fill(SET);
  backend.write(entries, 0, 2);
  assertEquals([...entries.outcomes.subarray(0, 2)], [UNKNOWN, REFUSED]);
  assertStrictEquals(entries.errors.get(0), error);
});

Deno.test("a row of a caller's table has its protocol, or 0", () => {
  const plain = rowOf(VA, "10.0.0.1", OURS);
  const row = new TableRow();
  for (
    const [protocol, number] of [[42, 42], [null, 0], [undefined, 0]] as const
  ) {
    row.read(protocol === undefined ? plain : { ...plain, protocol });
    assertEquals(row.protocol, number);
  }
});

Deno.test("a row with invalid text is refused", () => {
  const { table } = ownTableOver(new FakeTable([VA]));
  const entries = new EntryList();
  parseKey(entries, { address: "10.0.0.1", interfaceIndex: 2 });
  for (const change of [{ address: "10.0.0" }, { linkLayerAddress: "0g" }]) {
    const row = { ...rowOf(VA, "10.0.0.1", OURS), ...change };
    const backend = new TableBackend({ ...table, list: () => [row] });
    const how = { on: null, proxy: false, mayRepeat: false, given: null };
    assertThrows(
      () => backend.scan({ family: "ipv4", ...how }, { begin() {}, row() {} }),
      NeighborError,
      "Cannot parse",
    );
  }
});

Deno.test("a removal is looked up in a caller's table, whose list() may lack rows", async () => {
  const pruned = rowOf(VA, "10.0.0.9", THEIRS);
  const fake = new FakeTable([VA], [pruned]);
  fake.fake.write = (entries, from, to) => {
    for (let i = from; i < to; i++) {
      if (entries.verbs[i] !== DELETE) continue;
      // Accepted, and not done
      entries.outcomes[i] = DELETED;
      fake.loses = () => true;
    }
  };
  const { table } = ownTableOver(fake);
  fake.put(rowOf(VA, "10.0.0.1", OURS));
  const { entries } = await applyNeighbors(
    [{ address: "10.0.0.1", linkLayerAddress: OURS, interfaceAlias: "va" }],
    { table, prune: true, keepGoing: true },
  );
  assertEquals(entries.map(({ outcome }) => outcome), ["unchanged", "refused"]);
  assertEquals(entries[1]?.error?.code, "UNCONFIRMED");
});
