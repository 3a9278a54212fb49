import { assertEquals } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import type { FakeBackend } from "../helpers/fake_table.ts";
import {
  type Case,
  DELETED_ROW,
  KEY,
  LEARNT,
  MADE,
  OURS,
  PINNED,
  row,
  THEIRS,
  undone,
} from "../helpers/undone.ts";

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
