import { assertEquals } from "@std/assert";
import { SystemTable } from "../../ffi/system_table.ts";
import { WindowsBackend } from "../../ffi/windows/backend.ts";
import { ip } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

/** The default gateways that this package reads. */
function gateways(): string[] {
  using table = new SystemTable(() => new WindowsBackend());
  return table.backend().gateways().map((one) =>
    `${one.family} ${one.address} ${one.interfaceAlias}`
  ).toSorted();
}

// No code of ours on the far side: Wine's iphlpapi.dll reads the kernel's routes

wineTest(
  "Wine's own GetIpForwardTable2 has the default gateways that ip sets",
  async () => {
    assertEquals(gateways(), []);
    const via = "203.0.113.77";
    const route = ["default", "via", via, "dev", ETHERNET, "onlink"];
    await ip("route", "add", ...route);
    try {
      // The session has other routes too, which are none
      assertEquals(gateways(), [`ipv4 ${via} ${ETHERNET}`]);
    } finally {
      await ip("route", "del", ...route);
    }
    assertEquals(gateways(), []);
  },
);
