import { assertEquals, assertThrows } from "@std/assert";
import type { AppliedEntry, ApplyOutcome, Neighbor } from "../../mod.ts";
import {
  assertAgrees,
  disagreements,
  inWords,
  type Snapshot,
  type WitnessRow,
} from "../helpers/linux/witness.ts";

const OURS: WitnessRow = {
  lladdr: "02:fc:00:00:00:05",
  state: "PERMANENT",
  flags: [],
  protocol: null,
};
const THEIRS: WitnessRow = { ...OURS, lladdr: "02:ee:00:00:00:06" };
const ZEBRA: WitnessRow = { ...THEIRS, protocol: "zebra" };
const MANAGED: WitnessRow = {
  ...THEIRS,
  state: "LEARNT",
  flags: ["managed"],
};
const LEARNT: WitnessRow = { ...MANAGED, flags: [] };

/** Device 7 is d0, with that row of 10.9.0.7. */
function withRow(row: WitnessRow | null, index = 7): Snapshot {
  return {
    devices: new Map([["d0", index], ["uplink", index]]),
    rows: new Map(row === null ? [] : [[`${index} 10.9.0.7`, row]]),
  };
}

function told(outcome: ApplyOutcome, interfaceAlias = "d0"): AppliedEntry {
  const linkLayerAddress = OURS.lladdr!;
  const entry = { address: "10.9.0.7", linkLayerAddress, interfaceAlias };
  return { entry, outcome, previous: null, error: null };
}

/** What was there, what is there, and what may be said of that. */
const CASES: readonly (readonly [
  WitnessRow | null,
  WitnessRow | null,
  string,
])[] = [
  [null, null, "removed restored refused untouched forgotten"],
  [null, OURS, "created lost"],
  [null, THEIRS, "foreign lost"],
  [OURS, OURS, "unchanged restored refused untouched"],
  [THEIRS, OURS, "changed lost"],
  [THEIRS, THEIRS, "restored refused untouched"],
  [THEIRS, null, "removed forgotten foreign lost"],
  [ZEBRA, ZEBRA, "restored refused untouched"],
  [ZEBRA, THEIRS, "foreign lost"],
  [MANAGED, LEARNT, "removed foreign lost"],
  [MANAGED, MANAGED, "removed restored refused untouched"],
];

const OUTCOMES: readonly ApplyOutcome[] = [
  ...["created", "changed", "unchanged", "removed", "restored"] as const,
  ...["refused", "untouched", "forgotten", "foreign", "lost"] as const,
];

for (const [then, now, may] of CASES) {
  const [was, is] = [then, now].map((row) => inWords(row ?? undefined));
  Deno.test(`the witness: it was ${was}, it is ${is}`, () => {
    const [before, after] = [withRow(then), withRow(now)];
    const believed = OUTCOMES.filter((outcome) =>
      disagreements([told(outcome)], before, after).length === 0
    );
    assertEquals(believed.join(" "), may);
    // Of a row that nobody speaks of
    const isSo = disagreements([], before, after).length === 0;
    assertEquals(isSo, was === is);
  });
}

Deno.test("the witness: a change names the row found", () => {
  const previous = { linkLayerAddress: THEIRS.lladdr } as Neighbor;
  const one: AppliedEntry = { ...told("changed"), previous };
  assertEquals(disagreements([one], withRow(THEIRS), withRow(OURS)), []);
  // It came and was found between the witness's look and the change
  assertEquals(disagreements([one], withRow(null), withRow(OURS)), []);
  assertEquals(disagreements([one], withRow(OURS), withRow(THEIRS)).length, 1);
});

Deno.test("the witness identifies a device by its former name", () => {
  const [before, after] = [withRow(null), withRow(OURS)];
  assertEquals(disagreements([told("created", "uplink")], before, after), []);
  const both: Snapshot = {
    devices: new Map([["e0", 7], ["d0", 8]]),
    rows: after.rows,
  };
  assertEquals(disagreements([told("created")], before, both), []);
  const other: Snapshot = { ...both, rows: withRow(OURS, 8).rows };
  // Once as it is not where it was to be, once as it is where nobody said
  assertEquals(disagreements([told("created")], before, other).length, 2);
});

Deno.test("the witness: a removed device has no rows", () => {
  const gone: Snapshot = { devices: new Map([["d0", 8]]), rows: new Map() };
  for (const outcome of OUTCOMES) {
    const isClaim = /^(created|changed|unchanged)$/.test(outcome);
    assertEquals(
      disagreements([told(outcome)], withRow(null), gone).length,
      isClaim ? 1 : 0,
      outcome,
    );
  }
  const entries = [told("created")];
  assertThrows(
    () => assertAgrees({ entries }, withRow(null), gone),
    Error,
    "disagree on 1 of 1",
  );
});
