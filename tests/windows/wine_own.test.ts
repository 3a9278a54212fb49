import { assertEquals } from "@std/assert";
import { listInterfaces, listNeighbors } from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

// No code of ours on the far side: Wine's iphlpapi.dll reads the kernel's table

/** What the tests of guards add and remove. */
const GONE = ["Later", "later2"];

wineTest("Wine's own GetIpNetTable2 agrees with ip -j neigh", async () => {
  control.setBackend("wine");
  for (let i = 1; i <= 50; i++) {
    const dev = i % 2 === 0 ? ETHERNET : "以太网";
    const lladdr = `02:fc:00:00:00:${i.toString(16).padStart(2, "0")}`;
    await ip("neigh", "add", `203.0.113.${i}`, "lladdr", lladdr, "dev", dev);
  }
  const rows = listNeighbors({ family: "ipv4", subnet: "203.0.113.0/24" });
  const ours = rows.map((row) =>
    `${row.address} ${row.interfaceAlias} ${row.linkLayerAddress} ${row.state}`
  );
  const kernels = (await kernelNeighbors())
    .filter((row) => row.dst.startsWith("203.0.113."))
    .map((row) =>
      `${row.dst} ${row.dev} ${row.lladdr} ${row.state[0]?.toLowerCase()}`
    );
  assertEquals(kernels.length, 50);
  assertEquals(ours.toSorted(), kernels.toSorted());
});

wineTest(
  "Wine's own GetIfTable2 and ConvertInterface* agree with ip -j link",
  async () => {
    control.setBackend("wine");
    const links: { ifindex: number; ifname: string; address: string }[] = JSON
      .parse(await ip("-j", "link", "show"));
    const ours = listInterfaces().map((one) => ({
      ifindex: one.interfaceIndex,
      ifname: one.interfaceAlias,
      address: one.linkLayerAddress ?? "00:00:00:00:00:00",
    }));
    const theirs = links.map(({ ifindex, ifname, address }) => ({
      ifindex,
      ifname,
      address,
    }));
    const byIndex = (a: { ifindex: number }, b: { ifindex: number }) =>
      a.ifindex - b.ifindex;
    // Wine goes on listing what a test before this has taken away again
    const present = ours.filter(({ ifname }) => !GONE.includes(ifname));
    assertEquals(present.toSorted(byIndex), theirs.toSorted(byIndex));
    // By each name in turn, which goes through all four Convert calls
    for (
      const { interfaceAlias, interfaceIndex, interfaceLuid }
        of listInterfaces()
    ) {
      if (GONE.includes(interfaceAlias)) continue;
      for (
        const filter of [{ interfaceAlias }, { interfaceIndex }, {
          interfaceLuid,
        }]
      ) {
        const rows = listNeighbors({ ...filter, family: "ipv4" });
        assertEquals(
          new Set(rows.map((row) => row.interfaceAlias)),
          new Set(rows.length > 0 ? [interfaceAlias] : []),
        );
      }
    }
  },
);
