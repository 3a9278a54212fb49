import { assertEquals, assertThrows } from "@std/assert";
import { parseAddress } from "../../ffi/parse/address.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import {
  type DecodedNeighbor,
  decodeNeighbor,
  encodeNeighbor,
  encodeNeighborDump,
} from "../../ffi/linux/netlink/ndmsg.ts";
import { bytesOf } from "../../ffi/linux/netlink/message.ts";
import {
  ASK_NEW,
  GET,
  type NamedRequest,
  WRITES,
} from "../../ffi/linux/request.ts";
import { NUD_TO_STATE } from "../../ffi/linux/netlink/state.ts";
import type { NeighborState } from "../../ffi/types/neighbor.ts";
import {
  message,
  messageBytes,
  type MessageName,
} from "../helpers/golden/messages.ts";

const QUIET = {
  interfaceIndex: 100,
  interfaceLuid: null,
  interfaceAlias: null,
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: null,
  protocol: null,
  flags: [],
} as const;

const ROWS: Partial<Record<MessageName, DecodedNeighbor>> = {
  IPV4_PERMANENT_PROTOCOL: {
    ...QUIET,
    address: "192.0.2.7",
    family: "ipv4",
    linkLayerAddress: "02:fc:00:00:00:05",
    state: "permanent",
    protocol: 4,
  },
  IPV6_STALE_ROUTER: {
    ...QUIET,
    address: "2001:db8::7",
    family: "ipv6",
    linkLayerAddress: "02:fc:00:00:00:06",
    state: "stale",
    isRouter: true,
    reachabilityTime: 60_000,
  },
  IPV4_NOARP_EXTERN_LEARN: {
    ...QUIET,
    address: "192.0.2.8",
    family: "ipv4",
    linkLayerAddress: "02:fc:00:00:00:08",
    state: "noarp",
    flags: ["extern_learn"],
  },
  IPV4_REACHABLE_MANAGED: {
    ...QUIET,
    address: "192.0.2.2",
    family: "ipv4",
    linkLayerAddress: "02:fc:00:00:00:02",
    state: "reachable",
    reachabilityTime: 200,
    flags: ["managed"],
  },
  IPV4_INCOMPLETE: {
    ...QUIET,
    address: "192.0.2.99",
    family: "ipv4",
    linkLayerAddress: null,
    state: "incomplete",
  },
  IPV4_PROXY: {
    ...QUIET,
    address: "192.0.2.77",
    family: "ipv4",
    linkLayerAddress: null,
    state: "none",
    flags: ["proxy"],
  },
  IPV4_EUI64: {
    ...QUIET,
    interfaceIndex: 2,
    address: "198.51.100.7",
    family: "ipv4",
    linkLayerAddress: "02:fc:00:00:00:00:00:ff",
    state: "permanent",
  },
  IPV4_SIXTEEN: {
    ...QUIET,
    interfaceIndex: 3,
    address: "198.51.100.7",
    family: "ipv4",
    linkLayerAddress: "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f",
    state: "permanent",
  },
  IPV6_EMPTY_LLADDR: {
    ...QUIET,
    interfaceIndex: 4,
    address: "2001:db8::9",
    family: "ipv6",
    linkLayerAddress: null,
    state: "permanent",
  },
  // A request is laid out as a row is
  REPLACE_INFINIBAND: {
    ...QUIET,
    interfaceIndex: 0x0a0b0c0d,
    address: "2001:db8::7",
    family: "ipv6",
    linkLayerAddress:
      "02:fc:00:00:00:05:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
    state: "permanent",
  },
};

for (const [name, row] of Object.entries(ROWS)) {
  const bytes = message(name as MessageName);
  const end = bytes.array.length;

  Deno.test(`decodeNeighbor() reads ${name} as the kernel sent it`, () => {
    assertEquals(decodeNeighbor(bytes, 16, end), row);
  });

  Deno.test(`decodeNeighbor() reads ${name} cut at every byte or refuses it`, () => {
    for (let cut = 16; cut < end; cut++) {
      // The bytes behind the cut are there, and must not be looked at
      const other = message(name as MessageName);
      other.array.fill(0xff, cut);
      let decoded;
      try {
        decoded = decodeNeighbor(other, 16, cut);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        assertEquals(error.code, "OTHER");
        continue;
      }
      // What is whole is read: only attributes behind the cut are missing
      assertEquals(decoded.address, row.address);
      assertEquals(decoded.state, row.state);
    }
  });
}

Deno.test("decodeNeighbor() reads how long ago a row failed", () => {
  const bytes = message("IPV4_FAILED");
  const row = decodeNeighbor(bytes, 16, bytes.array.length);
  assertEquals(row.state, "failed");
  assertEquals(row.isUnreachable, true);
  // ndm_updated is 0x2d ticks of ten milliseconds
  assertEquals(row.reachabilityTime, 450);
});

