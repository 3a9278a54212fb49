import { assert, assertEquals, assertThrows } from "@std/assert";
import { LinuxBackend } from "../../ffi/linux/backend.ts";
import { SeenRows } from "../../ffi/linux/entries.ts";
import type { LinuxRow } from "../../ffi/linux/row.ts";
import { SystemTable } from "../../ffi/system_table.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";
import { FakeKernel } from "../helpers/fake_kernel.ts";

const ADDRESSES = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::7"];

/** A table over a kernel that has rows; its first socket is open. */
function opened(): { kernel: FakeKernel; table: SystemTable } {
  const kernel = new FakeKernel();
  for (const address of ADDRESSES) kernel.set(address);
  const table = new SystemTable(() => new LinuxBackend(() => kernel.libc));
  assertEquals(table.list({ family: "ipv6" }).length, 1);
  kernel.count.dumps = 0;
  return { kernel, table };
}

function addressesOf(table: SystemTable, filter?: NeighborFilter): string[] {
  return Array.from(table.read(filter), (row) => row.address);
}

Deno.test("read() yields what list() returns, IPv4 first, and closes what it opens", () => {
  const { kernel, table } = opened();
  for (
    const filter of [
      undefined,
      { family: "ipv6" },
      { subnet: "192.0.2.2/31" },
      { state: "stale" },
    ] as const
  ) {
    assertEquals([...table.read(filter)], table.list(filter));
    assertEquals(kernel.open.size, 1);
  }
  assertEquals(addressesOf(table), ADDRESSES);
  assertEquals(addressesOf(table, { subnet: "192.0.2.2/31" }), [
    "192.0.2.2",
    "192.0.2.3",
  ]);
  table.close();
  assertEquals([...kernel.open], []);
});

Deno.test("read() opens its socket with the first row, and asks for no more than is read", () => {
  const { kernel, table } = opened();
  const rows = table.read();
  assertEquals([kernel.open.size, kernel.count.dumps], [1, 0]);
  assertEquals(rows.next().value?.address, "192.0.2.1");
  assertEquals([kernel.open.size, kernel.count.dumps], [2, 1]);
  // Of the second family nothing was asked
  rows.return(undefined);
  assertEquals([kernel.open.size, kernel.count.dumps], [1, 1]);
  assertEquals(rows.next(), { done: true, value: undefined });
  table.close();
});

for (const way of ["break", "throw", "using"] as const) {
  Deno.test(`read() closes its socket where the loop is left by ${way}`, () => {
    const { kernel, table } = opened();
    try {
      if (way === "using") {
        using rows = table.read();
        rows.next();
        assertEquals(kernel.open.size, 2);
      } else {
        for (const _ of table.read()) {
          assertEquals(kernel.open.size, 2);
          if (way === "throw") throw way;
          break;
        }
      }
    } catch (error) {
      if (error !== way) throw error;
    }
    assertEquals(kernel.open.size, 1);
    table.close();
  });
}

Deno.test("two reads at once, with other calls between, do not mix up their rows", () => {
  const { kernel, table } = opened();
  const [one, other] = [table.read(), table.read()];
  const seen: (string | undefined)[][] = [[], []];
  for (let i = 0; i < ADDRESSES.length; i++) {
    seen[0]!.push(one.next().value?.address);
    assertEquals(table.list().length, ADDRESSES.length);
    seen[1]!.push(other.next().value?.address);
  }
  assertEquals(seen, [ADDRESSES, ADDRESSES]);
  assert(one.next().done && other.next().done);
  assertEquals(kernel.open.size, 1);
  table.close();
});

for (const what of ["interrupts", "loses"] as const) {
  Deno.test(`read() reads again where the kernel ${what}, and yields each row once`, () => {
    const { kernel, table } = opened();
    kernel[what] = (n) => n < 2;
    kernel.lacks = (n) => n === 0 ? ["192.0.2.1"] : [];
    assertEquals(addressesOf(table, { family: "ipv4" }), [
      "192.0.2.2",
      "192.0.2.3",
      "192.0.2.1",
    ]);
    assertEquals([kernel.open.size, kernel.count.dumps], [1, 3]);
    table.close();
  });

  Deno.test(`read() gives up where the kernel always ${what}`, () => {
    const { kernel, table } = opened();
    kernel[what] = () => true;
    const rows = table.read({ family: "ipv4" });
    const taken = [rows.next(), rows.next(), rows.next()];
    assertEquals(taken.map(({ done }) => done), [false, false, false]);
    const error = assertThrows(() => rows.next(), NeighborError);
    assertEquals([error.code, error.operation], ["OTHER", "RTM_GETNEIGH"]);
    assertEquals([kernel.open.size, kernel.count.dumps], [1, 8]);
    table.close();
  });
}

Deno.test("a table that is closed ends its reads with CLOSED", () => {
  const { kernel, table } = opened();
  const [begun, fresh] = [table.read(), table.read()];
  begun.next();
  table.close();
  for (const rows of [begun, fresh]) {
    const error = assertThrows(() => rows.next(), NeighborError);
    assertEquals(error.code, "CLOSED");
    assertEquals(rows.next().done, true);
  }
  assertEquals([...kernel.open], []);
});

Deno.test("read() throws at the call for a filter it cannot take, and opens nothing", () => {
  const { kernel, table } = opened();
  const error = assertThrows(
    () => table.read({ subnet: "192.0.2.1/24" }),
    NeighborError,
  );
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals([kernel.open.size, kernel.count.dumps], [1, 0]);
  table.close();
});

Deno.test("read() says what socket could not be opened, and leaves nothing open", () => {
  const { kernel, table } = opened();
  kernel.fails.set("socket", 24);
  const rows = table.read();
  const error = assertThrows(() => rows.next(), NeighborError);
  assertEquals([error.operation, error.symbol], ["socket", "EMFILE"]);
  assertEquals(kernel.open.size, 1);
  table.close();
});

Deno.test("SeenRows knows an address by its interface, in any order", () => {
  const seen = new SeenRows();
  const added = [[2, 7], [3, 7], [2, 7], [2, 8], [3, 8], [3, 7]].map(
    ([interfaceIndex, host]) =>
      seen.add({
        parts: { interfaceIndex },
        octets: Uint8Array.of(10, 0, 0, host!),
        ...{ addressStart: 0, addressEnd: 4 },
      } as unknown as LinuxRow),
  );
  assertEquals(added, [true, true, false, true, true, false]);
});
