import { assertEquals, assertStringIncludes } from "@std/assert";
import { Dark } from "../helpers/linux/dark.ts";
import { THEIRS } from "../helpers/linux/guarding.ts";
import { addressOf } from "../helpers/linux/many.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import {
  applied,
  Device,
  ipLines,
  Midway,
  pinsOn,
  swapOf,
} from "../helpers/linux/moving.ts";
import { ip, networkTest } from "../helpers/linux/network.ts";
import {
  assertAgrees,
  assertAsBefore,
  indexOf,
  outcomes,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";

const COUNT = 3000;

networkTest(
  "a device renamed during an apply keeps none of its entries",
  async ({ table }) => {
    using _ = new Device("d0");
    ip(`neigh add ${addressOf(7)} lladdr ${THEIRS} nud permanent dev d0`);
    const before = snapshot();
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { progress } = midway;
    const { report, error } = await applied(pinsOn("d0", COUNT), {
      table,
      progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertStringIncludes(error?.message ?? "", '"d0"');
    assertEquals(rowsOf(snapshot(), indexOf(before, "d0")), {
      [addressOf(7)]: `${THEIRS} PERMANENT`,
    });
  },
  renameMissing(),
);

networkTest(
  "removed rows are restored on a device that was renamed meanwhile",
  async ({ table }) => {
    using _ = new Device("d0");
    ipLines(
      ...pinsOn("d0", COUNT, 5000).map(({ address }) =>
        `neigh add ${address} lladdr ${THEIRS} nud permanent dev d0`
      ),
    );
    const before = snapshot();
    // Removals come last: all rows are made, some of the others gone
    const midway = new Midway(() => ip("link set d0 name e0"), 0.6);
    const { report, error } = await applied(pinsOn("d0", 300), {
      table,
      prune: true,
      progress: midway.progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertAsBefore(before);
  },
  renameMissing(),
);

networkTest(
  "a device renamed and renamed back during an apply counts as the same",
  async ({ table }) => {
    using _ = new Device("d0");
    const before = snapshot();
    const away = new Midway(() => ip("link set d0 name e0"));
    const back = new Midway(() => ip("link set e0 name d0"), 0.5);
    const { report, error } = await applied(pinsOn("d0", COUNT), {
      table,
      progress(done, of) {
        away.progress(done, of);
        back.progress(done, of);
      },
    });
    assertAgrees(report, before);
    assertEquals([error, outcomes(report)], [null, { created: COUNT }]);
    back.assertActed();
  },
  renameMissing(),
);

networkTest(
  "an apply of pins by index ignores renames",
  async ({ table }) => {
    using _ = new Device("d0");
    const before = snapshot();
    const interfaceIndex = indexOf(before, "d0");
    const pins = pinsOn("d0", COUNT).map((pin) => ({
      ...pin,
      interfaceAlias: null,
      interfaceIndex,
    }));
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { progress } = midway;
    const { report, error } = await applied(pins, { table, progress });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals([error, outcomes(report)], [null, { created: COUNT }]);
  },
  renameMissing(),
);

networkTest(
  "names swapped during an apply do not split the pins over two devices",
  async ({ table }) => {
    using _ = new Device("d0");
    using _other = new Device("d1");
    const before = snapshot();
    const midway = new Midway(() => ipLines(...swapOf("d0", "d1")));
    const { progress } = midway;
    const { report, error } = await applied(pinsOn("d0", COUNT), {
      table,
      progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    // The message names the new interface
    assertStringIncludes(error?.message ?? "", '"d0"');
    assertStringIncludes(error?.message ?? "", `${indexOf(before, "d1")}`);
    assertAsBefore(before);
  },
  renameMissing(),
);

networkTest(
  "a device created again during an apply counts as another device",
  async ({ table }) => {
    using pair = new Device("d0");
    const before = snapshot();
    const midway = new Midway(() => {
      pair.go();
      pair.come();
    });
    const { progress } = midway;
    const { report, error } = await applied(pinsOn("d0", COUNT), {
      table,
      progress,
    });
    midway.assertActed();
    const after = snapshot();
    assertAgrees(report, before, after);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertStringIncludes(error?.message ?? "", '"d0"');
    const made = rowsOf(after, indexOf(after, "d0"));
    assertEquals(Object.keys(made).length, 0);
  },
);

networkTest(
  "an alternative name moved during an apply takes no pins along",
  async ({ table }) => {
    using _ = new Device("d0");
    using _other = new Device("d1");
    ip("link property add dev d0 altname uplink");
    const before = snapshot();
    const midway = new Midway(() =>
      ipLines(
        "link property del dev d0 altname uplink",
        "link property add dev d1 altname uplink",
      )
    );
    const { progress } = midway;
    const { report, error } = await applied(pinsOn("uplink", COUNT), {
      table,
      progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertStringIncludes(error?.message ?? "", '"uplink"');
    assertStringIncludes(error?.message ?? "", `${indexOf(before, "d1")}`);
    assertAsBefore(before);
  },
);

networkTest(
  "a device that leaves the namespace during an apply counts as missing",
  async ({ table, far, there }) => {
    using _ = new Device("d0");
    const before = snapshot();
    const midway = new Midway(() => ip(`link set d0 netns ${far[2]}`));
    const { progress } = midway;
    const { report, error } = await applied(pinsOn("d0", COUNT), {
      table,
      progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertEquals(there("-j neigh show dev d0 nud permanent").trim(), "[]");
  },
);

networkTest(
  "with keepGoing only the pins of the moved name are rolled back",
  async ({ table }) => {
    using _ = new Device("d0");
    using _other = new Device("d1");
    const before = snapshot();
    // By turns, so that each batch is of both
    const d1 = pinsOn("d1", 1500, 1500);
    const pins = pinsOn("d0", 1500).flatMap((pin, i) => [pin, d1[i]!]);
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { report, error } = await applied(pins, {
      table,
      keepGoing: true,
      progress: midway.progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error, null);
    assertEquals(outcomes(report), { refused: 1500, created: 1500 });
    for (const { entry, outcome, error } of report.entries) {
      const isMoved = entry.interfaceAlias === "d0";
      assertEquals(outcome, isMoved ? "refused" : "created");
      if (!isMoved) continue;
      assertEquals(error?.code, "INTERFACE_NOT_FOUND");
      assertStringIncludes(error?.message ?? "", '"d0"');
    }
  },
  renameMissing(),
);

networkTest(
  "with keepGoing a removed name leaves the pins of the device's other name",
  async ({ table }) => {
    using _ = new Device("d0");
    ip("link property add dev d0 altname uplink");
    const before = snapshot();
    const pins = [...pinsOn("uplink", 1500), ...pinsOn("d0", 1500, 1500)];
    const midway = new Midway(() =>
      ip("link property del dev d0 altname uplink")
    );
    const { report } = await applied(pins, {
      table,
      keepGoing: true,
      progress: midway.progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(outcomes(report), { refused: 1500, created: 1500 });
    assertEquals(report.entries[0]?.error?.code, "INTERFACE_NOT_FOUND");
  },
);

networkTest(
  "a refusal after a rename rolls back on the renamed device",
  async ({ table }) => {
    using _ = new Device("d0");
    using dark = new Dark();
    const before = snapshot();
    const midway = new Midway(() => ip("link set d0 name e0"), 0.9);
    const { progress } = midway;
    const pins = [...pinsOn("d0", COUNT), dark.pin];
    const { report } = await applied(pins, { table, progress });
    midway.assertActed();
    assertAgrees(report, before);
    assertAsBefore(before);
  },
  renameMissing(),
);
