import { assert } from "@std/assert";
import { Dark } from "../helpers/linux/dark.ts";
import { missingFor } from "../helpers/linux/kernel.ts";
import {
  applied,
  AtFirstRemoval,
  Device,
  Midway,
  pinsOn,
  swapOf,
} from "../helpers/linux/moving.ts";
import { networkTest } from "../helpers/linux/network.ts";
import type { NeighborTable } from "../../mod.ts";
import {
  assertAgrees,
  assertAsBefore,
  snapshot,
} from "../helpers/linux/witness.ts";

/** So many that putting them back takes longer than `ip` to start. */
const COUNT = 60_000;

/** What is done to the devices, and which name d0 has then. */
const MOVES = {
  "its device is renamed": { lines: ["link set d0 name e0"], name: "e0" },
  "two names are swapped": { lines: swapOf("d0", "d1"), name: "d1" },
};

/** Ends an application early. */
const ENDS = {
  "an abort": (table: NeighborTable) => {
    const controller = new AbortController();
    const midway = new Midway(() => controller.abort(), 0.95);
    const { signal } = controller;
    const { progress } = midway;
    return applied(pinsOn("d0", COUNT), { table, signal, progress });
  },
  "a refusal": async (table: NeighborTable) => {
    using dark = new Dark();
    return await applied([...pinsOn("d0", COUNT), dark.pin], { table });
  },
};

for (const [move, { lines, name }] of Object.entries(MOVES)) {
  for (const [end, apply] of Object.entries(ENDS)) {
    networkTest(
      `while ${end} is put back ${move}: no row stays`,
      async ({ table }) => {
        // The moment is not ours to choose: until it was in the middle
        for (let tries = 1;; tries++) {
          using _ = new Device("d0");
          using _other = new Device("d1");
          const before = snapshot();
          await using moving = await AtFirstRemoval.begin(name, ...lines);
          const { report, error } = await apply(table);
          assert(error !== null);
          const left = await moving.left();
          assertAgrees(report, before);
          assertAsBefore(before);
          if (left > 0) return;
          assert(tries < 8, "It was never in the middle");
        }
      },
      missingFor(lines),
    );
  }
}
