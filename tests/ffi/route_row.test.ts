import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeDefaultRoute,
  type DecodedRoute,
} from "../../ffi/windows/route_row.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { routeBytes, type RouteName, viewOf } from "../helpers/golden/rows.ts";

const ROWS: readonly [RouteName, DecodedRoute | undefined][] = [
  ["DEFAULT_IPV4", {
    family: "ipv4",
    address: "192.0.2.1",
    interfaceIndex: 12,
    interfaceLuid: 0x0006008000000000n,
  }],
  ["DEFAULT_IPV6", {
    family: "ipv6",
    address: "fe80::1",
    interfaceIndex: 0xfffffffe,
    interfaceLuid: 0xfedcba9876543210n,
  }],
  ["ON_LINK", {
    family: "ipv4",
    address: null,
    interfaceIndex: 3,
    interfaceLuid: 3n,
  }],
  ["NO_NEXT_HOP", {
    family: "ipv4",
    address: null,
    interfaceIndex: 3,
    interfaceLuid: 3n,
  }],
  ["SUBNET", undefined],
  ["OTHER_FAMILY", undefined],
];

for (const [name, route] of ROWS) {
  Deno.test(`decodeDefaultRoute() reads ${name} as the C compiler lays it out`, () => {
    const bytes = routeBytes(name);
    assertEquals(decodeDefaultRoute(viewOf(bytes), 0), route);
    // Behind another row
    const two = new Uint8Array([...routeBytes("SUBNET"), ...bytes]);
    assertEquals(decodeDefaultRoute(viewOf(two), bytes.length), route);
  });
}

Deno.test("a row that is cut short is refused", () => {
  const view = viewOf(routeBytes("DEFAULT_IPV4").slice(0, 103));
  assertThrows(
    () => decodeDefaultRoute(view, 0),
    NeighborError,
    "it has 103 of 104 bytes",
  );
});
