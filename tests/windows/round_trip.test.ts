import { assertEquals, assertThrows } from "@std/assert";
import {
  createNeighbor,
  deleteNeighbor,
  getNeighbor,
  listInterfaces,
  listNeighbors,
  NeighborError,
  setNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { ip, kernelIndex, kernelNeighbors } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const ADDRESSES = ["192.0.2.7", "2001:db8::7", "fe80::7"];

for (const address of ADDRESSES) {
  wineTest(
    `create, get, set, list and delete ${address} in the kernel`,
    async () => {
      const key = { address, interfaceAlias: ETHERNET };
      const index = await kernelIndex(ETHERNET);

      createNeighbor({ ...key, linkLayerAddress: "02-fc-00-00-00-05" });
      const row = {
        dst: address,
        dev: ETHERNET,
        lladdr: "02:fc:00:00:00:05",
        state: ["PERMANENT"],
      };
      assertEquals(await kernelNeighbors(address), [row]);

      setNeighbor({ ...key, linkLayerAddress: "02fc.0000.0006" });
      assertEquals(await kernelNeighbors(address), [
        { ...row, lladdr: "02:fc:00:00:00:06" },
      ]);

      const got = getNeighbor(key);
      assertEquals(got, {
        address,
        family: address.includes(":") ? "ipv6" : "ipv4",
        interfaceIndex: index,
        interfaceLuid: `0x0006${index.toString(16).padStart(6, "0")}000000`,
        interfaceAlias: ETHERNET,
        linkLayerAddress: "02:fc:00:00:00:06",
        state: "permanent",
        isRouter: false,
        isUnreachable: false,
        reachabilityTime: got?.reachabilityTime ?? null,
      });
      const listed = listNeighbors({ interfaceAlias: ETHERNET })
        .filter((row) => row.address === address);
      assertEquals(listed.map((row) => row.linkLayerAddress), [
        "02:fc:00:00:00:06",
      ]);

      deleteNeighbor(key);
      assertEquals(await kernelNeighbors(address), []);
      assertEquals(getNeighbor(key), undefined);
    },
  );
}

wineTest("every way to name the interface means the same one", async () => {
  const [ethernet] = listInterfaces().filter((one) =>
    one.interfaceAlias === ETHERNET
  );
  const luid = ethernet!.interfaceLuid!;
  const index = ethernet!.interfaceIndex;
  await ip(
    "neigh",
    "add",
    "fe80::9",
    "lladdr",
    "02:fc:00:00:00:01",
    "dev",
    ETHERNET,
  );
  const keys = [
    { address: "fe80::9", interfaceAlias: ETHERNET },
    { address: "fe80::9", interfaceIndex: index },
    { address: "fe80::9", interfaceLuid: luid },
    { address: "fe80::9", interfaceLuid: BigInt(luid) },
    { address: `fe80::9%${ETHERNET}` as const },
    { address: `fe80::9%${index}` as const },
    { address: `fe80::9%${index}`, interfaceAlias: ETHERNET },
    // The LUID decides, then the index
    { address: "fe80::9", interfaceLuid: luid, interfaceIndex: 1 },
    { address: "fe80::9", interfaceIndex: index, interfaceAlias: "lo" },
  ];
  let last = 1;
  for (const key of keys) {
    const linkLayerAddress = `02:fc:00:00:00:${
      (++last).toString(16).padStart(2, "0")
    }`;
    setNeighbor({ ...key, linkLayerAddress });
    const [row] = await kernelNeighbors("fe80::9");
    assertEquals(row?.lladdr, linkLayerAddress, JSON.stringify(key.address));
  }
});

wineTest(
  "a zone that contradicts the interface is refused before the call",
  () => {
    const error = assertThrows(
      () =>
        setNeighbor({
          address: "fe80::9%以太网",
          interfaceAlias: ETHERNET,
          linkLayerAddress: "02fc00000005",
        }),
      NeighborError,
      "The zone of the address means",
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertEquals(control.calls().SetIpNetEntry2, 0);
  },
);

wineTest("a listed row can be passed to setNeighbor()", async () => {
  await ip(
    "neigh",
    "add",
    "192.0.2.8",
    "lladdr",
    "02:fc:00:00:00:01",
    "dev",
    ETHERNET,
  );
  const [row] = listNeighbors({ subnet: "192.0.2.8/32" });
  if (row?.linkLayerAddress == null) throw new Error("the row is missing");
  setNeighbor(row);
  assertEquals(getNeighbor(row)?.linkLayerAddress, "02:fc:00:00:00:01");
});

wineTest(
  "a link-layer address longer than the interface's own is refused before the call",
  () => {
    const error = assertThrows(
      () =>
        createNeighbor({
          address: "192.0.2.7",
          interfaceAlias: ETHERNET,
          linkLayerAddress: new Uint8Array(7),
        }),
      NeighborError,
      `has 7 octets, interface "Ethernet" takes 6`,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertEquals(control.calls().CreateIpNetEntry2, 0);
  },
);

wineTest("an interface without link-layer addresses refuses them", () => {
  assertThrows(
    () =>
      createNeighbor({
        address: "192.0.2.7",
        interfaceAlias: "lo",
        linkLayerAddress: "02fc00000005",
      }),
    NeighborError,
    `interface "lo" takes none`,
  );
});

wineTest("a multicast address is valid", async () => {
  for (const address of ["239.1.2.3", "ff02::123"]) {
    createNeighbor({
      address,
      interfaceAlias: ETHERNET,
      linkLayerAddress: "01-00-5e-01-02-03",
    });
    const [row] = await kernelNeighbors(address);
    assertEquals(row?.lladdr, "01:00:5e:01:02:03");
  }
});
