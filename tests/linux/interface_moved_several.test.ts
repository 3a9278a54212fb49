import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { begun, pinsFile, TemporaryFile } from "../helpers/linux/applying.ts";
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
import { soon } from "../helpers/linux/watching.ts";
import {
  assertAgrees,
  assertAsBefore,
  indexOf,
  outcomes,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";

/** By turns, so that each batch is of both. */
const PINS = (() => {
  const d1 = pinsOn("d1", 1500, 1500);
  return pinsOn("d0", 1500).flatMap((pin, i) => [pin, d1[i]!]);
})();

for (const keepGoing of [false, true]) {
  const mode = keepGoing ? "with keepGoing" : "all or nothing";
  networkTest(
    `${mode}: two names swapped under their pins keep no row`,
    async ({ table }) => {
      using _ = new Device("d0");
      using _other = new Device("d1");
      const before = snapshot();
      const midway = new Midway(() => ipLines(...swapOf("d0", "d1")));
      const { report, error } = await applied(PINS, {
        table,
        keepGoing,
        progress: midway.progress,
      });
      midway.assertActed();
      assertAgrees(report, before);
      assertAsBefore(before);
      if (keepGoing) {
        assertEquals(outcomes(report), { refused: PINS.length });
        const codes = report.entries.map(({ error }) => error?.code);
        assertEquals([...new Set(codes)], ["INTERFACE_NOT_FOUND"]);
      } else assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    },
    renameMissing(),
  );

  networkTest(
    `${mode}: a name that moves is refused though its entries were unchanged`,
    async ({ table }) => {
      using _ = new Device("d0");
      using _other = new Device("d1");
      const unchanged = pinsOn("d0", 300);
      await applied(unchanged, { table });
      const before = snapshot();
      const midway = new Midway(() => ip("link set d0 name e0"));
      const pins = [...unchanged, ...pinsOn("d1", 1500, 1500)];
      const { report, error } = await applied(pins, {
        table,
        keepGoing,
        progress: midway.progress,
      });
      midway.assertActed();
      assertAgrees(report, before);
      if (keepGoing) {
        assertEquals(outcomes(report), { refused: 300, created: 1500 });
        assertEquals(report.entries[0]?.error?.code, "INTERFACE_NOT_FOUND");
      } else {
        assertEquals(error?.code, "INTERFACE_NOT_FOUND");
        assertAsBefore(before);
      }
    },
    renameMissing(),
  );
}

networkTest(
  "pins by name and by index of one device: with keepGoing those by index stay",
  async ({ table }) => {
    using _ = new Device("d0");
    const before = snapshot();
    const interfaceIndex = indexOf(before, "d0");
    const pins = [
      ...pinsOn("d0", 1500),
      ...pinsOn("d0", 1500, 1500).map(({ address, linkLayerAddress }) => ({
        address,
        linkLayerAddress,
        interfaceIndex,
      })),
    ];
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { report } = await applied(pins, {
      table,
      keepGoing: true,
      progress: midway.progress,
    });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(outcomes(report), { refused: 1500, created: 1500 });
  },
  renameMissing(),
);

networkTest(
  "with keepGoing removed rows are restored on a device whose name moved",
  async ({ table }) => {
    using _ = new Device("d0");
    using _other = new Device("d1");
    ipLines(
      ...pinsOn("d0", 3000, 5000).map(({ address }) =>
        `neigh add ${address} lladdr ${THEIRS} nud permanent dev d0`
      ),
    );
    const before = snapshot();
    const [d0, d1] = [indexOf(before, "d0"), indexOf(before, "d1")];
    // Removals come last
    const midway = new Midway(() => ip("link set d0 name e0"), 0.5);
    const { report } = await applied(
      [...pinsOn("d0", 100), ...pinsOn("d1", 100, 100)],
      { table, keepGoing: true, prune: true, progress: midway.progress },
    );
    midway.assertActed();
    const after = snapshot();
    assertAgrees(report, before, after);
    const counts = [d0, d1].map((index) =>
      Object.keys(rowsOf(after, index)).length
    );
    assertEquals(counts, [3000, 100]);
  },
  renameMissing(),
);

networkTest(
  "a zone that moves during an apply counts as a moved name",
  async ({ table }) => {
    using _ = new Device("d0");
    const before = snapshot();
    const pins = Array.from({ length: 2000 }, (_, i) => ({
      address: `fe80::${(i + 1).toString(16)}%d0` as const,
      linkLayerAddress: "02:fc:00:00:00:05",
    }));
    const midway = new Midway(() => ip("link set d0 name e0"));
    const { progress } = midway;
    const { report, error } = await applied(pins, { table, progress });
    midway.assertActed();
    assertAgrees(report, before);
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    assertAsBefore(before);
  },
  renameMissing(),
);

networkTest(
  "the command ends with 3 where a name moved, and leaves no row",
  async ({ table }) => {
    using file = new TemporaryFile(pinsFile(pinsOn("d0", 40_000) as never));
    for (let tries = 1;; tries++) {
      using _ = new Device("d0");
      const before = snapshot();
      const interfaceIndex = indexOf(before, "d0");
      const first = { address: addressOf(0), interfaceIndex };
      const child = await begun(
        file.path,
        () => table.get(first) !== undefined,
        "--json",
      );
      ip("link set d0 name e0");
      const { code, stderr } = await soon(child.output());
      // It may have been done before the device was renamed
      if (code === 0) {
        assert(tries < 5, "It was never in the middle");
        continue;
      }
      assertAsBefore(before);
      assertEquals(code, 3);
      const { error } = JSON.parse(new TextDecoder().decode(stderr));
      assertEquals(error.code, "INTERFACE_NOT_FOUND");
      assertStringIncludes(error.message, '"d0"');
      assertEquals(error.entries.length, 40_000);
      return;
    }
  },
  renameMissing(),
);
