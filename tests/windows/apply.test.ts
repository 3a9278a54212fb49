import { assertEquals, assertRejects } from "@std/assert";
import {
  applyNeighbors,
  getNeighbor,
  listInterfaces,
  listNeighbors,
  NeighborApplyError,
  NeighborError,
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

const INCOMPLETE = 1;
const PERMANENT = 6;
const BROADCAST = [255, 255, 255, 255, 255, 255];

wineTest(
  "applyNeighbors() applies entries under every name, then has nothing to do",
  async () => {
    const [on] = listInterfaces()
      .filter(({ interfaceAlias }) => interfaceAlias === ETHERNET);
    const { interfaceIndex, interfaceLuid } = on!;
    const linkLayerAddress = OURS;
    const pins = [
      pin("192.0.2.3"),
      { address: "192.0.2.4", linkLayerAddress, interfaceIndex },
      {
        address: "192.0.2.5",
        linkLayerAddress,
        interfaceLuid: BigInt(interfaceLuid!),
      },
      {
        address: "2001:db8:0::0:6",
        linkLayerAddress: "02-FC-00-00-00-05",
        interfaceLuid: interfaceLuid!,
      },
      { address: `fe80::7%${ETHERNET}`, linkLayerAddress } as const,
      { address: `fe80::8%${interfaceIndex}`, linkLayerAddress } as const,
      { ...pin("198.51.100.3"), interfaceAlias: OTHER },
    ];
    await seed("192.0.2.3", "stale");
    await seed("192.0.2.4", "permanent", OURS);
    await seed("192.0.2.5", "permanent");
    await seed("fe80::8", "reachable", OURS);
    assertEquals(outcomesOf(await applyNeighbors(pins)), [
      ...["changed", "unchanged", "changed", "created"],
      ...["created", "changed", "created"],
    ]);
    const wanted = [
      ...["192.0.2.3", "192.0.2.4", "192.0.2.5", "198.51.100.3"],
      ...["2001:db8::6", "fe80::7", "fe80::8"],
    ].map((address) => `${address} ${OURS} PERMANENT`);
    assertEquals(await kernelTable(), wanted);

    const before = writes();
    assertEquals(
      outcomesOf(await applyNeighbors(pins, { prune: true })),
      Array(7).fill("unchanged"),
    );
    assertEquals(writes(), before);
    assertEquals(await kernelTable(), wanted);
  },
);

wineTest(
  "prune removes permanent rows of the interfaces named, and no others",
  async () => {
    await seed("192.0.2.8", "permanent");
    await seed("2001:db8::8", "permanent");
    await seed("192.0.2.9", "stale");
    await seed("198.51.100.9", "permanent", THEIRS, OTHER);
    // Wine lists the groups that the kernel has joined, as permanent
    const groups = () =>
      listNeighbors({ subnet: "224.0.0.0/4", state: "permanent" });
    const before = groups();
    assertEquals(before.length > 0, true);
    const { entries } = await applyNeighbors([pin("192.0.2.7")], {
      prune: true,
    });
    assertEquals(
      entries.map(({ entry, outcome }) => `${outcome} ${entry.address}`),
      ["created 192.0.2.7", "removed 192.0.2.8", "removed 2001:db8::8"],
    );
    assertEquals(await kernelTable(), [
      `192.0.2.7 ${OURS} PERMANENT`,
      `192.0.2.9 ${THEIRS} STALE`,
      `198.51.100.9 ${THEIRS} PERMANENT`,
    ]);
    assertEquals(groups(), before);
  },
);

wineTest("prune keeps multicast and broadcast rows", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  const group = [1, 0, 0x5e, 0, 0, 0x16];
  control.addRows(
    rawRow({ index, address: [224, 0, 0, 22], physical: group }),
    rawRow({ index, address: [192, 0, 2, 255], physical: BROADCAST }),
    rawRow({ index, address: [255, 255, 255, 255], physical: BROADCAST }),
    rawRow({
      index,
      address: [0xff, 2, ...Array(13).fill(0), 0x16],
      physical: [0x33, 0x33, 0, 0, 0, 0x16],
    }),
    rawRow({ index, address: [192, 0, 2, 8] }),
  );
  const before = listNeighbors().filter(({ address }) =>
    address !== "192.0.2.8"
  );
  const { plan, entries } = await applyNeighbors([pin("192.0.2.7")], {
    prune: true,
  });
  assertEquals(plan.remove.map(({ address }) => address), ["192.0.2.8"]);
  assertEquals(entries.map(({ outcome }) => outcome), ["created", "removed"]);
  assertEquals(
    listNeighbors().filter(({ address }) => address !== "192.0.2.7"),
    before,
  );
});

