import { assert, assertEquals } from "@std/assert";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { onWrite } from "../helpers/writes.ts";
import { Guarding, OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { pause } from "../helpers/pause.ts";

function pin(address: string, interfaceAlias = DEVICE): NeighborEntry {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

function add(address: string, nud = "permanent", device = DEVICE): void {
  ip(`neigh replace ${address} lladdr ${THEIRS} nud ${nud} dev ${device}`);
}

/** The rows of an interface, without those that the kernel creates itself. */
function onDevice(device = DEVICE): string[] {
  const rows: { dst: string; lladdr?: string; state: string[] }[] = JSON.parse(
    ip(`-j neigh show nud all dev ${device}`),
  );
  return rows.filter(({ lladdr }) => !/^(33:33|01:00)/.test(lladdr ?? ""))
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted();
}

networkTest(
  "prune removes permanent entries that appear later, and nothing else",
  async ({ table }) => {
    using _ = new Pair("vx");
    add("10.0.0.20");
    await using guarding = await Guarding.begin(
      [pin("10.0.0.7"), pin("2001:db8::7")],
      { table, prune: true },
    );
    const [applied] = guarding.of("applied");
    assertEquals(applied?.report.plan.remove.length, 1);
    // Those that stay
    add("10.0.1.5", "stale");
    add("10.0.1.6", "reachable");
    add("10.0.1.7", "noarp");
    add("10.0.0.9", "permanent", "vx");
    const groups = [
      "239.1.2.3 lladdr 02:ee:00:00:00:07",
      "ff02::5 lladdr 02:ee:00:00:00:07",
      "10.255.255.255 lladdr ff:ff:ff:ff:ff:ff",
    ];
    for (const group of groups) ip(`neigh add ${group} dev ${DEVICE}`);
    ip(`neigh add proxy 10.0.0.99 dev ${DEVICE}`);
    const stay = onDevice();
    // Those that go
    for (const address of ["10.0.0.9", "2001:db8::9", "fe80::9"]) {
      add(address);
      await guarding.until(
        () => guarding.repairs().at(-1)?.includes(` ${address},`) ?? false,
        address,
      );
    }
    // One that stayed, until it is made permanent
    add("10.0.1.5");
    await guarding.until(() => guarding.repairs().length === 4, "the fourth");
    assertEquals(guarding.repairs(), [
      `removed 10.0.0.9, found ${THEIRS} permanent, 1`,
      `removed 2001:db8::9, found ${THEIRS} permanent, 1`,
      `removed fe80::9, found ${THEIRS} permanent, 1`,
      `removed 10.0.1.5, found ${THEIRS} permanent, 1`,
    ]);
    await pause(150);
    assertEquals(
      onDevice(),
      stay.filter((row) => !row.startsWith("10.0.1.5 ")),
    );
    assertEquals(onDevice("vx"), [`10.0.0.9 ${THEIRS} PERMANENT`]);
    assertEquals(
      JSON.parse(ip(`-j neigh show proxy dev ${DEVICE}`)).length,
      1,
    );
    assertEquals(await guarding.end(), { repairs: 4, refusals: 0 });
  },
);

networkTest("without prune no foreign entry is removed", async ({ table }) => {
  await using guarding = await Guarding.begin([pin("10.0.0.7")], { table });
  add("10.0.0.9");
  ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
  await guarding.until(() => guarding.repairs().length === 1, "the pin");
  await pause(150);
  assertEquals(guarding.repairs().length, 1);
  assertEquals(onDevice().length, 2);
});

networkTest(
  "prune works for another name of the interface, and for one that appears later",
  async ({ table }) => {
    ip(`link property add dev ${DEVICE} altname the-other-name-of-it`);
    const options = { table, prune: true, interval: 200 };
    await using guarding = await Guarding.begin(
      [pin("10.0.0.7", "the-other-name-of-it"), pin("10.9.0.7", "late")],
      options,
    );
    add("10.0.0.9");
    await guarding.until(() => guarding.repairs().length === 1, "by altname");
    assert(guarding.repairs()[0]?.startsWith("removed 10.0.0.9,"));
    // The stranger is there before anybody looks
    using _ = new Pair("late");
    add("10.9.0.9", "permanent", "late");
    await guarding.until(() => guarding.repairs().length === 3, "late");
    await pause(50);
    assertEquals(onDevice("late"), [`10.9.0.7 ${OURS} PERMANENT`]);
    // An interface that is called so from now on
    using pair = new Pair("vx");
    add("10.9.0.8", "permanent", "vx");
    ip("link del late");
    ip(`link set ${pair.name} name late`);
    await guarding.until(() => guarding.repairs().length === 5, "renamed");
    assertEquals(onDevice("late"), [`10.9.0.7 ${OURS} PERMANENT`]);
    assertEquals(onDevice().length, 1);
  },
  renameMissing(),
);

networkTest(
  "each removal of an entry that keeps coming back is reported, 100 ms apart",
  async ({ table }) => {
    const removals: number[] = [];
    onWrite(table, ({ verbs }) => {
      if (verbs[0] === "delete") removals.push(performance.now());
    });
    const options = { table, prune: true };
    await using guarding = await Guarding.begin([pin("10.0.0.7")], options);
    for (let i = 1; i <= 5; i++) {
      const lladdr = `02:ee:00:00:00:0${i}`;
      ip(`neigh add 10.0.0.9 lladdr ${lladdr} nud permanent dev ${DEVICE}`);
      await guarding.until(() => guarding.repairs().length === i, `${i}`);
      // What was found is what stood there then
      assertEquals(
        guarding.repairs().at(-1),
        `removed 10.0.0.9, found ${lladdr} permanent, ${i}`,
      );
    }
    const gaps = removals.slice(1).map((time, i) => time - removals[i]!);
    assert(gaps.every((gap) => gap >= 100), `${gaps}`);
    assertEquals(await guarding.end(), { repairs: 5, refusals: 0 });
  },
);

networkTest(
  "an interface removed before a due removal does not end the guard",
  async ({ table }) => {
    using pair = new Pair("vx");
    const options = { table, prune: true };
    const entries = [pin("10.0.0.7"), pin("10.9.0.7", "vx")];
    await using guarding = await Guarding.begin(entries, options);
    // Between the reading of the table and the removal
    onWrite(table, ({ addresses }) => {
      if (addresses[0] === "10.9.0.9") pair.go();
    });
    add("10.9.0.9", "permanent", "vx");
    await guarding.until(() => guarding.of("waiting").length === 1, "gone");
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    await guarding.until(() => guarding.repairs().length === 1, "goes on");
    assertEquals(await guarding.end(), { repairs: 1, refusals: 0 });
  },
);
