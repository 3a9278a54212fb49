import { assertEquals, assertThrows } from "@std/assert";
import { flushNeighbors, listNeighbors, NeighborError } from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const STALE = 4;
const PERMANENT = 6;

/** Two interfaces, each with a dynamic, a permanent, a multicast and a broadcast row. */
async function seed(): Promise<void> {
  control.setBackend("memory");
  for (
    const [alias, net] of [[ETHERNET, [192, 0, 2]], ["以太网", [
      198,
      51,
      100,
    ]]] as const
  ) {
    const index = await kernelIndex(alias);
    control.addRows(
      rawRow({ index, address: [...net, 10], state: STALE }),
      rawRow({ index, address: [...net, 11], state: PERMANENT }),
      rawRow({ index, address: [239, 1, 2, 3], state: STALE }),
      rawRow({
        index,
        address: [...net, 255],
        state: STALE,
        physical: [255, 255, 255, 255, 255, 255],
      }),
      rawRow({
        index,
        address: [0xfe, 0x80, ...new Array(13).fill(0), net[2]],
        state: STALE,
      }),
    );
  }
}

const addresses = () => listNeighbors().map((row) => row.address).toSorted();
const ALWAYS = ["192.0.2.255", "198.51.100.255", "239.1.2.3", "239.1.2.3"];

wineTest(
  "flushNeighbors() keeps permanent, multicast and broadcast rows",
  async () => {
    await seed();
    const gone = flushNeighbors({}).map((row) => row.address).toSorted();
    assertEquals(gone, ["192.0.2.10", "198.51.100.10", "fe80::2", "fe80::64"]);
    assertEquals(addresses(), [
      "192.0.2.11",
      "192.0.2.255",
      "198.51.100.11",
      "198.51.100.255",
      "239.1.2.3",
      "239.1.2.3",
    ]);
    assertEquals(control.calls().FlushIpNetTable2, 0);
  },
);

wineTest("flushNeighbors() removes only rows of its filter", async () => {
  await seed();
  const gone = flushNeighbors({ interfaceAlias: ETHERNET, family: "ipv4" });
  assertEquals(gone.map((row) => row.address), ["192.0.2.10"]);
  assertEquals(addresses().includes("198.51.100.10"), true);
  assertEquals(
    flushNeighbors({ subnet: "198.51.100.0/24", state: "permanent" }),
    [],
  );
  const pinned = flushNeighbors({
    subnet: "198.51.100.0/24",
    state: "permanent",
    permanent: true,
  });
  assertEquals(pinned.map((row) => row.address), ["198.51.100.11"]);
  assertEquals(control.calls().FlushIpNetTable2, 0);
});

for (const takes of ["all", "dynamic"] as const) {
  wineTest(
    `flushNeighbors() with permanent: true takes them where Flush takes ${takes}`,
    async () => {
      await seed();
      const index = await kernelIndex(ETHERNET);
      const pinned = [0xfe, 0x80, ...new Array(13).fill(0), 99];
      control.addRows(rawRow({ index, address: pinned, state: PERMANENT }));
      control.setFlush(takes);
      const gone = flushNeighbors({ permanent: true, family: "ipv6" });
      assertEquals(gone.length, 3);
      assertEquals(control.calls().FlushIpNetTable2, 1);
      assertEquals(listNeighbors({ family: "ipv6" }), []);
    },
  );
}

wineTest(
  "flushNeighbors() keeps rows that FlushIpNetTable2 would remove",
  async () => {
    await seed();
    assertEquals(flushNeighbors({ permanent: true }).length, 6);
    assertEquals(control.calls().FlushIpNetTable2, 0);
    assertEquals(addresses(), ALWAYS);
  },
);

wineTest(
  "flushNeighbors() reports the rows removed before a refusal",
  async () => {
    await seed();
    control.failNext("DeleteIpNetEntry2", 5, 1, 2);
    const error = assertThrows(
      () => flushNeighbors({}),
      NeighborError,
      "3 of 4 entries were removed",
    );
    assertEquals([error.code, error.status], ["ACCESS_DENIED", 5]);
  },
);

wineTest(
  "flushNeighbors() ignores a row that another program removes first",
  async () => {
    await seed();
    control.failNext("DeleteIpNetEntry2", 1168, 1, 1);
    assertEquals(flushNeighbors({}).length, 3);
  },
);
