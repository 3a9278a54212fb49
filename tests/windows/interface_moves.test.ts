/**
 * An alias that comes to mean another interface in the middle: what is written
 * stays on the interface that the alias meant at the start, or is taken back
 * from there. `ip` is the witness: its names are not those that move.
 */

import { assert, assertEquals } from "@std/assert";
import {
  changeNeighbors,
  createNeighbor,
  openNeighborTable,
  pinNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelNeighbors } from "../helpers/wine/witness.ts";
import {
  countsOf,
  OURS,
  pin,
  seed,
  THEIRS,
  tryToApply,
} from "../helpers/windows/applying.ts";
import { indexes, MOVES, pinned, pinsOn } from "../helpers/windows/moving.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

const COUNT = 300;
const NONE = { ethernet: 0, other: 0 };

for (const [move, settings] of Object.entries(MOVES)) {
  for (const writes of [1, 150, COUNT]) {
    wineTest(
      `an alias that ${move} after ${writes} of ${COUNT} pins: all is taken back`,
      async () => {
        control.after("write", writes, ...settings(await indexes()));
        const { report, error } = await tryToApply(pinsOn(ETHERNET, COUNT));
        assertEquals(await pinned(), NONE);
        assertEquals(error?.code, "INTERFACE_NOT_FOUND", error?.message);
        assert(error!.message.includes(ETHERNET), error!.message);
        const { restored = 0, untouched = 0, refused = 0, ...others } =
          countsOf(report);
        assertEquals(others, {});
        assertEquals(restored + untouched + refused, COUNT);
      },
    );
  }

  wineTest(
    `an alias that ${move} does not lead a rollback astray`,
    async () => {
      await seed("10.7.0.9", "permanent");
      await seed("10.7.1.9", "permanent");
      // The prune is the last to be done, and is refused
      control.failNext("DeleteIpNetEntry2", 31);
      control.after("DeleteIpNetEntry2", 1, ...settings(await indexes()));
      const { error } = await tryToApply(pinsOn(ETHERNET, 150), {
        prune: true,
      });
      assertEquals([error?.status, error?.operation], [
        31,
        "DeleteIpNetEntry2",
      ]);
      assertEquals(await pinned(), NONE);
      assertEquals(
        (await kernelNeighbors("dev", ETHERNET))
          .filter(({ lladdr }) => lladdr === THEIRS).map(({ dst, state }) =>
            `${dst} ${state}`
          ).toSorted(),
        ["10.7.0.9 PERMANENT", "10.7.1.9 PERMANENT"],
      );
    },
  );

  wineTest(
    `with keepGoing an alias that ${move} costs its own entries only`,
    async () => {
      const on = await indexes();
      control.after("write", 50, ...settings(on));
      const here = pinsOn(ETHERNET, 200);
      const there = pinsOn(OTHER, 200);
      const { report, error } = await tryToApply([...here, ...there], {
        keepGoing: true,
      });
      assertEquals(error, null);
      // Where it swaps both names have moved, where it is taken one has gone
      const hasOther = move === "is renamed";
      assertEquals(await pinned(), { ethernet: 0, other: hasOther ? 200 : 0 });
      const outcomes = new Map<string, Set<string>>();
      for (const { entry, outcome } of report.entries) {
        const { interfaceAlias } = entry;
        const all = outcomes.get(interfaceAlias!) ?? new Set();
        outcomes.set(interfaceAlias!, all.add(outcome));
      }
      assertEquals(outcomes.get(ETHERNET), new Set(["refused"]));
      assertEquals(
        outcomes.get(OTHER),
        new Set([hasOther ? "created" : "refused"]),
      );
      for (const { outcome, error } of report.entries) {
        if (outcome !== "refused") continue;
        assertEquals(error?.code, "INTERFACE_NOT_FOUND", error?.message);
      }
    },
  );

  wineTest(`an alias that ${move} does not split a batch`, async () => {
    control.after("write", 5, ...settings(await indexes()));
    const changes = pinsOn(ETHERNET, 10).map((entry) => ({
      verb: "replace" as const,
      ...entry,
    }));
    const results = changeNeighbors(changes);
    assertEquals(results.map(({ outcome }) => outcome), Array(10).fill("done"));
    assertEquals(await pinned(), { ethernet: 10, other: 0 });
  });

  wineTest(`an alias that ${move} does not mislead an unpin`, async () => {
    const on = await indexes();
    const held = pinNeighbor(pin("10.7.0.1"));
    createNeighbor({ ...pin("10.7.0.1"), interfaceAlias: OTHER });
    control.configure(settings(on).join(";"));
    assertEquals(held.unpin(), "restored");
    // Somebody else's on the other interface stays
    assertEquals(await pinned(), { ethernet: 0, other: 1 });
  });
}

