import { assertEquals, assertThrows } from "@std/assert";
import {
  listInterfaces,
  NeighborError,
  openNeighborTable,
  pinNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const PIN = {
  address: "192.0.2.7",
  linkLayerAddress: OURS,
  interfaceAlias: ETHERNET,
};

/** What the kernel has for the address. */
async function kernel(): Promise<string> {
  const [row] = await kernelNeighbors(PIN.address);
  return row === undefined ? "nothing" : `${row.lladdr} ${row.state}`;
}

async function seed(nud: string): Promise<void> {
  const words = `add ${PIN.address} lladdr ${THEIRS} nud ${nud}`.split(" ");
  await ip("neigh", ...words, "dev", ETHERNET);
}

wineTest("pinNeighbor() removes at its end what it created", async () => {
  {
    using pin = pinNeighbor(PIN);
    assertEquals([pin.result, pin.previous], ["created", null]);
    assertEquals(await kernel(), `${OURS} PERMANENT`);
  }
  assertEquals(await kernel(), "nothing");
});

wineTest(
  "pinNeighbor() restores the permanent entry it replaced, by LUID too",
  async () => {
    await seed("permanent");
    const { interfaceLuid } = listInterfaces()
      .find((one) => one.interfaceAlias === ETHERNET)!;
    const { interfaceAlias: _, ...key } = PIN;
    for (const entry of [PIN, { ...key, interfaceLuid: interfaceLuid! }]) {
      const pin = pinNeighbor(entry);
      assertEquals(pin.previous?.linkLayerAddress, THEIRS);
      assertEquals(await kernel(), `${OURS} PERMANENT`);
      assertEquals(pin.unpin(), "restored");
      assertEquals(await kernel(), `${THEIRS} PERMANENT`);
    }
  },
);

wineTest(
  "pinNeighbor() removes a learnt row, which Windows cannot restore",
  async () => {
    await seed("stale");
    const pin = pinNeighbor(PIN);
    assertEquals(await kernel(), `${OURS} PERMANENT`);
    assertEquals(pin.unpin(), "forgotten");
    assertEquals(await kernel(), "nothing");
  },
);

wineTest(
  "pinNeighbor() leaves an entry alone that another program has changed since",
  async () => {
    const pin = pinNeighbor(PIN);
    const words = `replace ${PIN.address} lladdr ${THEIRS} nud permanent`;
    await ip("neigh", ...words.split(" "), "dev", ETHERNET);
    assertEquals(pin.unpin(), "foreign");
    assertEquals(await kernel(), `${THEIRS} PERMANENT`);
  },
);

wineTest("pinNeighbor() that is refused changes nothing", async () => {
  await seed("permanent");
  control.setElevated(false);
  const error = assertThrows(() => pinNeighbor(PIN), NeighborError);
  assertEquals(error.code, "ACCESS_DENIED");
  assertEquals(await kernel(), `${THEIRS} PERMANENT`);
});

wineTest(
  "pinNeighbor() in a table that is closed leaves the entry",
  async () => {
    const table = openNeighborTable();
    const pin = pinNeighbor(PIN, { table });
    table.close();
    for (let tries = 0; tries < 2; tries++) {
      const error = assertThrows(() => pin.unpin(), NeighborError);
      assertEquals(error.code, "CLOSED");
    }
    assertEquals(await kernel(), `${OURS} PERMANENT`);
  },
);
