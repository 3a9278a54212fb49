import { assertEquals, assertThrows } from "@std/assert";
import {
  applyNeighbors,
  type NeighborEntry,
  NeighborError,
  pinNeighbor,
  planNeighbors,
} from "../../mod.ts";
import { onWrite } from "../helpers/writes.ts";
import { Dark } from "../helpers/linux/dark.ts";
import { Guarding, OURS, Pair, THEIRS } from "../helpers/linux/guarding.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import { applied } from "../helpers/linux/moving.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import {
  assertAsBefore,
  outcomes,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";
import { pause } from "../helpers/pause.ts";

const OWNER = 42;

function pin(
  address: string,
  protocol?: number | null,
  linkLayerAddress = OURS,
): NeighborEntry {
  const entry = { address, linkLayerAddress, interfaceAlias: DEVICE };
  return protocol === undefined ? entry : { ...entry, protocol };
}

function add(
  address: string,
  proto = "",
  lladdr = THEIRS,
  device = DEVICE,
): void {
  const words = proto === "" ? "" : ` proto ${proto}`;
  ip(
    `neigh replace ${address} lladdr ${lladdr} nud permanent dev ${device}${words}`,
  );
}

/** What `ip` says of the addresses, with their protocols. */
function rows(index: number): Record<string, string> {
  return rowsOf(snapshot(), index);
}

networkTest(
  "set, create, replace and change write the protocol that is asked for",
  ({ table, index }) => {
    table.create(pin("10.0.0.7", 42));
    table.create(pin("2001:db8::7", 255));
    add("10.0.0.8");
    table.set(pin("10.0.0.8", 43));
    add("10.0.0.9", "zebra", OURS);
    assertEquals(table.replace(pin("10.0.0.9", 44)), "changed");
    assertEquals(table.replace(pin("10.0.0.9", 44)), "unchanged");
    assertEquals(table.replace(pin("10.0.0.10", 45)), "created");
    const changes = table.change([
      { verb: "create", ...pin("10.0.0.11", 1) },
      { verb: "replace", ...pin("10.0.0.12", 46) },
      { verb: "set", ...pin("10.0.0.7", 47) },
    ]);
    assertEquals(changes.map(({ outcome }) => outcome), [
      ...["done", "done", "done"],
    ]);
    assertEquals(rows(index), {
      "10.0.0.7": `${OURS} PERMANENT proto 47`,
      "2001:db8::7": `${OURS} PERMANENT proto 255`,
      "10.0.0.8": `${OURS} PERMANENT proto 43`,
      "10.0.0.9": `${OURS} PERMANENT proto 44`,
      "10.0.0.10": `${OURS} PERMANENT proto 45`,
      "10.0.0.11": `${OURS} PERMANENT proto redirect`,
      "10.0.0.12": `${OURS} PERMANENT proto 46`,
    });
    assertEquals(
      table.get({ address: "10.0.0.7", interfaceAlias: DEVICE })?.protocol,
      47,
    );
  },
);

networkTest(
  "a write without a protocol keeps the one of the row, and gives none to a new one",
  ({ table, index }) => {
    for (const i of [7, 8, 9]) add(`10.0.0.${i}`, "zebra");
    table.set(pin("10.0.0.7"));
    table.set(pin("10.0.0.8", null));
    assertEquals(table.replace(pin("10.0.0.9")), "changed");
    table.create(pin("10.0.0.10", null));
    assertEquals(rows(index), {
      "10.0.0.7": `${OURS} PERMANENT proto zebra`,
      "10.0.0.8": `${OURS} PERMANENT proto zebra`,
      "10.0.0.9": `${OURS} PERMANENT proto zebra`,
      "10.0.0.10": `${OURS} PERMANENT`,
    });
    // What was read can be written again, protocol and all
    const [row] = table.list({ subnet: "10.0.0.7/32" });
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    table.create(row as NeighborEntry);
    assertEquals(rows(index)["10.0.0.7"], `${OURS} PERMANENT proto zebra`);
  },
);

networkTest(
  "prune with a protocol removes only rows that have it",
  async ({ table, index }) => {
    add("10.0.0.7", "", OURS);
    add("10.0.0.8", "42");
    add("10.0.0.9", "zebra");
    add("10.0.0.10");
    add("2001:db8::9", "42");
    const options = { table, prune: true, protocol: OWNER };
    const pins = [pin("10.0.0.7"), pin("10.0.0.11", 11)];
    const plan = planNeighbors(pins, table.list(), {
      prune: true,
      protocol: OWNER,
      interfaces: table.listInterfaces(),
    });
    const { entries, plan: ofApply } = await applyNeighbors(pins, options);
    assertEquals(
      entries.map(({ entry, outcome }) => `${entry.address} ${outcome}`)
        .toSorted(),
      [
        "10.0.0.11 created",
        "10.0.0.7 changed",
        "10.0.0.8 removed",
        "2001:db8::9 removed",
      ],
    );
    assertEquals(
      plan.remove.map(({ address }) => address).toSorted(),
      ofApply.remove.map(({ address }) => address).toSorted(),
    );
    assertEquals(plan.change.length, 1);
    assertEquals(rows(index), {
      // Adopted: it had the address, and no owner
      "10.0.0.7": `${OURS} PERMANENT proto babel`,
      "10.0.0.9": `${THEIRS} PERMANENT proto zebra`,
      "10.0.0.10": `${THEIRS} PERMANENT`,
      // Its own protocol comes before that of the options
      "10.0.0.11": `${OURS} PERMANENT proto zebra`,
    });
    const again = await applyNeighbors(pins, options);
    assertEquals(outcomes(again), { unchanged: 2 });
    // Without a protocol prune removes whatever program wrote it
    await applyNeighbors(pins, { table, prune: true });
    assertEquals(Object.keys(rows(index)).toSorted(), [
      ...["10.0.0.11", "10.0.0.7"],
    ]);
  },
);

networkTest(
  "a row that another program takes over before it is pruned stays",
  async ({ table, index }) => {
    add("10.0.0.8", "42");
    onWrite(table, ({ addresses }) => {
      if (addresses[0] === "10.0.0.7") add("10.0.0.8", "zebra", OURS);
    });
    const report = await applyNeighbors([pin("10.0.0.7")], {
      table,
      prune: true,
      protocol: OWNER,
    });
    assertEquals(outcomes(report), { created: 1, foreign: 1 });
    assertEquals(rows(index)["10.0.0.8"], `${OURS} PERMANENT proto zebra`);
  },
);

networkTest(
  "a refused apply puts back every protocol, also that there was none",
  async ({ table }) => {
    for (const lladdr of [OURS, THEIRS]) {
      const last = lladdr === OURS ? 1 : 2;
      add(`10.0.${last}.1`, "", lladdr);
      add(`10.0.${last}.2`, "zebra", lladdr);
      add(`10.0.${last}.3`, "42", lladdr);
      add(`2001:db8::${last}:1`, "", lladdr);
    }
    ip(`neigh add 10.0.3.1 lladdr ${THEIRS} nud stale dev ${DEVICE}`);
    ip(
      `neigh add 10.0.3.2 lladdr ${THEIRS} nud noarp extern_learn dev ${DEVICE}`,
    );
    const before = snapshot();
    const addresses = [...before.rows.keys()].map((key) => key.split(" ")[1]!);
    using dark = new Dark();
    const { report, error } = await applied(
      [...addresses.map((address) => pin(address)), dark.pin],
      { table, protocol: OWNER },
    );
    assertEquals(error?.code, "NOT_SUPPORTED");
    assertEquals(outcomes(report), {
      restored: addresses.length - 1,
      unchanged: 1,
      refused: 1,
    });
    assertAsBefore(before);
  },
);

networkTest(
  "a pin that ends puts back the protocol, and that there was none",
  ({ table }) => {
    add("10.0.0.7", "zebra");
    add("10.0.0.8");
    const before = snapshot();
    for (const address of ["10.0.0.7", "10.0.0.8"]) {
      const pinned = pinNeighbor(pin(address, OWNER), { table });
      assertEquals(pinned.unpin(), "restored");
    }
    assertAsBefore(before);
  },
);

networkTest(
  "a row whose protocol another program has changed since is left alone",
  ({ table, index }) => {
    const pinned = pinNeighbor(pin("10.0.0.7", OWNER), { table });
    add("10.0.0.7", "zebra", OURS);
    assertEquals(pinned.unpin(), "foreign");
    assertEquals(rows(index)["10.0.0.7"], `${OURS} PERMANENT proto zebra`);
  },
);

networkTest(
  "a guard that prunes by protocol leaves the entries of other programs alone",
  async ({ table, index }) => {
    add("10.0.0.20", "zebra");
    add("10.0.0.21", "42");
    await using guarding = await Guarding.begin([pin("10.0.0.7")], {
      table,
      prune: true,
      protocol: OWNER,
    });
    add("10.0.0.22", "zebra");
    add("10.0.0.23");
    add("10.0.0.24", "42");
    await guarding.until(() => guarding.repairs().length === 1, "removal");
    ip(`neigh del 10.0.0.7 dev ${DEVICE}`);
    await guarding.until(() => guarding.repairs().length === 2, "repair");
    // It takes the entry with the address
    add("10.0.0.7", "zebra");
    await guarding.until(() => guarding.repairs().length === 3, "taken over");
    await pause(150);
    assertEquals(guarding.repairs(), [
      `removed 10.0.0.24, found ${THEIRS} permanent, 1`,
      "created 10.0.0.7, found nothing, 1",
      `changed 10.0.0.7, found ${THEIRS} permanent, 2`,
    ]);
    assertEquals(rows(index), {
      "10.0.0.7": `${OURS} PERMANENT proto babel`,
      "10.0.0.20": `${THEIRS} PERMANENT proto zebra`,
      "10.0.0.22": `${THEIRS} PERMANENT proto zebra`,
      "10.0.0.23": `${THEIRS} PERMANENT`,
    });
    assertEquals(await guarding.end(), { repairs: 3, refusals: 0 });
  },
);

networkTest(
  "the kernel does not report a change of the protocol alone, so a guard repairs it with the next change of the row",
  async ({ table, index }) => {
    await using guarding = await Guarding.begin([pin("10.0.0.7", OWNER)], {
      table,
    });
    await pause(150);
    add("10.0.0.7", "zebra", OURS);
    await pause(150);
    assertEquals(guarding.repairs(), []);
    assertEquals(rows(index)["10.0.0.7"], `${OURS} PERMANENT proto zebra`);
    add("10.0.0.7", "zebra");
    await guarding.until(() => guarding.repairs().length === 1, "repaired");
    assertEquals(rows(index)["10.0.0.7"], `${OURS} PERMANENT proto babel`);
  },
);

networkTest(
  "a name that moves takes back what a guard adopted, with its protocol",
  async ({ table }) => {
    using pair = new Pair("vx");
    add("10.9.0.7", "zebra", OURS, "vx");
    add("10.9.0.8", "", OURS, "vx");
    const before = snapshot();
    const pins = ["10.9.0.7", "10.9.0.8"].map((address) => ({
      ...pin(address, OWNER),
      interfaceAlias: "vx",
    }));
    await using guarding = await Guarding.begin(pins, { table });
    assertEquals(
      guarding.of("applied")[0]?.report.entries.map((one) => one.outcome),
      ["changed", "changed"],
    );
    ip(`link set ${pair.name} name vy`);
    await guarding.until(() => guarding.of("withdrawn").length === 1, "moved");
    assertEquals(guarding.of("withdrawn")[0]?.entries.length, 2);
    await guarding.end();
    ip("link set vy name vx");
    assertAsBefore(before);
  },
  renameMissing(),
);

networkTest(
  "a protocol that is none is refused before the kernel is asked",
  ({ table, index }) => {
    for (
      const [protocol, message] of [
        [0, "The protocol 0 is that of an entry without one: omit it"],
        [256, "The protocol 256 is not a whole number from 1 to 255"],
        [1.5, "The protocol 1.5 is not a whole number from 1 to 255"],
        ["42", 'The protocol takes a number from 1 to 255, not "42"'],
      ] as const
    ) {
      const error = assertThrows(
        () => table.create(pin("10.0.0.7", protocol as number)),
        NeighborError,
      );
      assertEquals(
        [error.message, error.code, error.member],
        [message, "INVALID_PARAMETER", "protocol"],
      );
    }
    assertEquals(rows(index), {});
  },
);
