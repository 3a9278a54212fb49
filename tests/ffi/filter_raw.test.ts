import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { RawRow } from "../../ffi/raw_row.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseAddress } from "../../ffi/parse/address.ts";
import { parseKey } from "../../ffi/parse/entry.ts";
import { ofAddresses, parseFilter } from "../../ffi/parse/filter.ts";
import type {
  Neighbor,
  NeighborFilter,
  NeighborState,
} from "../../ffi/types/neighbor.ts";

/** A raw row, with its addresses in the middle of other octets. */
function rawRow(
  address: string,
  state: NeighborState = "stale",
  isProxy = false,
  linkLayer: readonly number[] = [],
  protocol = 0,
): RawRow {
  const { bytes } = parseAddress(address);
  const octets = new Uint8Array(80).fill(0xa5);
  octets.set(bytes, 7);
  octets.set(linkLayer, 40);
  return {
    octets,
    addressStart: 7,
    addressEnd: 7 + bytes.length,
    linkLayerStart: 40,
    linkLayerEnd: 40 + linkLayer.length,
    protocol,
    state,
    isProxy,
  } as unknown as RawRow;
}

function withLinkLayer(...octets: readonly number[]): RawRow {
  return rawRow("10.0.0.1", "stale", false, octets);
}

function ofProtocol(protocol: number): RawRow {
  return rawRow("10.0.0.1", "stale", false, [], protocol);
}

for (
  const [filter, matching, others] of [
    [{}, [rawRow("10.0.0.1"), rawRow("fe80::1")], [
      rawRow("10.0.0.1", "stale", true),
    ]],
    [{ proxy: true }, [rawRow("10.0.0.1", "none", true)], [rawRow("10.0.0.1")]],
    [{ state: "noarp" }, [rawRow("10.0.0.1", "noarp")], [rawRow("10.0.0.1")]],
    [
      { state: ["probe", "stale"] },
      [rawRow("10.0.0.1"), rawRow("10.0.0.1", "probe")],
      [rawRow("10.0.0.1", "permanent")],
    ],
    [{ subnet: "10.0.0.0/8" }, [rawRow("10.255.0.1")], [
      rawRow("11.0.0.0"),
      rawRow("a00::"),
    ]],
    [{ subnet: "10.0.0.0/16" }, [rawRow("10.0.255.1")], [rawRow("10.1.0.0")]],
    [{ subnet: "10.0.64.0/18" }, [rawRow("10.0.127.1")], [
      rawRow("10.0.128.0"),
      rawRow("10.1.64.0"),
      rawRow("10.0.63.255"),
    ]],
    [
      { subnet: ["10.0.0.7", "10.1.0.0/16", "fe80::/10", "::1"] },
      [
        ...[rawRow("10.0.0.7"), rawRow("10.1.2.3")],
        ...[rawRow("fe80::7"), rawRow("::1")],
      ],
      [
        rawRow("10.0.0.8"),
        rawRow("10.2.0.0"),
        rawRow("::2"),
        rawRow("a00:7::"),
      ],
    ],
    [
      { linkLayerAddress: "02-FC-00-00-00-05" },
      [withLinkLayer(2, 0xfc, 0, 0, 0, 5)],
      [
        withLinkLayer(2, 0xfc, 0, 0, 0, 6),
        withLinkLayer(2, 0xfc, 0, 0, 0, 5, 0),
        withLinkLayer(2, 0xfc, 0, 0, 0),
        withLinkLayer(),
      ],
    ],
    [
      { linkLayerAddress: "2:fc:" },
      [withLinkLayer(2, 0xfc, 0, 0, 0, 5), withLinkLayer(2, 0xfc)],
      [
        ...[withLinkLayer(2, 0xfd, 0, 0, 0, 5), withLinkLayer(2)],
        ...[withLinkLayer(0, 2, 0xfc), withLinkLayer()],
      ],
    ],
    [{ protocol: 42 }, [ofProtocol(42)], [ofProtocol(0), ofProtocol(41)]],
    [{ subnet: "0.0.0.0/0" }, [rawRow("1.2.3.4")], [rawRow("::1")]],
    [{ subnet: "fe80::/10" }, [rawRow("febf::1")], [
      rawRow("fec0::1"),
      rawRow("254.128.0.0"),
    ]],
    [{ subnet: "::1/128" }, [rawRow("::1")], [rawRow("::2")]],
    [
      { state: "stale", subnet: "10.0.0.0/8" },
      [rawRow("10.0.0.1")],
      [rawRow("10.0.0.1", "delay"), rawRow("12.0.0.1")],
    ],
  ] as [NeighborFilter, RawRow[], RawRow[]][]
) {
  Deno.test(`a row as the system has it matches ${JSON.stringify(filter)}, or not`, () => {
    const { matches } = parseFilter(filter);
    assertEquals(matching.map(matches), matching.map(() => true));
    assertEquals(others.map(matches), others.map(() => false));
  });
}

Deno.test("a filter of addresses matches their rows, and those of its own rules", () => {
  const entries = new EntryList();
  for (const address of ["10.0.0.1", "FE80:0::1"]) {
    parseKey(entries, { address, interfaceIndex: 2 });
  }
  const { matches } = ofAddresses(parseFilter({ state: "stale" }), entries);
  for (
    const [row, isMatch] of [
      [rawRow("10.0.0.1"), true],
      [rawRow("fe80::1"), true],
      [rawRow("10.0.0.1", "delay"), false],
      [rawRow("10.0.0.2"), false],
      [rawRow("fe80::2"), false],
      [rawRow("a00:1::"), false],
    ] as const
  ) assertEquals(matches(row), isMatch);
});

Deno.test("ofAddresses() keeps the rest of the filter for rows of a list too", () => {
  const entries = new EntryList();
  parseKey(entries, { address: "10.0.0.1", interfaceIndex: 2 });
  const { wants } = ofAddresses(parseFilter({ state: "stale" }), entries);
  const row = (address: string, state: string) =>
    ({ address, state }) as unknown as Neighbor;
  assertEquals(wants(row("10.0.0.1", "stale")), true);
  assertEquals(wants(row("10.0.0.1", "permanent")), false);
  assertEquals(wants(row("10.0.0.2", "stale")), false);
});

Deno.test("parseFilter() takes the protocols 1 to 255", () => {
  for (const protocol of [1, 255]) {
    const { matches } = parseFilter({ protocol });
    const row = (own: number) =>
      ({ ...rawRow("10.0.0.1"), protocol: own }) as unknown as RawRow;
    assertEquals([matches(row(protocol)), matches(row(7))], [true, false]);
  }
  for (const protocol of [0, 256]) {
    assertThrows(() => parseFilter({ protocol }), NeighborError, "protocol");
  }
});
