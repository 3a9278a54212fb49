import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { formatAddress, parseAddress } from "../../ffi/parse/address.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry, parseKey } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry, NeighborKey } from "../../ffi/types/neighbor.ts";
import { parsedEntry, parsedKey } from "../helpers/parsed.ts";

const GOOD = {
  address: "192.0.2.7",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceIndex: 12,
};

/** Refused before any call, with its own message, and not in the list. */
function refuse(
  parse: typeof parseEntry | typeof parseKey,
  given: unknown,
  message: string,
  isRestricted?: boolean,
): void {
  const entries = new EntryList();
  parseEntry(entries, GOOD);
  const error = assertThrows(
    () => parse(entries, given as NeighborEntry, isRestricted),
    NeighborError,
  );
  assertEquals([entries.length, entries.given], [1, [GOOD]]);
  assertEquals(error.message, message);
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals(error.status, null);
  assertEquals(error.symbol, null);
  assertEquals(error.ntstatus, null);
  assertEquals(error.operation, null);
  assertStrictEquals(error.entry, given);
}

for (
  const [given, what] of [
    [undefined, "undefined"],
    [null, "null"],
    ["192.0.2.7", '"192.0.2.7"'],
    [7, "the number 7"],
    [true, "the boolean true"],
    [7n, "the bigint 7"],
    [() => GOOD, "a Function"],
  ] as const
) {
  Deno.test(`parseEntry() refuses ${what} instead of an entry`, () => {
    const message = `No entry given: it is an object, not ${what}`;
    refuse(parseEntry, given, message);
    refuse(parseKey, given, message);
  });
}

for (
  const [address, message] of [
    [undefined, "The member address is missing, it takes text"],
    [null, "The member address is missing, it takes text"],
    [7, "The member address takes text, not the number 7"],
    [["192.0.2.7"], "The member address takes text, not an Array"],
    [
      Uint8Array.of(192, 0, 2, 7),
      "The member address takes text, not a Uint8Array",
    ],
    [
      "",
      'Cannot parse IP address "": IPv4 is four decimal octets with dots between',
    ],
    [
      "gateway",
      'Cannot parse IP address "gateway": it is neither IPv4 nor IPv6',
    ],
  ] as const
) {
  Deno.test(`parseEntry() refuses the address ${JSON.stringify(address)}`, () => {
    refuse(parseEntry, { ...GOOD, address }, message);
    refuse(parseKey, { ...GOOD, address }, message);
  });
}

for (
  const [address, rule] of [
    ["0.0.0.0", "the unspecified address"],
    ["::", "the unspecified address"],
    ["0:0:0:0:0:0:0:0", "the unspecified address"],
    ["::0.0.0.0", "the unspecified address"],
    ["255.255.255.255", "the broadcast address"],
    ["127.0.0.1", "a loopback address"],
    ["127.0.0.0", "a loopback address"],
    ["127.255.255.255", "a loopback address"],
    ["::1", "a loopback address"],
    ["::0.0.0.1", "a loopback address"],
    ["::1%12", "a loopback address"],
    ["::ffff:192.0.2.7", "an IPv4-mapped address"],
    ["::ffff:c000:207", "an IPv4-mapped address"],
    ["::ffff:127.0.0.1", "an IPv4-mapped address"],
  ] as const
) {
  Deno.test(`parseEntry() refuses ${address}, which is ${rule}`, () => {
    const message = `The address "${address}" is ${rule}, ` +
      "it must be a unicast, anycast or multicast address";
    refuse(parseEntry, { ...GOOD, address }, message);
    refuse(parseKey, { ...GOOD, address }, message, true);
  });

  Deno.test(`parseKey() takes ${address}, for a table may hold it`, () => {
    const given = { ...GOOD, address };
    const { bytes } = parseAddress(address);
    assertEquals(parsedKey(given).address, bytes);
    const entries = new EntryList();
    // So does a row of a listing
    assertEquals(parseEntry(entries, given, false), 0);
    assertEquals(entries.address(0), formatAddress(bytes));
  });
}

