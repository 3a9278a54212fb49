import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ScanFilter } from "../../ffi/backend.ts";
import { bindAll } from "../../ffi/bind.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import {
  ABSENT,
  bindDesired,
  CONFLICTING,
  DYNAMIC,
  IN_SYNC,
  observe,
  readStanding,
} from "../../reconcile/observe.ts";
import { readRows } from "../../reconcile/rows.ts";
import { FakeBackend, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const [VA, VB, VC] = [2, 3, 4].map((index, i) =>
  interfaceOf(index, `v${"abc"[i]}`)
) as [NetworkInterface, NetworkInterface, NetworkInterface];
const LO = interfaceOf(1, "lo");
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";

/** A backend that remembers what it was asked. */
class Asked extends FakeBackend {
  readonly scans: Omit<ScanFilter, "given">[] = [];
  readonly reads: string[] = [];
  readonly checks: string[] = [];

  constructor(rows: readonly Neighbor[]) {
    super([LO, VA, VB, VC]);
    for (const row of rows) {
      this.rows.set(`${row.interfaceIndex} ${row.address}`, row);
    }
  }

  override scan(
    filter: ScanFilter,
    visitor: Parameters<FakeBackend["scan"]>[1],
  ): void {
    const { given: _, ...asked } = filter;
    this.scans.push(asked);
    super.scan(filter, visitor);
  }

  override read(entries: EntryList, position: number): Neighbor | undefined {
    this.reads.push(entries.address(position));
    return super.read(entries, position);
  }

  override check(entries: EntryList, position: number): void {
    this.checks.push(entries.address(position));
    super.check(entries, position);
  }
}

function listOf(...desired: readonly NeighborEntry[]): EntryList {
  const entries = new EntryList();
  for (const one of desired) parseEntry(entries, one);
  return entries;
}

function pin(
  address: string,
  interfaceAlias = "va",
  linkLayerAddress = OURS,
): NeighborEntry {
  return { address, linkLayerAddress, interfaceAlias };
}

const ROWS = [
  rowOf(VA, "10.0.0.1", OURS),
  rowOf(VA, "10.0.0.2", THEIRS),
  rowOf(VA, "10.0.0.3", OURS, "stale"),
  rowOf(VA, "10.0.0.4", null, "failed"),
  rowOf(VA, "10.0.0.9", OURS),
  rowOf(VA, "fe80::1", OURS),
  rowOf(VB, "10.0.0.5", OURS),
  rowOf(VC, "10.0.0.6", OURS),
];
const PINS = [1, 2, 3, 4, 5].map((i) => pin(`10.0.0.${i}`));

Deno.test("observe() compares each entry with the row of its interface", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(...PINS, pin("fe80::1"), pin("fe80::2"));
  const { positions } = bindDesired(backend, entries);
  const { standing, current, others, refusals } = observe(
    backend,
    entries,
    positions,
    { withOthers: false },
  );
  assertEquals([...standing], [
    ...[IN_SYNC, CONFLICTING, DYNAMIC, DYNAMIC, ABSENT, IN_SYNC, ABSENT],
  ]);
  assertEquals(current, [...ROWS.slice(0, 4), undefined, ROWS[5], undefined]);
  assertEquals([others, refusals.size], [[], 0]);
  // All on one interface: only that is read, and no proxy entries
  const { key } = entries.on(0);
  assertEquals(backend.scans.map(({ on, ...filter }) => [on?.key, filter]), [
    [key, { family: "ipv4", proxy: false, mayRepeat: true }],
    [key, { family: "ipv6", proxy: false, mayRepeat: true }],
  ]);
  assertEquals(backend.reads, []);
});

