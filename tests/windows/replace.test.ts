import { assertEquals, assertThrows } from "@std/assert";
import {
  getNeighbor,
  listNeighbors,
  NeighborError,
  openNeighborTable,
  replaceNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelIndex, kernelNeighbors } from "../helpers/wine/witness.ts";
import { rawRow, rawTable } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const KEY = { address: "192.0.2.7", interfaceAlias: ETHERNET };
const ENTRY = { ...KEY, linkLayerAddress: "02-fc-00-00-00-05" };
const ROW = {
  dst: "192.0.2.7",
  dev: ETHERNET,
  lladdr: "02:fc:00:00:00:05",
  state: ["PERMANENT"],
};

/** Wine shows what the kernel calls STALE so. */
const STALE = "reachable";

async function seed(lladdr: string, nud: string): Promise<void> {
  await ip(
    "neigh",
    "add",
    KEY.address,
    "lladdr",
    lladdr,
    "nud",
    nud,
    "dev",
    ETHERNET,
  );
}

wineTest(
  "replaceNeighbor() creates what is missing, then has nothing to do",
  async () => {
    assertEquals(replaceNeighbor(ENTRY), "created");
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
    control.reset();
    assertEquals(replaceNeighbor(ENTRY), "unchanged");
    const { SetIpNetEntry2, CreateIpNetEntry2, DeleteIpNetEntry2 } = control
      .calls();
    assertEquals([SetIpNetEntry2, CreateIpNetEntry2, DeleteIpNetEntry2], [
      0,
      0,
      0,
    ]);
  },
);

wineTest("replaceNeighbor() changes another address", async () => {
  await seed("02:fc:00:00:00:01", "permanent");
  assertEquals(replaceNeighbor(ENTRY), "changed");
  assertEquals(await kernelNeighbors(KEY.address), [ROW]);
});

for (const address of ["02:fc:00:00:00:05", "02:fc:00:00:00:01"]) {
  wineTest(
    `replaceNeighbor() pins a dynamic entry of ${address} that Set makes permanent`,
    async () => {
      await seed(address, "stale");
      assertEquals(replaceNeighbor(ENTRY), "changed");
      assertEquals(await kernelNeighbors(KEY.address), [ROW]);
      assertEquals(control.calls().DeleteIpNetEntry2, 0);
    },
  );

  wineTest(
    `replaceNeighbor() deletes and creates a dynamic entry of ${address} that Set leaves dynamic`,
    async () => {
      control.setOnDynamic("dynamic");
      await seed(address, "stale");
      assertEquals(replaceNeighbor(ENTRY), "changed");
      assertEquals(await kernelNeighbors(KEY.address), [ROW]);
      const { SetIpNetEntry2, CreateIpNetEntry2, DeleteIpNetEntry2 } = control
        .calls();
      assertEquals([SetIpNetEntry2, DeleteIpNetEntry2, CreateIpNetEntry2], [
        1,
        1,
        1,
      ]);
    },
  );
}

for (const does of ["refuse", "ignore"] as const) {
  wineTest(
    `replaceNeighbor() pins a dynamic entry that Set would ${does}`,
    async () => {
      control.setOnDynamic(does);
      await seed("02:fc:00:00:00:01", "stale");
      assertEquals(replaceNeighbor(ENTRY), "changed");
      assertEquals(await kernelNeighbors(KEY.address), [ROW]);
    },
  );
}

wineTest(
  "replaceNeighbor() reports that it deleted an entry and could not create it",
  async () => {
    for (const does of ["dynamic", "ignore", "refuse"] as const) {
      control.reset();
      control.setOnDynamic(does);
      await seed("02:fc:00:00:00:01", "stale");
      // Where Set is refused, Create is asked before as well
      control.failNext("CreateIpNetEntry2", 8, 1, does === "refuse" ? 1 : 0);
      const error = assertThrows(
        () => replaceNeighbor(ENTRY),
        NeighborError,
        `the entry that was there (02:fc:00:00:00:01, ${STALE}) has been deleted`,
      );
      assertEquals([error.code, error.status, error.operation], [
        "NO_MEMORY",
        8,
        "CreateIpNetEntry2",
      ]);
      assertEquals(await kernelNeighbors(KEY.address), []);
    }
  },
);

wineTest(
  "replaceNeighbor() reports the entry left where the delete is refused",
  async () => {
    control.setOnDynamic("dynamic");
    await seed("02:fc:00:00:00:01", "stale");
    control.failNext("DeleteIpNetEntry2", 8);
    const error = assertThrows(
      () => replaceNeighbor(ENTRY),
      NeighborError,
      `the entry now has 02:fc:00:00:00:05, ${STALE}`,
    );
    assertEquals([error.code, error.operation], [
      "NO_MEMORY",
      "DeleteIpNetEntry2",
    ]);
    const [left] = await kernelNeighbors(KEY.address);
    assertEquals([left?.lladdr, left?.state], [ROW.lladdr, ["STALE"]]);
  },
);

