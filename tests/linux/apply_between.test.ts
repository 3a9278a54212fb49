import { assert, assertEquals, assertRejects } from "@std/assert";
import { onWrite } from "../helpers/writes.ts";
import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { parseDesired } from "../../reconcile/desired.ts";
import {
  ABSENT,
  bindDesired,
  CONFLICTING,
  DYNAMIC,
  IN_SYNC,
  observe,
} from "../../reconcile/observe.ts";
import type { SystemTable } from "../../ffi/system_table.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import { FIRST, pin, SECOND, table } from "../helpers/linux/apply_network.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";

/** As many pins as told, over rows of another link-layer address. */
async function changing(on: SystemTable, count: number) {
  const pins = Array.from(
    { length: count },
    (_, i) => pin(addressOf(i), linkLayerOf(i)),
  );
  await applyNeighbors(pins, { table: on });
  return pins.map((one, i) => ({
    ...one,
    linkLayerAddress: linkLayerOf(i + 1),
  }));
}

networkTest("a row removed before its change is created again", async ({
  table: on,
}) => {
  const pins = await changing(on, 300);
  let batches = 0;
  onWrite(on, () => {
    if (++batches === 2) ip(`neigh del ${addressOf(200)} dev ${DEVICE}`);
  });
  const { entries } = await applyNeighbors(pins, { table: on });
  // 128 a batch, and one for what was to be changed and was not there
  assertEquals(batches, 4);
  entries.forEach(({ outcome, previous }, i) => {
    assertEquals(outcome, i === 200 ? "created" : "changed");
    const before = i === 200 ? undefined : linkLayerOf(i);
    assertEquals(previous?.linkLayerAddress, before);
  });
  assertEquals(table().length, 300);
});

networkTest(
  "an entry changed concurrently is refused and left, the others are rolled back",
  async ({ table: on }) => {
    const pins = await changing(on, 300);
    const before = table();
    const their = "02:ee:ee:ee:ee:ee";
    const theirs = `lladdr ${their} dev ${DEVICE}`;
    onWrite(on, () => {}, ({ number }) => {
      if (number > 1) return;
      ip(`neigh replace ${addressOf(5)} ${theirs} nud permanent`);
      ip(`neigh replace ${addressOf(6)} ${theirs} nud stale`);
      ip(`neigh del ${addressOf(7)} dev ${DEVICE}`);
    });
    const error = await assertRejects(
      () => applyNeighbors(pins, { table: on }),
      NeighborApplyError,
      `yet it has ${their}, permanent where ${linkLayerOf(6)}`,
    );
    assertEquals((error.entry as NeighborEntry).address, addressOf(5));
    error.report.entries.forEach(({ outcome }, i) =>
      assertEquals(outcome, [5, 6, 7].includes(i) ? "refused" : "restored")
    );
    const wanted = before
      .filter((line) => !line.startsWith(`${addressOf(7)} `))
      .map((line) => {
        const [address] = line.split(" ");
        if (address === addressOf(5)) return `${address} ${their} PERMANENT`;
        return address === addressOf(6) ? `${address} ${their} STALE` : line;
      });
    assertEquals(table(), wanted);
  },
);

networkTest(
  "a row missing in a dump is looked up before it counts as absent",
  async ({
    table: on,
  }) => {
    const pins = await changing(on, 300);
    const backend = on.backend();
    const scan = backend.scan.bind(backend);
    let isWritten = false;
    onWrite(on, () => isWritten = true);
    backend.scan = (filter, visitor) => {
      let rows = 0;
      scan(filter, {
        begin: () => visitor.begin(),
        // Every third is lost, once there is something to confirm
        row: (row) => {
          if (!isWritten || rows++ % 3 > 0) visitor.row(row);
        },
      });
    };
    const read = backend.read.bind(backend);
    let lookUps = 0;
    backend.read = (entries, position) => {
      lookUps++;
      return read(entries, position);
    };
    const { entries } = await applyNeighbors(pins, { table: on });
    assert(entries.every(({ outcome }) => outcome === "changed"));
    assertEquals(lookUps, 100);
  },
);

networkTest("a dump finds the same entries as a list", ({
  table: on,
  index,
}) => {
  ip("link add vx type veth peer name vy");
  const other = JSON.parse(ip("-j link show dev vx"))[0].ifindex;
  try {
    ip("link set vx up");
    const states = ["permanent", "noarp", "stale", "reachable"];
    const addresses = (i: number) => [`10.0.3.${i}`, `2001:db8::3:${i}`];
    for (let i = 1; i < 24; i++) {
      for (const address of addresses(i)) {
        const lladdr = i % 3 ? FIRST : SECOND;
        const dev = i % 5 ? DEVICE : "vx";
        const nud = states[i % states.length];
        ip(`neigh add ${address} lladdr ${lladdr} nud ${nud} dev ${dev}`);
      }
    }
    ip(`neigh add proxy 10.0.3.30 dev ${DEVICE}`);
    for (const interfaces of [[index], [other], [index, other], [9999]]) {
      const entries = interfaces.flatMap((interfaceIndex) =>
        [...Array(31).keys()].slice(1).flatMap(addresses).map((address) => ({
          address,
          linkLayerAddress: FIRST,
          interfaceIndex,
        }))
      );
      const list = parseDesired(entries, 0);
      const backend = on.backend();
      const { positions } = bindDesired(backend, list);
      const found = observe(backend, list, positions, { withOthers: false });
      assertEquals(found.others, []);
      const rows = new Map(
        on.list().map((row) => [`${row.address}%${row.interfaceIndex}`, row]),
      );
      const ageless = (row: Neighbor | undefined) =>
        row && { ...row, reachabilityTime: null };
      const kinds = new Set<number>();
      entries.forEach(({ address, interfaceIndex }, i) => {
        const row = rows.get(`${address}%${interfaceIndex}`);
        assertEquals(ageless(found.current[i]), ageless(row));
        const standing = row === undefined
          ? ABSENT
          : row.state !== "permanent"
          ? DYNAMIC
          : row.linkLayerAddress === FIRST
          ? IN_SYNC
          : CONFLICTING;
        assertEquals(found.standing[i], standing, address);
        kinds.add(standing);
      });
      if (interfaces[0] === index) assertEquals(kinds.size, 4);
    }
  } finally {
    ip("link del vx");
  }
});
