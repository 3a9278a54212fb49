import { assert, assertEquals } from "@std/assert";
import { CHANGED, CREATED } from "../../ffi/entry_list.ts";
import { onWrite } from "../helpers/writes.ts";
import { type Libc, loadLibc } from "../../ffi/linux/netlink/libc.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { Fight } from "../helpers/linux/fighter.ts";
import { Guarding, OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { DEVICE, ipNeighbor, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/linux/watching.ts";

const PIN: NeighborEntry = {
  address: "10.0.0.7",
  linkLayerAddress: OURS,
  interfaceAlias: DEVICE,
};
const FOREIGN: NeighborEntry = { ...PIN, linkLayerAddress: THEIRS };

/** The other writer, until the end of the block. */
class Fighter implements Disposable {
  readonly #worker = new Worker(
    new URL("../helpers/linux/fighter.ts", import.meta.url),
    {
      type: "module",
    },
  );

  static async come(): Promise<Fighter> {
    const fighter = new Fighter();
    await fighter.#answer();
    return fighter;
  }

  async do(fight: Fight): Promise<unknown> {
    const answer = this.#answer();
    this.#worker.postMessage(fight);
    return await answer;
  }

  async #answer(): Promise<unknown> {
    return await new Promise((go) =>
      this.#worker.onmessage = ({ data }) => go(data)
    );
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

/** A table that counts what it sends to the kernel. */
function counting(): { table: SystemTable; sent: () => number } {
  let sent = 0;
  let libc: Libc | undefined;
  const load = () => {
    const real = loadLibc();
    return libc ??= {
      ...real,
      send(...call: Parameters<Libc["send"]>) {
        sent++;
        return real.send(...call);
      },
    };
  };
  const table = new SystemTable(() => new LinuxBackend(load));
  return { table, sent: () => sent };
}

/** Seconds that this thread has had of a processor, to a hundredth. */
function cpu(): number {
  const stat = Deno.readTextFileSync("/proc/thread-self/stat");
  const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(words[11]) + Number(words[12])) / 100;
}
/** When the entry was written, by the clock that starts before each write. */
function timesOf(table: SystemTable): number[] {
  const times: number[] = [];
  let start = 0;
  onWrite(table, () => start = performance.now(), ({ entries, positions }) => {
    const outcome = entries.outcomes[positions[0]!];
    if (outcome === CREATED || outcome === CHANGED) times.push(start);
  });
  return times;
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]!);
}

const OTHER: NeighborEntry = {
  ...PIN,
  linkLayerAddress: "02:ee:00:00:00:07",
};

for (
  const [how, entries] of [
    ["overwrites an entry", [FOREIGN, OTHER]],
    ["has it wrong and right in turn", [FOREIGN, PIN]],
  ] as const
) {
  networkTest(
    `against a program that ${how} as fast as it can: repairs are 100 ms apart`,
    async () => {
      const { table, sent } = counting();
      using _ = table;
      const written = timesOf(table);
      using fighter = await Fighter.come();
      await using guarding = await Guarding.begin([PIN], { table });
      written.length = 0;
      const [sentBefore, cpuBefore] = [sent(), cpu()];
      const milliseconds = 1500;
      const writes = await fighter.do({ kind: "write", entries, milliseconds });
      await pause(150);
      assertEquals(ipNeighbor(PIN.address)?.lladdr, OURS);
      assertEquals(ipNeighbor(PIN.address)?.state, ["PERMANENT"]);

      const repaired = guarding.of("repaired");
      assertEquals(repaired.map((one) => one.repairs), [
        ...repaired.map((_, i) => i + 1),
      ]);
      assert(repaired.length >= 5, `${repaired.length} repairs`);
      for (const { found } of repaired) {
        assert(found?.linkLayerAddress !== OURS);
      }
      assertEquals(written.length, repaired.length);
      const gaps = gapsOf(written);
      assert(gaps.every((gap) => gap >= 100), `${gaps}`);
      // Told a moment after it was done: that moment may vary
      const told = gapsOf(
        guarding.times.filter((_, i) =>
          guarding.events[i]!.type === "repaired"
        ),
      );
      assert(told.every((gap) => gap >= 95), `${told}`);

      const [requests, seconds] = [sent() - sentBefore, cpu() - cpuBefore];
      console.log(
        `${writes} foreign writes: ${repaired.length} repairs, ` +
          `${requests} requests, ${seconds.toFixed(2)} s of CPU`,
      );
      assert(requests < 500, `${requests} requests`);
      // Every event is read all the same
      assert(seconds < 1.2, `${seconds} s of CPU in 1.65 s`);
      assertEquals((await guarding.end()).repairs, repaired.length);
    },
  );
}

networkTest(
  "two conflicting guards do not spin, and the last one running wins",
  async ({ table }) => {
    using other = new SystemTable(() => new LinuxBackend());
    await using one = await Guarding.begin([PIN], { table });
    {
      await using two = await Guarding.begin([FOREIGN], { table: other });
      await pause(1000);
      const [first, second] = [one.repairs().length, two.repairs().length];
      assert(first >= 4 && first <= 11, `${first} repairs`);
      assert(second >= 4 && second <= 11, `${second} repairs`);
    }
    await pause(150);
    assertEquals(ipNeighbor(PIN.address)?.lladdr, OURS);
  },
);

networkTest(
  "at rest a repair follows the foreign change within 50 ms",
  async ({ table }) => {
    using fighter = await Fighter.come();
    await using guarding = await Guarding.begin([PIN], { table });
    const took = await fighter.do({
      kind: "measure",
      entry: FOREIGN,
      wanted: OURS,
      times: 20,
      pause: 120,
    }) as number[];
    const sorted = took.toSorted((a, b) => a - b);
    const median = (sorted[9]! + sorted[10]!) / 2;
    console.log(
      `from a foreign change to its repair: ${median.toFixed(1)} ms ` +
        `(median of 20), ${sorted[19]!.toFixed(1)} ms at the most`,
    );
    assert(median < 50, `${sorted}`);
    assertEquals(guarding.of("repaired").length, 20);
  },
);
