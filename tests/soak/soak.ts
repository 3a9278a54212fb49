/**
 * Guard, watch and apply as processes of their own, for as long as one likes,
 * while their table is changed, their devices go and come, they are stopped, and
 * `apply` is killed. What `ip` says is compared after each trouble. Runs in a
 * network namespace of its own, see `run.ts`.
 *
 * @module
 */

import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { NeighborChange } from "../../ffi/types/change.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { rowKey } from "../../ffi/watch/row_cache.ts";
import {
  begun,
  type FilePin,
  filePin,
  pinsFile,
  TemporaryFile,
} from "../helpers/linux/applying.ts";
import { OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { ipBatch, keyOn, standingFully } from "../helpers/linux/model.ts";
import { ip } from "../helpers/linux/network.ts";
import { Following } from "./following.ts";
import { pause } from "../helpers/pause.ts";

/** How long, and how much at a time. */
export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Foreign rows that are added and removed at once. */
  readonly flood: number;
  /** How many pins an application has that is killed. */
  readonly pins: number;
}

/** What came of it. */
export interface SoakReport {
  /** How often there was each trouble. */
  readonly rounds: Readonly<Record<Trouble, number>>;
  /** Applications that were killed in the middle of it. */
  readonly halfway: number;
  readonly repairs: number;
  /** The misses after a disturbance; empty is right. */
  readonly misses: readonly string[];
  readonly events: number;
  readonly resyncs: number;
  readonly processes: readonly Cost[];
}

/** What a process took, at the beginning and at the end. */
export interface Cost {
  readonly name: string;
  readonly descriptors: readonly [number, number];
  /** MiB: once it was warm, at the end. */
  readonly memory: readonly [number, number];
  /** Percent of a processor while idle. */
  readonly load: number;
}

/** What is done to them. */
export type Trouble = "churn" | "flap" | "stop" | "flood" | "kill";

const GUARDED = 400;
/**
 * How long everything may take to be right again, in milliseconds: after the
 * last event, because a watch that still tells is slow, and has missed nothing.
 */
const PATIENCE = 60_000;
/** The same after the disturbance, whatever is told. */
const MOST_PATIENCE = 10 * PATIENCE;
/** How long nothing is done to see what that costs, in milliseconds. */
const REST = 3000;

