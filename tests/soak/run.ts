/**
 * The soak, in a network namespace of its own:
 *
 *   deno task soak [SECONDS] [SEED]
 *
 * It ends with 1 where anything was missed.
 *
 * @module
 */

import { inNamespace, machine } from "../../bench/namespace.ts";
import { soak } from "./soak.ts";

const [seconds = "180", seed = `${Math.floor(Math.random() * 2 ** 31)}`] =
  Deno.args;

await inNamespace(import.meta.url, async () => {
  const report = await soak({
    seconds: Number(seconds),
    seed: Number(seed),
    flood: 100_000,
    pins: 10_000,
  });
  const { rounds, processes, misses } = report;
  const count = (number: number) => number.toLocaleString("en");
  console.log(`soak: ${seconds} s, seed ${seed}; ${machine()}`);
  console.log(
    `rounds: ${rounds.churn} of churn, ${rounds.flap} flaps, ` +
      `${rounds.stop} stops, ${rounds.flood} floods of 100,000 rows, ` +
      `${rounds.kill} kills of apply, ${report.halfway} of them halfway`,
  );
  console.log(
    `watch: ${count(report.events)} events, ${report.resyncs} resyncs`,
  );
  console.log(`guard: ${count(report.repairs)} repairs`);
  for (const { name, descriptors, memory, load } of processes) {
    const [before, after] = memory;
    console.log(
      `${name}: descriptors ${descriptors.join(" -> ")}, ` +
        `RSS ${before.toFixed(0)} -> ${after.toFixed(0)} MiB, ` +
        `CPU at rest ${load.toFixed(1)} %`,
    );
  }
  console.log(`misses: ${misses.length}`);
  for (const miss of misses) console.log(`  ${miss}`);
  if (misses.length > 0) Deno.exit(1);
});
