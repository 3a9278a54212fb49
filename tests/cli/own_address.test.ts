import { assertEquals } from "@std/assert";
import { OwnAddresses, ownAddressWarning } from "../../cli/own_address.ts";
import { EntryList, type ParsedInterface } from "../../ffi/entry_list.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import type { InterfaceKey } from "../../ffi/types/interface.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";

const OWN = "02:fc:00:00:00:01"; // What interfaceOf() gives each of them
const ETHERNET = interfaceOf(3, "Ethernet", "0x0006000003000000");
const WORDS = `${OWN} is the link-layer address of Ethernet itself`;

function entry(
  linkLayerAddress: string,
  on: InterfaceKey,
): [named: ParsedInterface, address: string] {
  const entries = new EntryList();
  parseEntry(entries, { address: "192.0.2.7", linkLayerAddress, ...on });
  return [entries.named(0), entries.linkLayerAddress(0)];
}

for (
  const on of [
    { interfaceAlias: "Ethernet" },
    { interfaceIndex: 3 },
    { interfaceLuid: 0x0006_000003_000000n },
  ]
) {
  Deno.test(`a pin of the own link-layer address is warned of, by ${Object.keys(on)}`, () => {
    const own = new OwnAddresses([ETHERNET]);
    assertEquals(own.warning(...entry("02-FC-00-00-00-01", on)), WORDS);
    assertEquals(own.warning(...entry("02-fc-00-00-00-02", on)), undefined);
  });
}

Deno.test("a link-layer address of no station, or of every one, is warned of", () => {
  const own = new OwnAddresses([ETHERNET]);
  const on = { interfaceIndex: 3 };
  assertEquals(
    own.warning(...entry("00-00-00-00-00-00", on)),
    "00:00:00:00:00:00 is the link-layer address of no station",
  );
  assertEquals(
    own.warning(...entry("FFFFFFFFFFFF", on)),
    "ff:ff:ff:ff:ff:ff is the broadcast address of the link: every station " +
      "gets what is sent there",
  );
  // Network load balancing gives a computer a multicast one
  for (const other of ["01:00:5e:00:00:01", "ff:ff:ff:ff:ff:fe", "00:01"]) {
    assertEquals(own.warning(...entry(other, on)), undefined);
  }
});

Deno.test("the link-layer address of another interface is not warned of", () => {
  const other = { ...interfaceOf(4, "Other"), linkLayerAddress: null };
  const own = new OwnAddresses([ETHERNET, other]);
  for (const on of [{ interfaceIndex: 4 }, { interfaceAlias: "None" }]) {
    assertEquals(own.warning(...entry(OWN, on)), undefined);
  }
});

Deno.test("where the interfaces cannot be read there is no warning", () => {
  const table = new FakeTable([ETHERNET]);
  const pin = entry(OWN, { interfaceIndex: 3 });
  assertEquals(ownAddressWarning(table, ...pin), WORDS);
  table.close();
  table.listInterfaces = () => table.list() as never;
  assertEquals(ownAddressWarning(table, ...pin), undefined);
});