for (const does of ["permanent", "dynamic", "refuse", "ignore"] as const) {
  wineTest(
    `a dynamic row becomes the pin where Set would make it so: ${does}`,
    async () => {
      control.setOnDynamic(does);
      await seed("192.0.2.3", "stale");
      await seed("192.0.2.4", "reachable", OURS);
      await seed("2001:db8::5", "delay");
      const pins = ["192.0.2.3", "192.0.2.4", "2001:db8::5"]
        .map((address) => pin(address));
      const { entries } = await applyNeighbors(pins);
      assertEquals(
        entries.map(({ outcome, previous }) =>
          `${outcome} ${previous?.linkLayerAddress}`
        ),
        [`changed ${THEIRS}`, `changed ${OURS}`, `changed ${THEIRS}`],
      );
      assertEquals(
        await kernelTable(),
        pins.map(({ address }) => `${address} ${OURS} PERMANENT`),
      );
    },
  );

  wineTest(
    `a row of every state and length becomes the pin: ${does}`,
    async () => {
      control.setBackend("memory");
      control.setOnDynamic(does);
      const index = await kernelIndex(ETHERNET);
      const pins = [];
      for (let state = 0; state <= PERMANENT; state++) {
        const host = 10 + state;
        const v6 = [0xfe, 0x80, ...Array(13).fill(0), host];
        const physical = state <= INCOMPLETE ? [] : [2, 0xfc, 0, 0, 0, 1];
        control.addRows(
          rawRow({ index, address: [192, 0, 2, host], state, physical }),
          rawRow({ index, address: v6, state, physical, flags: state % 4 }),
        );
        const zoned = `fe80::${host.toString(16)}%${ETHERNET}` as const;
        pins.push(pin(`192.0.2.${host}`), {
          address: zoned,
          linkLayerAddress: OURS,
        });
      }
      assertEquals(
        outcomesOf(await applyNeighbors(pins)),
        // Unreachable or incomplete without an address counts as absent
        [...Array(4).fill("created"), ...Array(10).fill("changed")],
      );
      for (const one of pins) {
        const { state, linkLayerAddress } = getNeighbor(one)!;
        assertEquals([state, linkLayerAddress], ["permanent", OURS]);
      }
      assertEquals(listNeighbors().length, 14);
    },
  );
}

wineTest(
  "a missing interface is refused before any change",
  async () => {
    const { interfaceAlias: _, ...other } = pin("192.0.2.8");
    for (
      const nowhere of [
        { ...other, interfaceAlias: "Nope" },
        { ...other, interfaceIndex: 4711 },
        { ...other, interfaceLuid: "0x0006001267000000" },
      ]
    ) {
      control.reset();
      const pins = [pin("192.0.2.7"), nowhere];
      const error = await assertRejects(
        () => applyNeighbors(pins, { prune: true }),
        NeighborApplyError,
        "1 of 2 entries refused, nothing was changed",
      );
      assertEquals(error.code, "INTERFACE_NOT_FOUND");
      assertEquals(outcomesOf(error.report), ["untouched", "refused"]);
      assertEquals([writes(), await kernelTable()], [0, []]);
    }
  },
);

wineTest(
  "an apply to an unreadable table changes nothing",
  async () => {
    await seed("192.0.2.8", "permanent");
    for (const call of ["GetIfEntry2", "GetIpNetTable2"] as const) {
      control.reset();
      control.failAlways(call, 8);
      const error = await assertRejects(
        () => applyNeighbors([pin("192.0.2.7")], { prune: true }),
        NeighborError,
      );
      assertEquals([error.code, error.operation], ["NO_MEMORY", call]);
      assertEquals(writes(), 0);
    }
    assertEquals(await kernelTable(), [`192.0.2.8 ${THEIRS} PERMANENT`]);
  },
);
