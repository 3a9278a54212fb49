/**
 * The calls of iphlpapi.dll about neighbors: one per method, its status checked
 * at once.
 *
 * @module
 */

import type { ScanFilter } from "../backend.ts";
import type { BoundInterface } from "../bound_interface.ts";
import type { RawRow, RowVisitor } from "../raw_row.ts";
import type { EntryList } from "../entry_list.ts";
import { NeighborError, type NeighborErrorCode } from "../types/error.ts";
import type { AddressFamily, Neighbor } from "../types/neighbor.ts";
import { type Attempt, failure } from "./failure.ts";
import { WindowsInterfaces } from "./interfaces.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import { AF_INET, AF_INET6, SIZEOF_MIB_IPNET_ROW2 } from "./layout.ts";
import { WindowsLibrary } from "./library.ts";
import { type CopiedTable, copyTable } from "./native_table.ts";
import { type DecodedRow, decodeRow, encodeRow, toNeighbor } from "./row.ts";
import {
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_PARAMETER,
  ERROR_NOT_FOUND,
  ERROR_NOT_SUPPORTED,
  NO_ERROR,
} from "./status.ts";
import { WindowsRow } from "./table_row.ts";

/** The calls that write one row, and their verbs for messages. */
const WRITES = {
  SetIpNetEntry2: "set",
  CreateIpNetEntry2: "create",
  DeleteIpNetEntry2: "delete",
} as const satisfies Partial<Record<IphlpapiName, string>>;

/** The name of a call that writes one row. */
export type WriteCall = keyof typeof WRITES;

const AF: Readonly<Record<AddressFamily, number>> = {
  ipv4: AF_INET,
  ipv6: AF_INET6,
};

/** A filter of a scan. GetIpNetTable2 returns each row once. */
export type TableFilter = Omit<ScanFilter, "mayRepeat">;

/** The calls of one loaded library. */
export class WindowsCalls {
  readonly library = new WindowsLibrary();
  readonly interfaces = new WindowsInterfaces(this.library);
  /** Shared by all synchronous calls: only one of them runs at a time. */
  readonly #row = rowOfZeroes();

