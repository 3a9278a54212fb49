import { assertEquals } from "@std/assert";
import { type NeighborPin, pinNeighbor } from "../../mod.ts";
import { THEIRS } from "../helpers/linux/guarding.ts";
import { missingFor } from "../helpers/linux/kernel.ts";
import { Device, ipLines, pinsOn, swapOf } from "../helpers/linux/moving.ts";
import { ip, networkTest } from "../helpers/linux/network.ts";
import {
  assertAsBefore,
  indexOf,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";

/** By which name it is pinned, and what is done to the devices then. */
const MOVES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "its device is renamed": ["d0", ["link set d0 name e0"]],
  "two names are swapped": ["d0", swapOf("d0", "d1")],
  "its name is given to another device": [
    "d0",
    ["link set d0 name e0", "link set d1 name d0"],
  ],
  "its alternative name is taken away": [
    "uplink",
    ["link property del dev d0 altname uplink"],
  ],
  "its alternative name is moved": [
    "uplink",
    [
      "link property del dev d0 altname uplink",
      "link property add dev d1 altname uplink",
    ],
  ],
};

/** What stood there before the pin. */
const BEFORE = { nothing: "", "a row": `lladdr ${THEIRS} nud permanent` };

for (const [move, [name, lines]] of Object.entries(MOVES)) {
  for (const [what, words] of Object.entries(BEFORE)) {
    networkTest(
      `unpin() over ${what} acts on the device of the pin when ${move}`,
      ({ table }) => {
        using _ = new Device("d0");
        using _other = new Device("d1");
        ip("link property add dev d0 altname uplink");
        const [entry] = pinsOn(name, 1);
        const { address, linkLayerAddress } = entry!;
        if (words !== "") ip(`neigh add ${address} ${words} dev d0`);
        // The same row on the other device, which is nobody's to remove
        const same = `lladdr ${linkLayerAddress} nud permanent dev d1`;
        ip(`neigh add ${address} ${same}`);
        const before = snapshot();
        const d0 = indexOf(before, "d0");
        const pin: NeighborPin = pinNeighbor(entry!, { table });
        assertEquals(pin.result, words === "" ? "created" : "changed");
        assertEquals(rowsOf(snapshot(), d0), {
          [address]: `${linkLayerAddress} PERMANENT`,
        });
        ipLines(...lines);
        assertEquals(pin.unpin(), "restored");
        assertAsBefore(before);
      },
      missingFor(lines),
    );
  }
}

networkTest(
  "unpin() does not change a new device of the same name",
  ({ table }) => {
    using device = new Device("d0");
    ip("link property add dev d0 altname uplink");
    for (const name of ["d0", "uplink"]) {
      const [entry] = pinsOn(name, 1);
      const { address, linkLayerAddress } = entry!;
      const pin = pinNeighbor(entry!, { table });
      device.go();
      device.come();
      ip("link property add dev d0 altname uplink");
      ip(`neigh add ${address} lladdr ${linkLayerAddress} dev d0`);
      const before = snapshot();
      assertEquals(pin.unpin(), "restored");
      assertAsBefore(before);
      ip(`neigh del ${address} dev d0`);
    }
  },
);
