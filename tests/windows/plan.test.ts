import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  applyNeighbors,
  flushNeighbors,
  listInterfaces,
  listNeighbors,
  type Neighbor,
  type NeighborEntry,
  NeighborError,
  planNeighbors,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import {
  kernelTable,
  OURS,
  outcomesOf,
  pin,
  seed,
  THEIRS,
  writes,
} from "../helpers/windows/applying.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";

/** The pins among rows, as they come back from a file. */
function backup(rows: readonly Neighbor[]): NeighborEntry[] {
  return JSON.parse(JSON.stringify(
    rows.filter((row) =>
      row.state === "permanent" && row.linkLayerAddress !== null
    ),
  ));
}

wineTest(
  "a plan from a backup is empty, and creates what is missing",
  async () => {
    await seed("192.0.2.7", "permanent", OURS);
    await seed("192.0.2.8", "permanent");
    await seed("2001:db8::8", "permanent");
    await seed("fe80::8", "permanent");
    await seed("198.51.100.8", "permanent", THEIRS, OTHER);
    await seed("fe80::8", "permanent", OURS, OTHER);
    await seed("192.0.2.9", "stale");
    const kept = backup(listNeighbors());
    const plan = () =>
      planNeighbors(kept, listNeighbors(), {
        prune: true,
        interfaces: listInterfaces(),
      });
    const sizes = () => {
      const { create, change, unchanged, remove } = plan();
      return [create.length, change.length, unchanged.length, remove.length];
    };
    assertEquals(sizes(), [0, 0, 6, 0]);
    const pinned = (await kernelTable()).filter((row) => /PERM/.test(row));
    const before = writes();
    assertEquals(
      outcomesOf(await applyNeighbors(kept, { prune: true })),
      Array(6).fill("unchanged"),
    );
    assertEquals(writes(), before);

    flushNeighbors({ permanent: true });
    await seed("192.0.2.7", "stale");
    await seed("192.0.2.5", "permanent");
    assertEquals(sizes(), [5, 1, 0, 1]);
    await applyNeighbors(kept, { prune: true });
    assertEquals(await kernelTable(), pinned);
    assertEquals(sizes(), [0, 0, 6, 0]);
  },
);

wineTest("every name of an interface finds the same rows", async () => {
  await seed("192.0.2.7", "permanent", OURS);
  await seed("fe80::7", "permanent", OURS);
  await seed("fe80::7", "permanent", THEIRS, OTHER);
  const rows = listNeighbors();
  const interfaces = listInterfaces();
  const { interfaceIndex, interfaceLuid } = interfaces
    .find(({ interfaceAlias }) => interfaceAlias === ETHERNET)!;
  for (const options of [{}, { interfaces }]) {
    for (
      const key of [
        { address: "192.0.2.7", interfaceAlias: ETHERNET },
        { address: "192.0.2.7", interfaceIndex },
        { address: "192.0.2.7", interfaceLuid: interfaceLuid! },
        { address: "192.0.2.7", interfaceLuid: BigInt(interfaceLuid!) },
        { address: `fe80::7%${ETHERNET}` },
        { address: `fe80:0::0:7%${interfaceIndex}` },
        { address: "fe80::7", interfaceIndex, interfaceAlias: OTHER },
      ]
    ) {
      const entry = { ...key, linkLayerAddress: OURS } as NeighborEntry;
      const { unchanged } = planNeighbors([entry], rows, options);
      assertEquals(unchanged.length, 1, key.address);
    }
  }
  const { change } = planNeighbors(
    [{ address: `fe80::7%${OTHER}`, linkLayerAddress: OURS }],
    rows,
  );
  assertEquals(change[0]?.current.linkLayerAddress, THEIRS);
});

wineTest(
  "a duplicate under another name is refused, and nothing is changed",
  async () => {
    // An interface without any row is known by the list of interfaces alone
    control.setBackend("memory");
    const interfaces = listInterfaces();
    const { interfaceIndex, interfaceLuid } = interfaces
      .find(({ interfaceAlias }) => interfaceAlias === ETHERNET)!;
    const address = "fe80::7";
    const linkLayerAddress = OURS;
    const names: NeighborEntry[] = [
      { address, linkLayerAddress, interfaceAlias: ETHERNET },
      { address, linkLayerAddress, interfaceIndex },
      { address, linkLayerAddress, interfaceLuid: BigInt(interfaceLuid!) },
      { address: `fe80::7%${ETHERNET}`, linkLayerAddress },
    ];
    for (const one of names) {
      for (const twin of names) {
        if (one === twin) continue;
        const other = { ...twin, linkLayerAddress: THEIRS };
        for (const keepGoing of [false, true]) {
          const error = await assertRejects(
            () => applyNeighbors([one, other], { keepGoing }),
            NeighborError,
            `is given twice: once as ${OURS}, once as ${THEIRS}`,
          );
          assertEquals(error.code, "INVALID_PARAMETER");
          assertEquals(error.entry, other);
        }
        assertThrows(
          () => planNeighbors([one, other], [], { interfaces }),
          NeighborError,
          "is given twice",
        );
      }
    }
    // The other interface has an address of its own
    const elsewhere = { ...names[0]!, interfaceAlias: OTHER };
    assertEquals(
      planNeighbors([names[0]!, elsewhere], [], { interfaces }).create.length,
      2,
    );
    assertEquals([writes(), listNeighbors()], [0, []]);
  },
);

wineTest("the system's own broadcast row is not pinned", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  const physical = [255, 255, 255, 255, 255, 255];
  control.addRows(
    rawRow({ index, address: [192, 0, 2, 8] }),
    rawRow({ index, address: [255, 255, 255, 255], physical }),
  );
  const kept = backup(listNeighbors());
  const error = await assertRejects(
    () => applyNeighbors(kept, { keepGoing: true }),
    NeighborError,
    'The address "255.255.255.255"',
  );
  assertEquals([error.code, writes()], ["INVALID_PARAMETER", 0]);
  const neighbors = kept.filter(({ address }) => address !== "255.255.255.255");
  assertEquals(
    outcomesOf(await applyNeighbors(neighbors, { prune: true })),
    ["unchanged"],
  );
  // As rows it does no harm
  const { remove } = planNeighbors(
    [pin("192.0.2.8", THEIRS)],
    listNeighbors(),
    {
      prune: true,
    },
  );
  assertEquals(remove, []);
});
