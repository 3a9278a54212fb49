import { assert, assertEquals } from "@std/assert";
import {
  changeNeighbors,
  createNeighbor,
  deleteNeighbor,
  getNeighbor,
  type NeighborEntry,
  pinNeighbor,
  replaceNeighbor,
  setNeighbor,
} from "../../mod.ts";
import { counted, fickle, notOnce } from "../helpers/counted.ts";
import { Guarding, OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { applied, Midway, pinsOn } from "../helpers/linux/moving.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import {
  assertAgrees,
  assertAsBefore,
  outcomes,
  snapshot,
} from "../helpers/linux/witness.ts";

/** Pins that meet no row, a permanent one, a learnt one and their own. */
function fourPins(): NeighborEntry[] {
  const on = `dev ${DEVICE}`;
  ip(`neigh add ${addressOf(1)} lladdr ${THEIRS} nud permanent ${on}`);
  ip(`neigh add ${addressOf(2)} lladdr ${THEIRS} nud stale ${on}`);
  ip(`neigh add ${addressOf(3)} lladdr ${linkLayerOf(3)} nud permanent ${on}`);
  return pinsOn(DEVICE, 4);
}

/** What was not read just once, by entry. */
function counting(given: readonly NeighborEntry[]) {
  const all = given.map(counted);
  return {
    entries: all.map(({ object }) => object),
    notOnce: () => all.map(({ taken }, i) => notOnce(given[i]!, taken())),
  };
}

const NONE = [[], [], [], []];

networkTest(
  "an apply reads each member of an entry once",
  async ({ table }) => {
    const pins = counting(fourPins());
    await applied(pins.entries, { table });
    assertEquals(pins.notOnce(), NONE);
  },
);

networkTest(
  "an apply that is rolled back reads each member of an entry once",
  async ({ table }) => {
    const given = [...fourPins(), ...pinsOn(DEVICE, 3000, 4)];
    const pins = counting(given);
    const controller = new AbortController();
    const { signal } = controller;
    const midway = new Midway(() => controller.abort());
    const { progress } = midway;
    const { error } = await applied(pins.entries, { table, signal, progress });
    midway.assertActed();
    assertEquals(error?.report.entries.length, given.length);
    const found = pins.notOnce();
    assertEquals(found.flat().slice(0, 4), [], `${found.flat().length}`);
  },
);

networkTest(
  "an apply that is refused reads each member of an entry once",
  async ({ table }) => {
    const bad = { ...pinsOn(DEVICE, 1, 9)[0]!, linkLayerAddress: "02:fc" };
    const pins = counting([...fourPins(), bad]);
    const { error } = await applied(pins.entries, { table });
    assertEquals(error?.code, "INVALID_PARAMETER");
    assertEquals(pins.notOnce(), [...NONE, []]);
  },
);

networkTest("a guard reads each member of an entry once", async ({ table }) => {
  const given = [...fourPins(), ...pinsOn("late", 1, 9)];
  const pins = counting(given);
  await using guarding = await Guarding.begin(pins.entries, { table });
  ip(`neigh del ${addressOf(0)} dev ${DEVICE}`);
  await guarding.until(() => guarding.of("repaired").length > 0, "a repair");
  await guarding.until(() => guarding.of("waiting").length > 0, "waiting");
  await guarding.end();
  // The helper puts the address of a repair into words only when asked
  const told = guarding.of("repaired").length;
  assert(told > 0);
  assertEquals(pins.notOnce(), [...NONE, []]);
});

networkTest("a pin reads each member of its entry once", () => {
  const [given] = pinsOn(DEVICE, 1);
  const { object, taken } = counted(given!);
  const pin = pinNeighbor(object);
  assertEquals(notOnce(given!, taken()), []);
  assertEquals(pin.unpin(), "restored");
  assertEquals(taken(), {});
});

networkTest("a single write reads each member once", () => {
  const [given] = pinsOn(DEVICE, 1);
  const { object, taken } = counted(given!);
  for (const write of [createNeighbor, setNeighbor, replaceNeighbor]) {
    write(object);
    assertEquals(notOnce(given!, taken()), [], write.name);
  }
  for (const use of [getNeighbor, deleteNeighbor]) {
    use(object);
    const { linkLayerAddress: _, ...key } = given!;
    const { linkLayerAddress: read = 0, ...counts } = taken();
    assertEquals([notOnce(key, counts), read], [[], 0], use.name);
  }
});

