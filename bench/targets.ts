/**
 * The costs that have a target, by the processor time of the thread, beside C
 * doing the same in the same round; in a network namespace of its own:
 *
 *   deno run -A bench/targets.ts [ROUNDS [FILE]]
 *
 * Prints the ratios as JSON, and records them in FILE if one is named
 * (bench/results.json). `NEIGHBOR_BENCH_BEFORE` may name another checkout, which
 * is measured in the same rounds.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { LinuxBackend } from "../ffi/linux/backend.ts";
import { SystemTable } from "../ffi/system_table.ts";
import type { NeighborChange } from "../ffi/types/change.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { addressOf, linkLayerOf } from "../tests/helpers/linux/many.ts";
import { DEVICE, run } from "../tests/helpers/linux/network.ts";
import {
  Baseline,
  childrenClock,
  median,
  shuffled,
  threadClock,
} from "./measure.ts";
import { inNamespace, machine, makeDevice } from "./namespace.ts";
import { record } from "./results.ts";
import { applyNeighbors } from "../reconcile/apply.ts";

const COUNT = 10_000;
const SINGLES = 2000;
const WARM_UP = 25;
const ROUNDS = Number(Deno.args[0] ?? 21);
const OUTPUT = Deno.args[1];
const ROOT = new URL("..", import.meta.url).href;
const BEFORE = Deno.env.get("NEIGHBOR_BENCH_BEFORE");

/** The most that a line may cost, as a multiple of C; `null`: only told. */
const TARGETS: Readonly<Record<string, number | null>> = {
  "one set by index": 1.25,
  "one set by alias": 1.45,
  "get by index": 1.5,
  add: 1.2,
  set: 1.2,
  delete: 1.12,
  list: 1.3,
  "apply, all created": 1.6,
  "apply, all changed": 1.6,
  "one set by index / C without acknowledgement": null,
};
/** The parts of an apply, in milliseconds. */
type Split = Record<"dump" | "write" | "verify" | "rest", number>;

/** The same of the first run of a process, as a multiple of `ip -batch`. */
const FIRST_TARGET = 0.38;
const FIRST_VERBS = ["add", "set", "delete"] as const;
type Verb = typeof FIRST_VERBS[number];

if (Deno.args[0] === "first") {
  await firstRun(Deno.args[1]!, Deno.args[2] as Verb);
} else await inNamespace(import.meta.url, main);

/** Milliseconds of each line. */
type Costs = Record<string, number>;

async function main(): Promise<void> {
  const index = makeDevice();
  const clock = threadClock();
  const source = fileURLToPath(new URL("baseline.c", import.meta.url));
  using baseline = new Baseline(source, DEVICE);
  const runners: Record<string, () => Promise<Costs>> = {
    C: () => costsOfC(baseline),
    now: await runnerOf(ROOT, index, clock),
  };
  if (BEFORE !== undefined) {
    runners.before = await runnerOf(`file://${BEFORE}/`, index, clock);
  }
  const all: Record<string, Costs[]> = {};
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const who of shuffled(Object.keys(runners))) {
      const costs = await runners[who]!();
      if (round >= 0) (all[who] ??= []).push(costs);
    }
  }
  const results = Object.entries(TARGETS).map(([line, target]) => {
    const ratioOf = (who: string) =>
      median(all[who]!.map((one, i) => one[line]! / all.C![i]![line]!));
    const now = ratioOf("now");
    return {
      line,
      ...(BEFORE !== undefined && { before: rounded(ratioOf("before")) }),
      now: rounded(now),
      target,
      microseconds: {
        now: rounded(1e3 * median(all.now!.map((one) => one[line]!))),
        C: rounded(1e3 * median(all.C!.map((one) => one[line]!))),
      },
    };
  });
  const text = JSON.stringify(
    {
      machine: machine(),
      rows: COUNT,
      rounds: ROUNDS,
      results: [
        ...results,
        await unchecked(baseline, index, clock),
        ...firstRuns(),
      ],
      split: await splits(clock),
    },
    null,
    2,
  );
  console.log(text);
  if (OUTPUT !== undefined) record(OUTPUT, "targets", JSON.parse(text));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