/** Deterministic numbers below a limit. */
function drawer(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

/** The desired entries: half on each device, every fifth of them IPv6. */
const PINS: readonly FilePin[] = Array.from(
  { length: GUARDED },
  (_, i) =>
    filePin(
      i % 5 === 0 ? `fd00::${(i + 1).toString(16)}` : addressOf(i),
      OURS,
      i % 2 === 0 ? "sa" : "sb",
    ),
);

class Soak {
  readonly misses: string[] = [];
  readonly rows = new Map<string, Neighbor>();
  repairs = 0;
  events = 0;
  resyncs = 0;
  halfway = 0;
  readonly table = new SystemTable(() => new LinuxBackend());
  readonly #draw: (limit: number) => number;
  readonly #options: SoakOptions;
  readonly #second = new Pair("sb");
  readonly #first = new Pair("sa");
  readonly #third = new Pair("sc");
  #round = 0;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#draw = drawer(options.seed);
  }

  close(): void {
    this.table.close();
    for (const one of [this.#first, this.#second, this.#third]) {
      one[Symbol.dispose]();
    }
  }

  /** An event of the watch: each fits those before it. */
  follow(
    { type, neighbor, previous }: Readonly<Record<string, unknown>>,
  ): void {
    this.events++;
    if (type === "resync") {
      this.resyncs++;
      return;
    }
    const row = (neighbor ?? previous) as Neighbor;
    const name = rowKey(row);
    if (this.rows.has(name) !== (previous !== null)) {
      this.misses.push(`watch: an event does not fit: ${type} ${name}`);
    }
    if (neighbor === null) this.rows.delete(name);
    else this.rows.set(name, row);
  }

  /** Changes, removes and repeats pins, and writes beside them. */
  async churn(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) {
      const changes = Array.from({ length: 40 }, (): NeighborChange => {
        const pin = PINS[this.#draw(GUARDED)]!;
        const other = this.#draw(3);
        if (other === 0) return { verb: "delete", ...pin } as NeighborChange;
        if (other === 1) {
          return { verb: "replace", ...pin, linkLayerAddress: THEIRS };
        }
        const stranger = addressOf(0x8000 + this.#draw(2000));
        return { verb: "replace", ...pin, address: stranger };
      });
      this.table.change(changes);
      await pause(this.#draw(30));
    }
  }

  /** A device goes down and up, or goes and comes again. */
  async flap(): Promise<void> {
    if (this.#draw(2) === 0) {
      ip("link set sb down");
      await pause(this.#draw(200));
      ip("link set sb up");
      return;
    }
    this.#second.go();
    await pause(this.#draw(300));
    this.#second.come();
  }

  /** Both processes are stopped while everything changes. */
  async stop(staying: readonly Following[]): Promise<void> {
    for (const one of staying) one.signal("SIGSTOP");
    await this.churn();
    await this.flap();
    for (const one of staying) one.signal("SIGCONT");
  }

  /** Adds and removes many foreign rows. */
  async flood(): Promise<void> {
    const { flood } = this.#options;
    const each = (verb: string, lladdr: boolean) =>
      ipBatch(
        Array.from({ length: flood }, (_, i) =>
          `neigh ${verb} 11.${i >> 16}.${i >> 8 & 255}.${i & 255} dev sa` +
          (lladdr ? ` lladdr ${linkLayerOf(i)} nud permanent` : "")),
      );
    await each("replace", true);
    await this.settle("with the rows of somebody else");
    const left = [...standingFully(["sa"]).keys()]
      .filter((key) => key.startsWith("sa 11.")).length;
    if (left !== flood) {
      this.misses.push(`of ${flood} rows of somebody else ${left} are there`);
    }
    await each("del", false);
  }

  /** An application of the third device is killed, and made again. */
  async kill(): Promise<void> {
    const shift = ++this.#round;
    const { pins: count } = this.#options;
    const pins = Array.from(
      { length: count },
      (_, i) => filePin(addressOf(i), linkLayerOf(i + shift), "sc"),
    );
    using file = new TemporaryFile(pinsFile(pins));
    const first = { address: addressOf(0), interfaceAlias: "sc" };
    const isBegun = () =>
      this.table.get(first)?.linkLayerAddress === linkLayerOf(shift);
    const child = await begun(file.path, isBegun);
    // A change takes some microseconds
    await pause(this.#draw(count / 200));
    try {
      child.kill("SIGKILL");
    } catch {
      // It was done already
    }
    await child.output();
    const done = this.#right(pins);
    if (done > 0 && done < count) this.halfway++;
    const again = await begun(file.path, () => true);
    const { code, stderr } = await again.output();
    if (code !== 0) {
      const words = new TextDecoder().decode(stderr);
      this.misses.push(`apply after a kill ended with ${code}: ${words}`);
    }
    const right = this.#right(pins);
    if (right !== count) {
      this.misses.push(`after a kill and apply ${right} of ${count} are right`);
    }
  }

  #right(pins: readonly FilePin[]): number {
    const rows = standingFully([
      ...new Set(pins.map((one) => one.interfaceAlias)),
    ]);
    return pins.filter(({ address, interfaceAlias, linkLayerAddress }) =>
      rows.get(keyOn(interfaceAlias, address)) ===
        `${linkLayerAddress} permanent`
    ).length;
  }

  /** Waits until the pins are in sync and the watch agrees with `ip`. */
  async settle(after: string): Promise<void> {
    const last = performance.now() + MOST_PATIENCE;
    let end = 0;
    for (let heard = -1;;) {
      // To compare takes this thread a while, in which nothing is followed. A
      // table that is read again tells nothing for a while
      const quiet = this.rows.size > 10_000 ? 1000 : 100;
      do {
        const now = performance.now();
        if (this.events !== heard) end = Math.min(now + PATIENCE, last);
        heard = this.events;
        await pause(quiet);
      } while (this.events !== heard && performance.now() < last);
      const right = this.#right(PINS);
      const told = this.#untold();
      if (right === GUARDED && told === 0) return;
      if (performance.now() > end) {
        this.misses.push(
          `${after}: ${right} of ${GUARDED} pins are right, ` +
            `${told} rows are not as the watch has told`,
        );
        return;
      }
    }
  }

  /** How many permanent rows differ between the watch and `ip`. */
  #untold(): number {
    const told = new Map(
      [...this.rows.values()].filter((row) => row.state === "permanent")
        .map((row) => [
          keyOn(row.interfaceAlias!, row.address),
          `${row.linkLayerAddress} permanent`,
        ]),
    );
    const there = standingFully(["sa", "sb", "sc"]);
    let untold = 0;
    for (const [key, words] of there) {
      if (words.endsWith(" permanent") && told.get(key) !== words) untold++;
      told.delete(key);
    }
    return untold + told.size;
  }
}

/** Runs for so many seconds, each trouble once at least. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const run = new Soak(options);
  const rounds = { churn: 0, flap: 0, stop: 0, flood: 0, kill: 0 };
  try {
    using file = new TemporaryFile(pinsFile(PINS));
    await using guard = new Following(
      "apply",
      [file.path, "--watch", "--interval", "50"],
      (line) => line.type === "repaired" && run.repairs++,
    );
    await using watch = new Following("watch", [], (line) => run.follow(line));
    const staying = { guard, watch };
    await run.settle("at the beginning");
    // What is compiled and grows once is there after one of each
    const end = performance.now() + 1000 * options.seconds;
    const before = new Map<string, readonly [number, number]>();
    const plain: readonly Trouble[] = [
      "churn",
      "flap",
      "stop",
      "churn",
      "kill",
    ];
    for (let i = 0; i <= 5 || performance.now() < end; i++) {
      // The flood takes longest
      const trouble = i % 25 === 5 ? "flood" : plain[i % 5]!;
      if (trouble === "stop") await run.stop(Object.values(staying));
      else await run[trouble]();
      rounds[trouble]++;
      await run.settle(`after ${trouble} ${rounds[trouble]}`);
      if (i !== 5) continue;
      for (const [name, one] of Object.entries(staying)) {
        before.set(name, [one.descriptors(), one.memory()]);
      }
    }
    await pause(500);
    const processes: Cost[] = [];
    for (const [name, one] of Object.entries(staying)) {
      const [descriptors, memory] = before.get(name)!;
      processes.push({
        name,
        descriptors: [descriptors, one.descriptors()],
        memory: [memory, one.memory()],
        load: await one.load(REST),
      });
    }
    await guard.end();
    await watch.end();
    const { repairs, misses, events, resyncs, halfway } = run;
    return { rounds, halfway, repairs, misses, events, resyncs, processes };
  } finally {
    run.close();
  }
}
