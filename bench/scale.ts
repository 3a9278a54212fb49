/**
 * What commands cost beside a large table: processor time and peak memory, each
 * beside `ip` where that can do the same, in a network namespace of their own:
 *
 *   deno run -A bench/scale.ts [ROWS [ROUNDS [FILE]]]
 *
 * Prints the results as JSON, and records them in FILE if one is named
 * (bench/results.json). `NEIGHBOR_BENCH_BEFORE` may name another checkout, which
 * is measured in the same rounds.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { openNeighborTable } from "../ffi/open.ts";
import {
  addressOf,
  changesOf,
  linkLayerOf,
} from "../tests/helpers/linux/many.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { DEVICE, ip } from "../tests/helpers/linux/network.ts";
import { median } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";
import { record } from "./results.ts";

const ROWS = Number(Deno.args[0] ?? 100_000);
const ROUNDS = Number(Deno.args[1] ?? 5);
const OUTPUT = Deno.args[2];
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BEFORE = Deno.env.get("NEIGHBOR_BENCH_BEFORE");
/** How long a guard gets to settle, in milliseconds. */
const SETTLING = Math.max(4000, ROWS / 50);
/** The changes of one call: more would take the memory of this process. */
const AT_ONCE = 100_000;

/** Milliseconds and MiB. */
interface Cost {
  readonly cpu: number;
  readonly peak: number;
}

await inNamespace(import.meta.url, main);

async function main(): Promise<void> {
  makeDevice();
  const folder = Deno.makeTempDirSync();
  try {
    const cost = costOf(folder);
    const results = await measureAll(folder, cost);
    const text = JSON.stringify(
      { machine: machine(), rows: ROWS, rounds: ROUNDS, results },
      null,
      2,
    );
    console.log(text);
    if (OUTPUT !== undefined) {
      record(OUTPUT, "scale", JSON.parse(text), `${ROWS}`);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Builds cost.c; what a command costs. */
function costOf(folder: string): (command: readonly string[]) => Cost {
  const program = `${folder}/cost`;
  const source = fileURLToPath(new URL("cost.c", import.meta.url));
  const args = ["-O2", "-Wall", "-Wextra", "-o", program, source];
  const built = new Deno.Command("gcc", { args, stderr: "inherit" });
  if (!built.outputSync().success) throw new Error("Cannot build cost.c");
  return (command) => {
    const { stdout } = new Deno.Command(program, {
      args: [...command],
      env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      stderr: "inherit",
    }).outputSync();
    const [cpu, peak, code] = new TextDecoder().decode(stdout).split(" ")
      .map(Number);
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
    return { cpu: cpu! / 1000, peak: peak! / 1024 };
  };
}

function neighbor(root: string, ...words: string[]): string[] {
  const grants = ["--allow-ffi", "--allow-read"];
  return [
    ...[Deno.execPath(), "run", "--no-prompt", ...grants, `${root}/cli.ts`],
    ...words,
  ];
}

async function measureAll(
  folder: string,
  cost: (command: readonly string[]) => Cost,
): Promise<Record<string, Record<string, number>>> {
  const trees = { now: ROOT, ...(BEFORE !== undefined && { before: BEFORE }) };
  const times: Record<string, Record<string, Cost[]>> = {};
  const take = (line: string, who: string, one: Cost) => {
    ((times[line] ??= {})[who] ??= []).push(one);
  };
  using table = openNeighborTable();
  // In the kernel: a flush would read all rows first
  const remove = () => {
    for (const state of ["down", "up"]) ip(`link set ${DEVICE} ${state}`);
  };
  const [created, changed, pin] = pinsFiles(folder);
  const guarded = async (line: string) => {
    for (const [who, root] of Object.entries(trees)) {
      take(line, who, await guardCost(neighbor(root, "apply", "--watch", pin)));
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    await guarded("guard of one pin beside nothing");
    remove();
    for (const [who, root] of Object.entries(trees)) {
      take("apply, all created", who, cost(neighbor(root, "apply", created)));
      take("apply, all changed", who, cost(neighbor(root, "apply", changed)));
      remove();
    }
    fill(table);
    const subnet = "10.1.5.0/24";
    for (const [who, root] of Object.entries(trees)) {
      take("list", who, cost(neighbor(root, "list")));
      take("list --json", who, cost(neighbor(root, "list", "--json")));
      const words = ["list", "--json", "--subnet", subnet];
      take("list --json --subnet", who, cost(neighbor(root, ...words)));
    }
    take("list", "ip", cost(["ip", "neigh"]));
    take("list --json", "ip", cost(["ip", "-j", "neigh"]));
    const to = ["ip", "-j", "neigh", "show", "to", subnet];
    take("list --json --subnet", "ip", cost(to));
    await guarded("guard of one pin beside all rows");
    remove();
  }
  return Object.fromEntries(
    Object.entries(times).map(([line, costs]) => [line, medians(costs)]),
  );
}

/** Creates all rows. */
function fill(table: NeighborTable): void {
  for (let from = 0; from < ROWS; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, ROWS - from);
    const results = table.change(changesOf("create", count, { from }));
    const bad = results.find(({ outcome }) => outcome !== "done");
    if (bad !== undefined) throw bad;
  }
}

function medians(costs: Record<string, Cost[]>): Record<string, number> {
  const members = Object.entries(costs).flatMap(([who, all]) => [
    [`${who} CPU ms`, median(all.map(({ cpu }) => cpu))] as const,
    [`${who} peak MiB`, median(all.map(({ peak }) => peak))] as const,
  ]);
  return Object.fromEntries(
    members.map(([name, value]) => [name, Math.round(10 * value) / 10]),
  );
}

/** Files of all pins, of all pins with other addresses, and of one. */
function pinsFiles(folder: string): [string, string, string] {
  const write = (name: string, count: number, shift: number) => {
    const pins = Array.from({ length: count }, (_, i) => ({
      address: addressOf(i),
      linkLayerAddress: linkLayerOf(i + shift),
      interfaceAlias: DEVICE,
    }));
    const path = `${folder}/${name}.json`;
    Deno.writeTextFileSync(path, JSON.stringify(pins));
    return path;
  };
  return [write("0", ROWS, 0), write("1", ROWS, 1), write("one", 1, 0)];
}

/** What a guard costs that has settled: its memory is what it keeps. */
async function guardCost([program, ...args]: string[]): Promise<Cost> {
  const child = new Deno.Command(program!, {
    args,
    env: { DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await new Promise((go) => setTimeout(go, SETTLING));
  const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
  const peak = Number(/^VmRSS:\s*(\d+)/m.exec(status)![1]) / 1024;
  child.kill("SIGTERM");
  await child.status;
  return { cpu: 0, peak };
}
