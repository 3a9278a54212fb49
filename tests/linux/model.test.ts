import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type ApplyReport,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { interfaceOf } from "../helpers/fake_table.ts";
import { pinsOn, rowsOn } from "../property/pins.ts";
import { Pair } from "../helpers/linux/guarding.ts";
import {
  assertStanding,
  isPrunable,
  seed,
  type Standing,
  standing,
  wantedBy,
} from "../helpers/linux/model.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";

/** Where a pin may be, where nobody pins, and where IPv6 is disabled. */
const DEVICES = [DEVICE, "vx", "vx-far", "vz"] as const;
const LINK_LAYER = "02:fc:00:00:00:01";

/** What is refused: by a rule of the device, by the kernel, before anything. */
const REFUSED: readonly NeighborEntry[] = [
  {
    address: "10.7.0.1",
    linkLayerAddress: `${LINK_LAYER}:07`,
    interfaceAlias: DEVICE,
  },
  {
    address: "2001:db8::77",
    linkLayerAddress: LINK_LAYER,
    interfaceAlias: "vz",
  },
  { address: "10.7.0.3", linkLayerAddress: LINK_LAYER, interfaceAlias: "lo" },
  {
    address: "10.7.0.4",
    linkLayerAddress: LINK_LAYER,
    interfaceAlias: "nowhere",
  },
];

function indexOf(device: string): number {
  return JSON.parse(ip(`-j link show dev ${device}`))[0].ifindex;
}

/** The devices of this test, and what is drawn from them. */
function devices() {
  const far = new Pair("vx");
  const disabled = new Pair("vz");
  Deno.writeTextFileSync("/proc/sys/net/ipv6/conf/vz/disable_ipv6", "1");
  const all = DEVICES.map((name) => interfaceOf(indexOf(name), name));
  const [here, there] = all;
  const names = new Map(
    all.map((one) => [one.interfaceIndex, one.interfaceAlias]),
  );
  return {
    // Rows are everywhere, but for IPv6 on the last; pins on the first two
    rows: rowsOn(all).map((rows) =>
      rows.filter((row) => row.interfaceAlias !== "vz" || row.family === "ipv4")
    ),
    pins: pinsOn([here!, there!]),
    nameOf: (index: number) => names.get(index)!,
    [Symbol.dispose]() {
      far[Symbol.dispose]();
      disabled[Symbol.dispose]();
    },
  };
}

/** Pins, and among them those that are refused, at any place. */
function mixed(
  pins: fc.Arbitrary<NeighborEntry[]>,
): fc.Arbitrary<NeighborEntry[]> {
  const bad = fc.array(fc.tuple(fc.nat(11), fc.nat(REFUSED.length - 1)), {
    maxLength: 2,
  });
  return fc.tuple(pins, bad).map(([good, places]) => {
    const all = [...good];
    for (const [at, which] of places) {
      const one = REFUSED[which]!;
      if (!all.includes(one)) all.splice(at, 0, one);
    }
    return all;
  });
}

/** What the tables are to be where all that can be applied is. */
function applied(
  before: Standing,
  desired: readonly NeighborEntry[],
  prune: boolean,
  nameOf: (index: number) => string,
): Standing {
  const after: Standing = new Map(before);
  const wanted = desired.map((entry) => ({
    entry,
    ...wantedBy(entry, nameOf),
  }));
  const named = new Set(wanted.map(({ device }) => device));
  const keys = new Set(wanted.map(({ key }) => key));
  for (const [key, words] of prune ? before : []) {
    const isNamed = named.has(key.split(" ")[0]!);
    if (isNamed && !keys.has(key) && isPrunable(key, words)) after.delete(key);
  }
  for (const { entry, key, linkLayerAddress } of wanted) {
    if (!REFUSED.includes(entry)) {
      after.set(key, `${linkLayerAddress} permanent`);
    }
  }
  return after;
}

/** What they are to be where all was put back: what was learnt is older. */
function putBack(
  before: Standing,
  { entries }: ApplyReport,
  nameOf: (index: number) => string,
): Standing {
  const after: Standing = new Map(before);
  for (const { entry, outcome, previous } of entries) {
    if ("state" in entry) {
      assertEquals(outcome, "untouched");
      continue;
    }
    if (REFUSED.includes(entry)) {
      // Untouched where another was refused before anything was changed
      assert(outcome === "refused" || outcome === "untouched", outcome);
      continue;
    }
    const { key } = wantedBy(entry, nameOf);
    const words = before.get(key);
    if (outcome === "restored" && words !== undefined) {
      after.set(key, words.replace("reachable", "stale"));
    } else if (outcome === "forgotten") {
      // There was nothing to learn from it
      assertEquals([words, previous?.linkLayerAddress], [undefined, null]);
    } else {
      assert(
        ["restored", "untouched", "unchanged"].includes(outcome),
        outcome,
      );
    }
  }
  return after;
}

/** Applies; the report, and whether it was thrown. */
async function attempt(
  ...given: Parameters<typeof applyNeighbors>
): Promise<{ report: ApplyReport; error?: NeighborApplyError }> {
  try {
    return { report: await applyNeighbors(...given) };
  } catch (error) {
    if (!(error instanceof NeighborApplyError)) throw error;
    return { report: error.report, error };
  }
}

networkTest(
  "random pins on random tables: applied, or refused and rolled back",
  async ({ table }) => {
    using on = devices();
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        mixed(on.pins),
        on.rows,
        fc.boolean(),
        fc.boolean(),
        async (desired, rows, prune, keepGoing) => {
          await seed(DEVICES, rows);
          const before = standing(DEVICES);
          const options = { table, prune, keepGoing };
          const { report, error } = await attempt(desired, options);
          for (const { outcome } of report.entries) {
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          }
          const refused = desired.filter((one) => REFUSED.includes(one));
          const isRefused = refused.length > 0 && !keepGoing;
          assertEquals(error !== undefined, isRefused);
          const isTold = report.entries.some((one) => one.error !== null);
          assertEquals(isTold, refused.length > 0);
          const after = isRefused
            ? putBack(before, report, on.nameOf)
            : applied(before, desired, prune, on.nameOf);
          await assertStanding(DEVICES, after, "at first");
          // Again: what is so stays so
          const again = await attempt(desired, options);
          if (!isRefused) {
            for (const { entry, outcome } of again.report.entries) {
              const isBad = REFUSED.includes(entry as NeighborEntry);
              assertEquals(outcome, isBad ? "refused" : "unchanged");
            }
          }
          await assertStanding(
            DEVICES,
            isRefused ? putBack(after, again.report, on.nameOf) : after,
            "again",
          );
        },
      ),
      { numRuns: 200 },
    );
    // All of it was met
    const met = [...outcomes].filter(([, count]) => count >= 5)
      .map(([outcome]) => outcome);
    for (
      const outcome of [
        ...["created", "changed", "unchanged", "removed", "refused"],
        ...["untouched", "restored"],
      ]
    ) assert(met.includes(outcome), `${outcome}: ${[...outcomes]}`);
  },
);
