import { assertEquals, assertThrows } from "@std/assert";
import { bytesOf } from "../../ffi/linux/netlink/message.ts";
import {
  decodeDefaultRoute,
  type DefaultRoute,
  encodeRouteDump,
  isDefaultRoute,
} from "../../ffi/linux/netlink/rtmsg.ts";
import {
  decodeTable,
  encodeTableDump,
} from "../../ffi/linux/netlink/ndtmsg.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  message,
  messageBytes,
  type MessageName,
} from "../helpers/golden/messages.ts";

const SEQUENCE = 0x01020304;

Deno.test("the requests for routes and tables are those of the C compiler", () => {
  const bytes = bytesOf(64);
  // What was there before must not be sent
  bytes.array.fill(0xff);
  const routes = encodeRouteDump(bytes, SEQUENCE, "ipv6");
  assertEquals(
    bytes.array.slice(0, routes),
    messageBytes("DUMP_ROUTES_IPV6"),
  );
  bytes.array.fill(0xff);
  const tables = encodeTableDump(bytes, SEQUENCE);
  assertEquals(bytes.array.slice(0, tables), messageBytes("DUMP_TABLES"));
});

const ROUTES: readonly [MessageName, DefaultRoute | undefined][] = [
  ["ROUTE_IPV4_GATEWAY", {
    family: "ipv4",
    metric: 77,
    hops: [{ address: "192.0.2.2", interfaceIndex: 100 }],
  }],
  ["ROUTE_IPV4_VIA_IPV6", {
    family: "ipv4",
    metric: 77,
    hops: [{ address: "2001:db8::2", interfaceIndex: 100 }],
  }],
  ["ROUTE_IPV4_MULTIPATH", {
    family: "ipv4",
    metric: 77,
    hops: [
      { address: "192.0.2.2", interfaceIndex: 100 },
      { address: null, interfaceIndex: 4 },
    ],
  }],
  ["ROUTE_IPV6_GATEWAY", {
    family: "ipv6",
    metric: 77,
    hops: [{ address: "fe80::2", interfaceIndex: 100 }],
  }],
  ["ROUTE_IPV4_SUBNET", undefined],
];

for (const [name, route] of ROUTES) {
  Deno.test(`decodeDefaultRoute() reads ${name} as the kernel sent it`, () => {
    const bytes = message(name);
    const end = bytes.array.length;
    assertEquals(decodeDefaultRoute(bytes, 16, end), route);
    assertEquals(isDefaultRoute(bytes, 16, end), route !== undefined);
  });
}

/** Changes one byte of a golden message. */
function changed(name: MessageName, at: number, value: number) {
  const bytes = message(name);
  bytes.view.setUint8(at, value);
  return decodeDefaultRoute(bytes, 16, bytes.array.length);
}

Deno.test("a default route of another table, type or family is none of the main table", () => {
  const [family, source, table, type, flags] = [16, 18, 20, 23, 24];
  const name = "ROUTE_IPV4_GATEWAY";
  assertEquals(changed(name, table, 100), undefined);
  assertEquals(changed(name, type, 7), undefined);
  assertEquals(changed(name, source, 8), undefined);
  assertEquals(changed(name, family, 7), undefined);
  // RTNH_F_DEAD: its interface is down
  assertEquals(changed(name, flags, 1)?.hops, []);
  // The same of the first of several next hops
  assertEquals(changed("ROUTE_IPV4_MULTIPATH", 50, 1)?.hops, [
    { address: null, interfaceIndex: 4 },
  ]);
});

Deno.test("decodeTable() reads thresholds and entries as the kernel sent them", () => {
  const read = (name: MessageName) => {
    const bytes = message(name);
    return decodeTable(bytes, 16, bytes.array.length);
  };
  const thresholds = [128, 512, 1024] as const;
  assertEquals(read("TABLE_IPV4"), { family: "ipv4", entries: 8, thresholds });
  assertEquals(read("TABLE_IPV6"), { family: "ipv6", entries: 11, thresholds });
  assertEquals(read("TABLE_OF_INTERFACE"), undefined);
  const other = message("TABLE_IPV4");
  other.view.setUint8(16, 12); // AF_DECnet
  assertEquals(decodeTable(other, 16, other.array.length), undefined);
});

for (const [name] of [...ROUTES, ["TABLE_IPV4"], ["TABLE_IPV6"]] as const) {
  Deno.test(`${name}: cut anywhere it is decoded or refused`, () => {
    const whole = messageBytes(name);
    const decode = name.startsWith("TABLE") ? decodeTable : decodeDefaultRoute;
    let refused = 0;
    for (let end = 16; end < whole.length; end++) {
      // No byte behind the end may be read
      const bytes = bytesOf(whole.slice(0, end));
      try {
        decode(bytes, 16, end);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        refused++;
      }
    }
    // A cut between two attributes is not one that can be seen
    assertEquals(refused > 3, true);
  });
}

Deno.test("a next hop or an address of a wrong length is refused", () => {
  // rtnh_len, and the length of RTA_GATEWAY
  for (
    const [name, at, value] of [
      ["ROUTE_IPV4_MULTIPATH", 48, 7],
      ["ROUTE_IPV4_MULTIPATH", 48, 200],
      ["ROUTE_IPV4_GATEWAY", 44, 7],
      ["ROUTE_IPV4_VIA_IPV6", 44, 8],
    ] as const
  ) {
    assertThrows(
      () => changed(name, at, value),
      NeighborError,
      "Cannot decode",
    );
  }
});