  /** Set, Create or Delete. */
  write(operation: WriteCall, entries: EntryList, position: number): void {
    const isKey = operation === "DeleteIpNetEntry2";
    encodeEntry(this.#row, entries, position, isKey);
    const status = this.library.call(operation)(this.#row);
    if (status === NO_ERROR) return;
    const what = `${WRITES[operation]} neighbor ${entries.describe(position)}`;
    const entry = entries.given[position];
    const on = entries.on(position);
    throw this.failure(status, { operation, what, entry }, on);
  }

  /** GetIpNetEntry2; `undefined` where there is no such entry. */
  read(entries: EntryList, position: number): Neighbor | undefined {
    const operation = "GetIpNetEntry2";
    encodeEntry(this.#row, entries, position, true);
    const status = this.library.call(operation)(this.#row);
    if (status === NO_ERROR) {
      return this.neighbor(operation, this.#row, entries.given[position]);
    }
    const code = this.#missingInterface(status, entries.on(position));
    if (status === ERROR_NOT_FOUND && code === undefined) return undefined;
    const what = `get neighbor ${entries.describe(position)}`;
    const entry = entries.given[position];
    throw failure(this.library, status, { operation, what, entry }, code);
  }

  /** GetIpNetTable2: visits the rows of a copy of the table. */
  scan(
    { family, on, proxy, given }: TableFilter,
    visitor: RowVisitor,
    alias: (luid: bigint) => string | null,
  ): void {
    visitor.begin();
    if (proxy) return;
    const { count, bytes } = this.#table(family, given);
    const row = new WindowsRow(bytes, alias);
    for (let i = 0; i < count; i++) {
      readRow(row, i, given);
      if (on === null || isOn(row, on)) visitor.row(row);
    }
  }

  /** The same, for rows that are decoded as they are asked for. */
  *stream(
    { family, on, proxy, given }: TableFilter,
    matches: (row: RawRow) => boolean,
    alias: (luid: bigint) => string | null,
  ): Generator<Neighbor, undefined> {
    if (proxy) return;
    const { count, bytes } = this.#table(family, given);
    const row = new WindowsRow(bytes, alias);
    for (let i = 0; i < count; i++) {
      readRow(row, i, given);
      const isWanted = (on === null || isOn(row, on)) && matches(row);
      if (isWanted) yield row.neighbor();
    }
  }

  /** GetIpNetTable2, copied and freed. */
  #table(family: AddressFamily, entry: unknown): CopiedTable {
    const operation = "GetIpNetTable2";
    const call = this.library.call(operation);
    const table = copyTable(
      this.library,
      operation,
      SIZEOF_MIB_IPNET_ROW2,
      (table) => call(AF[family], table),
    );
    const { status } = table;
    // A family that this computer lacks has no rows either
    if (
      status === NO_ERROR || status === ERROR_NOT_FOUND ||
      status === ERROR_NOT_SUPPORTED
    ) return table;
    const what = `list ${family} neighbors`;
    throw failure(this.library, status, { operation, what, entry });
  }

  /** FlushIpNetTable2. A family that this computer lacks is not an error. */
  flush(
    family: AddressFamily,
    on: BoundInterface | null,
    entry: unknown,
  ): void {
    const operation = "FlushIpNetTable2";
    const call = this.library.call(operation);
    const status = call(AF[family], on?.index ?? 0);
    if (status === NO_ERROR || status === ERROR_NOT_SUPPORTED) return;
    const code = on === null ? undefined : this.#missingInterface(status, on);
    const what = `flush ${family} neighbors`;
    const attempt = { operation, what, entry, isNamed: on !== null } as const;
    throw failure(this.library, status, attempt, code);
  }

  /** Decodes a row that a call has filled in, and looks up its alias. */
  neighbor(
    operation: IphlpapiName,
    bytes: DataView<ArrayBuffer>,
    entry: unknown,
  ): Neighbor {
    let row: DecodedRow;
    try {
      row = decodeRow(bytes);
    } catch (error) {
      throw undecoded(error, operation, 0, entry);
    }
    return toNeighbor(row, this.interfaces.alias(row.interfaceLuid));
  }

  /** The error of a call that names an interface, which may be missing. */
  failure(
    status: number,
    attempt: Attempt,
    on: BoundInterface,
  ): NeighborError {
    const code = this.#missingInterface(status, on);
    return failure(this.library, status, attempt, code);
  }

  /**
   * 1168 is documented for a missing interface, but occurs for a missing entry
   * too. So the interface is looked up to tell the two apart.
   */
  #missingInterface(
    status: number,
    on: BoundInterface,
  ): NeighborErrorCode | undefined {
    if (
      status !== ERROR_FILE_NOT_FOUND && status !== ERROR_NOT_FOUND &&
      status !== ERROR_INVALID_PARAMETER
    ) return undefined;
    return this.interfaces.exists(on) ? undefined : "INTERFACE_NOT_FOUND";
  }
}

/** A zeroed row. */
export function rowOfZeroes(): DataView<ArrayBuffer> {
  return new DataView(new ArrayBuffer(SIZEOF_MIB_IPNET_ROW2));
}

/** Encodes an entry, or with `isKey` only its key, as the calls take it. */
export function encodeEntry(
  row: DataView<ArrayBuffer>,
  entries: EntryList,
  position: number,
  isKey: boolean,
): void {
  const { index, luid } = entries.on(position);
  const at = entries.addressAt(position);
  const linkLayerAt = entries.linkLayerAt(position);
  const length = entries.linkLayerLengths[position]!;
  encodeRow(
    row,
    {
      address: entries.addresses.subarray(
        at,
        at + entries.addressLengths[position]!,
      ),
      // The calls read the index only where the LUID is 0
      interfaceIndex: luid === 0n ? index : 0,
      interfaceLuid: luid,
    },
    isKey
      ? undefined
      : entries.linkLayerAddresses.subarray(linkLayerAt, linkLayerAt + length),
  );
}

function isOn(row: WindowsRow, { index, luid }: BoundInterface): boolean {
  return luid === 0n ? row.interfaceIndex === index : row.interfaceKey === luid;
}

/** Moves to a row of a copied table. */
function readRow(row: WindowsRow, index: number, given: unknown): void {
  try {
    row.read(index);
  } catch (error) {
    throw undecoded(error, "GetIpNetTable2", index, given);
  }
}

/** The error of a row that cannot be decoded, with its call and position. */
function undecoded(
  error: unknown,
  operation: IphlpapiName,
  index: number,
  entry: unknown,
): unknown {
  if (!(error instanceof NeighborError)) return error;
  return new NeighborError(
    error.code,
    `${operation}, row ${index}: ${error.message}`,
    { operation, status: NO_ERROR, entry },
  );
}