wineTest("an interface is replaced by another of the same alias", async () => {
  const { ethernet, other } = await indexes();
  control.after(
    "write",
    150,
    control.gone(ethernet),
    control.renamed(other, ETHERNET),
  );
  const { error, report } = await tryToApply(pinsOn(ETHERNET, COUNT));
  assertEquals(error?.code, "INTERFACE_NOT_FOUND", error?.message);
  assertEquals((await pinned()).other, 0);
  const { restored = 0, untouched = 0, refused = 0, ...others } = countsOf(
    report,
  );
  assertEquals(others, {});
  assertEquals(restored + untouched + refused, COUNT);
});

wineTest(
  "an entry by index or LUID ignores a moved alias",
  async () => {
    const on = await indexes();
    control.after("write", 50, ...MOVES["changes places with the other"]!(on));
    using table = openNeighborTable();
    const { interfaceLuid } = table.listInterfaces().find((
      { interfaceIndex },
    ) => interfaceIndex === on.other)!;
    const pins = pinsOn(ETHERNET, 100).map(({ interfaceAlias: _, ...pin }, i) =>
      i % 2 === 0
        ? { ...pin, interfaceIndex: on.ethernet }
        : { ...pin, interfaceLuid: interfaceLuid! }
    );
    const { error, report } = await tryToApply(pins, { table });
    assertEquals(error, null);
    assertEquals(countsOf(report), { created: 100 });
    assertEquals(await pinned(), { ethernet: 50, other: 50 });
  },
);

wineTest("changes of the entries during an apply have no effect", async () => {
  const pins = pinsOn(ETHERNET, COUNT).map((pin) => ({ ...pin }));
  const controller = new AbortController();
  const { error, report } = await tryToApply(pins, {
    signal: controller.signal,
    progress() {
      for (const one of pins) {
        one.address = one.address.replace("10.7.", "10.8.");
        one.interfaceAlias = OTHER;
        one.linkLayerAddress = THEIRS;
      }
      controller.abort();
    },
  });
  assertEquals(error?.message.includes("put back as it was"), true);
  assertEquals(countsOf(report).restored! > 0, true);
  assertEquals(await pinned(), NONE);
  assertEquals(
    (await kernelNeighbors()).filter(({ lladdr }) => lladdr === THEIRS),
    [],
  );
});

wineTest("each member of an entry is read once", async () => {
  const reads = new Map<string, number>();
  const counted = new Proxy({ ...pin("10.7.0.1") }, {
    get(target, member) {
      if (typeof member === "string") {
        reads.set(member, (reads.get(member) ?? 0) + 1);
      }
      return Reflect.get(target, member);
    },
  });
  const { report } = await tryToApply([
    counted,
    ...pinsOn(ETHERNET, 2).slice(0, 1),
  ]);
  assertEquals(countsOf(report), { created: 2 });
  for (const member of ["address", "linkLayerAddress", "interfaceAlias"]) {
    assertEquals([member, reads.get(member)], [member, 1]);
  }
  assertEquals((await kernelNeighbors("10.7.0.1"))[0]?.lladdr, OURS);
});