Deno.test("observe() returns the other rows of the interfaces, where asked", () => {
  for (
    const [desired, withOthers, expected] of [
      [[pin("10.0.0.1")], false, []],
      [[pin("10.0.0.1")], true, ROWS.slice(1, 6)],
      [[pin("10.0.0.1"), pin("10.0.0.7", "vb")], true, ROWS.slice(1, 7)],
      [[pin("10.0.0.6", "vc")], true, []],
    ] as const
  ) {
    const backend = new Asked(ROWS);
    const entries = listOf(...desired);
    const { positions } = bindDesired(backend, entries);
    const observed = observe(backend, entries, positions, { withOthers });
    assertEquals(
      observed.others.toSorted((a, b) => ROWS.indexOf(a) - ROWS.indexOf(b)),
      [...expected],
    );
    const isSole = desired.every((one) =>
      one.interfaceAlias === desired[0]!.interfaceAlias
    );
    assertEquals(backend.scans.every(({ on }) => on !== null), isSole);
  }
});

Deno.test("observe() takes no two rows for one: an IPv6 address may spell the number of an IPv4 one", () => {
  // 1.2.3.4 is 16909060, and 0x31 is the character 1
  const rows = ["1.2.3.4", "31:36:39:30:39:30:36:30"].map((address) =>
    rowOf(VA, address, THEIRS)
  );
  const entries = listOf(pin("10.0.0.1"));
  const backend = new Asked(rows);
  const { positions } = bindDesired(backend, entries);
  const { others } = observe(backend, entries, positions, { withOthers: true });
  assertEquals(others, rows);
});

Deno.test("observe() looks up what seems absent, where that is asked and a scan may lack rows", () => {
  for (
    const [verifyAbsent, snapshot, reads] of [
      [true, false, ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5"]],
      [false, false, []],
      [true, true, []],
    ] as const
  ) {
    const backend = new Asked(ROWS);
    backend.isSnapshot = snapshot;
    backend.loses = (row) => row.address !== "10.0.0.4";
    const entries = listOf(...PINS);
    const { positions } = bindDesired(backend, entries);
    const { standing, current } = observe(backend, entries, positions, {
      withOthers: false,
      verifyAbsent,
    });
    assertEquals(backend.reads, [...reads]);
    const found = reads.length > 0;
    assertEquals([...standing], [
      ...(found ? [IN_SYNC, CONFLICTING, DYNAMIC] : [ABSENT, ABSENT, ABSENT]),
      ...[DYNAMIC, ABSENT],
    ]);
    const rows = found ? ROWS.slice(0, 3) : [undefined, undefined, undefined];
    assertEquals(current, [...rows, ROWS[3], undefined]);
  }
});

Deno.test("observe() checks the rules once per interface, family and length", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(
    pin("10.0.0.1"), // in sync: not asked for
    pin("10.0.0.2"),
    pin("10.0.0.3"),
    pin("fe80::2"),
    pin("fe80::3"),
    pin("10.0.1.1", "vb"),
    pin("10.0.1.2", "vb"),
    pin("10.0.1.3", "va", "02:fc"),
    pin("10.0.1.4", "va", "02:fc"),
    pin("10.0.1.5"),
    pin("10.0.1.6", "nowhere"),
    pin("10.0.1.7", "nowhere"),
  );
  const { positions } = bindDesired(backend, entries);
  const { refusals } = observe(backend, entries, positions, {
    withOthers: false,
  });
  assertEquals(backend.checks, [
    ...["10.0.0.2", "fe80::2", "10.0.1.1"],
    // Each refused entry has its own error
    ...["10.0.1.3", "10.0.1.4"],
  ]);
  assertEquals(
    [...refusals].map(([position, { code }]) => [position, code]),
    [
      [7, "INVALID_PARAMETER"],
      [8, "INVALID_PARAMETER"],
      [10, "INTERFACE_NOT_FOUND"],
      [11, "INTERFACE_NOT_FOUND"],
    ],
  );
});

Deno.test("observe() reads nothing where every interface is missing", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(pin("10.0.0.1", "nowhere"));
  const { positions } = bindDesired(backend, entries);
  const { refusals } = observe(backend, entries, positions, {
    withOthers: true,
  });
  assertEquals([backend.scans, refusals.size], [[], 1]);
});

Deno.test("readStanding() compares as observe() does, and keeps no others", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(...PINS);
  const { positions } = bindDesired(backend, entries);
  const { standing } = readStanding(backend, entries, positions);
  assertEquals([...standing], [
    ...[IN_SYNC, CONFLICTING, DYNAMIC, DYNAMIC, ABSENT],
  ]);
});

