import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { WindowsLibrary } from "../../ffi/windows/library.ts";
import { copyTable } from "../../ffi/windows/native_table.ts";

const ADDRESS = 0x7fff_1234_5678_9ab0n;

/** Memory that starts at ADDRESS, and what became of it. */
function system(memory: Uint8Array) {
  const freed: bigint[] = [];
  const library = {
    call(name: string) {
      assertEquals(name, "FreeMibTable");
      return (address: bigint) => void freed.push(address);
    },
    copy(target: Uint8Array, address: bigint) {
      assertEquals(freed, [], "read after it was freed");
      const at = Number(address - ADDRESS);
      if (at < 0 || at + target.length > memory.length) {
        throw new RangeError("read past the end");
      }
      target.set(memory.subarray(at, at + target.length));
    },
  } as unknown as WindowsLibrary;
  return { freed, library };
}

/** ULONG NumEntries, four bytes of padding, the rows. */
function table(count: number, rows: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 + rows.length).fill(0xa5);
  new DataView(bytes.buffer).setUint32(0, count, true);
  bytes.set(rows, 8);
  return bytes;
}

function answer(status: number, address: bigint) {
  return (out: BigUint64Array) => {
    assertEquals(out.length, 1);
    assertEquals(out[0], 0n);
    out[0] = address;
    return status;
  };
}

const run = (library: WindowsLibrary, status: number, address: bigint) =>
  copyTable(library, "GetIpNetTable2", 3, answer(status, address));

Deno.test("copyTable() copies the rows behind the header, then frees once", () => {
  const { freed, library } = system(table(2, [1, 2, 3, 4, 5, 6]));
  const { status, count, bytes } = run(library, 0, ADDRESS);
  assertEquals([status, count], [0, 2]);
  assertEquals(new Uint8Array(bytes.buffer), Uint8Array.of(1, 2, 3, 4, 5, 6));
  assertEquals(freed, [ADDRESS]);
});

Deno.test("copyTable() copies one row, and as many as the limit", () => {
  for (const rows of [1, 2 ** 20]) {
    const memory = table(rows, new Uint8Array(3 * rows).fill(7));
    const { freed, library } = system(memory);
    const { count, bytes } = run(library, 0, ADDRESS);
    assertEquals([count, bytes.byteLength], [rows, 3 * rows]);
    assertEquals([bytes.getUint8(0), bytes.getUint8(3 * rows - 1)], [7, 7]);
    assertEquals(freed, [ADDRESS]);
  }
});

Deno.test("copyTable() frees a table without rows", () => {
  const { freed, library } = system(table(0, []));
  const { status, count, bytes } = run(library, 0, ADDRESS);
  assertEquals([status, count, bytes.byteLength], [0, 0, 0]);
  assertEquals(freed, [ADDRESS]);
});

Deno.test("copyTable() frees what a failed call allocated, and reads nothing of it", () => {
  // Wine answers 1 with a table when one of the families fails
  const { freed, library } = system(new Uint8Array(0));
  const { status, count, bytes } = run(library, 1, ADDRESS);
  assertEquals([status, count, bytes.byteLength], [1, 0, 0]);
  assertEquals(freed, [ADDRESS]);
});

for (const status of [0, 1168]) {
  Deno.test(`copyTable() frees nothing when there is no table and status ${status}`, () => {
    const { freed, library } = system(new Uint8Array(0));
    const copied = run(library, status, 0n);
    assertEquals([copied.status, copied.count], [status, 0]);
    assertEquals(copied.bytes.byteLength, 0);
    assertEquals(freed, []);
  });
}

Deno.test("copyTable() frees when the copy itself fails", () => {
  const { freed, library } = system(table(3, [1, 2, 3]));
  assertThrows(() => run(library, 0, ADDRESS), RangeError, "past the end");
  assertEquals(freed, [ADDRESS]);
});

Deno.test("copyTable() frees and refuses a number of rows over the limit", () => {
  for (const count of [2 ** 20 + 1, 0xffffffff]) {
    const { freed, library } = system(table(count, [1, 2, 3]));
    const error = assertThrows(
      () => run(library, 0, ADDRESS),
      NeighborError,
      `GetIpNetTable2 reports ${count} rows`,
    );
    assertEquals([error.code, error.operation], ["OTHER", "GetIpNetTable2"]);
    assertEquals(freed, [ADDRESS]);
  }
});
