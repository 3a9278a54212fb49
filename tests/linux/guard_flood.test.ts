import { assert, assertEquals } from "@std/assert";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { Guarding, OURS } from "../helpers/linux/guarding.ts";
import { addressOf, changesOf, linkLayerOf } from "../helpers/linux/many.ts";
import { keyOn, standingFully } from "../helpers/linux/model.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

/** Every fifth of the addresses that the flood is made of. */
const PINS: readonly NeighborEntry[] = Array.from({ length: 190 }, (_, i) => ({
  address: addressOf(5 * i),
  linkLayerAddress: OURS,
  interfaceAlias: DEVICE,
}));

/** How many of the pins `ip` has unchanged. */
function right(): number {
  const rows = standingFully([DEVICE]);
  return PINS.filter(({ address }) =>
    rows.get(keyOn(DEVICE, address)) === `${OURS} permanent`
  ).length;
}

networkTest(
  "lost events are reported, and the whole table is compared and repaired",
  async ({ table }) => {
    using other = new SystemTable(() => new LinuxBackend());
    await using guarding = await Guarding.begin(PINS, { table });
    // In one turn, so that nothing is read: far more than any buffer holds
    for (let round = 1; round <= 20; round++) {
      other.change(changesOf("replace", 4000, { shift: round }));
    }
    other.change(changesOf("delete", 100));
    assertEquals(right(), 0);
    await guarding.until(() => guarding.of("resync").length > 0, "resync");
    await guarding.until(
      () => guarding.of("repaired").length >= PINS.length,
      "all",
    );
    await pause(150);
    assertEquals(right(), PINS.length);
    const found = guarding.of("repaired").map((one) => one.found);
    assertEquals(found.filter((one) => one === null).length, 20);
    // Each once: what was lost does not come twice
    assertEquals(found.length, PINS.length);
    // Nobody else's entries were touched
    assertEquals(
      standingFully([DEVICE]).get(keyOn(DEVICE, addressOf(3999))),
      `${linkLayerOf(3999 + 20)} permanent`,
    );
    // And it goes on
    ip(`neigh del ${addressOf(0)} dev ${DEVICE}`);
    await guarding.until(
      () => guarding.of("repaired").length > PINS.length,
      "one more",
    );
  },
);

networkTest(
  "a resync finds rows to prune without an event",
  async ({ table }) => {
    using other = new SystemTable(() => new LinuxBackend());
    const pins = PINS.slice(0, 3);
    const options = { table, prune: true };
    await using guarding = await Guarding.begin(pins, options);
    for (let round = 1; round <= 20; round++) {
      other.change(changesOf("replace", 4000, { shift: round }));
    }
    other.change(changesOf("delete", 3900, { from: 100 }));
    await guarding.until(
      () => guarding.of("repaired").length >= 100,
      "all of them",
    );
    await pause(250);
    assertEquals(
      [...standingFully([DEVICE]).keys()].toSorted(),
      pins.map(({ address }) => keyOn(DEVICE, address)).toSorted(),
    );
    assert(guarding.of("resync").length > 0);
  },
);

networkTest(
  "a table under constant changes ends with every pin in sync",
  async ({ table }) => {
    const worker = new Worker(
      new URL("../helpers/linux/churn.ts", import.meta.url),
      {
        type: "module",
      },
    );
    const message = () =>
      new Promise<unknown>((go) => worker.onmessage = ({ data }) => go(data));
    await message();
    const start = performance.now();
    await using guarding = await Guarding.begin(PINS, { table });
    worker.postMessage("go");
    await pause(1000);
    const repaired = () => guarding.of("repaired");
    await guarding.until(
      () => repaired().length > PINS.length,
      "nothing churned",
    );
    worker.postMessage("stop");
    await message();
    worker.terminate();
    await guarding.until(() => right() === PINS.length, "all in sync");
    await pause(250);
    assertEquals(right(), PINS.length);
    const { repairs } = await guarding.end();
    assertEquals(repairs, repaired().length);
    // No more than one in 100 ms of each, from the beginning on
    const took = performance.now() - start;
    const most = Math.max(...repaired().map((one) => one.repairs));
    assert(most <= 1 + took / 100, `${most} in ${took} ms`);
  },
);
