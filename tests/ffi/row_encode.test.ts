import { assertEquals } from "@std/assert";
import { formatLuid } from "../../ffi/entry_list.ts";
import { encodeRow, encodeSockaddr } from "../../ffi/windows/row.ts";
import {
  neighborBytes,
  type NeighborName,
  viewOf,
} from "../helpers/golden/rows.ts";

const LINK_LOCAL = Uint8Array.of(
  ...[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0xfc, 0, 0xff, 0xfe, 0, 0, 0x05],
);
const GLOBAL = Uint8Array.of(
  ...[0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
);

interface Request {
  readonly address: Uint8Array;
  readonly interfaceIndex: number;
  readonly interfaceLuid: bigint;
  readonly linkLayerAddress?: Uint8Array;
}

const REQUESTS: Readonly<Record<string, Request>> = {
  ASK_IPV4_BY_LUID: {
    address: Uint8Array.of(192, 0, 2, 7),
    interfaceIndex: 0,
    interfaceLuid: 0x0006008000000000n,
    linkLayerAddress: Uint8Array.of(0x02, 0xfc, 0, 0, 0, 0x05),
  },
  ASK_IPV4_BY_INDEX: {
    address: Uint8Array.of(198, 51, 100, 255),
    interfaceIndex: 4294967294,
    interfaceLuid: 0n,
    linkLayerAddress: Uint8Array.of(0xaa),
  },
  ASK_IPV6_BY_LUID: {
    address: LINK_LOCAL,
    interfaceIndex: 0,
    interfaceLuid: 0xfedcba9876543210n,
    linkLayerAddress: Uint8Array.from({ length: 32 }, (_, i) => 0xe0 + i),
  },
  ASK_IPV6_KEY: {
    address: GLOBAL,
    interfaceIndex: 0x01020304,
    interfaceLuid: 0x0102030405060708n,
  },
};

for (const [name, request] of Object.entries(REQUESTS)) {
  const golden = neighborBytes(name as NeighborName);

  Deno.test(`encodeRow() writes what a native caller would for ${name}`, () => {
    const row = new Uint8Array(88);
    encodeRow(viewOf(row), request, request.linkLayerAddress);
    assertEquals(row, golden);
  });

  Deno.test(`encodeRow() leaves nothing of the row before for ${name}`, () => {
    const row = new Uint8Array(88).fill(0xff);
    encodeRow(viewOf(row), request, request.linkLayerAddress);
    assertEquals(row, golden);
  });

  Deno.test(`encodeRow() writes inside its view only for ${name}`, () => {
    const whole = new Uint8Array(8 + 88 + 8).fill(0xa5);
    const view = new DataView(whole.buffer, 8, 88);
    encodeRow(view, request, request.linkLayerAddress);
    assertEquals(whole.subarray(8, 96), golden);
    assertEquals(whole.subarray(0, 8), new Uint8Array(8).fill(0xa5));
    assertEquals(whole.subarray(96), new Uint8Array(8).fill(0xa5));
  });
}

Deno.test("encodeRow() clears the link-layer address when the next entry has none", () => {
  const row = new Uint8Array(88);
  const { ASK_IPV6_BY_LUID: first, ASK_IPV6_KEY: second } = REQUESTS;
  encodeRow(viewOf(row), first!, first!.linkLayerAddress);
  encodeRow(viewOf(row), second!);
  assertEquals(row, neighborBytes("ASK_IPV6_KEY"));
});

Deno.test("encodeRow() clears an IPv6 address when the next is IPv4", () => {
  const row = new Uint8Array(88);
  const { ASK_IPV6_BY_LUID: first, ASK_IPV4_BY_INDEX: second } = REQUESTS;
  encodeRow(viewOf(row), first!, first!.linkLayerAddress);
  encodeRow(viewOf(row), second!, second!.linkLayerAddress);
  assertEquals(row, neighborBytes("ASK_IPV4_BY_INDEX"));
});

Deno.test("encodeSockaddr() writes at its offset when the view is bigger", () => {
  const row = new Uint8Array(40);
  encodeSockaddr(viewOf(row), 8, Uint8Array.of(192, 0, 2, 7));
  const expected = new Uint8Array(40);
  expected.set([2, 0, 0, 0, 192, 0, 2, 7], 8);
  assertEquals(row, expected);
});

Deno.test("formatLuid() writes 16 digits when the number is small or large", () => {
  assertEquals(formatLuid(1n), "0x0000000000000001");
  assertEquals(formatLuid(0x0006000002000000n), "0x0006000002000000");
  assertEquals(formatLuid(0xffffffffffffffffn), "0xffffffffffffffff");
});
