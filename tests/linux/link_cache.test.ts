/**
 * A single write keeps what it knows of its interface until the kernel announces
 * a change of a link: whatever else happens to names, a write goes to the device
 * that bears the name at that time.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../mod.ts";
import { OURS, THEIRS } from "../helpers/linux/guarding.ts";
import { renameMissing } from "../helpers/linux/kernel.ts";
import { Device, ipLines, swapOf } from "../helpers/linux/moving.ts";
import { ip, type Network, networkTest } from "../helpers/linux/network.ts";
import { ARPHRD, Tap, tapMissing } from "../helpers/linux/tap.ts";
import {
  assertAsBefore,
  indexOf,
  rowsOf,
  snapshot,
} from "../helpers/linux/witness.ts";

const ADDRESS = "10.9.0.7";
const UPLINK = "the-uplink-of-the-third-rack";

/** Sets the entry often enough for the interface to be known. */
function meet({ table }: Network, interfaceAlias: string): void {
  table.replace({ address: ADDRESS, linkLayerAddress: OURS, interfaceAlias });
  for (let i = 0; i < 5; i++) {
    table.set({ address: ADDRESS, linkLayerAddress: OURS, interfaceAlias });
  }
}

function set({ table }: Network, interfaceAlias: string): void {
  table.set({ address: ADDRESS, linkLayerAddress: THEIRS, interfaceAlias });
}

/** The codes of what a set by name and one by index throw. */
function codes(
  network: Network,
  interfaceAlias: string,
  interfaceIndex: number,
): string[] {
  const entry = { address: ADDRESS, linkLayerAddress: THEIRS };
  return [{ interfaceAlias }, { interfaceIndex }].map((named) =>
    assertThrows(
      () => network.table.set({ ...entry, ...named }),
      NeighborError,
    ).code
  );
}

networkTest("a set by a name goes where the name has gone", (network) => {
  using _one = new Device("d0");
  using _other = new Device("d1");
  const before = snapshot();
  for (const name of ["d0", "d1"]) meet(network, name);
  ipLines(...swapOf("d0", "d1"));
  set(network, "d0");
  const after = snapshot();
  const [one, other] = [indexOf(before, "d0"), indexOf(before, "d1")];
  assertEquals(indexOf(after, "d0"), other);
  assertEquals(rowsOf(after, one), { [ADDRESS]: `${OURS} PERMANENT` });
  assertEquals(rowsOf(after, other), { [ADDRESS]: `${THEIRS} PERMANENT` });
}, renameMissing());

networkTest(
  "a set by an alternative name goes where the name has gone",
  (network) => {
    using _one = new Device("d0");
    using _other = new Device("d1");
    ip(`link property add dev d0 altname ${UPLINK}`);
    meet(network, "d1");
    meet(network, UPLINK);
    ip(`link property del dev d0 altname ${UPLINK}`);
    ip(`link property add dev d1 altname ${UPLINK}`);
    set(network, UPLINK);
    const after = snapshot();
    assertEquals(rowsOf(after, indexOf(after, "d0")), {
      [ADDRESS]: `${OURS} PERMANENT`,
    });
    assertEquals(rowsOf(after, indexOf(after, "d1")), {
      [ADDRESS]: `${THEIRS} PERMANENT`,
    });
  },
);

networkTest(
  "a set on an interface that was renamed, or is gone, finds none",
  (network) => {
    const device = new Device("d0");
    const index = indexOf(snapshot(), "d0");
    meet(network, "d0");
    ip("link set d0 name e0");
    const entry = { address: ADDRESS, linkLayerAddress: THEIRS };
    assertEquals(
      assertThrows(
        () => network.table.set({ ...entry, interfaceAlias: "d0" }),
        NeighborError,
      ).code,
      "INTERFACE_NOT_FOUND",
    );
    network.table.set({ ...entry, interfaceIndex: index });
    meet(network, "e0");
    device.go();
    assertEquals(codes(network, "e0", index), [
      "INTERFACE_NOT_FOUND",
      "INTERFACE_NOT_FOUND",
    ]);
  },
  renameMissing(),
);

networkTest("a new device of a known name is another device", (network) => {
  using device = new Device("d0");
  const index = indexOf(snapshot(), "d0");
  meet(network, "d0");
  device.go();
  device.come();
  meet(network, "d0");
  const after = snapshot();
  assert(indexOf(after, "d0") !== index);
  assertEquals(rowsOf(after, indexOf(after, "d0")), {
    [ADDRESS]: `${OURS} PERMANENT`,
  });
});

/** The announcements that the kernel dropped for want of room. */
function dropped(): number {
  return Deno.readTextFileSync("/proc/net/netlink").split("\n").slice(1)
    .map((line) => line.trim().split(/\s+/))
    // NETLINK_ROUTE, and the group of links alone
    .filter((cells) => cells[1] === "0" && cells[3] === "00000001")
    .reduce((sum, cells) => sum + Number(cells[8]), 0);
}

networkTest(
  "no set truncates an address after announcements were lost",
  (network) => {
    using tap = new Tap("t0");
    meet(network, "t0");
    const flood = Array.from(
      { length: 600 },
      (_, i) => `link set va alias ${i}`,
    );
    ipLines(...flood);
    assert(dropped() > 0, "the queue had room for all announcements");
    tap.become(ARPHRD.IPGRE);
    ip(`neigh add ${ADDRESS} lladdr 1.2.3.4 nud permanent dev t0`);
    const before = snapshot();
    for (let i = 0; i < 5; i++) {
      const [byName] = codes(network, "t0", indexOf(before, "t0"));
      assertEquals(byName, "INVALID_PARAMETER");
    }
    assertAsBefore(before);
    // And back, where the queue holds older announcements still
    tap.become(ARPHRD.ETHER);
    meet(network, "t0");
    assertEquals(rowsOf(snapshot(), indexOf(before, "t0")), {
      [ADDRESS]: `${OURS} PERMANENT`,
    });
  },
  tapMissing(),
);
