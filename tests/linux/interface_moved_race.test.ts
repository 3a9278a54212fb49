import { assert, assertEquals } from "@std/assert";
import { missingFor } from "../helpers/linux/kernel.ts";
import { applied, Device, pinsOn, swapOf } from "../helpers/linux/moving.ts";
import { networkTest } from "../helpers/linux/network.ts";
import {
  disagreements,
  indexOf,
  outcomes,
  rowsOf,
  type Snapshot,
  snapshot,
} from "../helpers/linux/witness.ts";

const COUNT = 6000;
const PINS = pinsOn("d0", COUNT);
/** At how many moments of an application the devices are moved. */
const ROUNDS = 6;

/** Runs lines of `ip` in another process, so many milliseconds from now. */
async function later(
  milliseconds: number,
  lines: readonly string[],
): Promise<number> {
  const script = `sleep ${milliseconds / 1000}; ip -batch - <<<"$1"`;
  const { success } = await new Deno.Command("bash", {
    args: ["-c", `${script}`, "bash", lines.join("\n")],
    stdin: "null",
  }).output();
  assert(success);
  return performance.now();
}

/** The same tables, `d0` being the name of another device. */
function asIf({ devices, rows }: Snapshot, index: number): Snapshot {
  return { devices: new Map(devices).set("d0", index), rows };
}

/** What is done to the devices. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  "a device is renamed": ["link set d0 name e0"],
  "two names are swapped": swapOf("d0", "d1"),
  "a device is made again": [
    "link del d0",
    "link add d0 type veth peer name d0-far",
    "link set d0-far up",
    "link set d0 up",
  ],
};

for (const [move, lines] of Object.entries(MOVES)) {
  networkTest(
    `whenever ${move} during an apply, the report agrees with ip`,
    async ({ table }) => {
      // How long an application takes here and now
      let took = 0;
      for (let round = 0; round <= ROUNDS; round++) {
        using _ = new Device("d0");
        using _other = new Device("d1");
        const before = snapshot();
        const start = performance.now();
        const moving = round === 0
          ? start
          : later(took * (round - 0.5) / ROUNDS, lines);
        const { report, error } = await applied(PINS, { table });
        const end = performance.now();
        if (round === 0) took = end - start;
        const moved = await moving;
        const after = snapshot();
        const words = `${JSON.stringify(outcomes(report))}, ${error?.message}`;
        const counts = [...new Set(after.devices.values())]
          .map((index) => Object.keys(rowsOf(after, index)).length)
          .filter((count) => count > 0);
        // A device that goes when all is done takes the rows along
        if (error === null && moved > end && counts.length === 0) continue;
        // All or nothing, and all on one device
        assertEquals(counts, error === null ? [COUNT] : [], words);
        // The name may have moved before it was looked up
        const meant = [indexOf(before, "d0"), indexOf(before, "d1")]
          .concat(after.devices.get("d0") ?? []);
        const found = meant.map((index) =>
          disagreements(report.entries, asIf(before, index), after)
        ).toSorted((one, other) => one.length - other.length);
        assertEquals(found[0]?.slice(0, 3), [], words);
      }
    },
    missingFor(lines),
  );
}
