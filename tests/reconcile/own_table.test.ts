import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import {
  type ApplyReport,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { pinNeighbor } from "../../reconcile/pin.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { Guard, OURS, pin, THEIRS } from "../helpers/guard_run.ts";
import { ownTableOver } from "../helpers/own_table.ts";

const LINUX = [
  { ...interfaceOf(2, "va"), altNames: ["uplink"] },
  interfaceOf(3, "vb"),
];
const WINDOWS = [
  { ...interfaceOf(2, "va", "0x0006000002000000"), altNames: ["uplink"] },
  interfaceOf(3, "vb", "0x0006000003000000"),
];

function outcomesOf({ entries }: ApplyReport): string[] {
  return entries.map(({ outcome }) => outcome);
}

function denied(): NeighborError {
  return new NeighborError("ACCESS_DENIED", "Not you");
}

for (const interfaces of [LINUX, WINDOWS]) {
  const how = interfaces === LINUX ? "by index" : "by LUID";
  const [va, vb] = interfaces as unknown as [
    typeof LINUX[number],
    typeof LINUX[number],
  ];
  const tableOf = () =>
    new FakeTable(interfaces, [
      rowOf(va, "10.0.0.2", THEIRS),
      rowOf(va, "10.0.0.3", THEIRS, "stale"),
      rowOf(va, "10.0.0.4", OURS),
      rowOf(va, "10.0.0.9", THEIRS),
      rowOf(va, "239.1.2.3", "01:00:5e:01:02:03"),
      rowOf(vb, "10.0.0.9", THEIRS),
    ]);
  const pins: NeighborEntry[] = [
    pin("10.0.0.1"),
    pin("10.0.0.2", "uplink"),
    { ...pin("10.0.0.3"), interfaceAlias: null, interfaceIndex: 2 },
    pin("10.0.0.4"),
    { address: "fe80::1%va", linkLayerAddress: OURS },
  ];
  const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "fe80::1"];

  Deno.test(`an apply to a caller's own table does all, ${how}`, async () => {
    const fake = tableOf();
    const { table, calls } = ownTableOver(fake);
    const report = await applyNeighbors(pins, { table, prune: true });
    assertEquals(outcomesOf(report), [
      ...["created", "changed", "changed", "unchanged", "created", "removed"],
    ]);
    for (const address of addresses) {
      const row = fake.rows.get(`2 ${address}`);
      assertEquals([row?.linkLayerAddress, row?.state], [OURS, "permanent"]);
    }
    assertEquals(
      fake.all().map((row) => `${row.interfaceIndex} ${row.address}`),
      [...addresses, "239.1.2.3"].map((one) => `2 ${one}`).concat("3 10.0.0.9")
        .toSorted(),
    );
    assertEquals(report.entries[1]!.previous?.linkLayerAddress, THEIRS);
    // The same again has nothing to do
    const writes = fake.writes;
    const again = await applyNeighbors(pins, { table, prune: true });
    assertEquals(new Set(outcomesOf(again)), new Set(["unchanged"]));
    assertEquals(fake.writes, writes);
    assert((calls.change ?? 0) > 0);
  });

  Deno.test(`an apply to a caller's own table that is refused puts all back, ${how}`, async () => {
    const fake = tableOf();
    const { table } = ownTableOver(fake);
    fake.refuse = (_, address) => address === "fe80::1" ? denied() : undefined;
    const error = await assertRejects(
      () => applyNeighbors(pins, { table, prune: true }),
      NeighborApplyError,
      "Not you; 1 of 6 entries refused, everything was put back as it was",
    );
    assertEquals(error.code, "ACCESS_DENIED");
    assertEquals(outcomesOf(error.report), [
      ...["restored", "restored", "restored"],
      ...["unchanged", "refused", "untouched"],
    ]);
    assertEquals(fake.all(), tableOf().all());
  });

  Deno.test(`an apply to a caller's own table with keepGoing does the rest, ${how}`, async () => {
    const fake = tableOf();
    const { table } = ownTableOver(fake);
    fake.refuse = (_, address) => address === "10.0.0.2" ? denied() : undefined;
    const report = await applyNeighbors(
      [...pins, pin("10.0.0.7", "gone"), {
        ...pin("10.0.0.8"),
        linkLayerAddress: "02",
      }],
      { table, prune: true, keepGoing: true },
    );
    assertEquals(outcomesOf(report), [
      ...["created", "refused", "changed", "unchanged", "created"],
      ...["refused", "refused", "removed"],
    ]);
    assertEquals(report.entries.map(({ error }) => error?.code), [
      ...[undefined, "ACCESS_DENIED", undefined, undefined, undefined],
      ...["INTERFACE_NOT_FOUND", "INVALID_PARAMETER", undefined],
    ]);
    assertEquals(fake.rows.get("2 10.0.0.2")?.linkLayerAddress, THEIRS);
  });

  Deno.test(`a pin in a caller's own table is put back, ${how}`, () => {
    for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.4"]) {
      const fake = tableOf();
      const { table } = ownTableOver(fake);
      {
        using held = pinNeighbor(pin(address), { table });
        assertEquals(
          held.previous,
          tableOf().rows.get(`2 ${address}`) ?? null,
        );
        const row = fake.rows.get(`2 ${address}`);
        assertEquals([row?.linkLayerAddress, row?.state], [OURS, "permanent"]);
      }
      assertEquals(fake.all(), tableOf().all());
    }
  });

  Deno.test(`a pin in a caller's own table is refused as its table refuses, ${how}`, () => {
    const fake = tableOf();
    const { table } = ownTableOver(fake);
    fake.refuse = denied;
    const error = assertThrows(
      () => pinNeighbor(pin("10.0.0.2"), { table }),
      NeighborError,
    );
    assertEquals(error.code, "ACCESS_DENIED");
    const missing = assertThrows(
      () => pinNeighbor(pin("10.0.0.2", "gone"), { table }),
      NeighborError,
      'Cannot find interface "gone"',
    );
    assertEquals(missing.code, "INTERFACE_NOT_FOUND");
    assertEquals(fake.all(), tableOf().all());
  });

  for (const isTold of [true, false]) {
    const by = isTold ? "told" : "polled";
    Deno.test(`a guard on a caller's own table repairs, ${how}, ${by}`, async () => {
      const fake = tableOf();
      fake.isTold = isTold;
      const { table } = ownTableOver(fake);
      const guard = new Guard(fake, pins.slice(0, 2), { table, prune: true });
      assertEquals(await guard.said(1), [
        "applied created,changed,removed,removed",
      ]);
      fake.rows.delete("2 10.0.0.1");
      await guard.said(2);
      fake.put(rowOf(va, "10.0.0.2", THEIRS, "reachable"));
      await guard.said(3);
      fake.put(rowOf(va, "10.0.0.6", THEIRS));
      assertEquals((await guard.said(4)).slice(1), [
        "created 10.0.0.1 found nothing undefined 1",
        `changed 10.0.0.2 found ${THEIRS} reachable 1`,
        `removed 10.0.0.6 found ${THEIRS} permanent 1`,
      ]);
      assertEquals(await guard.end(), { repairs: 3, refusals: 0 });
      assertEquals(fake.rows.get("2 10.0.0.2")?.linkLayerAddress, OURS);
    });

    Deno.test(`a guard on a caller's own table waits for an interface, ${how}, ${by}`, async () => {
      const fake = new FakeTable([vb]);
      fake.isTold = isTold;
      const { table } = ownTableOver(fake);
      const guard = new Guard(fake, [pin("10.0.0.1")], { table });
      assertEquals(await guard.said(2), ["applied ", "waiting 10.0.0.1"]);
      // No event reports it, so it is polled
      fake.interfaces = [va, vb];
      assertEquals((await guard.said(4)).slice(2), [
        "arrived 10.0.0.1",
        "created 10.0.0.1 found nothing undefined 1",
      ]);
      await guard.end();
    });
  }
}

Deno.test("an apply lists the interfaces of a caller's own table at most twice", async () => {
  for (const count of [1, 10, 1000]) {
    const fake = new FakeTable(LINUX);
    const { table, calls } = ownTableOver(fake);
    const pins = Array.from(
      { length: count },
      (_, i) =>
        pin(
          `10.0.${i >> 8}.${i & 255}`,
          ["va", "uplink", "vb"][i % 3 === 2 ? 2 : i % 2]!,
        ),
    );
    const report = await applyNeighbors(pins, { table, prune: true });
    assertEquals(new Set(outcomesOf(report)), new Set(["created"]));
    assert(calls.listInterfaces! <= 2, JSON.stringify(calls));
    // Nothing to write: the names are not looked up again
    await applyNeighbors(pins, { table });
    assert(calls.listInterfaces! <= 4, JSON.stringify(calls));
  }
});
