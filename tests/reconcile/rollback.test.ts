import { assertEquals } from "@std/assert";
import { bindAll } from "../../ffi/bind.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { addRow, parseEntry } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { rollBack } from "../../reconcile/rollback.ts";
import { FakeBackend, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(2, "va");
const KEY = "2 10.0.0.7";
const OURS = "02:fc:00:00:00:01";
const THEIRS = "02:ee:00:00:00:02";

function row(
  linkLayerAddress: string | null,
  state: Neighbor["state"] = "permanent",
  more: Partial<Neighbor> = {},
): Neighbor {
  return { ...rowOf(ON, "10.0.0.7", linkLayerAddress, state), ...more };
}

const MADE = row(OURS);
const PINNED = row("02:fc:00:00:00:03");
const LEARNT = row("02:fc:00:00:00:03", "reachable");
const DELETED_ROW = row(null, "unreachable");

/** What is undone, and what the system does. */
interface Case {
  readonly previous: Neighbor | undefined;
  readonly now: Neighbor | undefined;
  readonly isRefused?: boolean;
  readonly isRemoval?: boolean;
  /** In the place of what the table does when it is to put a row back. */
  readonly restore?: (fake: FakeBackend, row: Neighbor) => void;
  readonly refuse?: NeighborError;
}

/** The outcome, what it says, and the row that is there in the end. */
function undone(
  { previous, now, isRefused = false, isRemoval = false, restore, refuse }:
    Case,
) {
  const fake = new FakeBackend([ON]);
  const entries = new EntryList();
  const position = isRemoval
    ? addRow(entries, previous!)
    : parseEntry(entries, {
      address: "10.0.0.7",
      linkLayerAddress: OURS,
      interfaceAlias: "va",
    });
  bindAll(fake, entries);
  if (now !== undefined) fake.rows.set(KEY, now);
  if (restore !== undefined) fake.restore = (row) => restore(fake, row);
  fake.refuse = () => refuse;
  const change = { position, isRemoval, previous, isRefused };
  const [result] = rollBack(fake, entries, [change]);
  const { outcome, isUndone, error } = result!;
  const left = fake.rows.get(KEY);
  return {
    outcome,
    isUndone,
    left,
    error: error && `${error.code} ${error.message}`,
    cause: error,
  };
}

const stale = { ...LEARNT, state: "stale" } as const;

for (
  const [name, given, outcome, isUndone, left] of [
    [
      "what was created is removed",
      { previous: undefined, now: MADE },
      "restored",
      true,
      undefined,
    ],
    [
      "what was changed is as before",
      { previous: PINNED, now: MADE },
      "restored",
      true,
      PINNED,
    ],
    [
      "what was learnt is stale",
      { previous: LEARNT, now: MADE },
      "restored",
      true,
      stale,
    ],
    [
      "what was noarp is so again, of the same address",
      { previous: row(OURS, "noarp"), now: MADE },
      "restored",
      true,
      row(OURS, "noarp"),
    ],
    [
      "what is as before is left",
      { previous: PINNED, now: PINNED },
      "restored",
      false,
      PINNED,
    ],
    [
      "what is not there was not",
      { previous: undefined, now: undefined },
      "restored",
      false,
      undefined,
    ],
    [
      "a row without an address is none",
      { previous: undefined, now: DELETED_ROW },
      "restored",
      false,
      DELETED_ROW,
    ],
    [
      "a row that was none is removed",
      { previous: DELETED_ROW, now: MADE },
      "restored",
      true,
      undefined,
    ],
    [
      "in which state a learnt row is does not count",
      { previous: LEARNT, now: row("02:fc:00:00:00:03", "delay") },
      "restored",
      false,
      row("02:fc:00:00:00:03", "delay"),
    ],
    [
      "somebody else's is left",
      { previous: undefined, now: row(THEIRS) },
      "foreign",
      false,
      row(THEIRS),
    ],
    [
      "what somebody has removed is left",
      { previous: PINNED, now: undefined },
      "foreign",
      false,
      undefined,
    ],
    [
      "what somebody has made dynamic is left",
      { previous: PINNED, now: row(OURS, "stale") },
      "foreign",
      false,
      row(OURS, "stale"),
    ],
    [
      "a refused change that was made is undone",
      { previous: PINNED, now: MADE, isRefused: true },
      "restored",
      true,
      PINNED,
    ],
    [
      "a refused change that removed is undone",
      { previous: PINNED, now: undefined, isRefused: true },
      "restored",
      true,
      PINNED,
    ],
    [
      "a refused change that left a row without an address is undone",
      { previous: PINNED, now: DELETED_ROW, isRefused: true },
      "restored",
      true,
      PINNED,
    ],
    [
      "a refused change that put the address on what was learnt is undone",
      { previous: LEARNT, now: row(OURS, "stale"), isRefused: true },
      "restored",
      true,
      stale,
    ],
    [
      "a refused change has not made what was learnt meanwhile",
      { previous: LEARNT, now: row(THEIRS, "reachable"), isRefused: true },
      "foreign",
      false,
      row(THEIRS, "reachable"),
    ],
    [
      "a refused change has not made a dynamic row of a pinned one",
      { previous: PINNED, now: row(OURS, "reachable"), isRefused: true },
      "foreign",
      false,
      row(OURS, "reachable"),
    ],
    [
      "a refused change has not made a dynamic row of none",
      { previous: undefined, now: row(OURS, "reachable"), isRefused: true },
      "foreign",
      false,
      row(OURS, "reachable"),
    ],
    [
      "a refused change has not made a noarp row of a learnt one",
      { previous: LEARNT, now: row(OURS, "noarp"), isRefused: true },
      "foreign",
      false,
      row(OURS, "noarp"),
    ],
    [
      "what was pruned comes again",
      { previous: PINNED, now: undefined, isRemoval: true },
      "restored",
      true,
      PINNED,
    ],
    [
      "what was pruned and left a row without an address comes again",
      { previous: PINNED, now: DELETED_ROW, isRemoval: true },
      "restored",
      true,
      PINNED,
    ],
    [
      "what was pruned and made by somebody is left",
      { previous: PINNED, now: row(THEIRS), isRemoval: true },
      "foreign",
      false,
      row(THEIRS),
    ],
    [
      "a flag that was lost is put back",
      { previous: row(OURS, "permanent", { isRouter: true }), now: MADE },
      "restored",
      true,
      row(OURS, "permanent", { isRouter: true }),
    ],
    [
      "what the system forgets at once was learnt",
      {
        previous: LEARNT,
        now: MADE,
        restore: (fake: FakeBackend) => void fake.rows.clear(),
      },
      "forgotten",
      true,
      undefined,
    ],
    [
      "what the system leaves without an address was learnt",
      {
        previous: LEARNT,
        now: MADE,
        restore: (fake: FakeBackend) => void fake.rows.set(KEY, DELETED_ROW),
      },
      "forgotten",
      true,
      DELETED_ROW,
    ],
    [
      "what somebody writes meanwhile is theirs",
      {
        previous: PINNED,
        now: MADE,
        restore: (fake: FakeBackend) => void fake.rows.set(KEY, row(THEIRS)),
      },
      "foreign",
      true,
      row(THEIRS),
    ],
    [
      "what somebody writes meanwhile is theirs, of the kind before too",
      {
        previous: LEARNT,
        now: MADE,
        restore: (fake: FakeBackend) =>
          void fake.rows.set(KEY, row(THEIRS, "stale")),
      },
      "foreign",
      true,
      row(THEIRS, "stale"),
    ],
    [
      "what somebody writes meanwhile is theirs, of the address before too",
      {
        previous: LEARNT,
        now: MADE,
        restore: (fake: FakeBackend) => void fake.rows.set(KEY, PINNED),
      },
      "foreign",
      true,
      PINNED,
    ],
    [
      "what was gone already is gone",
      {
        previous: undefined,
        now: MADE,
        refuse: new NeighborError("NOT_FOUND", "Gone"),
      },
      "lost",
      true,
      MADE,
    ],
  ] as [string, Case, string, boolean, Neighbor | undefined][]
) {
  Deno.test(`rolling back: ${name}`, () => {
    const done = undone(given);
    assertEquals(
      [done.outcome, done.isUndone, done.left],
      [outcome, isUndone, left],
    );
    if (outcome !== "lost") assertEquals(done.error, undefined);
  });
}

Deno.test("rolling back is lost where the system says yes and does nothing", () => {
  for (const previous of [PINNED, LEARNT]) {
    const { outcome, isUndone, error, cause } = undone({
      previous,
      now: MADE,
      restore: () => {},
    });
    assertEquals([outcome, isUndone, error], [
      "lost",
      true,
      'UNCONFIRMED Cannot put back neighbor 10.0.0.7 on interface "va": the ' +
      `system answered success, yet it still has ${OURS}, permanent`,
    ]);
    assertEquals((cause?.entry as Neighbor).address, "10.0.0.7");
  }
});

Deno.test("rolling back is lost where not all of it comes back: it says what", () => {
  const previous = row("02:fc:00:00:00:03", "permanent", {
    isRouter: true,
    protocol: 11,
    flags: ["managed"],
  });
  const { outcome, error } = undone({
    previous,
    now: MADE,
    restore: (fake) => void fake.rows.set(KEY, PINNED),
  });
  assertEquals([outcome, error], [
    "lost",
    'UNCONFIRMED Cannot put back neighbor 10.0.0.7 on interface "va": the ' +
    "system answered success, yet router false, was true, " +
    "protocol none, was 11, flags none, was managed",
  ]);
});

Deno.test("rolling back is lost where the system refuses it, with its words", () => {
  const denied = new NeighborError("ACCESS_DENIED", "Not you");
  for (const previous of [PINNED, undefined]) {
    const { outcome, isUndone, cause, left } = undone({
      previous,
      now: MADE,
      refuse: denied,
    });
    assertEquals([outcome, isUndone, cause, left], [
      "lost",
      true,
      denied,
      MADE,
    ]);
  }
  // Refused, and yet as before: nothing is lost
  const { outcome, error } = undone({
    previous: PINNED,
    now: MADE,
    restore(fake) {
      fake.rows.set(KEY, PINNED);
      throw denied;
    },
  });
  assertEquals([outcome, error], ["restored", undefined]);
});

Deno.test("rolling back is lost where the interface has gone", () => {
  const gone = new NeighborError("INTERFACE_NOT_FOUND", "It has gone");
  const { outcome, isUndone, cause } = undone({
    previous: PINNED,
    now: MADE,
    restore(fake) {
      fake.rows.clear();
      throw gone;
    },
  });
  assertEquals([outcome, isUndone, cause], ["lost", true, gone]);
});

Deno.test("rolling back is lost where the table cannot be read, before or after", () => {
  const broken = new NeighborError("OTHER", "It cannot be read");
  for (const reads of [0, 2]) {
    const fake = new FakeBackend([ON]);
    const entries = new EntryList();
    const changes = ["10.0.0.7", "10.0.0.8"].map((address) => {
      const position = parseEntry(entries, {
        address,
        linkLayerAddress: OURS,
        interfaceAlias: "va",
      });
      fake.rows.set(`2 ${address}`, rowOf(ON, address, OURS));
      return {
        position,
        isRemoval: false,
        previous: undefined,
        isRefused: false,
      };
    });
    bindAll(fake, entries);
    const read = fake.read.bind(fake);
    let count = 0;
    fake.read = (...args) => {
      if (++count > reads) throw broken;
      return read(...args);
    };
    const isUndone = reads > 0;
    assertEquals(
      rollBack(fake, entries, changes),
      changes.map(() => ({ outcome: "lost", isUndone, error: broken })),
    );
    assertEquals(fake.rows.size, isUndone ? 0 : 2);
  }
});

Deno.test("rolling back several: each by itself, the last change first", () => {
  const fake = new FakeBackend([ON]);
  const entries = new EntryList();
  const changes = [undefined, PINNED, LEARNT, PINNED].map((before, i) => {
    const address = `10.0.0.${i}`;
    fake.rows.set(`2 ${address}`, rowOf(ON, address, i === 3 ? THEIRS : OURS));
    return {
      position: parseEntry(entries, {
        address,
        linkLayerAddress: OURS,
        interfaceAlias: "va",
      }),
      isRemoval: false,
      previous: before && { ...before, address },
      isRefused: false,
    };
  });
  bindAll(fake, entries);
  const order: string[] = [];
  fake.refuse = (_, address) => void order.push(address) as undefined;
  assertEquals(rollBack(fake, entries, changes), [
    { outcome: "restored", isUndone: true },
    { outcome: "restored", isUndone: true },
    { outcome: "restored", isUndone: true },
    { outcome: "foreign", isUndone: false },
  ]);
  assertEquals(order, ["10.0.0.2", "10.0.0.1", "10.0.0.0"]);
});
