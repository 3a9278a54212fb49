/**
 * Measures how long a guard at rest takes from a foreign change to its repair, by
 * the clock, as another thread sees it.
 *
 *   deno run -A bench/guard.ts [FILE]
 *
 * Records the figure in FILE if one is named (bench/results.json).
 *
 * @module
 */

import { guardNeighbors } from "../reconcile/guard.ts";
import { Fighter } from "../tests/helpers/linux/fighting.ts";
import { DEVICE } from "../tests/helpers/linux/network.ts";
import { median } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";
import { record, type TargetLine } from "./results.ts";

const TIMES = 20;
/** Milliseconds between two changes; repairs are 100 ms apart at least. */
const PAUSE = 120;

await inNamespace(import.meta.url, bench);

async function bench(): Promise<void> {
  makeDevice();
  const pin = {
    address: "10.0.0.7",
    linkLayerAddress: "02:fc:00:00:00:05",
    interfaceAlias: DEVICE,
  };
  using fighter = await Fighter.come();
  const controller = new AbortController();
  const applied = Promise.withResolvers<void>();
  const guard = guardNeighbors([pin], {
    signal: controller.signal,
    report: ({ type }) => type === "applied" && applied.resolve(),
  });
  await applied.promise;
  const took = await fighter.do({
    kind: "measure",
    entry: { ...pin, linkLayerAddress: "02:ee:00:00:00:01" },
    wanted: pin.linkLayerAddress,
    times: TIMES,
    pause: PAUSE,
  }) as number[];
  controller.abort();
  const { repairs } = await guard;
  if (repairs !== TIMES) throw new Error(`${repairs} repairs of ${TIMES}`);
  const results: TargetLine[] = [{
    line: "a guard's repair, after the foreign change",
    now: Math.round(10 * median(took)) / 10,
    target: 50,
  }];
  console.log(
    `from a foreign change to its repair: ${results[0]!.now} ms ` +
      `(median of ${TIMES}), ${Math.max(...took).toFixed(1)} ms at the most, ` +
      machine(),
  );
  if (Deno.args[0] === undefined) return;
  record(Deno.args[0], "guard", { machine: machine(), results });
}
