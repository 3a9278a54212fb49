import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  createNeighbor,
  getNeighbor,
  listInterfaces,
  listNeighbors,
  NeighborError,
  openNeighborTable,
  setNeighbor,
} from "../../mod.ts";
import * as control from "../helpers/wine/control.ts";
import { wineTest } from "../helpers/windows/under_wine.ts";
import { rawRow, rawTable } from "../helpers/windows/raw_row.ts";

const GOOD = rawRow({ index: 3, address: [192, 0, 2, 7] });

const BROKEN: [string, Uint8Array, string][] = [
  [
    "family",
    rawRow({ index: 3, address: [192, 0, 2, 8], family: 7 }),
    "address family is 7",
  ],
  [
    "state",
    rawRow({ index: 3, address: [192, 0, 2, 8], state: 9 }),
    "State is 9",
  ],
  [
    "length",
    rawRow({ index: 3, address: [192, 0, 2, 8], length: 33 }),
    "PhysicalAddressLength is 33",
  ],
];

for (const [what, row, message] of BROKEN) {
  wineTest(
    `a row of an unknown ${what} is named, freed, and not skipped`,
    () => {
      control.handOut("GetIpNetTable2", rawTable(2, GOOD, row));
      const error = assertThrows(() => listNeighbors(), NeighborError, message);
      assert(
        error.message.startsWith("GetIpNetTable2, row 1: "),
        error.message,
      );
      assertEquals([error.code, error.operation], ["OTHER", "GetIpNetTable2"]);
      assertEquals(control.calls().FreeMibTable, 1);
    },
  );
}

wineTest("a table handed out with an error is freed", () => {
  control.handOut("GetIpNetTable2", rawTable(1, GOOD), 1);
  const error = assertThrows(() => listNeighbors(), NeighborError);
  assertEquals([error.code, error.status], ["OTHER", 1]);
  assertEquals(control.calls().FreeMibTable, 1);
});

wineTest("success without a table gives no rows and frees nothing", () => {
  control.handOut("GetIpNetTable2", null, 0, 2);
  assertEquals(listNeighbors(), []);
  assertEquals(control.calls().FreeMibTable, 0);
});

wineTest("a table of no rows is freed", () => {
  control.handOut("GetIpNetTable2", rawTable(0), 0, 2);
  assertEquals(listNeighbors(), []);
  assertEquals(control.calls().FreeMibTable, 2);
});

wineTest(
  "a count over the limit is refused before any row is read",
  () => {
    control.handOut("GetIpNetTable2", rawTable(0xffff_ffff, GOOD));
    assertThrows(() => listNeighbors(), NeighborError, "4294967295 rows");
  },
);

wineTest(
  "a name that cannot be read is an error, and the tables are freed",
  () => {
    control.failAlways("ConvertInterfaceLuidToAlias", 8);
    const error = assertThrows(() => listNeighbors(), NeighborError);
    assertEquals([error.code, error.operation], [
      "NO_MEMORY",
      "ConvertInterfaceLuidToAlias",
    ]);
  },
);

wineTest(
  "an interface removed before its name is read has a null alias",
  () => {
    control.handOut(
      "GetIpNetTable2",
      rawTable(1, rawRow({ index: 9999, address: [192, 0, 2, 7] })),
    );
    const [row] = listNeighbors({ family: "ipv4" });
    assertEquals([row?.interfaceAlias, row?.interfaceIndex], [null, 9999]);
  },
);

wineTest("listInterfaces() frees its table on every path", () => {
  assert(listInterfaces().length >= 3);
  control.failNext("GetIfTable2", 8);
  assertThrows(() => listInterfaces(), NeighborError);
  const row = new Uint8Array(8 + 1352);
  new DataView(row.buffer).setUint32(0, 1, true);
  new DataView(row.buffer).setUint32(8 + 1056, 33, true);
  control.handOut("GetIfTable2", row);
  assertThrows(
    () => listInterfaces(),
    NeighborError,
    "PhysicalAddressLength is 33",
  );
  assertEquals(control.outstandingTables(), 0);
});

wineTest("two tables open at once share nothing", () => {
  const first = openNeighborTable();
  using second = openNeighborTable();
  const key = { address: "192.0.2.7", interfaceAlias: "Ethernet" };
  first.create({ ...key, linkLayerAddress: "02fc00000005" });
  assertEquals(second.get(key)?.linkLayerAddress, "02:fc:00:00:00:05");
  first.close();
  second.set({ ...key, linkLayerAddress: "02fc00000006" });
  assertEquals(second.get(key)?.linkLayerAddress, "02:fc:00:00:00:06");
  assertThrows(() => first.get(key), NeighborError, "closed");
  first.close();
});

Deno.test({
  name: "setNeighbor() leaks no resource that the default sanitizers find",
  ignore: !control.available,
  fn: () => {
    control.reset();
    control.setBackend("memory");
    const key = { address: "192.0.2.7", interfaceIndex: 3 };
    createNeighbor({ ...key, linkLayerAddress: "02fc00000005" });
    setNeighbor({ ...key, linkLayerAddress: "02fc00000006" });
    assertEquals(getNeighbor(key)?.linkLayerAddress, "02:fc:00:00:00:06");
    control.reset();
  },
});
