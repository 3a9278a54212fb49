/**
 * Measures the Linux table against C and against ip, each pair in one run, in a
 * network namespace:
 *
 *   deno task bench
 *
 * The candidates run in turn, in an order that is shuffled for each round. A ratio
 * is the median of the ratios of all rounds; medians of times are printed too. The
 * C program is baseline.c: the same strategy, from text to text.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { LinuxBackend } from "../ffi/linux/backend.ts";
import { SystemTable } from "../ffi/system_table.ts";
import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { changesOf } from "../tests/helpers/linux/many.ts";
import { DEVICE, ip, run } from "../tests/helpers/linux/network.ts";
import { Baseline, median, report, shuffled, time } from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";

const COUNT = 10_000;
const ROUNDS = 21;
const SINGLES = 2000;
/** Rounds of warm-up for the compiler. */
const WARM_UP = 60;
const TARGETS = {
  warm: { change: 0.2, dump: 0.3 },
  first: { change: 0.3, dump: 0.45 },
  c: { change: 1.25, dump: 1.35 },
};
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

if (Deno.args[0] === "first") {
  firstRun(Deno.args[1]!);
} else {
  await inNamespace(import.meta.url, bench);
}

type Verb = "create" | "set" | "dump" | "delete";

function changes(verb: Exclude<Verb, "dump">): NeighborChange[] {
  return changesOf(verb, COUNT, { shift: verb === "set" ? 1 : 0 });
}

/** The program of a process for one verb, which prints its milliseconds. */
function firstRun(verb: string): void {
  const given = verb === "dump" ? [] : changes(verb as "create");
  console.log(time(() => {
    using table = new SystemTable(() => new LinuxBackend());
    if (verb === "dump") table.list({ family: "ipv4" });
    else table.change(given);
  }));
}

/** The file for `ip -batch` with the same changes. */
function batchFile(verb: Exclude<Verb, "dump">): string {
  const word = { create: "add", set: "change", delete: "del" }[verb];
  const lines = changes(verb).map((change) => {
    const { address, linkLayerAddress } = change as {
      address: string;
      linkLayerAddress: string;
    };
    const to = verb === "delete" ? "" : ` lladdr ${linkLayerAddress}`;
    return `neigh ${word} ${address}${to} dev ${DEVICE} nud permanent\n`;
  });
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(
    file,
    lines.join("").replaceAll(verb === "delete" ? " nud permanent" : "\0", ""),
  );
  return file;
}

async function bench(): Promise<void> {
  const ifindex = makeDevice();
  using table = new SystemTable(() => new LinuxBackend());
  using baseline = new Baseline(here("baseline.c"), DEVICE);
  const given = {
    create: changes("create"),
    set: changes("set"),
    delete: changes("delete"),
  };
  const files = {
    create: batchFile("create"),
    set: batchFile("set"),
    delete: batchFile("delete"),
  };
  const filter = { interfaceIndex: ifindex, family: "ipv4" } as const;

  // In turn they fill a table, change it, read it and empty it
  const runners: Record<string, (verb: Verb) => number | Promise<number>> = {
    warm: (verb) =>
      time(() =>
        verb === "dump" ? table.list(filter) : check(table.change(given[verb]))
      ),
    first: (verb) =>
      Number(
        run(
          Deno.execPath(),
          "run",
          "--allow-ffi",
          "--allow-env",
          "--allow-run",
          here("linux.ts"),
          "first",
          verb,
        ),
      ),
    c: (verb) => baseline.run(`${verb} ${COUNT} ${verb === "set" ? 1 : 0}`),
    ip: (verb) =>
      time(() =>
        verb === "dump"
          ? JSON.parse(ip(`-j -4 neigh show dev ${DEVICE}`))
          : run("ip", "-batch", files[verb])
      ),
  };
  const verbs: readonly Verb[] = ["create", "set", "dump", "delete"];
  // In pairs, because the garbage of one run slows the next
  for (let round = 0; round < WARM_UP; round++) {
    for (const verb of verbs) await runners.warm!(verb);
  }
  const pairs = {
    "warm / C": ["warm", "c", TARGETS.c],
    "warm / ip": ["warm", "ip", TARGETS.warm],
    "first run / ip": ["first", "ip", TARGETS.first],
  } as const;
  for (const [name, [ours, theirs, target]] of Object.entries(pairs)) {
    const times: Record<string, number[]> = {};
    for (let round = -1; round < ROUNDS; round++) {
      for (const runner of shuffled([ours, theirs])) {
        for (const verb of verbs) {
          const took = await runners[runner]!(verb);
          // The first round is for the caches
          if (round >= 0) (times[`${verb} ${runner}`] ??= []).push(took);
        }
      }
    }
    for (const verb of verbs) {
      report(
        `${verb} ${COUNT.toLocaleString("en")}, ${name}`,
        times[`${verb} ${ours}`]!,
        times[`${verb} ${theirs}`]!,
        verb === "dump" ? target.dump : target.change,
      );
    }
  }

  await singles(table, baseline, ifindex);
  growth(table, filter);
  for (const file of Object.values(files)) Deno.removeSync(file);
  console.log(
    `\n${machine()}, ${WARM_UP} rounds to warm up and ${ROUNDS} measured`,
  );
}

