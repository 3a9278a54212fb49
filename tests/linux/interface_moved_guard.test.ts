import { assert, assertEquals } from "@std/assert";
import type { NeighborEntry } from "../../mod.ts";
import { Guarding, THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf, linkLayerOf } from "../helpers/linux/many.ts";
import { missingFor, renameMissing } from "../helpers/linux/kernel.ts";
import { Device, ipLines, pinsOn, swapOf } from "../helpers/linux/moving.ts";
import { ip, networkTest } from "../helpers/linux/network.ts";
import { indexOf, rowsOf, snapshot } from "../helpers/linux/witness.ts";
import { pause } from "../helpers/pause.ts";

const COUNT = 500;
/** As long as a guard may take to follow, at its default interval. */
const SOON = 30_000;
/** The default of `guardNeighbors`; the helper's own is shorter. */
const INTERVAL = 1000;

type Rows = Readonly<Record<string, string>>;

/** The rows that these pins make. */
function pinned(pins: readonly NeighborEntry[]): Rows {
  return Object.fromEntries(
    pins.map((pin) => [pin.address, `${pin.linkLayerAddress} PERMANENT`]),
  );
}

/** What `ip` says of devices, by the names and indexes given. */
function stand(devices: Readonly<Record<string, number>>) {
  const now = snapshot();
  return Object.fromEntries(
    Object.entries(devices).map(([name, index]) => [name, rowsOf(now, index)]),
  );
}

/** The tables are so before long, and stay so. */
async function settles(
  devices: Readonly<Record<string, number>>,
  wanted: Readonly<Record<string, Rows>>,
): Promise<void> {
  const isSo = () =>
    JSON.stringify(sorted(stand(devices))) === JSON.stringify(sorted(wanted));
  const end = performance.now() + SOON;
  while (!isSo() && performance.now() < end) await pause(20);
  const counts = (rows: Readonly<Record<string, Rows>>) =>
    Object.entries(rows).map(([device, rows]) =>
      `${device}: ${Object.keys(rows).length}`
    );
  assertEquals(counts(stand(devices)), counts(wanted));
  await pause(100);
  assertEquals(stand(devices), wanted);
}

function sorted(tables: Readonly<Record<string, Rows>>) {
  return Object.entries(tables).map(([device, rows]) => [
    device,
    Object.entries(rows).toSorted(),
  ]).toSorted();
}

networkTest(
  "a guard removes its pins from a device that lost the name",
  async ({ table }) => {
    using _ = new Device("d0");
    const [theirs, found] = [addressOf(3), addressOf(4)];
    // It is so before the guard comes: not made by it
    ip(`neigh add ${found} lladdr ${linkLayerOf(4)} nud permanent dev d0`);
    const d0 = indexOf(snapshot(), "d0");
    const pins = pinsOn("d0", COUNT);
    await using guarding = await Guarding.begin(pins, {
      table,
      interval: INTERVAL,
    });
    ipLines(
      "link set d0 name e0",
      `neigh replace ${theirs} lladdr ${THEIRS} nud permanent dev e0`,
    );
    const left: Rows = {
      [theirs]: `${THEIRS} PERMANENT`,
      [found]: `${linkLayerOf(4)} PERMANENT`,
    };
    await settles({ d0 }, { d0: left });
    const [waiting] = guarding.of("waiting");
    assertEquals(waiting?.entries, pins);
    assertEquals(waiting?.error.code, "INTERFACE_NOT_FOUND");

    // The name moves to another device, where they are created
    using _next = new Device("f0");
    ip("link set f0 name d0");
    const next = indexOf(snapshot(), "d0");
    await settles({ d0, next }, { d0: left, next: pinned(pins) });
    assertEquals(guarding.of("arrived").map((one) => one.entries), [pins]);
    assertEquals(guarding.of("waiting").length, 1);
  },
  renameMissing(),
);

networkTest(
  "a guard creates its pins again on a device that got its name back",
  async ({ table }) => {
    using _ = new Device("d0");
    const d0 = indexOf(snapshot(), "d0");
    const pins = pinsOn("d0", COUNT);
    await using _guarding = await Guarding.begin(pins, {
      table,
      interval: INTERVAL,
    });
    ip("link set d0 name e0");
    await settles({ d0 }, { d0: {} });
    ip("link set e0 name d0");
    await settles({ d0 }, { d0: pinned(pins) });
  },
  renameMissing(),
);

networkTest(
  "a guard reacts to device events before its next poll",
  async ({ table }) => {
    using _ = new Device("d0");
    const d0 = indexOf(snapshot(), "d0");
    const pins = pinsOn("d0", COUNT);
    await using guarding = await Guarding.begin(pins, {
      table,
      interval: 60_000,
    });
    ip("link set d0 name e0");
    await settles({ d0 }, { d0: {} });
    assertEquals(guarding.of("waiting").length, 1);
    ip("link set e0 name d0");
    await settles({ d0 }, { d0: pinned(pins) });
  },
  renameMissing(),
);

