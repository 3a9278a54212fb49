/** That the harness itself works: deno.exe, the test DLL, the witness. The module under test plays no part here. */
import { assert, assertEquals } from "@std/assert";
import { cables } from "../helpers/wine/cables.ts";
import * as control from "../helpers/wine/control.ts";
import { open, row } from "../helpers/wine/raw.ts";
import {
  clearKernel,
  ip,
  kernelIndex,
  kernelNeighbors,
  underWine,
} from "../helpers/wine/witness.ts";

const ignore = !underWine;

const six = [2, 0xfc, 0, 0, 0, 5];

Deno.test(
  { name: "SetIpNetEntry2 changes the kernel's own table", ignore },
  async () => {
    control.reset();
    await clearKernel();
    using library = open();
    const index = await kernelIndex("Ethernet");
    const given = row(index, [192, 0, 2, 7], six);
    assertEquals(library.symbols.SetIpNetEntry2(given), 1168);
    await ip(
      "neigh",
      "add",
      "192.0.2.7",
      "lladdr",
      "02:fc:00:00:00:01",
      "dev",
      "Ethernet",
    );
    assertEquals(library.symbols.SetIpNetEntry2(given), 0);
    assertEquals(await kernelNeighbors("192.0.2.7"), [
      {
        dst: "192.0.2.7",
        dev: "Ethernet",
        lladdr: "02:fc:00:00:00:05",
        state: ["PERMANENT"],
      },
    ]);
    assertEquals(control.calls().SetIpNetEntry2, 2);
    assertEquals(control.lastRow("SetIpNetEntry2"), given);
  },
);

Deno.test({
  name: "IPv6 entries are created, read and deleted in the kernel",
  ignore,
}, async () => {
  control.reset();
  await clearKernel();
  using library = open();
  const index = await kernelIndex("以太网");
  const given = row(index, [
    0x20,
    1,
    0xd,
    0xb8,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    9,
  ], six);
  assertEquals(library.symbols.CreateIpNetEntry2(given), 0);
  assertEquals(library.symbols.CreateIpNetEntry2(given), 5010);
  assertEquals((await kernelNeighbors("2001:db8:1::9"))[0]?.state, [
    "PERMANENT",
  ]);
  assertEquals(library.symbols.GetIpNetEntry2(given), 0);
  assertEquals(given[76], 6);
  assertEquals(given.subarray(81, 84), new Uint8Array([0xcc, 0xcc, 0xcc]));
  const table = new BigUint64Array(1);
  assertEquals(library.symbols.GetIpNetTable2(23, table), 0);
  const view = new Deno.UnsafePointerView(
    Deno.UnsafePointer.create(table[0] ?? 0n)!,
  );
  assert(view.getUint32() >= 1);
  assertEquals(control.outstandingTables(), 1);
  library.symbols.FreeMibTable(table[0] ?? 0n);
  library.symbols.FreeMibTable(table[0] ?? 0n);
  assertEquals([control.outstandingTables(), control.badFrees()], [0, 1]);
  assertEquals(library.symbols.DeleteIpNetEntry2(given), 0);
  assertEquals(library.symbols.DeleteIpNetEntry2(given), 1168);
});

Deno.test(
  { name: "ResolveIpNetEntry2 asks the peer over the wire", ignore },
  async () => {
    control.reset();
    await clearKernel();
    using library = open();
    for (const [number, cable] of cables.entries()) {
      const index = await kernelIndex(cable.name);
      const wanted = [2, 0, 0, 0, number + 1, 2];
      for (
        const address of [[
          number ? 198 : 192,
          number ? 51 : 0,
          number ? 100 : 2,
          2,
        ], [
          ...[0x20, 1, 0xd, 0xb8, 0, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        ]]
      ) {
        const asked = row(index, address, []);
        assertEquals(await library.symbols.ResolveIpNetEntry2(asked, null), 0);
        assertEquals([...asked.subarray(40, 46)], wanted);
      }
    }
    const absent = row(await kernelIndex("Ethernet"), [192, 0, 2, 99], []);
    assertEquals(await library.symbols.ResolveIpNetEntry2(absent, null), 67);
  },
);

Deno.test({ name: "refusals follow the rules", ignore }, async () => {
  control.reset();
  using library = open();
  const index = await kernelIndex("Ethernet");
  const { SetIpNetEntry2: set, GetIpNetEntry2: get, DeleteIpNetEntry2: del } =
    library.symbols;
  assertEquals(set(null), 87);
  for (
    const address of [[127, 0, 0, 1], [0, 0, 0, 0], [255, 255, 255, 255], [
      ...new Array(15).fill(0),
      1,
    ]]
  ) {
    assertEquals(set(row(index, address, six)), 87);
  }
  assertEquals(set(row(index, [192, 0, 2, 7], [])), 87);
  assertEquals(set(row(0, [192, 0, 2, 7], six)), 87);
  assertEquals(set(row(9999, [192, 0, 2, 7], six)), 1168);
  assertEquals(get(row(9999, [192, 0, 2, 7], six)), 2);
  assertEquals(del(row(9999, [192, 0, 2, 7], six)), 1168);
  const byLuid = row(9999, [192, 0, 2, 201], []); // the LUID wins over the index
  const luid = (0x6n << 48n) | (BigInt(index) << 24n);
  new DataView(byLuid.buffer).setBigUint64(32, luid, true);
  assertEquals(get(byLuid), 1168);
  new DataView(byLuid.buffer).setBigUint64(32, luid | 1n, true);
  assertEquals(get(byLuid), 2);
  control.setElevated(false);
  assertEquals(set(row(index, [192, 0, 2, 7], six)), 5);
  control.failNext("GetIpNetEntry2", 12345, 1, 1);
  assertEquals([0, 1, 2].map(() => get(row(index, [192, 0, 2, 200], []))), [
    1168,
    12345,
    1168,
  ]);
  control.reset();
});

Deno.test({
  name: "the memory backend keeps tens of thousands of rows",
  ignore,
}, async () => {
  control.reset();
  control.setBackend("memory");
  using library = open();
  const index = await kernelIndex("Ethernet");
  const rows = Array.from(
    { length: 20000 },
    (_, i) => row(index, [10, 0, i >> 8, i & 255], six, i % 7),
  );
  control.addRows(...rows);
  const table = new BigUint64Array(1);
  assertEquals(library.symbols.GetIpNetTable2(2, table), 0);
  assertEquals(
    new Deno.UnsafePointerView(Deno.UnsafePointer.create(table[0] ?? 0n)!)
      .getUint32(),
    20000,
  );
  library.symbols.FreeMibTable(table[0] ?? 0n);
  assertEquals(library.symbols.FlushIpNetTable2(2, 0), 0);
  assertEquals(
    library.symbols.GetIpNetEntry2(row(index, [10, 0, 0, 1], [])),
    1168,
  );
  control.handOut(
    "GetIpNetTable2",
    new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]),
    1,
  );
  assertEquals(library.symbols.GetIpNetTable2(2, table), 1);
  assertEquals(control.outstandingTables(), 1);
  library.symbols.FreeMibTable(table[0] ?? 0n);
  control.reset();
});