async function singles(
  table: SystemTable,
  baseline: Baseline,
  interfaceIndex: number,
): Promise<void> {
  const [first] = changesOf("create", 1) as {
    address: string;
    linkLayerAddress: string;
  }[];
  const { address, linkLayerAddress } = first!;
  const entries = {
    index: { address, linkLayerAddress, interfaceIndex },
    alias: { address, linkLayerAddress, interfaceAlias: DEVICE },
  };
  table.create(entries.index);
  const times: Record<string, number[]> = {
    index: [],
    alias: [],
    c: [],
    ip: [],
  };
  const runners: Record<string, () => number | Promise<number>> = {
    index: () =>
      time(() => {
        for (let i = 0; i < SINGLES; i++) table.set(entries.index);
      }) / SINGLES,
    alias: () =>
      time(() => {
        for (let i = 0; i < SINGLES; i++) table.set(entries.alias);
      }) / SINGLES,
    c: async () => await baseline.run(`one ${SINGLES}`) / SINGLES,
    ip: () =>
      time(() =>
        ip(`neigh replace ${address} lladdr ${linkLayerAddress} dev ${DEVICE}`)
      ),
  };
  for (let round = -5; round < 3 * ROUNDS; round++) {
    for (const name of shuffled(Object.keys(runners))) {
      const took = await runners[name]!();
      if (round >= 0) times[name]!.push(took);
    }
  }
  report("one set by index, warm / C", times.index!, times.c!, 1.4);
  report("one set by alias, warm / C by index", times.alias!, times.c!);
  report(
    "one set by alias, warm / spawning ip",
    times.alias!,
    times.ip!,
    1 / 150,
  );
  table.delete(entries.index);
}

/** Measures how the cost per entry grows with the size of the table. */
function growth(
  table: SystemTable,
  filter: { interfaceIndex: number; family: "ipv4" },
): void {
  console.log("\nmicroseconds an entry      add     dump   delete");
  for (const count of [1000, 10_000, 100_000]) {
    const add = changesOf("create", count);
    const remove = changesOf("delete", count);
    const costs = Array.from({ length: 5 }, () => [
      time(() => check(table.change(add))),
      time(() => table.list(filter)),
      time(() => check(table.change(remove))),
    ]);
    const cells = [0, 1, 2].map((i) =>
      (median(costs.map((one) => one[i]!)) * 1000 / count).toFixed(2).padStart(
        9,
      )
    );
    console.log(`${count.toLocaleString("en").padEnd(20)}${cells.join("")}`);
  }
}

function check(results: readonly ChangeResult[]): void {
  const bad = results.find((one) => one.outcome !== "done");
  if (bad !== undefined) throw bad.error;
}
