/**
 * The neighbor table of Windows: encode, one native call, check, copy, free.
 *
 * @module
 */

import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "../entry.ts";
import { NeighborError, type NeighborErrorCode } from "../error.ts";
import { parseFilter } from "../filter.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborTable,
  NetworkInterface,
  Preview,
} from "../neighbor.ts";
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

/** The calls that take one row and change the table. */
const WRITES = {
  set: "SetIpNetEntry2",
  create: "CreateIpNetEntry2",
  delete: "DeleteIpNetEntry2",
} as const satisfies Record<string, IphlpapiName>;

type WriteVerb = keyof typeof WRITES;

/** What is there once something was loaded. */
interface System {
  readonly library: WindowsLibrary;
  readonly interfaces: WindowsInterfaces;
}

/** {@linkcode NeighborTable} over iphlpapi.dll. */
export class WindowsNeighborTable implements NeighborTable {
  #system: System | undefined;
  #isClosed = false;
  /** One row for all calls: they are synchronous, so no two need it at once. */
  readonly #row = new DataView(new ArrayBuffer(SIZEOF_MIB_IPNET_ROW2));

  set(entry: NeighborEntry): void {
    this.#write("set", parseEntry(entry));
  }

  create(entry: NeighborEntry): void {
    this.#write("create", parseEntry(entry));
  }

  delete(key: NeighborKey): void {
    this.#write("delete", parseKey(key));
  }

  get(key: NeighborKey): Neighbor | undefined {
    const parsed = parseKey(key);
    return this.#read(parsed, this.#open().interfaces.target(parsed));
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    const { families, interface: named, wants } = parseFilter(filter);
    const { interfaces } = this.#open();
    const luid = named === null ? null : interfaces.luid(named, filter);
    const aliases = new Map<bigint, string | null>();
    const rows: Neighbor[] = [];
    for (const family of families) {
      for (const row of this.#readTable(family, filter)) {
        if (luid !== null && row.interfaceLuid !== luid) continue;
        const neighbor = this.#neighbor(row, aliases, filter);
        if (wants(neighbor)) rows.push(neighbor);
      }
    }
    return rows;
  }

  listInterfaces(): NetworkInterface[] {
    return this.#open().interfaces.list();
  }

  preview(verb: WriteVerb, entry: NeighborEntry | NeighborKey): Preview {
    const parsed = verb === "delete"
      ? parseKey(entry)
      : parseEntry(entry as NeighborEntry);
    const target = this.#check(parsed);
    const current = this.#read(parsed, target);
    if ((current === undefined) === (verb !== "create")) {
      const operation = "GetIpNetEntry2";
      const what = `${verb} neighbor ${describeKey(parsed)}`;
      throw verb === "create"
        ? new NeighborError(
          "ALREADY_EXISTS",
          `Cannot ${what}: there is an entry for that address already`,
          { operation, entry },
        )
        : failure(this.#open().library, ERROR_NOT_FOUND, {
          operation,
          what,
          entry,
        });
    }
    return { operation: WRITES[verb], current };
  }

  close(): void {
    this.#system?.library.close();
    this.#system = undefined;
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Loads at the first call, which is after the first check of an entry. */
  #open(): System {
    if (this.#system !== undefined) return this.#system;
    if (this.#isClosed) {
      throw new NeighborError("OTHER", "This neighbor table is closed");
    }
    const library = new WindowsLibrary();
    const interfaces = new WindowsInterfaces(library);
    return this.#system = { library, interfaces };
  }

  /** Everything that is refused before the call itself. */
  #check(parsed: ParsedKey | ParsedEntry): Target {
    const { interfaces } = this.#open();
    const target = interfaces.target(parsed);
    if ("linkLayerAddress" in parsed) interfaces.checkLength(target, parsed);
    return target;
  }

  #write(verb: WriteVerb, parsed: ParsedKey | ParsedEntry): void {
    const target = this.#check(parsed);
    this.#encode(parsed, target);
    const operation = WRITES[verb];
    const { library } = this.#open();
    const status = library.call(operation)(this.#row);
    if (status === NO_ERROR) return;
    throw failure(
      library,
      status,
      {
        operation,
        what: `${verb} neighbor ${describeKey(parsed)}`,
        entry: parsed.given,
      },
      this.#missingInterface(status, target, parsed),
    );
  }

  #read(parsed: ParsedKey, target: Target): Neighbor | undefined {
    this.#encode(parsed, target, false);
    const operation = "GetIpNetEntry2";
    const { library } = this.#open();
    const status = library.call(operation)(this.#row);
    const entry = parsed.given;
    if (status === NO_ERROR) {
      const row = decode(operation, this.#row, 0, entry);
      return this.#neighbor(row, new Map(), entry);
    }
    const code = this.#missingInterface(status, target, parsed);
    if (status === ERROR_NOT_FOUND && code === undefined) return undefined;
    const what = `get neighbor ${describeKey(parsed)}`;
    throw failure(library, status, { operation, what, entry }, code);
  }

  #encode(
    parsed: ParsedKey | ParsedEntry,
    { interfaceIndex, interfaceLuid }: Target,
    withAddress = true,
  ): void {
    encodeRow(
      this.#row,
      { address: parsed.address, interfaceIndex, interfaceLuid },
      withAddress && "linkLayerAddress" in parsed
        ? parsed.linkLayerAddress
        : undefined,
    );
  }

  /**
   * 1168 is documented for a missing interface where people meet it for a
   * missing entry, so the interface is looked into before either is blamed.
   */
  #missingInterface(
    status: number,
    target: Target,
    { given }: ParsedKey,
  ): NeighborErrorCode | undefined {
    if (
      status !== ERROR_FILE_NOT_FOUND && status !== ERROR_NOT_FOUND &&
      status !== ERROR_INVALID_PARAMETER
    ) return undefined;
    return this.#open().interfaces.exists(target, given)
      ? undefined
      : "INTERFACE_NOT_FOUND";
  }

  *#readTable(family: AddressFamily, filter: unknown): Iterable<DecodedRow> {
    const operation = "GetIpNetTable2";
    const { library } = this.#open();
    const call = library.call(operation);
    const number = family === "ipv4" ? AF_INET : AF_INET6;
    const { status, count, bytes } = copyTable(
      library,
      operation,
      SIZEOF_MIB_IPNET_ROW2,
      (table) => call(number, table),
    );
    // No rows, and no such family on this computer: both are no rows
    if (status === ERROR_NOT_FOUND || status === ERROR_NOT_SUPPORTED) return;
    if (status !== NO_ERROR) {
      const what = `list ${family} neighbors`;
      throw failure(library, status, { operation, what, entry: filter });
    }
    for (let i = 0; i < count; i++) {
      yield decode(operation, bytes, i, filter);
    }
  }

  #neighbor(
    row: DecodedRow,
    aliases: Map<bigint, string | null>,
    entry: unknown,
  ): Neighbor {
    let alias = aliases.get(row.interfaceLuid);
    if (alias === undefined) {
      alias = this.#open().interfaces.alias(row.interfaceLuid, entry);
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
}

/** Says which row of which call could not be decoded: none is skipped. */
function decode(
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
