import { assert, assertEquals } from "@std/assert";
import { type NeighborEntry, pinNeighbor } from "../../mod.ts";
import { Dark } from "../helpers/linux/dark.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf } from "../helpers/linux/many.ts";
import { managedMissing } from "../helpers/linux/kernel.ts";
import { applied, ipLines, Midway, pinsOn } from "../helpers/linux/moving.ts";
import {
  DEVICE,
  ip,
  networkTest,
  THERE,
  THERE_LINK_LAYER,
} from "../helpers/linux/network.ts";
import {
  assertAgrees,
  assertAsBefore,
  inWords,
  outcomes,
  type Snapshot,
  snapshot,
} from "../helpers/linux/witness.ts";
import { pause } from "../helpers/pause.ts";

/** The arguments of `ip neigh replace` for a row, by address. */
const ROWS: Readonly<Record<string, string>> = {
  "10.0.0.10": `lladdr ${THEIRS} nud permanent proto zebra`,
  "10.0.0.11": `lladdr ${THEIRS} nud permanent proto 200`,
  "10.0.0.12": `lladdr ${THEIRS} nud permanent extern_learn`,
  "10.0.0.13": `lladdr ${THEIRS} nud permanent extern_learn proto zebra`,
  "10.0.0.14": `lladdr ${THEIRS} nud noarp proto zebra`,
  "10.0.0.15": `lladdr ${THEIRS} nud stale proto zebra`,
  "10.0.0.16": `lladdr ${THEIRS} nud stale extern_learn`,
  "10.0.0.17": `lladdr ${THEIRS} nud reachable extern_learn proto 200`,
  "2001:db8::10": `lladdr ${THEIRS} nud permanent router proto zebra`,
  "2001:db8::11": `lladdr ${THEIRS} nud stale router extern_learn`,
  "2001:db8::12": `lladdr ${THEIRS} nud permanent router extern_learn`,
};

/** The addresses of the rows that the kernel keeps resolved, where it can. */
const MANAGED = managedMissing() === undefined ? [THERE.ipv4, THERE.ipv6] : [];

/** All of these rows, and one for each family that the kernel keeps resolved. */
async function seed(): Promise<Snapshot> {
  // One by one: `ip -batch` takes the number of an earlier line for a name
  for (const [address, words] of Object.entries(ROWS)) {
    ip(`neigh replace ${address} ${words} dev ${DEVICE}`);
  }
  for (const address of MANAGED) {
    const words = address === THERE.ipv4 ? "proto zebra" : "extern_learn";
    ip(`neigh replace ${address} dev ${DEVICE} managed ${words}`);
  }
  // The far end answers
  const end = performance.now() + 30_000;
  for (;;) {
    const before = snapshot();
    const rows = [...before.rows].filter(([, { lladdr }]) =>
      lladdr === THERE_LINK_LAYER
    );
    if (rows.length === MANAGED.length) return before;
    assert(performance.now() < end, "no managed row was resolved");
    await pause(5);
  }
}

/** A pin over each of them. */
function pinsOver(): NeighborEntry[] {
  return [...Object.keys(ROWS), ...MANAGED].map((address) => ({
    address,
    linkLayerAddress: OURS,
    interfaceAlias: DEVICE,
  }));
}

networkTest(
  "the rows that ip creates have the expected flags and protocols",
  async () => {
    const { rows } = await seed();
    const words = [...rows.values()].map(inWords);
    for (
      const wanted of [
        `${THEIRS} PERMANENT proto zebra`,
        `${THEIRS} PERMANENT extern_learn proto zebra`,
        `${THEIRS} LEARNT extern_learn proto 200`,
        `${THEIRS} PERMANENT router extern_learn`,
        ...MANAGED.map((address) =>
          `${THERE_LINK_LAYER} LEARNT managed ` +
          (address === THERE.ipv4 ? "proto zebra" : "extern_learn")
        ),
      ]
    ) assertEquals(words.includes(wanted), true, `${wanted} in ${words}`);
  },
);

networkTest(
  "a refused apply restores protocol and every flag of what it changed",
  async ({ table }) => {
    const before = await seed();
    using dark = new Dark();
    const pins = [...pinsOver(), dark.pin];
    const { report, error } = await applied(pins, { table });
    assertEquals(error?.code, "NOT_SUPPORTED");
    const after = snapshot();
    assertAgrees(report, before, after);
    // The kernel restores all of it, so that nothing is lost
    assertEquals(outcomes(report), { restored: pins.length - 1, refused: 1 });
    assertAsBefore(before, after);
  },
);

