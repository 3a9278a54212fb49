import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { addressOf, changesOf } from "../helpers/linux/many.ts";
import { DEVICE, networkTest } from "../helpers/linux/network.ts";

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

networkTest("read() yields every row of a large table once", ({ table }) => {
  const count = 20_000;
  table.change(changesOf("create", count));
  table.list();
  const before = descriptors();
  const filter = { interfaceAlias: DEVICE, state: "permanent" } as const;
  const seen = new Set<string>();
  let rows = 0;
  for (const row of table.read(filter)) {
    if (rows++ === 0) assertEquals(descriptors(), before + 1);
    seen.add(row.address);
  }
  assertEquals([rows, seen.size], [count, count]);
  assertEquals(descriptors(), before);
  assertEquals(
    Array.from(table.read({ subnet: "10.1.5.0/24" }), (row) => row.address)
      .toSorted(),
    Array.from({ length: 256 }, (_, i) => addressOf(5 * 256 + i)).toSorted(),
  );
  table.flush({ interfaceAlias: DEVICE, permanent: true });
});

networkTest(
  "read() may be left, and the table changed meanwhile",
  ({ table }) => {
    table.change(changesOf("create", 5000));
    const before = descriptors();
    let rows = 0;
    for (const { address, interfaceIndex, state } of table.read()) {
      if (state !== "permanent") continue;
      table.delete({ address, interfaceIndex });
      if (++rows === 3000) break;
    }
    assertEquals(descriptors(), before);
    const left = table.list({ interfaceAlias: DEVICE, state: "permanent" });
    assertEquals(left.length, 2000);
    table.flush({ interfaceAlias: DEVICE, permanent: true });
    assert([...table.read()].every(({ state }) => state !== "permanent"));
  },
);

networkTest(
  "read() refuses an interface that is not there at the call",
  ({ table }) => {
    const before = (table.list(), descriptors());
    const error = assertThrows(
      () => table.read({ interfaceAlias: "nowhere" }),
      NeighborError,
    );
    assertEquals(error.code, "INTERFACE_NOT_FOUND");
    assertEquals(descriptors(), before);
  },
);
