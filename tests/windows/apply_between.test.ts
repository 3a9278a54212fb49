/** What happens to an application while it is under way. */

import { assertEquals, assertRejects } from "@std/assert";
import {
  applyNeighbors,
  createNeighbor,
  deleteNeighbor,
  listNeighbors,
  type NeighborApplyError,
  type NeighborEntry,
  type NeighborTable,
  setNeighbor,
} from "../../mod.ts";
import { openSystemTable } from "../../ffi/open.ts";
import { onWrite, type WriteCall } from "../helpers/writes.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import {
  countsOf,
  kernelTable,
  outcomesOf,
  pin,
  seed,
  THEIRS,
  tryToApply,
} from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const STALE = 4;
const SOMEBODY = "02:ee:ee:ee:ee:ee";

/** A table that has something done after each batch of changes. */
function tableThat(
  does: (batch: number, call: WriteCall) => void,
): NeighborTable {
  const table = openSystemTable();
  onWrite(table, () => {}, (call) => does(call.number, call));
  return table;
}

/** So many pins, more than one batch of them. */
function many(count: number): NeighborEntry[] {
  return Array.from(
    { length: count },
    (_, i) => pin(`192.0.${i >> 8}.${i & 255}`),
  );
}

wineTest(
  "an entry changed by another program since is left alone",
  async () => {
    await seed("192.0.2.4", "permanent");
    await seed("192.0.2.5", "permanent");
    await seed("192.0.2.6", "stale");
    await seed("192.0.2.8", "permanent");
    const pins = ["3", "4", "5", "6", "7", "9"]
      .map((last) => pin(`192.0.2.${last}`));
    using table = tableThat((batch) => {
      if (batch > 1) return;
      setNeighbor(pin("192.0.2.3", SOMEBODY));
      setNeighbor(pin("192.0.2.4", SOMEBODY));
      deleteNeighbor(pin("192.0.2.6"));
      deleteNeighbor(pin("192.0.2.7"));
    });
    // The last of them
    control.failNext("CreateIpNetEntry2", 8, 1, 2);
    const { report, error } = await tryToApply(pins, { table, prune: true });
    assertEquals([error?.code, error?.status], ["NO_MEMORY", 8]);
    assertEquals(outcomesOf(report), [
      // 192.0.2.7 is gone, as it was before
      ...["foreign", "foreign", "restored", "foreign", "restored"],
      ...["refused", "untouched"],
    ]);
    assertEquals(
      error?.message.includes("3 had been changed by somebody else"),
      true,
    );
    assertEquals(await kernelTable(), [
      `192.0.2.3 ${SOMEBODY} PERMANENT`,
      `192.0.2.4 ${SOMEBODY} PERMANENT`,
      `192.0.2.5 ${THEIRS} PERMANENT`,
      `192.0.2.8 ${THEIRS} PERMANENT`,
    ]);
  },
);

wineTest(
  "a removed entry that another program created again is left alone",
  async () => {
    await seed("192.0.2.8", "permanent");
    await seed("192.0.2.9", "permanent");
    let first = "";
    using table = tableThat((_, { verbs, addresses }) => {
      // Not those of the rollback
      if (verbs[0] !== "delete" || first !== "") return;
      first = addresses[0]!;
      createNeighbor(pin(first, SOMEBODY));
    });
    control.failNext("DeleteIpNetEntry2", 31, 1, 1);
    const { report, error } = await tryToApply([pin("192.0.2.7")], {
      table,
      prune: true,
    });
    assertEquals(error?.status, 31);
    assertEquals(
      report.entries.map(({ entry, outcome }) =>
        entry.address === first ? `theirs ${outcome}` : outcome
      ).toSorted(),
      ["refused", "restored", "theirs foreign"],
    );
    assertEquals(
      await kernelTable(),
      ["192.0.2.8", "192.0.2.9"].map((address) =>
        `${address} ${address === first ? SOMEBODY : THEIRS} PERMANENT`
      ),
    );
  },
);