/** Entries 10.1.x.y and, at the end, an IPv6 one; their rows. */
function many(count: number, hasIpv6: boolean) {
  const pins = Array.from(
    { length: count },
    (_, i) =>
      hasIpv6 && i === count - 1
        ? pin("fd00::7")
        : pin(`10.1.${i >> 8}.${i & 255}`),
  );
  const rows = pins.map((one) => rowOf(VA, one.address, THEIRS));
  const entries = listOf(...pins);
  const backend = new Asked(rows);
  bindAll(backend, entries);
  const chosen = pins.map((_, i) => i);
  return { backend, entries, chosen, rows };
}

Deno.test("readRows() looks up few, and scans for many", () => {
  for (const count of [1, 128, 129]) {
    const { backend, entries, chosen, rows } = many(count, false);
    assertEquals([...readRows(backend, entries, chosen).values()], rows);
    const isScanned = count > 128;
    assertEquals(
      backend.scans.map(({ on, ...filter }) => [on, filter]),
      isScanned
        ? [[null, { family: "ipv4", proxy: false, mayRepeat: true }]]
        : [],
    );
    assertEquals(backend.reads.length, isScanned ? 0 : count);
  }
});

Deno.test("readRows() of a snapshot scans always, and looks up nothing", () => {
  const { backend, entries, rows } = many(3, true);
  backend.isSnapshot = true;
  backend.loses = (row) => row.address === "10.1.0.0";
  assertEquals([...readRows(backend, entries, [0, 2])], [[2, rows[2]!]]);
  assertEquals(backend.scans.map(({ family }) => family), ["ipv4", "ipv6"]);
  assertEquals(backend.reads, []);
  assertEquals(readRows(backend, entries, []).size, 0);
  assertEquals(backend.scans.length, 2);
  assertEquals([...readRows(backend, entries, [1])], [[1, rows[1]!]]);
});

Deno.test("readRows() looks up rows that a scan lacks", () => {
  const { backend, entries, chosen, rows } = many(200, true);
  backend.loses = (row) => row.address === "10.1.0.7";
  const found = readRows(backend, entries, chosen);
  assertEquals(chosen.map((i) => found.get(i)), rows);
  assertEquals(backend.reads, ["10.1.0.7"]);
});

Deno.test("readRows() returns no row only for a missing interface", () => {
  const { backend, entries } = many(1, false);
  const fails = (code: NeighborError["code"]) => {
    backend.read = () => {
      throw new NeighborError(code, "No");
    };
    return readRows(backend, entries, [0]);
  };
  assertEquals(fails("INTERFACE_NOT_FOUND").size, 0);
  const error = assertThrows(() => fails("OTHER"), NeighborError);
  assert(error.code === "OTHER");
});

Deno.test("bindDesired() treats missing interfaces as different ones", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(
    ...["lo", "va", "no", "none", "never", "nowhere"].map((name) =>
      pin("10.0.0.1", name)
    ),
    pin("10.0.0.1", "none"),
  );
  const { duplicates } = bindDesired(backend, entries);
  assertEquals(
    duplicates.map(({ position, first }) => [position, first]),
    [[6, 3]],
  );
});

Deno.test("bindDesired() reports whether duplicate entries agree", () => {
  const backend = new Asked(ROWS);
  const entries = listOf(
    pin("10.0.0.1"),
    pin("10.0.0.1"),
    pin("10.0.0.2"),
    pin("10.0.0.2", "va", THEIRS),
  );
  const { duplicates } = bindDesired(backend, entries);
  assertEquals(
    duplicates.map(({ position, first, error }) => [
      position,
      first,
      error.message,
      error.entry === entries.given[position],
    ]),
    [
      [
        1,
        0,
        '10.0.0.1 on interface "va" is given twice: it is the same entry again',
        true,
      ],
      [
        3,
        2,
        '10.0.0.2 on interface "va" is given twice: ' +
        `once as ${OURS}, once as ${THEIRS}`,
        true,
      ],
    ],
  );
});
