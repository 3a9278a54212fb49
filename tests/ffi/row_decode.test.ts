import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { type DecodedRow, decodeRow } from "../../ffi/windows/row.ts";
import {
  neighborBytes,
  type NeighborName,
  viewOf,
} from "../helpers/golden/rows.ts";

const ON_12 = { interfaceIndex: 12, interfaceLuid: 0x0006008000000000n };
const QUIET = { isRouter: false, isUnreachable: false, reachabilityTime: 0 };

const ROWS: Readonly<Record<string, DecodedRow>> = {
  IPV4_PERMANENT: {
    address: "192.0.2.7",
    family: "ipv4",
    ...ON_12,
    linkLayerAddress: "02:fc:00:00:00:05",
    state: "permanent",
    ...QUIET,
  },
  IPV4_UNREACHABLE: {
    address: "192.0.2.8",
    family: "ipv4",
    interfaceIndex: 4294967294,
    interfaceLuid: 0xfedcba9876543210n,
    linkLayerAddress: null,
    state: "unreachable",
    isRouter: false,
    isUnreachable: true,
    reachabilityTime: 4294967293,
  },
  IPV4_INCOMPLETE: {
    address: "10.1.2.3",
    family: "ipv4",
    interfaceIndex: 1,
    interfaceLuid: 1n,
    linkLayerAddress: null,
    state: "incomplete",
    ...QUIET,
  },
  IPV4_PROBE: {
    address: "203.0.113.254",
    family: "ipv4",
    interfaceIndex: 0x01020304,
    interfaceLuid: 0x0102030405060708n,
    linkLayerAddress: "80:81:82:83:84:85:86:87",
    state: "probe",
    ...QUIET,
    reachabilityTime: 16909060,
  },
  IPV4_MULTICAST: {
    address: "239.1.2.3",
    family: "ipv4",
    ...ON_12,
    linkLayerAddress: "01:00:5e:01:02:03",
    state: "permanent",
    ...QUIET,
  },
  IPV6_DELAY: {
    address: "2001:db8::7",
    family: "ipv6",
    ...ON_12,
    linkLayerAddress:
      "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13",
    state: "delay",
    ...QUIET,
  },
  IPV6_LINK_LOCAL_STALE: {
    address: "fe80::fc:ff:fe00:5",
    family: "ipv6",
    ...ON_12,
    linkLayerAddress: "ff:fe:fd:fc:fb:fa",
    state: "stale",
    isRouter: true,
    isUnreachable: false,
    reachabilityTime: 60000,
  },
  IPV6_REACHABLE: {
    address: "2001:db8:102:304:506:708:90a:b0c",
    family: "ipv6",
    interfaceIndex: 7,
    interfaceLuid: 0x0047000001000000n,
    linkLayerAddress:
      "e0:e1:e2:e3:e4:e5:e6:e7:e8:e9:ea:eb:ec:ed:ee:ef:f0:f1:f2:f3:f4:f5:" +
      "f6:f7:f8:f9:fa:fb:fc:fd:fe:ff",
    state: "reachable",
    isRouter: true,
    isUnreachable: true,
    reachabilityTime: 0,
  },
  IPV6_MULTICAST: {
    address: "ff02::123",
    family: "ipv6",
    ...ON_12,
    linkLayerAddress: "33:33:00:00:01:23",
    state: "permanent",
    ...QUIET,
  },
};

/** Fills what says nothing: padding, unions' unused ends, unused flag bits. */
function withGarbage(name: NeighborName): Uint8Array<ArrayBuffer> {
  const bytes = neighborBytes(name);
  const length = viewOf(bytes).getUint32(72, true);
  // Port; then sin_zero and the union's end, or flow info and scope id
  const unused = name.startsWith("IPV4")
    ? [[2, 4], [8, 28]]
    : [[2, 8], [24, 28]];
  unused.push([40 + length, 72], [81, 84]);
  for (const [from, to] of unused) bytes.fill(0xa5, from, to);
  bytes[80]! |= 0xfc;
  return bytes;
}

for (const [name, row] of Object.entries(ROWS)) {
  Deno.test(`decodeRow() reads every member when it is ${name}`, () => {
    assertEquals(decodeRow(viewOf(neighborBytes(name as NeighborName))), row);
  });

  Deno.test(`decodeRow() ignores garbage in the gaps of ${name}`, () => {
    assertEquals(decodeRow(viewOf(withGarbage(name as NeighborName))), row);
  });
}

Deno.test("decodeRow() has seen every state", () => {
  const states = new Set(Object.values(ROWS).map(({ state }) => state));
  assertEquals(states.size, 7);
});