wineTest(
  "replaceNeighbor() returns changed where it replaced a dynamic entry",
  async () => {
    control.setOnDynamic("refuse");
    await seed("02:fc:00:00:00:01", "stale");
    // Set knows nothing of it, and the first create claims to have made one
    control.failNext("CreateIpNetEntry2", 0);
    assertEquals(replaceNeighbor(ENTRY), "changed");
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

wineTest(
  "replaceNeighbor() creates also where there is nothing left to delete",
  async () => {
    control.setOnDynamic("ignore");
    await seed("02:fc:00:00:00:01", "stale");
    // The delete claims so; the create finds that it is not true
    control.failNext("DeleteIpNetEntry2", 1168);
    const error = assertThrows(
      () => replaceNeighbor(ENTRY),
      NeighborError,
      `(02:fc:00:00:00:01, ${STALE}) went by itself`,
    );
    assertEquals(error.code, "ALREADY_EXISTS");
  },
);

wineTest(
  "replaceNeighbor() creates an entry removed between the read and the call",
  async () => {
    // The look claims to have found one, of which Set then knows nothing
    const index = await kernelIndex(ETHERNET);
    const row = rawRow({ index, address: [192, 0, 2, 7] });
    control.handOut("GetIpNetTable2", rawTable(1, row));
    assertEquals(replaceNeighbor(ENTRY), "created");
    assertEquals(control.calls().SetIpNetEntry2, 1);
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

wineTest(
  "replaceNeighbor() sets an entry created between the read and the call",
  async () => {
    await seed("02:fc:00:00:00:01", "permanent");
    control.handOut("GetIpNetTable2", rawTable(0));
    assertEquals(replaceNeighbor(ENTRY), "changed");
    assertEquals(control.calls().CreateIpNetEntry2, 1);
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

wineTest(
  "replaceNeighbor() throws where the table shows another address, and names both",
  async () => {
    control.setBackend("memory");
    const index = await kernelIndex(ETHERNET);
    control.addRows(
      rawRow({
        index,
        address: [192, 0, 2, 7],
        physical: [2, 0xfc, 0, 0, 0, 1],
      }),
    );
    control.failNext("SetIpNetEntry2", 0);
    const error = assertThrows(() => replaceNeighbor(ENTRY), NeighborError);
    assertEquals([error.code, error.operation], [
      "UNCONFIRMED",
      "GetIpNetTable2",
    ]);
    for (const part of ["02:fc:00:00:00:01", "02:fc:00:00:00:05"]) {
      if (!error.message.includes(part)) throw new Error(error.message);
    }
    assertEquals(getNeighbor(KEY)?.linkLayerAddress, "02:fc:00:00:00:01");
  },
);

wineTest(
  "replaceNeighbor() without elevation is ACCESS_DENIED and changes nothing",
  async () => {
    await seed("02:fc:00:00:00:01", "stale");
    control.setElevated(false);
    const error = assertThrows(() => replaceNeighbor(ENTRY), NeighborError);
    assertEquals(error.code, "ACCESS_DENIED");
    assertEquals(
      (await kernelNeighbors(KEY.address))[0]?.lladdr,
      "02:fc:00:00:00:01",
    );
  },
);

wineTest(
  "replaceNeighbor() throws NO_MEMORY or UNKNOWN_OUTCOME where a reading before or after fails",
  async () => {
    control.failNext("GetIpNetTable2", 8);
    const before = assertThrows(() => replaceNeighbor(ENTRY), NeighborError);
    assertEquals([before.code, before.operation, before.entry], [
      "NO_MEMORY",
      "GetIpNetTable2",
      ENTRY,
    ]);
    assertEquals(await kernelNeighbors(KEY.address), []);

    control.failNext("GetIpNetTable2", 8, 1, 1);
    const after = assertThrows(() => replaceNeighbor(ENTRY), NeighborError);
    assertEquals([after.code, after.status, after.operation, after.entry], [
      "UNKNOWN_OUTCOME",
      8,
      "GetIpNetTable2",
      ENTRY,
    ]);
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

for (
  const [what, physical] of [
    ["zeroes", [0, 0, 0, 0, 0, 0]],
    ["none", []],
  ] as const
) {
  wineTest(
    `replaceNeighbor() creates over a row that was deleted and stays with ${what} as its address`,
    async () => {
      control.setBackend("memory");
      const index = await kernelIndex(ETHERNET);
      const UNREACHABLE = 0;
      control.addRows(
        rawRow({
          index,
          address: [192, 0, 2, 7],
          state: UNREACHABLE,
          physical,
        }),
      );
      assertEquals(listNeighbors()[0]?.linkLayerAddress, null);
      using table = openNeighborTable();
      assertEquals(
        table.preview("replace", ENTRY).operation,
        "CreateIpNetEntry2",
      );
      const [result] = table.change([{ verb: "replace", ...ENTRY }]);
      assertEquals(result, { outcome: "done", result: "created" });
      assertEquals(getNeighbor(KEY)?.linkLayerAddress, ROW.lladdr);
      assertEquals(control.calls().DeleteIpNetEntry2, 0);
    },
  );
}