async function costsOfC(c: Baseline): Promise<Costs> {
  const create = await c.cpu(`create ${COUNT} 0`);
  const dump = await c.cpu("dump");
  const set = await c.cpu(`set ${COUNT} 1`);
  const one = await c.cpu(`one ${SINGLES}`) / SINGLES;
  const bare = await c.cpu(`bare ${SINGLES}`) / SINGLES;
  const get = await c.cpu(`get ${SINGLES}`) / SINGLES;
  const remove = await c.cpu(`delete ${COUNT}`);
  const none = await c.cpu("dump");
  return {
    "one set by index": one,
    "one set by alias": one,
    "one set by index / C without acknowledgement": bare,
    "get by index": get,
    add: create,
    set,
    delete: remove,
    list: dump,
    "apply, all created": none + create + dump,
    "apply, all changed": dump + set + dump,
  };
}

async function runnerOf(
  root: string,
  interfaceIndex: number,
  clock: () => number,
): Promise<() => Promise<Costs>> {
  const { openNeighborTable, applyNeighbors }: typeof import("../mod.ts") =
    await import(`${root}mod.ts`);
  const table = openNeighborTable();
  const pins = [0, 1].map(pinsOf);
  const changes = (verb: string, shift: number) =>
    pins[shift]!.map((pin) => ({ ...pin, verb }) as NeighborChange);
  // Before 0.2.0 the verb was "add"
  const [probe] = table.change(changes("create", 0).slice(0, 1));
  const isKnown = probe!.outcome === "done";
  const create = isKnown ? "create" : "add";
  if (isKnown) table.delete(pins[0]![0]!);
  const given = {
    create: changes(create, 0),
    set: changes("set", 1),
    delete: changes("delete", 0),
  };
  const { address, linkLayerAddress } = pins[0]![0]!;
  const byIndex = { address, linkLayerAddress, interfaceIndex };
  const byAlias = { address, linkLayerAddress, interfaceAlias: DEVICE };
  const filter = { interfaceIndex, family: "ipv4" } as const;
  const change = (which: keyof typeof given) => {
    const results = table.change(given[which]);
    if (results.some(({ outcome }) => outcome !== "done")) throw new Error();
  };
  const time = (work: () => void) => {
    const start = clock();
    work();
    return clock() - start;
  };
  const apply = async (which: number) => {
    const start = clock();
    await applyNeighbors(pins[which]!, { table });
    return clock() - start;
  };
  const single = (work: () => void) =>
    time(() => {
      for (let i = 0; i < SINGLES; i++) work();
    }) / SINGLES;
  return async () => {
    const costs: Costs = {};
    costs.add = time(() => change("create"));
    costs.list = time(() => table.list(filter));
    costs.set = time(() => change("set"));
    costs["one set by index"] = single(() => table.set(byIndex));
    costs["one set by index / C without acknowledgement"] =
      costs["one set by index"];
    costs["one set by alias"] = single(() => table.set(byAlias));
    costs["get by index"] = single(() => table.get(byIndex));
    costs.delete = time(() => change("delete"));
    costs["apply, all created"] = await apply(0);
    costs["apply, all changed"] = await apply(1);
    change("delete");
    return costs;
  };
}

/**
 * A set by a table that takes the device for the one it was at the start. After
 * the other lines: a second kind of table slows the calls of the first.
 */
async function unchecked(
  baseline: Baseline,
  index: number,
  clock: () => number,
) {
  const backend = new LinuxBackend();
  const named = { luid: 0n, index, alias: null };
  const on = backend.target(named, undefined, true);
  backend.target = () => on;
  using table = new SystemTable(() => backend);
  const [{ address, linkLayerAddress }] = pinsOf(0) as [NeighborEntry];
  const entry = { address, linkLayerAddress, interfaceIndex: index };
  table.create(entry);
  const ratios: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const c = await baseline.cpu(`one ${SINGLES}`);
    const start = clock();
    for (let i = 0; i < SINGLES; i++) table.set(entry);
    if (round >= 0) ratios.push((clock() - start) / c);
  }
  table.delete(entry);
  return {
    line: "one set by index, its device not checked",
    now: rounded(median(ratios)),
    target: null,
  };
}

