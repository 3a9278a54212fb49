import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { BlockList, isIP } from "node:net";
import { formatAddress } from "../../ffi/parse/address.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseKey } from "../../ffi/parse/entry.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { NeighborKey } from "../../ffi/types/neighbor.ts";
import {
  ADDRESS_BYTES,
  ADDRESS_TEXT,
  attempt,
  property,
} from "./arbitraries.ts";
import { parsedEntry, parsedKey } from "../helpers/parsed.ts";

/**
 * Where an entry is stricter than node:net, and why: the SetIpNetEntry2 page
 * calls these addresses not valid, and a zone has to name an interface.
 */
const STRICTER: readonly [why: string, subnet: string, example: string][] = [
  ["the unspecified address", "0.0.0.0/32", "0.0.0.0"],
  ["the unspecified address", "::/128", "0:0::0"],
  ["a loopback address", "127.0.0.0/8", "127.1.2.3"],
  ["a loopback address", "::1/128", "::0.0.0.1"],
  ["the broadcast address", "255.255.255.255/32", "255.255.255.255"],
  ["an IPv4-mapped address", "::ffff:0:0/96", "::ffff:192.0.2.7"],
];

/** One list for each family, for BlockList takes a mapped address for IPv4. */
const REFUSED = { 4: new BlockList(), 6: new BlockList() };
for (const [, subnet] of STRICTER) {
  const [network = "", length] = subnet.split("/");
  const version = isIP(network) as 4 | 6;
  REFUSED[version].addSubnet(network, Number(length), `ipv${version}`);
}

function isRefused(address: string): boolean {
  const version = isIP(address) as 4 | 6;
  return REFUSED[version].check(address, `ipv${version}`);
}

/** Checks a key as strictly as an entry to write. */
function writable(key: NeighborKey): number {
  return parseKey(new EntryList(), key, true);
}

function on12(address: string): NeighborKey {
  return { address, interfaceIndex: 12 };
}

for (const [why, subnet, example] of STRICTER) {
  Deno.test(`parseKey() refuses ${example}, ${why} of ${subnet}`, () => {
    assert(isIP(example) !== 0);
    assert(isRefused(example));
    assertEquals(attempt(() => writable(on12(example))), {
      refused: "INVALID_PARAMETER",
    });
    // To read and to remove it is taken
    assert("value" in attempt(() => parsedKey(on12(example))));
  });
}

for (const zone of ["0", "00", "4294967296"]) {
  Deno.test(`parseKey() refuses the zone ${zone}, no interface's index`, () => {
    assertEquals(isIP(`fe80::1%${zone}`), 6);
    assertEquals(attempt(() => parsedKey(on12(`fe80::1%${zone}`))), {
      refused: "INVALID_PARAMETER",
    });
  });
}

Deno.test("parseKey() is stricter than node:net by the list alone", () => {
  property(
    fc.oneof(ADDRESS_TEXT, ADDRESS_BYTES.map(formatAddress)),
    (text) => {
      const [address = "", ...rest] = text.split("%");
      const zone = rest.join("%");
      const isOne = rest.length === 0
        ? isIP(address) !== 0
        : isIP(address) === 6 &&
          zone !== "" && !zone.includes("\0") &&
          (!/^[0-9]+$/.test(zone) || (+zone >= 1 && +zone <= 0xffff_ffff));
      const answer = attempt(() => writable(on12(text)));
      assertEquals("value" in answer, isOne && !isRefused(address));
      const known = attempt(() => parsedKey(on12(text)));
      assertEquals("value" in known, isOne);
      for (const one of [answer, known]) {
        if ("refused" in one) assertEquals(one.refused, "INVALID_PARAMETER");
      }
    },
  );
});

const ANYTHING = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

/** Right in most members, so that each of them is reached. */
function members<T>(right: Record<string, fc.Arbitrary<T>>) {
  return fc.record(
    Object.fromEntries(
      Object.entries(right).map(([name, arbitrary]) => [
        name,
        fc.oneof({ weight: 4, arbitrary }, { weight: 1, arbitrary: ANYTHING }),
      ]),
    ),
    { requiredKeys: [] },
  );
}

const INTERFACE = {
  interfaceAlias: fc.oneof(fc.constant("eth0"), fc.string(), fc.constant(null)),
  interfaceIndex: fc.oneof(fc.maxSafeInteger(), fc.double()),
  interfaceLuid: fc.oneof(fc.bigInt(), fc.constant("0x0006008000000000")),
};

Deno.test("parseEntry() accepts any value or refuses it with a NeighborError", () => {
  const entry = members<unknown>({
    address: ADDRESS_TEXT,
    linkLayerAddress: fc.oneof(fc.string(), fc.uint8Array()),
    ...INTERFACE,
  });
  property(fc.oneof({ weight: 3, arbitrary: entry }, ANYTHING), (given) => {
    const answer = attempt(() => parsedEntry(given as never));
    if ("refused" in answer) assertEquals(answer.refused, "INVALID_PARAMETER");
    else assert(answer.value.linkLayerAddress.length <= 32);
  });
});

Deno.test("parseFilter() accepts any value or refuses it with a NeighborError", () => {
  const filter = members<unknown>({
    family: fc.constantFrom("ipv4", "ipv6"),
    state: fc.oneof(
      fc.constantFrom("stale", "permanent"),
      fc.array(fc.constantFrom("stale", "failed", "no")),
    ),
    subnet: fc.tuple(ADDRESS_TEXT, fc.nat(130)).map((parts) => parts.join("/")),
    ...INTERFACE,
  });
  property(fc.oneof({ weight: 3, arbitrary: filter }, ANYTHING), (given) => {
    const answer = attempt(() => parseFilter(given as never));
    if ("refused" in answer) assertEquals(answer.refused, "INVALID_PARAMETER");
    else assert(answer.value.families.length > 0);
  });
});

Deno.test("parseKey() refuses an object that pretends to have a class", () => {
  for (const name of [Symbol("name"), Object.create(null), 5, undefined]) {
    const address = { constructor: { name } };
    const key = { address, interfaceIndex: 12 } as unknown as NeighborKey;
    assertEquals(attempt(() => parsedKey(key)), {
      refused: "INVALID_PARAMETER",
    });
  }
});
