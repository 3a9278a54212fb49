/**
 * The gate: one native call per method, its status checked at once.
 *
 * @module
 */

import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
} from "../parse/entry.ts";
import { NeighborError, type NeighborErrorCode } from "../types/error.ts";
import type { AddressFamily, Neighbor } from "../types/neighbor.ts";
import { failure } from "./failure.ts";
import { type Target, WindowsInterfaces } from "./interfaces.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import { AF_INET, AF_INET6, SIZEOF_MIB_IPNET_ROW2 } from "./layout.ts";
import { WindowsLibrary } from "./library.ts";
import { copyTable } from "./native_table.ts";
import { type DecodedRow, decodeRow, encodeRow, formatLuid } from "./row.ts";
import {
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_PARAMETER,
  ERROR_NOT_FOUND,
  ERROR_NOT_SUPPORTED,
  NO_ERROR,
} from "./status.ts";

/** The calls that take one row and change the table, and what they do to it. */
const WRITES = {
  SetIpNetEntry2: "set",
  CreateIpNetEntry2: "create",
  DeleteIpNetEntry2: "delete",
} as const satisfies Partial<Record<IphlpapiName, string>>;

const AF: Readonly<Record<AddressFamily, number>> = {
  ipv4: AF_INET,
  ipv6: AF_INET6,
};

/** Aliases already asked for: one call per interface, not per row. */
export type Aliases = Map<bigint, string | null>;

/** The calls of one loaded library. */
export class WindowsCalls {
  readonly library = new WindowsLibrary();
  readonly interfaces = new WindowsInterfaces(this.library);
  /** One row for all: the calls are synchronous, so no two need it at once. */
  readonly #row = new DataView(new ArrayBuffer(SIZEOF_MIB_IPNET_ROW2));

  /** Set, Create or Delete. */
  write(
    operation: keyof typeof WRITES,
    parsed: ParsedKey | ParsedEntry,
    target: Target,
  ): void {
    encode(this.#row, parsed, target);
    const status = this.library.call(operation)(this.#row);
    if (status === NO_ERROR) return;
    const what = `${WRITES[operation]} neighbor ${describeKey(parsed)}`;
    const entry = parsed.given;
    throw failure(
      this.library,
      status,
      { operation, what, entry },
      this.missingInterface(status, target, entry),
    );
  }

  /** GetIpNetEntry2; `undefined` where there is no such entry. */
  read(parsed: ParsedKey, target: Target): Neighbor | undefined {
    const operation = "GetIpNetEntry2";
    const entry = parsed.given;
    encodeRow(this.#row, { address: parsed.address, ...target });
    const status = this.library.call(operation)(this.#row);
    if (status === NO_ERROR) {
      return this.neighbor(decode(operation, this.#row, 0, entry), new Map());
    }
    const code = this.missingInterface(status, target, entry);
    if (status === ERROR_NOT_FOUND && code === undefined) return undefined;
    const what = `get neighbor ${describeKey(parsed)}`;
    throw failure(this.library, status, { operation, what, entry }, code);
  }

  /** GetIpNetTable2, copied and freed; a family without rows has none. */
  *readTable(family: AddressFamily, filter: unknown): Iterable<DecodedRow> {
    const operation = "GetIpNetTable2";
    const call = this.library.call(operation);
    const { status, count, bytes } = copyTable(
      this.library,
      operation,
      SIZEOF_MIB_IPNET_ROW2,
      (table) => call(AF[family], table),
    );
    // No rows, and no such family on this computer: both are no rows
    if (status === ERROR_NOT_FOUND || status === ERROR_NOT_SUPPORTED) return;
    if (status !== NO_ERROR) {
      const what = `list ${family} neighbors`;
      throw failure(this.library, status, { operation, what, entry: filter });
    }
    for (let i = 0; i < count; i++) yield decode(operation, bytes, i, filter);
  }

  /** FlushIpNetTable2; a family that this computer lacks has nothing to flush. */
  flush(family: AddressFamily, index: number, filter: unknown): void {
    const operation = "FlushIpNetTable2";
    const status = this.library.call(operation)(AF[family], index);
    if (status === NO_ERROR || status === ERROR_NOT_SUPPORTED) return;
    const what = `flush ${family} neighbors`;
    const code = index === 0 ? undefined : this.missingInterface(
      status,
      { interfaceLuid: 0n, interfaceIndex: index },
      filter,
    );
    throw failure(
      this.library,
      status,
      { operation, what, entry: filter },
      code,
    );
  }

  /** A decoded row with the name of its interface. */
  neighbor(row: DecodedRow, aliases: Aliases): Neighbor {
    let alias = aliases.get(row.interfaceLuid);
    if (alias === undefined) {
      // Nothing can be named by an empty alias
      alias = this.interfaces.alias(row.interfaceLuid) || null;
      aliases.set(row.interfaceLuid, alias);
    }
    return {
      address: row.address,
      family: row.family,
      interfaceIndex: row.interfaceIndex,
      interfaceLuid: formatLuid(row.interfaceLuid),
      interfaceAlias: alias,
      linkLayerAddress: row.linkLayerAddress,
      state: row.state,
      isRouter: row.isRouter,
      isUnreachable: row.isUnreachable,
      reachabilityTime: row.reachabilityTime,
    };
  }

  /**
   * 1168 is documented for a missing interface where people meet it for a
   * missing entry, so the interface is looked into before either is blamed.
   */
  missingInterface(
    status: number,
    target: Target,
    entry: unknown,
  ): NeighborErrorCode | undefined {
    if (
      status !== ERROR_FILE_NOT_FOUND && status !== ERROR_NOT_FOUND &&
      status !== ERROR_INVALID_PARAMETER
    ) return undefined;
    return this.interfaces.exists(target, entry)
      ? undefined
      : "INTERFACE_NOT_FOUND";
  }
}

function encode(
  row: DataView<ArrayBuffer>,
  parsed: ParsedKey | ParsedEntry,
  target: Target,
): void {
  encodeRow(
    row,
    { address: parsed.address, ...target },
    "linkLayerAddress" in parsed ? parsed.linkLayerAddress : undefined,
  );
}

/** Says which row of which call could not be decoded: none is skipped. */
export function decode(
  operation: IphlpapiName,
  rows: DataView<ArrayBuffer>,
  index: number,
  entry: unknown,
): DecodedRow {
  try {
    return decodeRow(rows, index * SIZEOF_MIB_IPNET_ROW2);
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    throw new NeighborError(
      error.code,
      `${operation}, row ${index}: ${error.message}`,
      { operation, status: NO_ERROR, entry },
    );
  }
}
