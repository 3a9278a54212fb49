import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { describeInterface, EntryList } from "../../ffi/entry_list.ts";
import { parseEntry, parseInterface, parseKey } from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry, NeighborKey } from "../../ffi/types/neighbor.ts";
import { parsedKey } from "../helpers/parsed.ts";

const IPV4 = { address: "192.0.2.7", linkLayerAddress: "02fc00000005" };
const LUID = 0x0006008000000000n;

function refuse(given: Record<string, unknown>, message: string): void {
  for (const parse of [parseEntry, parseKey]) {
    const error = assertThrows(
      () => parse(new EntryList(), given as unknown as NeighborEntry),
      NeighborError,
    );
    assertEquals(error.message, message);
    assertEquals(error.code, "INVALID_PARAMETER");
    assertEquals(error.status, null);
    assertEquals(error.operation, null);
    assertStrictEquals(error.entry, given);
  }
}

function keyOf(names: Record<string, unknown>): NeighborKey {
  return { ...IPV4, ...names } as unknown as NeighborKey;
}

for (
  const names of [
    {},
    { interfaceIndex: 0 },
    { interfaceIndex: -0 },
    { interfaceLuid: 0n },
    { interfaceLuid: "0x0" },
    { interfaceLuid: "0x0000000000000000" },
    { interfaceIndex: 0, interfaceLuid: 0n },
    { interfaceLuid: null, interfaceIndex: null, interfaceAlias: null },
    { interfaceLuid: undefined, interfaceIndex: undefined },
  ]
) {
  Deno.test(`parseEntry() refuses ${Deno.inspect(names)}, no interface`, () => {
    refuse(
      { ...IPV4, ...names },
      "No interface given for 192.0.2.7: name it by interfaceLuid, " +
        "interfaceIndex or interfaceAlias",
    );
  });
}

const BITS = "Cannot parse interface LUID";
const FORM = 'it is "0x" and 1 to 16 hexadecimal digits';

for (
  const [names, message] of [
    [
      { interfaceLuid: 12 },
      'The member interfaceLuid takes a bigint or "0x…" text, not the number 12',
    ],
    [
      { interfaceLuid: 0 },
      'The member interfaceLuid takes a bigint or "0x…" text, not the number 0',
    ],
    [
      { interfaceLuid: {} },
      'The member interfaceLuid takes a bigint or "0x…" text, not an Object',
    ],
    [{ interfaceLuid: -1n }, "The interface LUID -1 does not fit 64 bits"],
    [
      { interfaceLuid: 1n << 64n },
      "The interface LUID 18446744073709551616 does not fit 64 bits",
    ],
    [{ interfaceLuid: "" }, `${BITS} "": ${FORM}`],
    [{ interfaceLuid: "0x" }, `${BITS} "0x": ${FORM}`],
    [{ interfaceLuid: "12" }, `${BITS} "12": ${FORM}`],
    [{ interfaceLuid: "0xg" }, `${BITS} "0xg": ${FORM}`],
    [{ interfaceLuid: " 0x1" }, `${BITS} " 0x1": ${FORM}`],
    [{ interfaceLuid: "0x1\n" }, `${BITS} "0x1\n": ${FORM}`],
    [{ interfaceLuid: "-0x1" }, `${BITS} "-0x1": ${FORM}`],
    [
      { interfaceLuid: "0x10000000000000000" },
      `${BITS} "0x10000000000000000": ${FORM}`,
    ],
    [
      { interfaceIndex: "12" },
      'The member interfaceIndex takes a number, not "12"',
    ],
    [
      { interfaceIndex: 12n },
      "The member interfaceIndex takes a number, not the bigint 12",
    ],
    ...[-1, 1.5, NaN, Infinity, -Infinity, 4294967296, 2 ** 53].map((
      index,
    ) =>
      [
        { interfaceIndex: index },
        `The interface index ${index} is not a whole number from 1 to 4294967295`,
      ] as const
    ),
    [
      { interfaceAlias: 12 },
      "The member interfaceAlias takes text, not the number 12",
    ],
    [{ interfaceAlias: "" }, "The interface alias is empty"],
    [
      { interfaceAlias: "Ether\0net" },
      'The interface alias "Ether\0net" has a NUL character in it',
    ],
    [
      { interfaceAlias: "Ethernet\0" },
      'The interface alias "Ethernet\0" has a NUL character in it',
    ],
    // One good name does not hide a bad one
    [
      { interfaceLuid: 1n, interfaceIndex: 1.5 },
      "The interface index 1.5 is not a whole number from 1 to 4294967295",
    ],
    [
      { interfaceIndex: 12, interfaceLuid: "12" },
      `${BITS} "12": ${FORM}`,
    ],
    [
      { interfaceIndex: 12, interfaceAlias: "a\0" },
      'The interface alias "a\0" has a NUL character in it',
    ],
  ] as const
) {
  Deno.test(`parseEntry() refuses ${Deno.inspect(names)}`, () => {
    refuse({ ...IPV4, ...names }, message);
  });
}

