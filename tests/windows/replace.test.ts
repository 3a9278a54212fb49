import { assertEquals, assertThrows } from "@std/assert";
import { getNeighbor, NeighborError, replaceNeighbor } from "../../mod.ts";
import * as control from "./wine/control.ts";
import { ip, kernelIndex, kernelNeighbors } from "./wine/witness.ts";
import { rawRow } from "./raw_row.ts";
import { ETHERNET, wineTest } from "./under_wine.ts";

const KEY = { address: "192.0.2.7", interfaceAlias: ETHERNET };
const ENTRY = { ...KEY, linkLayerAddress: "02-fc-00-00-00-05" };
const ROW = {
  dst: "192.0.2.7",
  dev: ETHERNET,
  lladdr: "02:fc:00:00:00:05",
  state: ["PERMANENT"],
};

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

wineTest(
  "replaceNeighbor() creates an entry that goes between the look and the call",
  async () => {
    // The look claims to have found one, of which Set then knows nothing
    control.failNext("GetIpNetEntry2", 0);
    assertEquals(replaceNeighbor(ENTRY), "created");
    assertEquals(control.calls().SetIpNetEntry2, 1);
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

wineTest(
  "replaceNeighbor() sets an entry that comes between the look and the call",
  async () => {
    await seed("02:fc:00:00:00:01", "permanent");
    control.failNext("GetIpNetEntry2", 1168);
    assertEquals(replaceNeighbor(ENTRY), "changed");
    assertEquals(await kernelNeighbors(KEY.address), [ROW]);
  },
);

wineTest(
  "replaceNeighbor() throws where the table then disagrees, and shows both",
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
    assertEquals([error.code, error.operation], ["OTHER", "GetIpNetEntry2"]);
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