/** What the parts of an apply take, the medians of all rounds. */
async function splits(clock: () => number): Promise<Record<string, Split>> {
  const rounds: Record<string, Split[]> = { created: [], changed: [] };
  const pins = [0, 1].map(pinsOf);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const backend = new LinuxBackend();
    const scans: number[] = [];
    let write = 0;
    const timed = <Given extends unknown[]>(
      work: (...given: Given) => void,
      take: (took: number) => void,
    ) =>
    (...given: Given) => {
      const start = clock();
      work(...given);
      take(clock() - start);
    };
    backend.scan = timed(
      backend.scan.bind(backend),
      (took) => scans.push(took),
    );
    backend.write = timed(backend.write.bind(backend), (took) => write += took);
    using table = new SystemTable(() => backend);
    for (const [i, what] of ["created", "changed"].entries()) {
      scans.length = write = 0;
      const start = clock();
      await applyNeighbors(pins[i]!, { table });
      const all = clock() - start;
      // Both families are read before the writes, and both after
      const half = scans.length / 2;
      const sum = (some: number[]) => some.reduce((a, b) => a + b, 0);
      const [dump, verify] = [
        sum(scans.slice(0, half)),
        sum(scans.slice(half)),
      ];
      const rest = all - dump - write - verify;
      if (round >= 0) rounds[what]!.push({ dump, write, verify, rest });
    }
    table.change(pins[0]!.map((pin) => ({ ...pin, verb: "delete" })));
  }
  return Object.fromEntries(
    Object.entries(rounds).map(([what, all]) => [
      what,
      Object.fromEntries(
        (["dump", "write", "verify", "rest"] as const).map((part) =>
          [part, rounded(median(all.map((one) => one[part])))] as const
        ),
      ) as Split,
    ]),
  );
}

function pinsOf(shift: number): NeighborEntry[] {
  const pins = Array.from({ length: COUNT }, (_, i) => ({
    address: addressOf(i),
    linkLayerAddress: linkLayerOf(i + shift),
    interfaceAlias: DEVICE,
  }));
  // Through JSON, so that the strings are as whole as a file's
  return JSON.parse(JSON.stringify(pins));
}

/** What the first change of a process costs; prints its milliseconds. */
async function firstRun(root: string, verb: Verb): Promise<void> {
  const { openNeighborTable }: typeof import("../mod.ts") = await import(
    `${root}mod.ts`
  );
  const pins = pinsOf(verb === "set" ? 1 : 0);
  // Before 0.2.0 the verb of a change was "add"
  const config = Deno.readTextFileSync(new URL("deno.json", root));
  const isOld = JSON.parse(config).version === "0.1.0";
  const word = verb === "add" && !isOld ? "create" : verb;
  const given = pins.map((pin) => ({ ...pin, verb: word }) as NeighborChange);
  const clock = threadClock();
  const start = clock();
  const results = openNeighborTable().change(given);
  const took = clock() - start;
  const bad = results.find(({ outcome }) => outcome !== "done");
  if (bad !== undefined) throw bad;
  console.log(took);
}

/** The first runs beside `ip -batch`, which takes turns with them. */
function firstRuns() {
  const clock = childrenClock();
  const here = fileURLToPath(import.meta.url);
  const trees = {
    now: ROOT,
    ...(BEFORE !== undefined && { before: `file://${BEFORE}/` }),
  };
  const times: Record<string, number[]> = {};
  const take = (who: string, verb: Verb, took: number) =>
    (times[`${who} ${verb}`] ??= []).push(took);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [who, root] of Object.entries(trees)) {
      for (const verb of FIRST_VERBS) {
        const words = ["run", "-A", here, "first", root, verb];
        take(who, verb, Number(run(Deno.execPath(), ...words)));
      }
    }
    for (const verb of FIRST_VERBS) {
      const file = batchFile(verb);
      const start = clock();
      run("ip", "-batch", file);
      take("ip", verb, clock() - start);
      Deno.removeSync(file);
    }
  }
  return FIRST_VERBS.map((verb) => {
    const ratioOf = (who: string) =>
      median(
        times[`${who} ${verb}`]!.map((one, i) =>
          one / times[`ip ${verb}`]![i]!
        ),
      );
    const now = ratioOf("now");
    return {
      line: `first run of a process, ${verb}, / ip -batch`,
      ...(BEFORE !== undefined && { before: rounded(ratioOf("before")) }),
      now: rounded(now),
      target: FIRST_TARGET,
    };
  });
}

/** The file for `ip -batch` that does the same. */
function batchFile(verb: Verb): string {
  const word = { add: "add", set: "change", delete: "del" }[verb];
  const lines = pinsOf(verb === "set" ? 1 : 0).map((pin) => {
    const { address, linkLayerAddress } = pin;
    const value = verb === "delete"
      ? ""
      : ` lladdr ${linkLayerAddress} nud permanent`;
    return `neigh ${word} ${address}${value} dev ${DEVICE}\n`;
  });
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(file, lines.join(""));
  return file;
}
