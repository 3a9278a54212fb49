import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { interfaceOf } from "../helpers/fake_table.ts";
import { pinsOn, rowsOn } from "../property/pins.ts";
import { Guarding, Pair } from "../helpers/linux/guarding.ts";
import {
  ipBatch,
  isPrunable,
  keyOn,
  seed,
  type Standing,
  standing,
  wantedBy,
} from "../helpers/linux/model.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

const DEVICES = [DEVICE, "vx"] as const;

/** A change by another program: of one address, or of a link. */
interface Deed {
  readonly line: string;
  /** The tables after the change, without a guard. */
  readonly on: (rows: Standing) => void;
  /** What it makes permanent. */
  readonly pins?: string;
}

const ADDRESSES = [
  ...["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "239.1.2.3"],
  ...["2001:db8::1", "2001:db8::4", "fe80::1", "ff02::5"],
];

const DEED: fc.Arbitrary<Deed> = fc.record({
  device: fc.constantFrom(...DEVICES),
  address: fc.constantFrom(...ADDRESSES),
  linkLayer: fc.constantFrom("02:fc:00:00:00:01", "02:ee:00:00:00:06"),
  what: fc.constantFrom(
    ...["permanent", "permanent", "stale", "reachable", "noarp", "del"],
    ...["del", "failed", "down"],
  ),
}).map(({ device, address, linkLayer, what }): Deed => {
  const key = keyOn(device, address);
  const words = `${address} lladdr ${linkLayer} dev ${device}`;
  if (what === "failed") {
    const line = `neigh replace ${address} nud failed dev ${device}`;
    return { line, on: (rows) => rows.delete(key) };
  }
  if (what === "del") {
    // Made first: to remove what is not there would end the batch
    const line = `neigh replace ${words} nud stale\n` +
      `neigh del ${address} dev ${device}`;
    return { line, on: (rows) => rows.delete(key) };
  }
  if (what === "down") {
    return {
      line: `link set ${device} down\nlink set ${device} up`,
      on(rows) {
        for (const each of rows.keys()) {
          if (each.startsWith(`${device} `)) rows.delete(each);
        }
      },
    };
  }
  return {
    line: `neigh replace ${words} nud ${what}`,
    on: (rows) => rows.set(key, `${linkLayer} ${what}`),
    ...(what === "permanent" && { pins: key }),
  };
});

/** Some at a time, with some milliseconds in between. */
const DEEDS = fc.array(
  fc.record({
    deeds: fc.array(DEED, { minLength: 1, maxLength: 8 }),
    milliseconds: fc.nat(40),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What the tables are to be once the guard has had its time. */
function guarded(
  foreign: Standing,
  pins: readonly NeighborEntry[],
  prune: boolean,
  nameOf: (index: number) => string,
): Standing {
  const after: Standing = new Map(foreign);
  const wanted = pins.map((entry) => wantedBy(entry, nameOf));
  const named = new Set(wanted.map(({ device }) => device));
  for (const [key, words] of prune ? foreign : []) {
    const isNamed = named.has(key.split(" ")[0]!);
    if (isNamed && isPrunable(key, words)) after.delete(key);
  }
  for (const { key, linkLayerAddress } of wanted) {
    after.set(key, `${linkLayerAddress} permanent`);
  }
  return after;
}

/** Each entry's repairs are counted one by one, and 100 ms apart. */
function checkRepairs({ events, times }: Guarding): number {
  const last = new Map<string, { repairs: number; time: number }>();
  let repaired = 0;
  for (const [i, event] of events.entries()) {
    // Overwritten before it was read back
    if (event.type === "refused") assertEquals(event.error.code, "OTHER");
    else if (event.type !== "repaired") assertEquals(event.type, "applied");
    if (event.type !== "repaired") continue;
    repaired++;
    const { entry, repairs, found, outcome } = event;
    const key = JSON.stringify([
      ...[entry.address, entry.interfaceAlias, entry.interfaceIndex],
    ]);
    const before = last.get(key);
    assertEquals(repairs, (before?.repairs ?? 0) + 1);
    const gap = times[i]! - (before?.time ?? -Infinity);
    assert(gap >= 95, `${gap} ms from repair to repair`);
    assertEquals(outcome === "created", found === null);
    last.set(key, { repairs, time: times[i]! });
  }
  return repaired;
}

networkTest(
  "random changes by another program: the guard ends with its pins in sync",
  async ({ table }) => {
    using _ = new Pair("vx");
    const interfaces = DEVICES.map((name) => {
      const [link] = JSON.parse(ip(`-j link show dev ${name}`));
      return interfaceOf(link.ifindex, name);
    });
    const nameOf = (index: number) =>
      interfaces.find((one) => one.interfaceIndex === index)!.interfaceAlias;
    let repaired = 0;
    await fc.assert(
      fc.asyncProperty(
        pinsOn(interfaces),
        rowsOn(interfaces),
        DEEDS,
        fc.boolean(),
        async (pins, rows, rounds, prune) => {
          await seed(DEVICES, rows);
          await using guarding = await Guarding.begin(pins, { table, prune });
          const foreign = standing(DEVICES);
          for (const { deeds, milliseconds } of rounds) {
            // The guard may have removed the row already
            fc.pre(await ipBatch(deeds.map(({ line }) => line)));
            for (const { on } of deeds) on(foreign);
            await pause(milliseconds);
          }
          const after = guarded(foreign, pins, prune, nameOf);
          // One that was permanent may have been made dynamic the very moment
          // it was removed: the kernel knows no removal under a condition
          const doubtful = rounds.flatMap(({ deeds }) => deeds)
            .map(({ pins }) => pins).filter((key) =>
              prune && /stale|reachable|noarp/.test(after.get(key!) ?? "")
            );
          const sorted = (all: Standing) =>
            [...all].filter(([key]) => !doubtful.includes(key)).toSorted();
          const isSo = () =>
            sorted(standing(DEVICES)).join() === sorted(after).join();
          const end = performance.now() + 30_000;
          while (!isSo() && performance.now() < end) await pause(5);
          assertEquals(sorted(standing(DEVICES)), sorted(after));
          const { repairs } = await guarding.end();
          assertEquals(repairs, checkRepairs(guarding));
          repaired += repairs;
        },
      ),
      { numRuns: 40 },
    );
    assert(repaired > 100, `${repaired} repairs`);
  },
);
