/**
 * Measures applying against `ip -batch` with the same changes, and planning against
 * reading the table, each pair in one run, in a network namespace:
 *
 *   deno task bench
 *
 * `ip -batch` neither plans nor reads back, and keeps its earlier changes where a
 * line is refused. The C program (baseline.c) makes the same requests as an
 * application: it reads the table, writes, and reads again.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { LinuxBackend } from "../ffi/linux/backend.ts";
import { SystemTable } from "../ffi/system_table.ts";
import { applyNeighbors } from "../reconcile/apply.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { planNeighbors } from "../reconcile/plan.ts";
import { addressOf, linkLayerOf } from "../tests/helpers/linux/many.ts";
import { DEVICE, run } from "../tests/helpers/linux/network.ts";
import { Baseline, report, shuffled, time } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";

const COUNT = 10_000;
const ROUNDS = 21;
/** Rounds of warm-up for the compiler. */
const WARM_UP = 60;
const TARGETS = { apply: 0.35, plan: 3 };

await inNamespace(import.meta.url, bench);

/** Pins with the link-layer addresses of the entries `shift` positions later. */
function pinsOf(shift: number): NeighborEntry[] {
  const pins = Array.from({ length: COUNT }, (_, i) => ({
    address: addressOf(i),
    linkLayerAddress: linkLayerOf(i + shift),
    interfaceAlias: DEVICE,
  }));
  // Through JSON, so that the strings are flat, like those of a parsed file
  return JSON.parse(JSON.stringify(pins));
}

/** The file for `ip -batch` with the same changes. */
function batchFile(pins: readonly NeighborEntry[]): string {
  const file = Deno.makeTempFileSync();
  const lines = pins.map(({ address, linkLayerAddress }) =>
    `neigh replace ${address} lladdr ${linkLayerAddress} dev ${DEVICE} ` +
    "nud permanent\n"
  );
  Deno.writeTextFileSync(file, lines.join(""));
  return file;
}

async function timeAsync(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function bench(): Promise<void> {
  makeDevice();
  using table = new SystemTable(() => new LinuxBackend());
  const source = fileURLToPath(new URL("baseline.c", import.meta.url));
  using baseline = new Baseline(source, DEVICE);
  const first = pinsOf(0);
  const second = pinsOf(1);
  const files = [batchFile(first), batchFile(second)] as const;
  const times: Record<string, number[]> = {};
  let isMeasured = false;
  const take = (name: string, took: number) => {
    if (isMeasured) (times[name] ??= []).push(took);
  };
  const apply = (pins: readonly NeighborEntry[]) =>
    timeAsync(() => applyNeighbors(pins, { table }));
  const runners: Record<string, () => void | Promise<void>> = {
    apply: async () => {
      take("creates", await apply(first));
      take("changes", await apply(second));
      take("nothing", await apply(second));
      let rows = table.list();
      take("list", time(() => rows = table.list()));
      take("plan", time(() => planNeighbors(second, rows)));
    },
    c: async () => {
      const run = async (...commands: string[]) => {
        let took = 0;
        for (const command of commands) took += await baseline.run(command);
        return took;
      };
      take("C creates", await run("dump", `create ${COUNT} 0`, "dump"));
      take("C changes", await run("dump", `set ${COUNT} 1`, "dump"));
    },
    ip: () => {
      take("ip creates", time(() => run("ip", "-batch", files[0])));
      take("ip changes", time(() => run("ip", "-batch", files[1])));
    },
  };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    isMeasured = round >= 0;
    for (const name of shuffled(Object.keys(runners))) {
      await runners[name]!();
      // In another process, because the garbage of a flush would slow the next run
      await baseline.run(`delete ${COUNT}`);
    }
  }
  for (const file of files) Deno.removeSync(file);
  const line = (what: string, ours: string, theirs: string, target?: number) =>
    report(what, times[ours]!, times[theirs]!, target);
  const { apply: target } = TARGETS;
  line("apply creates / ip -batch replace", "creates", "ip creates", target);
  line("apply changes / ip -batch replace", "changes", "ip changes", target);
  line("apply creates / C", "creates", "C creates");
  line("apply changes / C", "changes", "C changes");
  line("apply, nothing to do / list", "nothing", "list");
  line("plan / list", "plan", "list", TARGETS.plan);
  console.log(
    `\n${COUNT.toLocaleString("en")} entries, ${machine()}, ` +
      `${WARM_UP} rounds to warm up and ${ROUNDS} measured`,
  );
}
