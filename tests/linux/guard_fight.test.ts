import { assert, assertEquals } from "@std/assert";
import { CHANGED, CREATED } from "../../ffi/entry_list.ts";
import { onWrite } from "../helpers/writes.ts";
import { type Libc, loadLibc } from "../../ffi/linux/netlink/libc.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { Fighter } from "../helpers/linux/fighting.ts";
import { Guarding, OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { DEVICE, ipNeighbor, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

const PIN: NeighborEntry = {
  address: "10.0.0.7",
  linkLayerAddress: OURS,
  interfaceAlias: DEVICE,
};
const FOREIGN: NeighborEntry = { ...PIN, linkLayerAddress: THEIRS };

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

/** Whether the entry is there as it was pinned. */
function isOurs(): boolean {
  return ipNeighbor(PIN.address)?.lladdr === OURS;
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
      const sentBefore = sent();
      const milliseconds = 1500;
      const start = performance.now();
      let writes = 0;
      do {
        assert(performance.now() - start < 60_000, "repairs have stopped");
        writes += Number(
          await fighter.do({ kind: "write", entries, milliseconds }),
        );
      } while (guarding.of("repaired").length < 5);
      const took = performance.now() - start;
      await guarding.until(isOurs, "the last repair");
      await pause(150);
      assertEquals(ipNeighbor(PIN.address)?.lladdr, OURS);
      assertEquals(ipNeighbor(PIN.address)?.state, ["PERMANENT"]);

      const repaired = guarding.of("repaired");
      assertEquals(repaired.map((one) => one.repairs), [
        ...repaired.map((_, i) => i + 1),
      ]);
      for (const { found } of repaired) {
        assert(found?.linkLayerAddress !== OURS);
      }
      assertEquals(written.length, repaired.length);
      const gaps = gapsOf(written);
      assert(gaps.every((gap) => gap >= 100), `${gaps}`);
      // Each is told after its own write and before the next
      const told = guarding.times.filter((_, i) =>
        guarding.events[i]!.type === "repaired"
      );
      told.forEach((time, i) => {
        assert(time >= written[i]!, `${told}`);
        assert(time <= (written[i + 1] ?? Infinity), `${told}`);
      });

      const requests = sent() - sentBefore;
      console.log(
        `${writes} foreign writes: ${repaired.length} repairs, ` +
          `${requests} requests`,
      );
      assert(requests < took / 3, `${requests} requests in ${took} ms`);
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
      const start = performance.now();
      await using two = await Guarding.begin([FOREIGN], { table: other });
      await pause(1000);
      const counts = () => [one.repairs().length, two.repairs().length];
      await two.until(() => Math.min(...counts()) >= 4, "four repairs of each");
      // One at once, and one in 100 ms
      const most = 1 + (performance.now() - start) / 100;
      assert(Math.max(...counts()) <= most, `${counts()} repairs, ${most}`);
    }
    await one.until(isOurs, "the last repair");
    await pause(150);
    assertEquals(ipNeighbor(PIN.address)?.lladdr, OURS);
  },
);

networkTest(
  "at rest each foreign change is repaired",
  async ({ table }) => {
    using fighter = await Fighter.come();
    await using guarding = await Guarding.begin([PIN], { table });
    await fighter.do({
      kind: "measure",
      entry: FOREIGN,
      wanted: OURS,
      times: 20,
      pause: 120,
    });
    assertEquals(guarding.of("repaired").length, 20);
  },
);