wineTest(
  "an entry created in between is changed, and restored at the rollback",
  async () => {
    control.setBackend("memory");
    const index = await kernelIndex(ETHERNET);
    const row = (last: number, state?: number) =>
      rawRow({ index, address: [192, 0, 2, last], ...(state && { state }) });
    const comes = () => {
      const table = openSystemTable();
      onWrite(table, ({ number }) => {
        if (number === 1) control.addRows(row(3), row(4, STALE));
      });
      return table;
    };
    const pins = [pin("192.0.2.3"), pin("192.0.2.4"), pin("192.0.2.5")];
    {
      using table = comes();
      const { entries } = await applyNeighbors(pins, { table });
      assertEquals(
        entries.map(({ outcome, previous }) => `${outcome} ${previous?.state}`),
        ["changed permanent", "changed stale", "created undefined"],
      );
    }
    for (const pinned of [pins.slice(1, 2), pins]) {
      control.reset();
      control.setBackend("memory");
      control.setOnDynamic("ignore");
      using table = comes();
      // Of the entry that was deleted to be created
      control.failNext("CreateIpNetEntry2", 8, 1, pinned.length);
      const { report, error } = await tryToApply(pinned, { table });
      assertEquals([error?.code, error?.status], ["NO_MEMORY", 8]);
      assertEquals(
        outcomesOf(report),
        pinned.length === 1
          ? ["forgotten"]
          : ["restored", "forgotten", "restored"],
      );
      assertEquals(
        listNeighbors().map(({ address, linkLayerAddress }) =>
          `${address} ${linkLayerAddress}`
        ),
        [
          "192.0.2.3 02:fc:00:00:00:01",
        ],
      );
    }
  },
);

for (const keepGoing of [false, true]) {
  wineTest(
    `an abort between two batches, keepGoing: ${keepGoing}`,
    async () => {
      control.setBackend("memory");
      const controller = new AbortController();
      const pins = many(1000);
      let tried = 0;
      using table = tableThat((batch, { positions, verbs }) => {
        if (verbs[0] !== "delete") tried += positions.length;
        if (batch === 2) controller.abort(new Error("Enough"));
      });
      const { signal } = controller;
      const { error } = await tryToApply(pins, { table, keepGoing, signal });
      assertEquals(error?.code, "ABORTED");
      assertEquals((error?.cause as Error).message, "Enough");
      assertEquals(tried > 0 && tried < 1000, true);
      assertEquals(countsOf(error!.report), {
        [keepGoing ? "created" : "restored"]: tried,
        untouched: 1000 - tried,
      });
      assertEquals(listNeighbors().length, keepGoing ? tried : 0);
      assertEquals(
        error?.message,
        "Stopped before all of 1000 entries were applied; " +
          (keepGoing
            ? "what was applied stays"
            : "everything was put back as it was"),
      );
    },
  );
}

wineTest(
  "an interface removed during an apply takes its entries along",
  async () => {
    await seed("192.0.2.4", "permanent");
    const index = await kernelIndex(ETHERNET);
    using table = tableThat((batch) => {
      if (batch > 1) return;
      control.configure(control.gone(index));
    });
    const pins = [pin("192.0.2.4"), ...many(300)];
    const { report, error } = await tryToApply(pins, { table });
    assertEquals(error?.code, "INTERFACE_NOT_FOUND");
    const [changed, ...created] = outcomesOf(report);
    assertEquals(changed, "lost");
    assertEquals(
      new Set(created),
      new Set(["restored", "refused", "untouched"]),
    );
  },
);

wineTest("changes that cannot be read back are rolled back", async () => {
  await seed("192.0.2.8", "permanent");
  using table = tableThat(() => control.failAlways("GetIpNetTable2", 8));
  const error = await assertRejects(
    () => applyNeighbors(many(100), { table, prune: true }),
  ) as NeighborApplyError;
  assertEquals([error.code, error.operation], ["NO_MEMORY", "GetIpNetTable2"]);
  assertEquals(countsOf(error.report), { restored: 100, untouched: 1 });
  assertEquals(await kernelTable(), [`192.0.2.8 ${THEIRS} PERMANENT`]);
});

wineTest(
  "an error thrown by a callback leaves no half-changed table",
  async () => {
    using table = tableThat(() => {
      throw new TypeError("A bug");
    });
    await assertRejects(
      () => applyNeighbors(many(10), { table }),
      TypeError,
      "A bug",
    );
    assertEquals(await kernelTable(), []);
  },
);
