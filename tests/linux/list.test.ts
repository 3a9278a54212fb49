import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";
import { managedMissing } from "../helpers/linux/kernel.ts";
import {
  DEVICE,
  ip,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";

const FIRST = "02:fc:00:00:00:05";
const SECOND = "02:fc:00:00:00:06";

function code(call: () => unknown): string {
  return assertThrows(call, NeighborError).code;
}

networkTest(
  "list() agrees with ip, filtered by the kernel or not",
  ({ table, index }) => {
    ip(`neigh add 10.0.0.7 lladdr ${FIRST} dev ${DEVICE}`);
    ip(`neigh add 10.1.0.7 lladdr ${FIRST} dev ${DEVICE} nud stale`);
    ip(`neigh add 2001:db8::7 lladdr ${SECOND} dev ${DEVICE} nud stale router`);
    const theirs = () =>
      ipNeighbors().map((row) =>
        `${row.dst} ${row.lladdr ?? null} ${row.state[0]?.toLowerCase()} ${
          "router" in row
        }`
      ).toSorted();
    // The kernel adds rows of multicast groups meanwhile, at most a few times
    let before: string[];
    let ours: string[];
    let after = theirs();
    do {
      before = after;
      ours = table.list({ interfaceAlias: DEVICE }).map((row) =>
        `${row.address} ${row.linkLayerAddress} ${row.state} ${row.isRouter}`
      ).toSorted();
      after = theirs();
    } while (before.join() !== after.join());
    assertEquals(ours, after);
    const addresses = (rows: readonly { address: string }[]) =>
      rows.map((row) => row.address).toSorted();
    assertEquals(addresses(table.list({ state: "permanent" })), ["10.0.0.7"]);
    assertEquals(addresses(table.list({ subnet: "10.1.0.0/16" })), [
      "10.1.0.7",
    ]);
    assertEquals(
      addresses(table.list({ family: "ipv6", state: "stale" })),
      ["2001:db8::7"],
    );
    assertEquals(
      addresses(table.list({ family: "ipv4", interfaceIndex: index })),
      ["10.0.0.7", "10.1.0.7"],
    );
    assertEquals(table.list({ family: "ipv4", interfaceAlias: "lo" }), []);
    assertEquals(
      code(() => table.list({ interfaceAlias: "nowhere" })),
      "INTERFACE_NOT_FOUND",
    );
    assertEquals(
      code(() => table.list({ interfaceIndex: 999_999 })),
      "INTERFACE_NOT_FOUND",
    );
  },
);

networkTest(
  "list() and read() filter by subnets, link-layer address and protocol, as ip does",
  ({ table }) => {
    const dev = `dev ${DEVICE}`;
    ip(`neigh add 10.0.0.7 lladdr ${FIRST} ${dev} nud stale protocol 42`);
    ip(`neigh add 10.0.0.8 lladdr ${SECOND} ${dev} nud permanent protocol 42`);
    ip(`neigh add 10.1.0.7 lladdr 02:fd:00:00:00:05 ${dev} nud permanent`);
    ip(`neigh add 10.1.0.8 ${dev} nud failed`);
    ip(`neigh add 2001:db8::7 lladdr ${FIRST} ${dev} nud stale protocol 43`);
    const theirs = (words: string) => {
      const family = words.includes(":") ? "-6" : "-4";
      const text = ip(`-j ${family} neigh show nud all ${dev} ${words}`);
      return (JSON.parse(text || "[]") as { dst: string }[])
        .map((row) => row.dst).toSorted();
    };
    const ours = (filter: NeighborFilter) => {
      const listed = table.list(filter).map((row) => row.address);
      assertEquals([...table.read(filter)].map((row) => row.address), listed);
      return listed.toSorted();
    };
    assertEquals(ours({ protocol: 42 }), theirs("protocol 42"));
    assertEquals(ours({ protocol: 42 }), ["10.0.0.7", "10.0.0.8"]);
    assertEquals(ours({ protocol: 44 }), []);
    assertEquals(ours({ subnet: "10.1.0.0/16" }), theirs("to 10.1.0.0/16"));
    assertEquals(ours({ subnet: "2001:db8::7" }), theirs("to 2001:db8::7"));
    assertEquals(
      ours({ subnet: ["10.1.0.0/16", "10.0.0.7", "2001:db8::/64"] }),
      [
        ...theirs("to 10.0.0.7"),
        ...theirs("to 10.1.0.0/16"),
        ...theirs("to 2001:db8::/64"),
      ],
    );
    const byLinkLayer = (start: string) =>
      ipNeighbors().filter((row) => row.lladdr?.startsWith(start))
        .map((row) => row.dst).toSorted();
    assertEquals(ours({ linkLayerAddress: FIRST }), byLinkLayer(FIRST));
    assertEquals(ours({ linkLayerAddress: "02-FC-" }), byLinkLayer("02:fc:"));
    assertEquals(ours({ linkLayerAddress: "2:" }).length, 4);
    assertEquals(
      ours({ linkLayerAddress: "02:fc:", protocol: 42, state: "stale" }),
      ["10.0.0.7"],
    );
  },
);

networkTest(
  "list() shows that the kernel keeps an entry resolved",
  ({ table }) => {
    ip(`neigh add 10.0.0.8 dev ${DEVICE} managed`);
    const rows = table.list({ family: "ipv4" });
    const row = rows.find(({ address }) => address === "10.0.0.8");
    assertEquals(row?.flags, ["managed"]);
  },
  managedMissing(),
);

networkTest(
  "list() shows flags and protocol, proxies when asked for",
  ({ table, index }) => {
    ip(
      `neigh add 10.0.0.7 lladdr ${FIRST} dev ${DEVICE} extern_learn nud stale protocol 17`,
    );
    ip(`neigh add proxy 10.0.0.9 dev ${DEVICE}`);
    const rows = table.list({ family: "ipv4" });
    const flags = (address: string) =>
      rows.find((row) => row.address === address)?.flags;
    assertEquals(flags("10.0.0.7"), ["extern_learn"]);
    assertEquals(flags("10.0.0.9"), undefined);
    assertEquals(rows.find((row) => row.protocol === 17)?.address, "10.0.0.7");
    assertEquals(table.list({ proxy: true }), [{
      address: "10.0.0.9",
      family: "ipv4",
      interfaceIndex: index,
      interfaceLuid: null,
      interfaceAlias: DEVICE,
      linkLayerAddress: null,
      state: "none",
      isRouter: false,
      isUnreachable: false,
      reachabilityTime: null,
      protocol: null,
      flags: ["proxy"],
    }]);
  },
);
