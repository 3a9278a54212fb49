import { assertEquals, assertThrows } from "@std/assert";
import {
  flushNeighbors,
  listNeighbors,
  NeighborError,
  type NeighborFilter,
  type NeighborState,
  readNeighbors,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { kernelIndex } from "../helpers/wine/witness.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";

/** NL_NEIGHBOR_STATE, nldef.h, by ordinal. */
const STATES: NeighborState[] = [
  "unreachable",
  "incomplete",
  "probe",
  "delay",
  "stale",
  "reachable",
  "permanent",
];

const IPV6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

wineTest(
  "every state, flag and length is read through GetIpNetTable2, IPv6 too",
  async () => {
    control.setBackend("memory");
    const index = await kernelIndex(ETHERNET);
    const lengths = [0, 6, 8, 20, 32];
    const wanted = STATES.map((state, i) => {
      const length = lengths[i % lengths.length]!;
      const physical = Array.from({ length }, (_, octet) => octet);
      const flags = i % 4;
      control.addRows(
        rawRow({
          index,
          address: [192, 0, 2, 10 + i],
          physical,
          state: i,
          flags,
          milliseconds: i,
        }),
        rawRow({
          index,
          address: [...IPV6, 10 + i],
          physical,
          state: i,
          flags,
          milliseconds: i,
        }),
      );
      return {
        linkLayerAddress: length === 0 ? null : physical
          .map((octet) => octet.toString(16).padStart(2, "0")).join(":"),
        state,
        isRouter: (flags & 1) !== 0,
        isUnreachable: (flags & 2) !== 0,
        reachabilityTime: i,
      };
    });
    const rest = (rows: ReturnType<typeof listNeighbors>) =>
      rows.map((row) => ({
        linkLayerAddress: row.linkLayerAddress,
        state: row.state,
        isRouter: row.isRouter,
        isUnreachable: row.isUnreachable,
        reachabilityTime: row.reachabilityTime,
      }));
    assertEquals(rest(listNeighbors({ family: "ipv4" })), wanted);
    assertEquals(rest(listNeighbors({ family: "ipv6" })), wanted);
    assertEquals(listNeighbors({ family: "ipv6" })[1]?.address, "2001:db8::b");
  },
);

wineTest("filters narrow by state, subnet and interface", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  const other = await kernelIndex("以太网");
  for (let i = 0; i < 7; i++) {
    control.addRows(
      rawRow({ index, address: [192, 0, 2, i], state: i }),
      rawRow({ index: other, address: [198, 51, 100, i], state: i }),
    );
  }
  const addresses = (filter: Parameters<typeof listNeighbors>[0]) =>
    listNeighbors(filter).map((row) => row.address);
  assertEquals(addresses({ state: "stale" }), ["192.0.2.4", "198.51.100.4"]);
  assertEquals(
    addresses({ state: ["stale", "permanent"], interfaceAlias: "以太网" }),
    [
      "198.51.100.4",
      "198.51.100.6",
    ],
  );
  assertEquals(addresses({ subnet: "192.0.2.4/30" }), [
    "192.0.2.4",
    "192.0.2.5",
    "192.0.2.6",
  ]);
  assertEquals(
    addresses({ interfaceIndex: other, subnet: "192.0.2.0/24" }),
    [],
  );
});

wineTest(
  "filters narrow by subnets, link-layer octets and protocol",
  async () => {
    control.setBackend("memory");
    const index = await kernelIndex(ETHERNET);
    for (let i = 1; i < 5; i++) {
      const physical = [2, 0xfc, 0, 0, i & 1, i];
      control.addRows(
        rawRow({ index, address: [192, 0, 2, i], physical, state: 6 }),
        rawRow({ index, address: [...IPV6, i], physical, state: 4 }),
      );
    }
    control.addRows(rawRow({ index, address: [192, 0, 2, 9], state: 0 }));
    const addresses = (filter: NeighborFilter) => {
      const listed = listNeighbors(filter).map((row) => row.address);
      const read = [...readNeighbors(filter)].map((row) => row.address);
      assertEquals(read, listed);
      return listed;
    };
    assertEquals(
      addresses({ subnet: ["2001:db8::2", "192.0.2.2/31", "192.0.2.9"] }),
      ["192.0.2.2", "192.0.2.3", "192.0.2.9", "2001:db8::2"],
    );
    assertEquals(addresses({ linkLayerAddress: "02-fc-00-00-01-" }), [
      ...["192.0.2.1", "192.0.2.3", "2001:db8::1", "2001:db8::3"],
    ]);
    assertEquals(addresses({ linkLayerAddress: "02:fc:00:00:00:02" }), [
      ...["192.0.2.2", "2001:db8::2"],
    ]);
    // A filter by what no row here can have would match nothing, in silence
    for (const filter of [{ protocol: 42 }, { proxy: true }]) {
      const error = assertThrows(() => addresses(filter), NeighborError);
      assertEquals([error.code, error.status], ["NOT_SUPPORTED", null]);
    }
    // Not by FlushIpNetTable2, although every row that matches may go
    const filter = { linkLayerAddress: "02:fc:00:00:01:", permanent: true };
    const gone = flushNeighbors(filter).map((row) => row.address);
    assertEquals(gone, [
      "192.0.2.1",
      "192.0.2.3",
      "2001:db8::1",
      "2001:db8::3",
    ]);
    assertEquals(control.calls().FlushIpNetTable2, 0);
    assertEquals(addresses({}), [
      ...["192.0.2.2", "192.0.2.4", "192.0.2.9", "2001:db8::2", "2001:db8::4"],
    ]);
  },
);

wineTest("10,000 rows are all there, each once", async () => {
  control.setBackend("memory");
  const index = await kernelIndex(ETHERNET);
  control.addRows(
    ...Array.from({ length: 10_000 }, (_, i) =>
      rawRow({
        index,
        address: [10, 0, i >> 8, i & 255],
        physical: [2, 0, 0, 0, i >> 8, i & 255],
      })),
  );
  const rows = listNeighbors();
  assertEquals(rows.length, 10_000);
  assertEquals(new Set(rows.map((row) => row.address)).size, 10_000);
  for (const row of rows) {
    const [, , high, low] = row.address.split(".").map(Number);
    const octets = row.linkLayerAddress?.split(":").map((octet) =>
      parseInt(octet, 16)
    );
    assertEquals(octets, [2, 0, 0, 0, high!, low!]);
  }
});