const NONE = { luid: 0n, index: 0, alias: null };

for (
  const [names, parsed] of [
    [{ interfaceIndex: 1 }, { ...NONE, index: 1 }],
    [{ interfaceIndex: 4294967295 }, { ...NONE, index: 4294967295 }],
    [{ interfaceLuid: 1n }, { ...NONE, luid: 1n }],
    [{ interfaceLuid: (1n << 64n) - 1n }, {
      ...NONE,
      luid: 0xffffffffffffffffn,
    }],
    [{ interfaceLuid: "0x0006008000000000" }, { ...NONE, luid: LUID }],
    [{ interfaceLuid: "0X6008000000000" }, { ...NONE, luid: LUID }],
    [{ interfaceLuid: "0xFfFfFfFfFfFfFfFf" }, {
      ...NONE,
      luid: 0xffffffffffffffffn,
    }],
    [{ interfaceAlias: "以太网" }, { ...NONE, alias: "以太网" }],
    [{ interfaceAlias: "5" }, { ...NONE, alias: "5" }],
    [{ interfaceAlias: " " }, { ...NONE, alias: " " }],
    [
      { interfaceLuid: LUID, interfaceIndex: 7, interfaceAlias: "Ethernet" },
      { luid: LUID, index: 7, alias: "Ethernet" },
    ],
    [{ interfaceLuid: null, interfaceIndex: 7 }, { ...NONE, index: 7 }],
    [{ interfaceLuid: 0n, interfaceIndex: 7 }, { ...NONE, index: 7 }],
  ] as const
) {
  Deno.test(`parseKey() takes ${Deno.inspect(names)}`, () => {
    assertEquals(parsedKey(keyOf(names)).interface, parsed);
    assertEquals(parsedKey(keyOf(names)).zone, null);
    assertEquals(parseInterface(names), parsed);
  });
}

Deno.test("parseInterface() answers null when no interface is named", () => {
  for (const names of [{}, { interfaceIndex: 0 }, { interfaceLuid: "0x0" }]) {
    assertEquals(parseInterface(names), null);
  }
});

Deno.test("describeInterface() says the LUID when LUID and index are given", () => {
  // The LUID decides, as on the SetIpNetEntry2 page
  const all = { luid: LUID, index: 7, alias: "Ethernet" };
  assertEquals(describeInterface(all), "interface 0x6008000000000");
  assertEquals(describeInterface({ ...all, luid: 0n }), "interface 7");
  assertEquals(
    describeInterface({ ...all, luid: 0n, index: 0 }),
    'interface "Ethernet"',
  );
});

Deno.test("describe() says address and interface", () => {
  const entries = new EntryList();
  const position = parseKey(entries, { address: "FE80:0::1%Ethernet" });
  assertEquals(
    entries.describe(position),
    'fe80::1 on interface "Ethernet"',
  );
});

for (
  const [zone, parsed] of [
    ["Ethernet", { ...NONE, alias: "Ethernet" }],
    ["12", { ...NONE, index: 12 }],
    ["1", { ...NONE, index: 1 }],
    ["4294967295", { ...NONE, index: 4294967295 }],
    ["012", { ...NONE, index: 12 }],
    ["0x12", { ...NONE, alias: "0x12" }],
    ["1e3", { ...NONE, alias: "1e3" }],
    ["-1", { ...NONE, alias: "-1" }],
    ["１２", { ...NONE, alias: "１２" }],
  ] as const
) {
  Deno.test(`parseKey() takes the zone "${zone}" for the interface`, () => {
    const key = parsedKey({ address: `fe80::1%${zone}` as const });
    assertEquals(key.interface, parsed);
    assertEquals(key.zone, null);
  });

  Deno.test(`parseKey() keeps the zone "${zone}" beside an interface`, () => {
    const key = parsedKey({ address: `fe80::1%${zone}`, interfaceIndex: 12 });
    assertEquals(key.interface, { ...NONE, index: 12 });
    assertEquals(key.zone, parsed);
  });
}

for (const zone of ["0", "00", "4294967296", "99999999999999999999"]) {
  Deno.test(`parseEntry() refuses the zone ${zone}`, () => {
    refuse(
      { ...IPV4, address: `fe80::1%${zone}` },
      `The zone "${zone}" is not an index from 1 to 4294967295`,
    );
  });
}

Deno.test("parseEntry() refuses a NUL in the zone, which would end the name early", () => {
  for (const names of [{}, { interfaceIndex: 12 }]) {
    refuse(
      { ...IPV4, address: "fe80::1%Ether\0net", ...names },
      'The zone "Ether\0net" has a NUL character in it',
    );
  }
});

Deno.test("describeInterface() cuts an alias that no interface can have", () => {
  const words = (length: number) =>
    describeInterface({ luid: 0n, index: 0, alias: "x".repeat(length) });
  assertEquals(words(256), `interface "${"x".repeat(256)}"`);
  assertEquals(words(100_000), `interface "${"x".repeat(255)}…"`);
});