Deno.test("decodeRow() reads the row at its offset when others surround it", () => {
  const names = Object.keys(ROWS) as NeighborName[];
  // A view that does not begin where its buffer does
  const whole = new Uint8Array(13 + names.length * 88 + 5).fill(0x5a);
  names.forEach((name, i) => whole.set(withGarbage(name), 13 + i * 88));
  const view = new DataView(whole.buffer, 13, names.length * 88);
  names.forEach((name, i) => {
    assertEquals(decodeRow(view, i * 88), ROWS[name]);
  });
});

for (const length of [1, 6, 32]) {
  for (const state of [0, 1, 2, 3, 4, 5, 6]) {
    const isNone = state < 2;
    Deno.test(`decodeRow() reads ${length} zeroes as ${isNone ? "no" : "an"} address in state ${state}`, () => {
      const bytes = neighborBytes("IPV4_PERMANENT");
      // What lies behind the length is not the address's
      bytes.fill(0, 40, 40 + length).fill(0xa5, 40 + length, 72);
      const view = viewOf(bytes);
      view.setUint32(72, length, true);
      view.setUint32(76, state, true);
      assertEquals(
        decodeRow(view).linkLayerAddress,
        isNone ? null : Array(length).fill("00").join(":"),
      );
      // One octet that is not zero makes it an address
      bytes[40 + length - 1] = 1;
      assert(decodeRow(view).linkLayerAddress?.endsWith("01"));
    });
  }
}

Deno.test("decodeRow() refuses a row when it is cut short", () => {
  const bytes = neighborBytes("IPV6_REACHABLE");
  for (let length = 0; length < 88; length++) {
    // More bytes lie behind the view: they are not the row's
    const view = new DataView(bytes.buffer, 0, length);
    const error = assertThrows(
      () => decodeRow(view),
      NeighborError,
      `it has ${length} of 88 bytes`,
    );
    assertEquals(error.code, "OTHER");
  }
});

Deno.test("decodeRow() refuses the second row when it is cut short", () => {
  const bytes = new Uint8Array(2 * 88 - 1);
  bytes.set(neighborBytes("IPV4_PROBE"));
  bytes.set(neighborBytes("IPV4_PROBE").subarray(0, 87), 88);
  assertThrows(() => decodeRow(viewOf(bytes), 88), NeighborError, "87 of 88");
});

Deno.test("decodeRow() refuses a row when it would begin past the end", () => {
  const view = viewOf(neighborBytes("IPV4_PROBE"));
  assertThrows(() => decodeRow(view, 200), NeighborError, "it has 0 of 88");
});

Deno.test("decodeRow() reads an address that embeds IPv4", () => {
  const bytes = neighborBytes("IPV6_DELAY");
  bytes.set(Uint8Array.fromHex("00000000000000000000ffffc0000201"), 8);
  assertEquals(decodeRow(viewOf(bytes)).address, "::ffff:192.0.2.1");
});

for (const family of [0, 1, 3, 10, 24, 0x0200, 0xffff]) {
  Deno.test(`decodeRow() refuses a row when its family is ${family}`, () => {
    const view = viewOf(neighborBytes("IPV6_DELAY"));
    view.setUint16(0, family, true);
    const error = assertThrows(
      () => decodeRow(view),
      NeighborError,
      `its address family is ${family}`,
    );
    assertEquals(error.code, "OTHER");
  });
}

for (const state of [7, 8, 0x80, 0x100, 0x01000000, 0xffffffff]) {
  Deno.test(`decodeRow() refuses a row when its state is ${state}`, () => {
    const view = viewOf(neighborBytes("IPV6_DELAY"));
    view.setUint32(76, state, true);
    const error = assertThrows(
      () => decodeRow(view),
      NeighborError,
      `its State is ${state}`,
    );
    assertEquals(error.code, "OTHER");
  });
}

for (const length of [33, 0x106, 0x80000000, 0xffffffff]) {
  Deno.test(`decodeRow() refuses a row when its length is ${length}`, () => {
    const view = viewOf(neighborBytes("IPV6_DELAY"));
    view.setUint32(72, length, true);
    const error = assertThrows(
      () => decodeRow(view),
      NeighborError,
      `its PhysicalAddressLength is ${length}`,
    );
    assertEquals(error.code, "OTHER");
  });
}

Deno.test("decodeRow() does not refer to the buffer it read", () => {
  const bytes = neighborBytes("IPV4_PERMANENT");
  const row = decodeRow(viewOf(bytes));
  bytes.fill(0xff);
  assertEquals(row, ROWS.IPV4_PERMANENT);
  assert(!Object.values(row).some((value) => ArrayBuffer.isView(value)));
});