networkTest(
  "an aborted apply restores protocol and every flag of what it pruned",
  async ({ table }) => {
    const before = await seed();
    ipLines(
      ...Array.from(
        { length: 2000 },
        (_, i) =>
          `neigh add ${addressOf(i)} lladdr ${THEIRS} nud permanent ` +
          `proto ${i % 2 ? "zebra" : "bgp"} dev ${DEVICE}`,
      ),
    );
    const whole = snapshot();
    const controller = new AbortController();
    const midway = new Midway(() => controller.abort(), 0.5);
    const { report, error } = await applied(pinsOn(DEVICE, 100, 5000), {
      table,
      prune: true,
      signal: controller.signal,
      progress: midway.progress,
    });
    midway.assertActed();
    assertEquals(error === null, false);
    const after = snapshot();
    assertAgrees(report, whole, after);
    assertAsBefore(whole, after);
    assertEquals(outcomes(report).lost, undefined);
    assertEquals(before.rows.size + 2000, after.rows.size);
  },
);

for (const [address, words] of Object.entries(ROWS)) {
  networkTest(`unpinning restores the whole of ${address} ${words}`, async ({
    table,
  }) => {
    const before = await seed();
    const [pin] = pinsOver().filter((pin) => pin.address === address);
    assertEquals(pinNeighbor(pin!, { table }).unpin(), "restored");
    assertAsBefore(before);
  });
}

for (const address of [THERE.ipv4, THERE.ipv6]) {
  networkTest(
    `unpinning restores the managed flag of ${address}`,
    async ({ table }) => {
      const before = await seed();
      const [pin] = pinsOver().filter((pin) => pin.address === address);
      assertEquals(pinNeighbor(pin!, { table }).unpin(), "restored");
      assertAsBefore(before);
    },
    managedMissing(),
  );
}

networkTest(
  "a managed row that the kernel cannot resolve is reported with its state",
  async ({ table }) => {
    // Nobody has that address: it stays without a link-layer address
    ip(`neigh replace 10.0.0.99 dev ${DEVICE} managed proto zebra`);
    const before = snapshot();
    const [row] = [...before.rows.values()];
    assertEquals(inWords(row), "- LEARNT managed proto zebra");
    const pin = { address: "10.0.0.99", linkLayerAddress: OURS };
    using dark = new Dark();
    const pins = [{ ...pin, interfaceAlias: DEVICE }, dark.pin];
    const { report } = await applied(pins, { table });
    assertAgrees(report, before);
  },
  managedMissing(),
);

networkTest(
  "restore() restores the whole row",
  async ({ table }) => {
    const before = await seed();
    const rows = table.list({ interfaceAlias: DEVICE })
      .filter(({ linkLayerAddress }) =>
        linkLayerAddress === THEIRS || linkLayerAddress === THERE_LINK_LAYER
      );
    assertEquals(rows.length, Object.keys(ROWS).length + MANAGED.length);
    for (const row of rows) ip(`neigh del ${row.address} dev ${DEVICE}`);
    for (const row of rows) {
      const { protocol, flags, isRouter } = table.restore(row)!;
      const told = { protocol, flags, isRouter };
      assertEquals(told, {
        protocol: row.protocol!,
        flags: row.flags!,
        isRouter: row.isRouter,
      }, row.address);
    }
    assertAsBefore(before);
  },
);

networkTest(
  "a row that another program wrote meanwhile is foreign, not restored",
  ({ table }) => {
    const [pin] = pinsOn(DEVICE, 1);
    const words = `lladdr ${THEIRS} nud permanent dev ${DEVICE}`;
    ip(`neigh add ${pin!.address} ${words} proto zebra`);
    const made = pinNeighbor(pin!, { table });
    // Another program has written the former address with its own protocol
    ip(`neigh replace ${pin!.address} ${words} proto bgp`);
    assertEquals(made.unpin(), "foreign");
    const [row] = JSON.parse(ip(`-d -j neigh show ${pin!.address}`));
    assertEquals(row.protocol, "bgp");
  },
);