networkTest("a batch reads each member of a change once", () => {
  const given = (["create", "set", "replace"] as const).map((verb, i) => ({
    ...pinsOn(DEVICE, 1, i === 1 ? 0 : i)[0]!,
    verb,
  }));
  const all = given.map(counted);
  const results = changeNeighbors(all.map(({ object }) => object));
  assertEquals(results.map(({ outcome }) => outcome), Array(3).fill("done"));
  const counts = all.map(({ taken }, i) => notOnce(given[i]!, taken()));
  assertEquals(counts, [[], [], []]);
});

/** What a caller does to its own objects while they are applied. */
const MUTATIONS: Readonly<
  Record<string, (entry: Record<string, unknown>, i: number) => void>
> = {
  address: (entry, i) => entry.address = addressOf(50_000 + i),
  "link-layer address": (entry) => entry.linkLayerAddress = THEIRS,
  octets: (entry) => (entry.linkLayerAddress as Uint8Array).fill(0x0e),
  interface: (entry) => entry.interfaceAlias = "lo",
  "interface by index": (entry) => {
    delete entry.interfaceAlias;
    entry.interfaceIndex = 1;
  },
};

for (const [what, mutate] of Object.entries(MUTATIONS)) {
  for (const isAborted of [true, false]) {
    networkTest(
      `a change of the entries' ${what} has no effect on an apply that ${
        isAborted ? "is aborted" : "completes"
      }`,
      async ({ table }) => {
        const count = 3000;
        const pins = pinsOn(DEVICE, count).map((pin, i) => ({
          ...pin,
          linkLayerAddress: Uint8Array.fromHex(
            linkLayerOf(i).replaceAll(":", ""),
          ),
        }));
        const before = snapshot();
        const controller = new AbortController();
        const { signal } = controller;
        const midway = new Midway(() => {
          pins.forEach(mutate);
          if (isAborted) controller.abort();
        });
        const { progress } = midway;
        const { report } = await applied(pins, { table, signal, progress });
        midway.assertActed();
        const after = snapshot();
        if (isAborted) {
          return assertAsBefore(before, after);
        }
        // The report hands back the caller's own objects, so it is told anew
        const meant = pinsOn(DEVICE, count);
        const entries = report.entries.map((one, i) => ({
          ...one,
          entry: meant[i]!,
        }));
        assertAgrees({ entries }, before, after);
        assertEquals(outcomes({ entries }), { created: count });
      },
    );
  }
}

networkTest(
  "an array emptied during an apply has no effect",
  async ({ table }) => {
    const pins = pinsOn(DEVICE, 3000);
    const before = snapshot();
    const midway = new Midway(() => pins.length = 0);
    const { progress } = midway;
    const { report } = await applied(pins, { table, progress });
    midway.assertActed();
    assertEquals(outcomes(report), { created: 3000 });
    assertAgrees(report, before);
  },
);

networkTest(
  "a getter that changes its value is read once",
  async ({ table }) => {
    const firsts = pinsOn(DEVICE, 3000);
    const others = pinsOn(DEVICE, 3000, 50_000);
    const pins = firsts.map((first, i) => fickle(first, others[i]!));
    const before = snapshot();
    const controller = new AbortController();
    const { signal } = controller;
    const midway = new Midway(() => controller.abort());
    const { progress } = midway;
    await applied(pins, { table, signal, progress });
    midway.assertActed();
    assertAsBefore(before);

    const again = firsts.map((first, i) => fickle(first, others[i]!));
    const { report } = await applied(again, { table });
    const entries = report.entries.map((one, i) => ({
      ...one,
      entry: firsts[i]!,
    }));
    assertAgrees({ entries }, before);

    const [first, other] = pinsOn(DEVICE, 2, 60_000);
    const whole = snapshot();
    const pin = pinNeighbor(fickle(first!, other!));
    assertEquals(table.get(first!)?.linkLayerAddress, first!.linkLayerAddress);
    assertEquals(pin.unpin(), "restored");
    assertAsBefore(whole);
  },
);

networkTest(
  "an entry object changed before unpin() has no effect",
  ({ table }) => {
    for (const isThere of [false, true]) {
      const [address, other] = [addressOf(0), addressOf(1)];
      const on = `dev ${DEVICE}`;
      if (isThere) {
        ip(`neigh add ${address} lladdr ${THEIRS} nud permanent ${on}`);
      }
      const before = snapshot();
      const entry = { address, linkLayerAddress: OURS, interfaceAlias: DEVICE };
      const pin = pinNeighbor(entry, { table });
      Object.assign(entry, { address: other, linkLayerAddress: THEIRS });
      assertEquals(pin.unpin(), "restored");
      assertAsBefore(before);
    }
  },
);
