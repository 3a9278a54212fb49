import { assert, assertEquals, assertRejects, fail } from "@std/assert";
import { onWrite } from "../helpers/writes.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { guardNeighbors } from "../../reconcile/guard.ts";
import type { GuardEvent } from "../../reconcile/guard_event.ts";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { Guarding, OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { Dark } from "../helpers/linux/dark.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";
import { MOD, script } from "../helpers/linux/process.ts";
import { descriptors, soon } from "../helpers/linux/watching.ts";
import { pause } from "../helpers/pause.ts";

function pin(address: string, interfaceAlias = DEVICE): NeighborEntry {
  return { address, linkLayerAddress: OURS, interfaceAlias };
}

const MANY: readonly NeighborEntry[] = Array.from(
  { length: 5000 },
  (_, i) => ({ ...pin(addressOf(i)), linkLayerAddress: linkLayerOf(i) }),
);

/** The table in one text, without what the kernel makes itself. */
function whole(): string {
  return ipNeighbors().filter(({ lladdr }) => !/^(33|01)/.test(lladdr ?? ""))
    .map(({ dst, lladdr, state }) => `${dst} ${lladdr} ${state}`)
    .toSorted().join("\n");
}

/** How the descriptors stand once what was closed is closed. */
async function settled(before: number): Promise<number> {
  // A child of `ip` may take a turn to be let go
  for (let i = 0; i < 2000 && descriptors() !== before; i++) await pause(5);
  return descriptors();
}

networkTest(
  "an abort resolves with the summary, and leaves the entries and no descriptor",
  async ({ table }) => {
    table.list();
    const before = descriptors();
    const entries = [pin("10.0.0.7"), pin("10.0.0.8"), pin("10.9.0.7", "late")];
    const guarding = await Guarding.begin(entries, {
      table,
      interval: 0x7fff_ffff,
    });
    assert(descriptors() > before);
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    await guarding.until(() => guarding.repairs().length === 1, "a repair");
    // At once: no interval is waited for
    assertEquals(await guarding.end(), { repairs: 1, refusals: 0 });
    assertEquals(await settled(before), before);
    assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
    // Nobody guards any more
    ip(`neigh del 10.0.0.8 dev ${DEVICE}`);
    await pause(50);
    assertEquals(ipNeighbor("10.0.0.8"), undefined);

    // At any moment, idle or busy
    for (let i = 0; i < 100; i++) {
      const one = await Guarding.begin(entries, { table });
      if (i % 2 === 0) table.delete(pin("10.0.0.7"));
      if (i % 3 === 0) await pause(i % 5);
      await one.end();
      assert(one.repairs().length <= 1);
    }
    assertEquals(await settled(before), before);
  },
);

networkTest("a guard ends with its table", async () => {
  const table = new SystemTable(() => new LinuxBackend());
  const guarding = await Guarding.begin([pin("10.0.0.7")], { table });
  table.close();
  assertEquals(await soon(guarding.ended), { repairs: 0, refusals: 0 });
});

networkTest("a process whose guard was aborted ends", async () => {
  assertEquals(
    await script(`
      import { guardNeighbors } from "${MOD}";
      const controller = new AbortController();
      const entries = ["${DEVICE}", "late"].map((interfaceAlias) => ({
        address: "10.0.0.7", linkLayerAddress: "${OURS}", interfaceAlias }));
      const report = ({ type }) => {
        // The last event, after which it is idle
        if (type === "waiting") setTimeout(() => controller.abort(), 50);
      };
      const options = { signal: controller.signal, report };
      console.log(JSON.stringify(await guardNeighbors(entries, options)));`),
    '{"repairs":0,"refusals":0}',
  );
  assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
});

networkTest(
  "an error thrown by report ends the guard, and leaves no descriptor",
  async ({ table }) => {
    table.list();
    const before = descriptors();
    const entries = [pin("10.0.0.7"), pin("10.9.0.7", "late")];
    const types = ["applied", "waiting", "repaired", "arrived"] as const;
    for (const type of types) {
      const fault = new Error(`I am tired of ${type}`);
      const applied = Promise.withResolvers<void>();
      const report = (event: GuardEvent) => {
        if (event.type === type) throw fault;
        if (event.type === "applied") applied.resolve();
      };
      const options = { table, interval: 20, report };
      const ended = guardNeighbors(entries, options);
      const rejected = assertRejects(() => ended);
      if (type === "repaired") {
        await soon(applied.promise);
        ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
      }
      using pair = new Pair(type === "arrived" ? "late" : "vx");
      assertEquals(await soon(rejected), fault);
      pair.go();
      // The repair that it threw at was made
      assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
      assertEquals(await settled(before), before);
    }
  },
);

networkTest(
  "an abort before or during the first application rolls everything back",
  async ({ table }) => {
    ip(`neigh add ${addressOf(7)} lladdr ${THEIRS} dev ${DEVICE}`);
    ip(`neigh add ${addressOf(9)} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
    ip(`neigh add 10.0.0.9 lladdr ${THEIRS} dev ${DEVICE}`);
    table.list();
    const [truth, before] = [whole(), descriptors()];
    const controller = new AbortController();
    let batches = 0;
    onWrite(table, () => {
      if (++batches === 12) controller.abort(new Error("Enough"));
    });
    const error = await assertRejects(
      () =>
        guardNeighbors(MANY, {
          table,
          prune: true,
          signal: controller.signal,
          report: ({ type }) => fail(`It told of ${type}`),
        }),
      NeighborApplyError,
      "Stopped before all of 5001 entries were applied; everything was put back",
    );
    assertEquals((error.cause as Error).message, "Enough");
    const outcomes = error.report.entries.map(({ outcome }) => outcome);
    const count = (one: string) => outcomes.filter((x) => x === one).length;
    assertEquals(count("restored") + count("untouched"), 5001);
    assert(count("restored") >= 12 * 128, `${count("restored")}`);
    assertEquals(whole(), truth);
    assertEquals(await settled(before), before);

    batches = 0;
    await assertRejects(
      () => guardNeighbors(MANY, { table, signal: AbortSignal.abort() }),
      NeighborApplyError,
      "nothing was changed",
    );
    assertEquals([batches, whole()], [0, truth]);
  },
);

networkTest(
  "an abort after the last change ends the guard normally",
  async ({ table }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const report = () => controller.abort();
    const entries = [pin("10.0.0.7")];
    const ended = guardNeighbors(entries, { table, signal, report });
    assertEquals(await soon(ended), { repairs: 0, refusals: 0 });
    assertEquals(ipNeighbor("10.0.0.7")?.lladdr, OURS);
  },
);

networkTest(
  "a refused first application is rolled back and ends the guard",
  async ({ table }) => {
    ip(`neigh add 10.0.0.7 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
    table.list();
    const [truth, before] = [whole(), descriptors()];
    using dark = new Dark();
    const error = await assertRejects(
      () => guardNeighbors([pin("10.0.0.7"), dark.pin], { table }),
      NeighborApplyError,
      "1 of 2 entries refused, everything was put back",
    );
    assertEquals(error.code, "NOT_SUPPORTED");
    assertEquals(
      error.report.entries.map(({ entry, outcome }) => [entry, outcome]),
      [[pin("10.0.0.7"), "restored"], [dark.pin, "refused"]],
    );
    assertEquals([whole(), await settled(before)], [truth, before]);
  },
);

networkTest(
  "a signal of the wrong type is refused before any change",
  async ({ table }) => {
    const signal = {} as AbortSignal;
    const error = await soon(assertRejects(
      () => guardNeighbors([pin("10.0.0.7")], { table, signal }),
      NeighborError,
      "The option signal takes an AbortSignal",
    ));
    assertEquals(error.code, "INVALID_PARAMETER");
    assertEquals(ipNeighbor("10.0.0.7"), undefined);
  },
);
