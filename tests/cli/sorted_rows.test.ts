import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareNames, sortRows } from "../../cli/output/sorted_rows.ts";
import { formatAddress, parseAddress } from "../../ffi/parse/address.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { ADDRESS_BYTES, property } from "../property/arbitraries.ts";

Deno.test("sortRows() sorts by interface, IPv4 before IPv6, addresses by number", () => {
  const [eth2, eth10, wifi] = [
    interfaceOf(7, "eth2"),
    interfaceOf(3, "eth10"),
    interfaceOf(1, "wlan"),
  ];
  const rows = [
    rowOf(wifi, "10.0.0.1", null),
    rowOf(eth10, "9.0.0.1", null),
    rowOf(eth2, "fe80::10", null),
    rowOf(eth2, "fe80::9", null),
    rowOf(eth2, "2001:db8::1", null),
    rowOf(eth2, "200.0.0.10", null),
    rowOf(eth2, "200.0.0.9", null),
    rowOf(eth2, "9.255.255.255", null),
    rowOf(eth10, "::1", null),
  ];
  const given = [...rows];
  assertEquals(
    sortRows(rows).map((row) => `${row.interfaceAlias} ${row.address}`),
    [
      ...["eth2 9.255.255.255", "eth2 200.0.0.9", "eth2 200.0.0.10"],
      ...["eth2 2001:db8::1", "eth2 fe80::9", "eth2 fe80::10"],
      ...["eth10 9.0.0.1", "eth10 ::1", "wlan 10.0.0.1"],
    ],
  );
  assertEquals(rows, given);
});

Deno.test("sortRows() keeps apart interfaces of the same name, and of none", () => {
  const [one, other] = [interfaceOf(3, "va"), interfaceOf(2, "va")];
  const gone = { ...rowOf(one, "10.0.0.3", null), interfaceAlias: null };
  const rows = [
    rowOf(one, "10.0.0.2", null),
    rowOf(other, "10.0.0.2", null),
    rowOf(one, "10.0.0.1", null),
    { ...gone, interfaceIndex: 20 },
    { ...gone, interfaceIndex: 9 },
  ];
  assertEquals(
    sortRows(rows).map((row) => `${row.interfaceIndex} ${row.address}`),
    ["9 10.0.0.3", "20 10.0.0.3", "2 10.0.0.2", "3 10.0.0.1", "3 10.0.0.2"],
  );
});

Deno.test("sortRows() of one interface is the order of the octets", () => {
  property(fc.array(ADDRESS_BYTES, { maxLength: 8 }), (addresses) => {
    const va = interfaceOf(2, "va");
    const rows = addresses.map((bytes) =>
      rowOf(va, formatAddress(bytes), null)
    );
    const keys = sortRows(rows).map(({ address }) => {
      const { bytes } = parseAddress(address);
      const digits = Array.from(bytes, (byte) => 256 + byte).join();
      return `${bytes.length + 100} ${digits}`;
    });
    assertEquals(keys, keys.toSorted());
    assertEquals(keys.length, rows.length);
  });
});

const NAMES = [
  ...["", "0", "01", "1", "2", "10", "a", "a0", "a01", "a1", "a1b", "a2"],
  ...["a10", "a99999999999999999999", "a100000000000000000000", "b", "é"],
];

Deno.test("compareNames() takes numbers by value, and is an order", () => {
  assertEquals(NAMES.toReversed().sort(compareNames), NAMES);
  for (const one of NAMES) {
    for (const other of NAMES) {
      const order = Math.sign(compareNames(one, other));
      assertEquals(order, -Math.sign(compareNames(other, one)) || 0);
      assertEquals(order === 0, one === other);
    }
  }
});