Deno.test("decodeNeighbor() has a name for every state, of several bits too", () => {
  const expected: Record<number, NeighborState> = {
    0x00: "none",
    0x01: "incomplete",
    0x02: "reachable",
    0x04: "stale",
    0x08: "delay",
    0x10: "probe",
    0x20: "failed",
    0x40: "noarp",
    0x80: "permanent",
    0x84: "permanent",
    0x42: "noarp",
    0x06: "stale",
    0xff: "permanent",
  };
  const bytes = message("IPV6_STALE_ROUTER");
  for (const [nud, state] of Object.entries(expected)) {
    bytes.view.setUint16(16 + 8, Number(nud), true);
    assertEquals(decodeNeighbor(bytes, 16, bytes.array.length).state, state);
  }
  assertEquals(NUD_TO_STATE.length, 8);
});

const BROKEN: Record<string, (bytes: Uint8Array) => void> = {
  "its address family is 7": (bytes) => bytes[16] = 7,
  // Bytes 28 to 35 are NDA_DST, 36 to 45 NDA_LLADDR
  "its NDA_DST has 16 bytes": (bytes) => bytes[28] = 20,
  "its NDA_DST has 3 bytes": (bytes) => bytes[28] = 7,
  "an attribute's nla_len is 0, of 56 bytes": (bytes) => bytes[28] = 0,
  "an attribute's nla_len is 255, of 56 bytes": (bytes) => bytes[28] = 255,
  "it has no NDA_DST": (bytes) => bytes[30] = 99,
  "its NDA_LLADDR has 33 bytes": (bytes) => bytes[36] = 37,
};

for (const [message, breakIt] of Object.entries(BROKEN)) {
  Deno.test(`decodeNeighbor() refuses a row: ${message}`, () => {
    const bytes = messageBytes("IPV4_PERMANENT_PROTOCOL");
    breakIt(bytes);
    assertThrows(
      () => decodeNeighbor(bytesOf(bytes), 16, bytes.length),
      NeighborError,
      `Cannot decode ndmsg: ${message}`,
    );
  });
}

const OCTETS = Uint8Array.of(0x02, 0xfc, 0, 0, 0, 5);
const INFINIBAND = new Uint8Array(20);
INFINIBAND.set(OCTETS);

const REQUESTS: Partial<
  Record<MessageName, readonly [NamedRequest, string, Uint8Array | null]>
> = {
  SET_IPV4: [WRITES.set, "192.0.2.7", OCTETS],
  CREATE_IPV6: [WRITES.create, "2001:db8::7", OCTETS],
  REPLACE_INFINIBAND: [WRITES.replace, "2001:db8::7", INFINIBAND],
  REPLACE_PROTOCOL: [
    { ...WRITES.replace, protocol: 42 },
    "192.0.2.7",
    OCTETS,
  ],
  DELETE_IPV4: [WRITES.delete, "192.0.2.7", null],
  GET_IPV6: [GET, "2001:db8::7", null],
  ASK_IPV4: [ASK_NEW, "192.0.2.7", null],
};

/** The octets between others, where they lie and how many they are. */
function within(octets: Uint8Array): [Uint8Array, number, number] {
  return [Uint8Array.of(0xee, 0xee, ...octets, 0xee), 2, octets.length];
}

for (const [name, [request, address, octets]] of Object.entries(REQUESTS)) {
  Deno.test(`encodeNeighbor() writes ${name} as gcc lays it out`, () => {
    // Over what an earlier request has left behind
    const bytes = bytesOf(new Uint8Array(128).fill(0xff));
    const end = encodeNeighbor(
      bytes,
      4,
      0x01020304,
      request,
      0x0a0b0c0d,
      // Out of the middle of what others have written
      ...within(parseAddress(address).bytes),
      ...within(octets ?? new Uint8Array(0)),
    );
    assertEquals(bytes.array.slice(4, end), messageBytes(name as MessageName));
  });
}

Deno.test("encodeNeighborDump() writes what gcc lays out", () => {
  const bytes = bytesOf(new Uint8Array(128).fill(0xff));
  const six = [
    0x01020304,
    GET.type,
    GET.flags | 0x300,
    10,
    0x0a0b0c0d,
  ] as const;
  let end = encodeNeighborDump(bytes, ...six, false);
  assertEquals(bytes.array.slice(0, end), messageBytes("DUMP_IPV6"));
  bytes.array.fill(0xff);
  const four = [0x01020304, GET.type, GET.flags | 0x300, 2, 0] as const;
  end = encodeNeighborDump(bytes, ...four, true);
  assertEquals(bytes.array.slice(0, end), messageBytes("DUMP_PROXIES"));
});

Deno.test("every request with NLM_F_CREATE has NLM_F_REPLACE or NLM_F_EXCL", () => {
  const CREATE = 0x400;
  const REPLACE_OR_EXCL = 0x300;
  for (const request of [...Object.values(WRITES), ASK_NEW]) {
    if ((request.flags & CREATE) === 0) continue;
    assertEquals((request.flags & REPLACE_OR_EXCL) !== 0, true);
  }
});
