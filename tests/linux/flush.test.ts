import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { FlushFilter } from "../../ffi/types/change.ts";
import {
  DEVICE,
  ip,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";

const ROWS = [
  `10.0.0.7 lladdr 02:fc:00:00:00:07 dev ${DEVICE} nud permanent`,
  `10.0.0.8 lladdr 02:fc:00:00:00:08 dev ${DEVICE} nud stale`,
  `10.0.0.9 lladdr 02:fc:00:00:00:09 dev ${DEVICE} nud noarp`,
  `10.0.0.10 dev ${DEVICE} nud failed protocol 42`,
  `10.255.255.255 lladdr ff:ff:ff:ff:ff:ff dev ${DEVICE} nud stale`,
  `224.0.0.7 lladdr 01:00:5e:00:00:07 dev ${DEVICE} nud permanent`,
  `2001:db8::8 lladdr 02:fc:00:00:00:08 dev ${DEVICE} nud reachable`,
  `ff02::77 lladdr 33:33:00:00:00:77 dev ${DEVICE} nud stale`,
];

const CASES: readonly (readonly [string, FlushFilter, readonly string[]])[] = [
  ["everything dynamic", {}, ["10.0.0.10", "10.0.0.8", "2001:db8::8"]],
  ["a state", { state: "failed" }, ["10.0.0.10"]],
  ["a family", { family: "ipv6" }, ["2001:db8::8"]],
  ["a subnet", { subnet: "10.0.0.8/31" }, ["10.0.0.8"]],
  [
    "addresses and subnets",
    { subnet: ["10.0.0.10", "10.0.0.8/31", "10.0.0.7"] },
    ["10.0.0.10", "10.0.0.8"],
  ],
  [
    "a link-layer prefix, permanent entries too",
    { linkLayerAddress: "02:fc:", permanent: true },
    ["10.0.0.7", "10.0.0.8", "2001:db8::8"],
  ],
  [
    "a protocol, permanent entries too",
    { protocol: 42, permanent: true },
    ["10.0.0.10"],
  ],
  ["the state permanent, not asked for", { state: "permanent" }, []],
  [
    "permanent entries, asked for",
    { permanent: true, interfaceAlias: DEVICE },
    ["10.0.0.10", "10.0.0.7", "10.0.0.8", "2001:db8::8"],
  ],
  [
    "what needs no asking, by its name",
    { state: ["noarp"], family: "ipv4" },
    ["10.0.0.9"],
  ],
];

for (const [what, filter, gone] of CASES) {
  networkTest(
    `flush() of ${what} removes and returns the rows`,
    ({ table }) => {
      for (const row of ROWS) ip(`neigh replace ${row}`);
      const before = ipNeighbors().map((row) => row.dst);
      const removed = table.flush(filter);
      assertEquals(removed.map((row) => row.address).toSorted(), gone);
      const after = ipNeighbors().map((row) => row.dst);
      assertEquals(
        before.filter((dst) => !after.includes(dst)).toSorted(),
        gone,
      );
    },
  );
}

networkTest("flush() refuses input that would widen it", ({ table }) => {
  const cases: readonly unknown[] = [
    null,
    { state: [] },
    { permanent: "no" },
    { sate: "stale" },
    { proxy: true },
    { interfaceIndex: 0 },
  ];
  for (const filter of cases) {
    const error = assertThrows(
      () => table.flush(filter as FlushFilter),
      NeighborError,
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  }
  const elsewhere = { interfaceAlias: "nowhere" };
  const error = assertThrows(() => table.flush(elsewhere), NeighborError);
  assertEquals(error.code, "INTERFACE_NOT_FOUND");
});