for (
  const [address, ...bytes] of [
    ["192.0.2.7", 192, 0, 2, 7],
    ["126.255.255.255", 126, 255, 255, 255],
    ["128.0.0.0", 128, 0, 0, 0],
    // A subnet's broadcast: which it is, is the system's to know
    ["192.0.2.255", 192, 0, 2, 255],
    ["239.1.2.3", 239, 1, 2, 3],
    ["224.0.0.1", 224, 0, 0, 1],
    ["2001:db8::7", ...[32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]],
    // Subnet-router anycast, RFC 4291 section 2.6.1
    ["2001:db8::", ...[32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["fe80::1", ...[254, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ["ff02::123", ...[255, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 35]],
    ["::2", ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]],
  ] as const
) {
  Deno.test(`parseEntry() takes ${address}`, () => {
    const given = { ...GOOD, address: address as string };
    const key = {
      address: Uint8Array.from(bytes as readonly number[]),
      linkLayerAddress: new Uint8Array(0),
      interface: { luid: 0n, index: 12, alias: null },
      zone: null,
      given,
    } as const;
    assertEquals(parsedKey(given), key);
    assertEquals(parsedEntry(given), {
      ...key,
      linkLayerAddress: Uint8Array.of(0x02, 0xfc, 0, 0, 0, 0x05),
    });
    assertStrictEquals(parsedEntry(given).given, given);
    const entries = new EntryList();
    parseKey(entries, given);
    assertEquals(entries.isIpv4(0), bytes.length === 4);
  });
}

const TAKES = "text or a Uint8Array";

for (
  const [name, linkLayerAddress, message] of [
    [
      "undefined",
      undefined,
      `The member linkLayerAddress is missing, it takes ${TAKES}`,
    ],
    [
      "null",
      null,
      `The member linkLayerAddress is missing, it takes ${TAKES}`,
    ],
    [
      "a number",
      0x02fc,
      `The member linkLayerAddress takes ${TAKES}, not the number 764`,
    ],
    [
      "an array",
      [2, 252],
      `The member linkLayerAddress takes ${TAKES}, not an Array`,
    ],
    [
      "an ArrayBuffer",
      new ArrayBuffer(6),
      `The member linkLayerAddress takes ${TAKES}, not an ArrayBuffer`,
    ],
    [
      "other typed arrays",
      new Uint16Array(6),
      `The member linkLayerAddress takes ${TAKES}, not a Uint16Array`,
    ],
    [
      "empty text",
      "",
      "The link-layer address is empty, it takes 1 to 32 octets",
    ],
    [
      "no bytes",
      new Uint8Array(0),
      "The link-layer address is empty, it takes 1 to 32 octets",
    ],
    [
      "33 bytes",
      new Uint8Array(33),
      `The link-layer address "${"00:".repeat(26)}0…" has 33 octets, ` +
      "it takes 1 to 32",
    ],
    [
      "a typing mistake",
      "02-0g",
      'Cannot parse link-layer address "02-0g": octet 2 is "0g", ' +
      "not two hexadecimal digits",
    ],
  ] as const
) {
  Deno.test(`parseEntry() refuses ${name} for a link-layer address`, () => {
    refuse(parseEntry, { ...GOOD, linkLayerAddress }, message);
    // A key has none to judge
    const key = parsedKey({ ...GOOD, linkLayerAddress } as NeighborKey);
    assertEquals(key.linkLayerAddress.length, 0);
  });
}

Deno.test("parseEntry() takes a link-layer address when it is bytes", () => {
  for (const linkLayerAddress of [Uint8Array.of(1, 2), Buffer.of(1, 2)]) {
    const parsed = parsedEntry({ ...GOOD, linkLayerAddress });
    assertEquals([...parsed.linkLayerAddress], [1, 2]);
  }
});

Deno.test("parseEntry() rethrows what a caller's getter throws", () => {
  const given = {
    ...GOOD,
    get address(): string {
      throw new RangeError("mine");
    },
  };
  assertThrows(() => parsedEntry(given), RangeError, "mine");
});

Deno.test("parseEntry() takes a row as it was listed", () => {
  const parsed = parsedEntry({
    address: "192.0.2.7",
    family: "ipv4",
    interfaceIndex: 12,
    interfaceLuid: "0x0006008000000000",
    interfaceAlias: null,
    linkLayerAddress: "02:fc:00:00:00:05",
    state: "stale",
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: 1234,
  } as NeighborEntry);
  assertEquals(parsed.interface, {
    luid: 0x0006008000000000n,
    index: 12,
    alias: null,
  });
});
