import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import {
  decodeInterface,
  isFilterInterface,
} from "../../ffi/windows/interface_row.ts";
import {
  interfaceBytes,
  type InterfaceName,
  viewOf,
} from "../helpers/golden/rows.ts";
import { readLayoutHeader } from "../helpers/layout_header.ts";

const TEN = "abcdefghij";
const LONG_ADDRESS =
  "e0:e1:e2:e3:e4:e5:e6:e7:e8:e9:ea:eb:ec:ed:ee:ef:f0:f1:f2:f3:f4:f5:" +
  "f6:f7:f8:f9:fa:fb:fc:fd:fe:ff";

const ROWS: Readonly<Record<InterfaceName, NetworkInterface>> = {
  ETHERNET: {
    interfaceAlias: "Ethernet",
    altNames: [],
    interfaceIndex: 12,
    interfaceLuid: "0x0006008000000000",
    linkLayerAddress: "02:fc:00:00:00:09",
    type: "ethernet",
    isUp: true,
  },
  CHINESE: {
    interfaceAlias: "以太网",
    altNames: [],
    interfaceIndex: 4294967294,
    interfaceLuid: "0xfedcba9876543210",
    linkLayerAddress: "f0:f1:f2:f3:f4:f5:f6:f7",
    type: "wifi",
    isUp: false,
  },
  LOOPBACK: {
    interfaceAlias: "Loopback Pseudo-Interface 1",
    altNames: [],
    interfaceIndex: 1,
    interfaceLuid: "0x0018000000000000",
    linkLayerAddress: null,
    type: "loopback",
    isUp: true,
  },
  FILTER: {
    interfaceAlias: "Ethernet-WFP Native MAC Layer LightWeight Filter-0000",
    altNames: [],
    interfaceIndex: 13,
    interfaceLuid: "0x0006000003000000",
    linkLayerAddress: "02:fc:00:00:00:09",
    type: "ethernet",
    isUp: true,
  },
  LONGEST_ALIAS: {
    interfaceAlias: TEN.repeat(25) + "uvwxyz",
    altNames: [],
    interfaceIndex: 2,
    interfaceLuid: "0x0000000000000002",
    linkLayerAddress: LONG_ADDRESS,
    type: "tunnel",
    isUp: false,
  },
  NO_NUL: {
    interfaceAlias: TEN.repeat(25) + "tuvwxyz",
    altNames: [],
    interfaceIndex: 3,
    interfaceLuid: "0x0000000000000003",
    linkLayerAddress: null,
    type: "ppp",
    isUp: false,
  },
};

const names = Object.keys(ROWS) as InterfaceName[];

for (const name of names) {
  Deno.test(`decodeInterface() reads every member when it is ${name}`, () => {
    assertEquals(decodeInterface(viewOf(interfaceBytes(name)), 0), ROWS[name]);
  });

  Deno.test(`isFilterInterface() tells a packet filter when it is ${name}`, () => {
    assertEquals(
      isFilterInterface(viewOf(interfaceBytes(name)), 0),
      name === "FILTER",
    );
  });
}

Deno.test("decodeInterface() reads the row at its offset when others surround it", () => {
  const whole = new Uint8Array(21 + names.length * 1352 + 3).fill(0x5a);
  names.forEach((name, i) => whole.set(interfaceBytes(name), 21 + i * 1352));
  const view = new DataView(whole.buffer, 21, names.length * 1352);
  names.forEach((name, i) => {
    assertEquals(decodeInterface(view, i * 1352), ROWS[name]);
    assertEquals(isFilterInterface(view, i * 1352), name === "FILTER");
  });
});

Deno.test("decodeInterface() ignores what it does not read", () => {
  const bytes = interfaceBytes("ETHERNET");
  // GUID; behind the alias's NUL up to the length; behind the address up to the
  // type; up to the flags and behind them; behind the operational status
  const gaps = [
    [12, 28],
    [28 + 2 * 9, 1056],
    [1066, 1128],
    [1132, 1152],
    [1153, 1156],
    [1160, 1352],
  ];
  for (const [from, to] of gaps) bytes.fill(0xa5, from, to);
  bytes[1152] = 0xfd;
  assertEquals(decodeInterface(viewOf(bytes), 0), ROWS.ETHERNET);
  assertEquals(isFilterInterface(viewOf(bytes), 0), false);
});

Deno.test("decodeInterface() refuses a row when it is cut short", () => {
  const bytes = interfaceBytes("ETHERNET");
  for (const length of [0, 1, 8, 541, 1056, 1156, 1168, 1351]) {
    const error = assertThrows(
      () => decodeInterface(new DataView(bytes.buffer, 0, length), 0),
      NeighborError,
      `it has ${length} of 1352 bytes`,
    );
    assertEquals(error.code, "OTHER");
  }
});

Deno.test("decodeInterface() refuses the second row when it is cut short", () => {
  const bytes = new Uint8Array(2 * 1352 - 1);
  bytes.set(interfaceBytes("ETHERNET"));
  bytes.set(interfaceBytes("ETHERNET").subarray(0, 1351), 1352);
  assertThrows(
    () => decodeInterface(viewOf(bytes), 1352),
    NeighborError,
    "it has 1351 of 1352 bytes",
  );
});

for (const length of [33, 0x106, 0xffffffff]) {
  Deno.test(`decodeInterface() refuses a row when its length is ${length}`, () => {
    const view = viewOf(interfaceBytes("ETHERNET"));
    view.setUint32(1056, length, true);
    assertThrows(
      () => decodeInterface(view, 0),
      NeighborError,
      `its PhysicalAddressLength is ${length}`,
    );
  });
}

Deno.test("decodeInterface() names the type when it is one it knows", () => {
  const { values } = readLayoutHeader();
  const types = [
    [values.get("IF_TYPE_ETHERNET_CSMACD")!, "ethernet"],
    [values.get("IF_TYPE_PPP")!, "ppp"],
    [values.get("IF_TYPE_SOFTWARE_LOOPBACK")!, "loopback"],
    [values.get("IF_TYPE_IEEE80211")!, "wifi"],
    [values.get("IF_TYPE_TUNNEL")!, "tunnel"],
    [199, "infiniband"], // IANA ifType; the headers of mingw-w64 lack it
    [0, "other"],
    [1, "other"],
    [0x106, "other"],
    [0xffffffff, "other"],
  ] as const;
  for (const [number, type] of types) {
    const view = viewOf(interfaceBytes("ETHERNET"));
    view.setUint32(1128, number, true);
    assertEquals(decodeInterface(view, 0).type, type, String(number));
  }
});

Deno.test("decodeInterface() reports up for IfOperStatusUp only", () => {
  const { values } = readLayoutHeader();
  for (const [name, status] of values) {
    if (!name.startsWith("IfOperStatus")) continue;
    const view = viewOf(interfaceBytes("ETHERNET"));
    view.setUint32(1156, status, true);
    assertEquals(
      decodeInterface(view, 0).isUp,
      name === "IfOperStatusUp",
      name,
    );
  }
  const view = viewOf(interfaceBytes("ETHERNET"));
  view.setUint32(1156, 0x101, true);
  assertEquals(decodeInterface(view, 0).isUp, false);
});
