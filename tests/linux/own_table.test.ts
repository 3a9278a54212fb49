import { assert, assertEquals } from "@std/assert";
import { pinNeighbor } from "../../mod.ts";
import { Guarding, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf } from "../helpers/linux/many.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import { applied, Device, Midway, pinsOn } from "../helpers/linux/moving.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { ownTable } from "../helpers/linux/own_table.ts";
import {
  assertAgrees,
  assertAsBefore,
  indexOf,
  outcomes,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";

networkTest(
  "an apply to a caller's own table, completed and rolled back",
  async () => {
    using table = ownTable().table;
    ip(
      `neigh add ${addressOf(1)} lladdr ${THEIRS} nud permanent dev ${DEVICE}`,
    );
    ip(`neigh add ${addressOf(2)} lladdr ${THEIRS} nud stale dev ${DEVICE}`);
    ip(`neigh add 10.0.0.9 lladdr ${THEIRS} nud permanent dev ${DEVICE}`);
    const before = snapshot();
    const controller = new AbortController();
    const { signal } = controller;
    const midway = new Midway(() => controller.abort());
    const { progress } = midway;
    const pins = pinsOn(DEVICE, 3000);
    const stopped = await applied(pins, {
      table,
      prune: true,
      signal,
      progress,
    });
    midway.assertActed();
    assertAgrees(stopped.report, before);
    assertAsBefore(before);

    const { report } = await applied(pins, { table, prune: true });
    assertAgrees(report, before);
    assertEquals(outcomes(report), { created: 2998, changed: 2, removed: 1 });
  },
);

networkTest(
  "a device renamed during an apply to a caller's own table keeps no entry",
  async () => {
    using table = ownTable().table;
    using _ = new Device("d0");
    const before = snapshot();
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { progress } = midway;
    const pins = pinsOn("d0", 3000);
    const { report, error } = await applied(pins, { table, progress });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertAsBefore(before);
  },
  renameMissing(),
);

networkTest("a guard and a pin on a caller's own table", async () => {
  using table = ownTable().table;
  using _ = new Device("d0");
  const d0 = indexOf(snapshot(), "d0");
  const pins = pinsOn("d0", 3);
  {
    await using guarding = await Guarding.begin(pins, { table });
    ip(`neigh del ${addressOf(1)} dev d0`);
    await guarding.until(() => guarding.repairs().length > 0, "a repair");
    assertEquals(Object.keys(rowsOf(snapshot(), d0)).length, 3);
  }
  const before = snapshot();
  const pin = pinNeighbor(pinsOn("d0", 1, 9)[0]!, { table });
  ip("link set d0 name e0");
  assertEquals(pin.unpin(), "restored");
  assertAsBefore(before);
}, renameMissing());

networkTest("an apply lists the interfaces at most twice", async () => {
  const { table, calls } = ownTable();
  using _ = table;
  ip(`link property add dev ${DEVICE} altname uplink`);
  const pins = [...pinsOn(DEVICE, 5), ...pinsOn("uplink", 5, 5)];
  const { report } = await applied(pins, { table });
  assertEquals(outcomes(report), { created: 10 });
  const { listInterfaces = 0 } = calls;
  assert(listInterfaces <= 2, JSON.stringify(calls));

  // Not by interface, nor by entry
  const before = { ...calls };
  await applied([...pins, ...pinsOn("uplink", 1000, 10)], { table });
  const more = calls.listInterfaces! - (before.listInterfaces ?? 0);
  assert(more <= 2, JSON.stringify(calls));
});

networkTest("a guard lists the interfaces at most twice", async () => {
  const { table, calls } = ownTable();
  using _ = table;
  await using guarding = await Guarding.begin(pinsOn(DEVICE, 10), {
    table,
    interval: 60_000,
  });
  ip(`neigh del ${addressOf(1)} dev ${DEVICE}`);
  await guarding.until(() => guarding.repairs().length > 0, "a repair");
  const { listInterfaces = 0 } = calls;
  assert(listInterfaces <= 2, JSON.stringify(calls));
});
