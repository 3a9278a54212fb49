/**
 * Copies the tables that the IP Helper API allocates, and frees them on every
 * path, so that no reference to native memory is kept.
 *
 * @module
 */

import { NeighborError } from "../types/error.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import { MIB_TABLE_NumEntries, MIB_TABLE_Table } from "./layout.ts";
import type { WindowsLibrary } from "./library.ts";

/** A million rows are 88 MiB; a larger count is taken for corrupt. */
const MAX_ROWS = 1 << 20;

/** A copied table: `bytes` holds `count` rows, without the header. */
export interface CopiedTable {
  readonly status: number;
  readonly count: number;
  readonly bytes: DataView<ArrayBuffer>;
}

/**
 * Makes the call and copies the table. The table is freed whatever the status,
 * because a call that fails may still allocate one.
 */
export function copyTable(
  library: WindowsLibrary,
  operation: IphlpapiName,
  stride: number,
  call: (table: BigUint64Array<ArrayBuffer>) => number,
): CopiedTable {
  const free = library.call("FreeMibTable");
  const table = new BigUint64Array(1);
  const status = call(table);
  const address = table[0]!;
  if (address === 0n) return { status, count: 0, bytes: viewOf(0) };
  try {
    if (status !== 0) return { status, count: 0, bytes: viewOf(0) };
    const header = viewOf(MIB_TABLE_Table);
    library.copy(new Uint8Array(header.buffer), address);
    const count = header.getUint32(MIB_TABLE_NumEntries, true);
    if (count > MAX_ROWS) {
      throw new NeighborError(
        "OTHER",
        `${operation} reports ${count} rows, which exceeds the limit of ${MAX_ROWS}`,
        { status, operation },
      );
    }
    const bytes = viewOf(count * stride);
    if (count > 0) {
      library.copy(
        new Uint8Array(bytes.buffer),
        address + BigInt(MIB_TABLE_Table),
      );
    }
    return { status, count, bytes };
  } finally {
    free(address);
  }
}

function viewOf(length: number): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer(length));
}
