/**
 * Measures how many events per second a watch receives without loss: a C program,
 * on another processor, changes entries at a given rate.
 *
 *   deno run -A bench/watch.ts [RUNS [FILE]]
 *
 * Records the runs in FILE if one is named (bench/results.json).
 *
 * Unread events wait in the kernel's buffer. Where that is full the kernel drops
 * events, and the watch reports `resync`. The buffer has 8 MiB as root, else
 * net.core.rmem_max bytes.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { LinuxBackend } from "../ffi/linux/backend.ts";
import { SystemTable } from "../ffi/system_table.ts";
import { Baseline, median, threadClock } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";
import { record } from "./results.ts";
import { DEVICE } from "../tests/helpers/linux/network.ts";

const ENTRIES = 10_000;
/** Changes per second; 0 means as fast as possible. */
const RATES = [
  100_000,
  200_000,
  300_000,
  400_000,
  425_000,
  450_000,
  500_000,
  0,
];
/** The target, in events per second. */
const TARGET = 400_000;
const SECONDS = 2;
/** Events that fit the buffer, and how often they are read. */
const BURST = 5000;
const BURSTS = 20;
const RUNS = Number(Deno.args[0] ?? 3);
const OUTPUT = Deno.args[1];

await inNamespace(import.meta.url, bench, ["-n", "-rn"]);

/** The result for one rate. */
interface RateResult {
  readonly events: number;
  /** Events per second, from the first to the last. */
  readonly rate: number;
  /** Changes made per second. */
  readonly made: number;
  readonly isHeld: boolean;
}

async function bench(option: string): Promise<void> {
  makeDevice();
  const source = fileURLToPath(new URL("baseline.c", import.meta.url));
  using table = new SystemTable(() => new LinuxBackend());
  using baseline = new Baseline(source, DEVICE);
  await baseline.run(`create ${ENTRIES} 0`);
  // For the compiler
  await watched(table, baseline, RATES[0]!);
  const runs: { held: number; lostAt: number[]; load: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const held: number[] = [];
    const lostAt: number[] = [];
    for (const rate of RATES) {
      const told = await watched(table, baseline, rate);
      if (told.isHeld) held.push(told.rate);
      else lostAt.push(Math.round(told.made));
      const asked = rate === 0 ? "as fast as C can" : words(rate);
      console.log(
        `watch, ${asked} changes a second`.padEnd(46) +
          `${words(told.made).padStart(8)} made, ` +
          `${words(told.rate).padStart(8)} told a second: ` +
          (told.isHeld
            ? "none lost"
            : `resync after ${words(told.events)} events`),
      );
    }
    // What was held above a rate at which some were lost was luck
    const least = Math.min(...lostAt);
    const sure = Math.max(0, ...held.filter((rate) => rate < least));
    const load = Math.round(Deno.loadavg()[0]!);
    runs.push({ held: Math.round(sure), lostAt, load });
    console.log(
      `held ${words(sure)} a second, target ${words(TARGET)}, ` +
        `${load} programs at work`,
    );
  }
  const microseconds = await burstCost(table, baseline);
  console.log(`${microseconds} µs of processor time an event`);
  const buffer = option === "-n" ? "8 MiB" : "net.core.rmem_max";
  console.log(
    `\n${ENTRIES.toLocaleString("en")} entries, a buffer of ${buffer}, ` +
      machine(),
  );
  if (OUTPUT === undefined) return;
  record(OUTPUT, "watch", {
    machine: machine(),
    entries: ENTRIES,
    buffer,
    target: TARGET,
    runs,
    microseconds,
  });
}

/** Watches during the changes, until all events arrived or some were lost. */
async function watched(
  table: SystemTable,
  baseline: Baseline,
  rate: number,
): Promise<RateResult> {
  // All entries an even number of times
  const step = 2 * ENTRIES;
  const count = step * Math.round((rate || TARGET) * SECONDS / step);
  await using watch = table.watch({ initial: false });
  const churn = baseline.run(`churn ${count} ${rate}`);
  let events = 0;
  let isHeld = true;
  let start = 0;
  for await (const { type } of watch) {
    if (events === 0) start = performance.now();
    isHeld = type !== "resync";
    if (!isHeld || ++events === count) break;
  }
  const seconds = (performance.now() - start) / 1000;
  const made = count / (await churn / 1000);
  return { events, rate: events / seconds, made, isHeld };
}

/**
 * The processor time of an event in microseconds, whatever else runs: events
 * that wait in the kernel's buffer already are read.
 */
async function burstCost(
  table: SystemTable,
  baseline: Baseline,
): Promise<number> {
  const clock = threadClock();
  const costs: number[] = [];
  for (let round = -BURSTS; round < BURSTS; round++) {
    await using watch = table.watch({ initial: false });
    // Each undoes what the other did
    await baseline.run(`${round % 2 === 0 ? "churn" : "set"} ${BURST} 0`);
    const start = clock();
    for (let events = 0; events < BURST; events++) {
      const { value } = await watch.next();
      if (value?.type !== "changed") throw new Error("An event was lost");
    }
    if (round >= 0) costs.push((clock() - start) / BURST);
  }
  return Math.round(1e5 * median(costs)) / 100;
}

function words(count: number): string {
  return Math.round(count).toLocaleString("en");
}
