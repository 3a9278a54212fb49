/**
 * Windows itself: a throw-away entry on a real adapter, for an elevated user
 * who asks for it (NEIGHBOR_LIVE=1), as the windows-latest job does. What it
 * prints about the documented unknowns is worth reading.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  createNeighbor,
  deleteNeighbor,
  getNeighbor,
  listInterfaces,
  listNeighbors,
  NeighborError,
  setNeighbor,
} from "../../mod.ts";
import { underWine } from "../helpers/wine/witness.ts";

const isAsked = Deno.build.os === "windows" && !underWine &&
  Deno.env.get("NEIGHBOR_LIVE") === "1";

if (!isAsked) {
  console.warn(
    "SKIPPED: tests/windows/real.test.ts needs Windows itself, an elevated " +
      "user and NEIGHBOR_LIVE=1",
  );
}

// RFC 5737 and RFC 3849: documentation addresses, nobody's neighbors
for (const address of ["192.0.2.77", "2001:db8::77"]) {
  Deno.test({
    name: `Windows creates, gets, sets, lists and deletes ${address}`,
    ignore: !isAsked,
    fn: () => {
      const adapter = listInterfaces().find((one) =>
        one.isUp && one.type === "ethernet" && one.linkLayerAddress !== null
      );
      assert(adapter !== undefined, "there is no Ethernet adapter that is up");
      const key = { address, interfaceLuid: adapter.interfaceLuid! };
      try {
        createNeighbor({ ...key, linkLayerAddress: "02-fc-00-00-00-05" });
        const created = getNeighbor(key);
        assertEquals(created?.linkLayerAddress, "02:fc:00:00:00:05");
        assertEquals(created?.state, "permanent");
        setNeighbor({ ...key, linkLayerAddress: "02-fc-00-00-00-06" });
        const [listed] = listNeighbors({
          interfaceLuid: key.interfaceLuid,
          state: "permanent",
        }).filter((row) => row.address === address);
        assertEquals(listed?.linkLayerAddress, "02:fc:00:00:00:06");
      } finally {
        deleteNeighbor(key);
      }
      assertEquals(getNeighbor(key), undefined);
      try {
        deleteNeighbor(key);
        console.log("Windows deletes a missing entry without a word");
      } catch (error) {
        assert(error instanceof NeighborError);
        console.log(`Windows on deleting a missing entry: ${error.message}`);
      }
    },
  });
}