/** Ways to move a name at once, with the device that has it first. */
const MOVES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "two names swapped": ["d0", swapOf("d0", "d1")],
  "a name given away": [
    "d0",
    ["link set d0 name e0", "link set d1 name d0"],
  ],
  "an alternative name moved": [
    "uplink",
    [
      "link property del dev d0 altname uplink",
      "link property add dev d1 altname uplink",
    ],
  ],
  "an alternative name that becomes the name of another": [
    "uplink",
    ["link property del dev d0 altname uplink", "link set d1 name uplink"],
  ],
};

for (const [move, [name, lines]] of Object.entries(MOVES)) {
  networkTest(`a guard follows ${move}`, async ({ table }) => {
    using _ = new Device("d0");
    using _other = new Device("d1");
    if (name === "uplink") ip("link property add dev d0 altname uplink");
    const before = snapshot();
    const devices = { d0: indexOf(before, "d0"), d1: indexOf(before, "d1") };
    const pins = pinsOn(name, COUNT);
    const stranger = `${THEIRS} PERMANENT`;
    ip(`neigh add 10.8.0.1 lladdr ${THEIRS} nud permanent dev d0`);
    ip(`neigh add 10.8.0.2 lladdr ${THEIRS} nud permanent dev d1`);
    await using guarding = await Guarding.begin(pins, {
      table,
      interval: INTERVAL,
    });
    ipLines(...lines);
    await settles(devices, {
      d0: { "10.8.0.1": stranger },
      d1: { "10.8.0.2": stranger, ...pinned(pins) },
    });
    const refused = guarding.of("refused").map(({ error }) => error.message);
    assertEquals(refused, []);
  }, missingFor(lines));
}

networkTest(
  "a guard reports that an alternative name was removed",
  async ({ table }) => {
    using _ = new Device("d0");
    ip("link property add dev d0 altname uplink");
    const d0 = indexOf(snapshot(), "d0");
    const pins = [...pinsOn("uplink", COUNT), ...pinsOn("d0", 5, COUNT)];
    await using guarding = await Guarding.begin(pins, {
      table,
      interval: INTERVAL,
    });
    ip("link property del dev d0 altname uplink");
    // The others have another name of it
    await settles({ d0 }, { d0: pinned(pins.slice(COUNT)) });
    const waiting = guarding.of("waiting");
    assertEquals(waiting.map(({ entries }) => entries), [pins.slice(0, COUNT)]);
    assertEquals(waiting[0]?.error.code, "INTERFACE_NOT_FOUND");
  },
);

networkTest(
  "a guard of pins by index ignores renames",
  async ({ table }) => {
    using _ = new Device("d0");
    const d0 = indexOf(snapshot(), "d0");
    const pins = pinsOn("d0", COUNT).map((pin) => ({
      ...pin,
      interfaceAlias: null,
      interfaceIndex: d0,
    }));
    await using guarding = await Guarding.begin(pins, { table });
    ip("link set d0 name e0");
    await pause(100);
    await settles({ d0 }, { d0: pinned(pins) });
    assertEquals(guarding.said(), ["applied"]);
  },
  renameMissing(),
);

networkTest(
  "a guard follows a device that is deleted and created again at once",
  async ({ table }) => {
    using device = new Device("d0");
    const pins = pinsOn("d0", COUNT);
    await using _guarding = await Guarding.begin(pins, {
      table,
      interval: INTERVAL,
    });
    device.go();
    device.come();
    const d0 = indexOf(snapshot(), "d0");
    await settles({ d0 }, { d0: pinned(pins) });
  },
);

networkTest(
  "a device renamed during the first application of a guard keeps no entry",
  async ({ table }) => {
    using _ = new Device("d0");
    const d0 = indexOf(snapshot(), "d0");
    const renamed = new Deno.Command("bash", {
      args: ["-c", LISTEN],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const lines = renamed.stdout.getReader();
    await lines.read();
    const pins = pinsOn("d0", 20_000);
    const guarding = await Guarding.begin(pins, { table }).catch(() => null);
    while (!(await lines.read()).done);
    await renamed.status;
    try {
      // Refused and put back; or applied just before, then taken off
      const end = performance.now() + SOON;
      const count = () => Object.keys(rowsOf(snapshot(), d0)).length;
      while (count() > 0 && performance.now() < end) await pause(20);
      assertEquals(count(), 0);
    } finally {
      await guarding?.end().catch(() => {});
    }
    assert(snapshot().devices.has("e0"));
  },
  renameMissing(),
);

/** Renames the device once it has rows. */
const LISTEN = `
  echo
  until [ -n "$(ip neigh show dev d0 nud permanent)" ]; do :; done
  exec ip link set d0 name e0
`;
