/** Many pins at once; Wine's server makes each name of an interface slow. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  applyNeighbors,
  listInterfaces,
  listNeighbors,
  NeighborApplyError,
  type NeighborEntry,
  planNeighbors,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import { countsOf, OURS, writes } from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const STALE = 4;

/** So many pins by index, as a program keeps them for the time it runs. */
function pins(
  interfaceIndex: number,
  count: number,
  linkLayerAddress = OURS,
): NeighborEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    address: `10.0.${i >> 8}.${i & 255}`,
    linkLayerAddress,
    interfaceIndex,
  }));
}

/** Says what it took; nothing is asserted of it. */
async function timed<T>(what: string, body: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await body();
  console.log(`${what} took ${Math.round(performance.now() - started)} ms`);
  return result;
}

/** How many rows have what these pins ask for. */
function soFar(desired: readonly NeighborEntry[]): number {
  const { unchanged } = planNeighbors(desired, listNeighbors());
  return unchanged.length;
}

wineTest("10,000 pins are planned, applied, and then there", async () => {
  control.setBackend("memory");
  const desired = pins(await kernelIndex(ETHERNET), 10_000);
  const interfaces = listInterfaces();
  const { create } = await timed(
    "a plan of 10,000 creations",
    () => planNeighbors(desired, listNeighbors(), { interfaces }),
  );
  assertEquals(create.length, 10_000);

  const created = await timed(
    "applying 10,000 pins",
    () => applyNeighbors(desired),
  );
  assertEquals(countsOf(created), { created: 10_000 });
  assertEquals([soFar(desired), listNeighbors().length], [10_000, 10_000]);

  const before = writes();
  const same = await timed(
    "applying them again",
    () => applyNeighbors(desired, { prune: true }),
  );
  assertEquals(countsOf(same), { unchanged: 10_000 });
  assertEquals(writes(), before);
});

wineTest("1,000 pins are changed, and rolled back", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  const theirs = pins(index, 1000, "02:fc:00:00:00:01");
  await applyNeighbors(theirs);
  const ours = pins(index, 1000);
  control.failNext("SetIpNetEntry2", 8, 1, 999);
  const error = await timed(
    "putting 999 pins back",
    () =>
      assertRejects(
        () => applyNeighbors(ours),
        NeighborApplyError,
        "1 of 1000 entries refused, everything was put back as it was",
      ),
  );
  assertEquals([error.code, error.status], ["NO_MEMORY", 8]);
  assertEquals([soFar(theirs), listNeighbors().length], [1000, 1000]);

  const changed = await timed(
    "changing 1,000 pins",
    () => applyNeighbors(ours),
  );
  assertEquals(countsOf(changed), { changed: 1000 });
  assertEquals([soFar(ours), listNeighbors().length], [1000, 1000]);
});

wineTest("one of 1,000 creates without effect rolls all back", async () => {
  control.setBackend("memory");
  control.failNext("CreateIpNetEntry2", 0, 1, 500);
  const error = await assertRejects(
    async () => applyNeighbors(pins(await kernelIndex(ETHERNET), 1000)),
    NeighborApplyError,
    "success, yet there is no entry where",
  );
  assertEquals(countsOf(error.report), { refused: 1, restored: 999 });
  assertEquals(listNeighbors(), []);
});

wineTest("1,000 dynamic rows become pins, and prune leaves them", async () => {
  control.setBackend("memory");
  control.setOnDynamic("ignore");
  const index = await kernelIndex(ETHERNET);
  control.addRows(
    ...Array.from(
      { length: 1000 },
      (_, i) =>
        rawRow({ index, address: [10, 0, i >> 8, i & 255], state: STALE }),
    ),
    rawRow({ index, address: [10, 9, 9, 9] }),
  );
  const desired = pins(index, 1000);
  const report = await timed(
    "deleting and creating 1,000 dynamic rows",
    () => applyNeighbors(desired, { prune: true }),
  );
  assertEquals(countsOf(report), { changed: 1000, removed: 1 });
  assertEquals([soFar(desired), listNeighbors().length], [1000, 1000]);
});
