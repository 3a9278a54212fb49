import { assertEquals } from "@std/assert";
import {
  interfaceRows,
  interruptCode,
  neighborRows,
  sentence,
} from "../../cli/output/answer.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";

const ROW: Neighbor = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceIndex: 12,
  interfaceLuid: "0x0006008000000000",
  interfaceAlias: "以太网",
  linkLayerAddress: "02:fc:00:00:00:05",
  state: "permanent",
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: null,
};

const HEADING = ["ADDRESS", "LINK-LAYER-ADDRESS", "STATE", "INTERFACE", ""];

Deno.test("neighborRows() is the heading alone when there is no row", () => {
  assertEquals([...neighborRows([])], [HEADING]);
});

for (
  const [change, cells] of [
    [
      {},
      ["192.0.2.7", "02:fc:00:00:00:05", "permanent", "以太网", ""],
    ],
    [
      { linkLayerAddress: null, state: "incomplete" },
      ["192.0.2.7", "-", "incomplete", "以太网", ""],
    ],
    [
      { interfaceAlias: null, isRouter: true },
      ["192.0.2.7", "02:fc:00:00:00:05", "permanent", "12", "router"],
    ],
    [
      { isUnreachable: true },
      [
        ...["192.0.2.7", "02:fc:00:00:00:05", "permanent", "以太网"],
        "unreachable",
      ],
    ],
    [
      { isRouter: true, isUnreachable: true },
      [
        ...["192.0.2.7", "02:fc:00:00:00:05", "permanent", "以太网"],
        "router,unreachable",
      ],
    ],
  ] as const
) {
  Deno.test(`neighborRows() shows ${Deno.inspect(change)}`, () => {
    const rows = [...neighborRows([{ ...ROW, ...change } as Neighbor, ROW])];
    assertEquals<unknown>(rows[0], HEADING);
    assertEquals<unknown>(rows[1], cells);
    assertEquals(rows.length, 3);
  });
}

Deno.test("neighborRows() has a column of ages where a row has one", () => {
  const linux = { ...ROW, interfaceLuid: null };
  const stale = {
    ...linux,
    state: "stale",
    reachabilityTime: 125_000,
  } as const;
  const [heading, ...rows] = neighborRows([linux, {
    ...stale,
    isRouter: true,
  }]);
  assertEquals(heading, [...HEADING.slice(0, 4), "AGE", ""]);
  assertEquals(rows.map((cells) => cells.slice(3)), [
    ["以太网", "-", ""],
    ["以太网", "2m5s", "router"],
  ]);
  assertEquals([...neighborRows([linux])][0], HEADING);
});

Deno.test("interfaceRows() shows each member, and a dash for null", () => {
  const one: NetworkInterface = {
    interfaceAlias: "eth0",
    altNames: ["uplink", "enp1s0"],
    interfaceIndex: 2,
    interfaceLuid: null,
    linkLayerAddress: null,
    type: "ethernet",
    isUp: false,
  };
  const other: NetworkInterface = {
    interfaceAlias: "以太网",
    altNames: [],
    interfaceIndex: 12,
    interfaceLuid: "0x0006008000000000",
    linkLayerAddress: "02:fc:00:00:00:09",
    type: "wifi",
    isUp: true,
  };
  assertEquals([...interfaceRows([one, other])], [
    [
      ...["ALIAS", "INDEX", "LUID", "LINK-LAYER-ADDRESS", "TYPE", "UP"],
      "ALT-NAMES",
    ],
    ["eth0", "2", "-", "-", "ethernet", "down", "uplink enp1s0"],
    [
      ...["以太网", "12", "0x0006008000000000", "02:fc:00:00:00:09", "wifi"],
      ...["up", ""],
    ],
  ]);
});

Deno.test("sentence() names the call and the present row", () => {
  assertEquals(
    sentence(
      "Would call SetIpNetEntry2:",
      ...[ROW, "192.0.2.7", "02:fc:00:00:00:06"] as const,
    ),
    "Would call SetIpNetEntry2: 192.0.2.7 on 以太网, " +
      "02:fc:00:00:00:05 permanent -> 02:fc:00:00:00:06",
  );
});

Deno.test("sentence() shows the address as given when there is no row", () => {
  assertEquals(
    sentence("Would call CreateIpNetEntry2:", undefined, "::2", "02"),
    "Would call CreateIpNetEntry2: ::2 -> 02",
  );
  assertEquals(
    sentence("Deleted", undefined, "::2", null),
    "Deleted ::2",
  );
});

Deno.test("sentence() falls back to the index and a dash", () => {
  const bare = { ...ROW, interfaceAlias: null, linkLayerAddress: null };
  assertEquals(
    sentence("Deleted", bare, "192.0.2.7", null),
    "Deleted 192.0.2.7 on 12, - permanent",
  );
});

Deno.test("interruptCode() is 128 plus the number of the signal, as in shells", () => {
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
  for (const [signal, code] of Object.entries(codes)) {
    assertEquals(interruptCode(signal), code);
  }
  // Windows has no such custom: as Ctrl-C
  assertEquals(interruptCode("SIGBREAK"), 130);
});
