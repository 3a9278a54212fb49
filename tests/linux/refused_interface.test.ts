import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { ENTRY, FIRST, refused } from "../helpers/linux/refused.ts";

networkTest(
  "a missing interface: INTERFACE_NOT_FOUND",
  (network) => {
    const { interfaceAlias: _, ...entry } = ENTRY;
    const there = "there is no such interface";
    for (
      const name of [
        { interfaceIndex: 999_999 },
        { interfaceIndex: 0x7fff_ffff },
        { interfaceIndex: 0xffff_ffff },
        { interfaceAlias: "nowhere" },
        { interfaceAlias: "fifteen-letters!" },
        { interfaceAlias: "x".repeat(127) },
        { interfaceAlias: "x".repeat(500) },
        { interfaceAlias: "a/b" },
        { interfaceAlias: `${DEVICE}:1` },
      ]
    ) {
      refused(network, { ...entry, ...name }, "INTERFACE_NOT_FOUND", there);
      for (
        const call of [
          () => network.table.get({ ...entry, ...name }),
          () => network.table.delete({ ...entry, ...name }),
        ]
      ) {
        const error = assertThrows(call, NeighborError, there);
        assertEquals(error.code, "INTERFACE_NOT_FOUND");
      }
    }
  },
);

networkTest(
  "an interface removed since: INTERFACE_NOT_FOUND",
  ({ table, index }) => {
    const { interfaceAlias: _, ...entry } = ENTRY;
    ip("link add other type veth peer name rehto");
    try {
      const [other] = JSON.parse(ip("-j link show dev other"));
      const key = { ...entry, interfaceIndex: other.ifindex };
      table.create(key);
      ip("link del other");
      const error = assertThrows(() => table.set(key), NeighborError);
      assertEquals(error.code, "INTERFACE_NOT_FOUND");
      table.create({ ...entry, interfaceIndex: index });
    } finally {
      if (ip("link").includes("other")) ip("link del other");
    }
  },
);

networkTest("index 0 names no interface", (network) => {
  const { interfaceAlias: _, ...entry } = ENTRY;
  refused(
    network,
    { ...entry, interfaceIndex: 0 },
    "INVALID_PARAMETER",
    "No interface given",
  );
});

networkTest("a LUID is NOT_SUPPORTED", (network) => {
  refused(
    network,
    { ...ENTRY, interfaceLuid: 0x6008000000000n },
    "NOT_SUPPORTED",
    "Linux has no interface LUIDs",
  );
});

networkTest("an alias that contradicts the index is refused", (network) => {
  refused(
    network,
    { ...ENTRY, interfaceIndex: network.index, interfaceAlias: "lo" },
    "INVALID_PARAMETER",
    `The alias "lo" means interface 1, the entry interface ${network.index}`,
  );
});

networkTest("a zone that contradicts the interface is refused", (network) => {
  for (const zone of ["1", "lo"]) {
    refused(
      network,
      { ...ENTRY, address: `fe80::7%${zone}` },
      "INVALID_PARAMETER",
      "The zone of the address means interface",
    );
  }
  const { table, index } = network;
  table.create({ ...ENTRY, address: `fe80::7%${index}` });
  assertEquals(
    table.get({ address: `fe80::7%${DEVICE}` })?.linkLayerAddress,
    FIRST,
  );
});
