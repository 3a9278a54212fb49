/**
 * Looks up interfaces: by any of their names, their alias, and the length of
 * their link-layer addresses.
 *
 * @module
 */

import { lengthError } from "../bind.ts";
import type { BoundInterface } from "../bound_interface.ts";
import {
  describeInterface,
  type EntryList,
  type ParsedInterface,
} from "../entry_list.ts";
import type { NetworkInterface } from "../types/interface.ts";
import { failure } from "./failure.ts";
import { decodeInterface, isFilterInterface } from "./interface_row.ts";
import type { IphlpapiName } from "./iphlpapi.ts";
import {
  IF_ALIAS_LENGTH,
  MIB_IF_ROW2_InterfaceIndex,
  MIB_IF_ROW2_InterfaceLuid,
  MIB_IF_ROW2_PhysicalAddressLength,
  SIZEOF_MIB_IF_ROW2,
} from "./layout.ts";
import { decodeWide, type WindowsLibrary } from "./library.ts";
import { copyTable } from "./native_table.ts";
import {
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_PARAMETER,
  ERROR_NOT_FOUND,
  NO_ERROR,
} from "./status.ts";

/** A bound interface, and the length of its link-layer addresses if known. */
export class WindowsInterface implements BoundInterface {
  readonly key: bigint | number;
  readonly index: number;
  readonly luid: bigint;
  /** Read in this operation; `null` if it was not. */
  readonly addressLength: number | null;

  /** Of LUID and index, one may be 0 for not known. */
  constructor(luid: bigint, index: number, addressLength: number | null) {
    this.key = luid === 0n ? index : luid;
    this.luid = luid;
    this.index = index;
    this.addressLength = addressLength;
  }
}

/** The statuses that mean no such interface; Wine and Windows differ. */
const MISSING: ReadonlySet<number> = new Set([
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_PARAMETER,
  ERROR_NOT_FOUND,
]);

/** The interfaces of one open table. */
export class WindowsInterfaces {
  readonly #library: WindowsLibrary;
  /** Address lengths read for earlier single calls. */
  readonly #lengths = new Map<bigint | number, number>();
  readonly #luid = new BigUint64Array(1);
  readonly #row = new DataView(new ArrayBuffer(SIZEOF_MIB_IF_ROW2));

  /** Uses the library of the table. */
  constructor(library: WindowsLibrary) {
    this.#library = library;
  }

  /** Looks one up with its address length: by LUID, else index, else alias. */
  bind(named: ParsedInterface, given: unknown): WindowsInterface {
    const { luid, index } = this.target(named, given);
    const row = this.#read(luid, index, named, given);
    return new WindowsInterface(
      row.getBigUint64(MIB_IF_ROW2_InterfaceLuid, true),
      row.getUint32(MIB_IF_ROW2_InterfaceIndex, true),
      row.getUint32(MIB_IF_ROW2_PhysicalAddressLength, true),
    );
  }

  /**
   * Looks up only its key: no call for a LUID or an index, one for an alias.
   */
  target(
    { luid, index, alias }: ParsedInterface,
    given: unknown,
  ): WindowsInterface {
    if (luid !== 0n) return new WindowsInterface(luid, 0, null);
    if (index !== 0) return new WindowsInterface(0n, index, null);
    return new WindowsInterface(this.#luidOfAlias(alias ?? "", given), 0, null);
  }

  #luidOfAlias(alias: string, entry: unknown): bigint {
    const operation = "ConvertInterfaceAliasToLuid";
    // One more than the text, for the NUL
    const wide = new Uint16Array(alias.length + 1);
    for (let i = 0; i < alias.length; i++) wide[i] = alias.charCodeAt(i);
    const status = this.#library.call(operation)(wide, this.#luid);
    const named = { luid: 0n, index: 0, alias };
    const what = `find ${describeInterface(named)}`;
    this.#check(status, operation, what, entry);
    return this.#luid[0]!;
  }

  /** The alias; `null` where the interface has gone or has none. */
  alias(luid: bigint): string | null {
    const operation = "ConvertInterfaceLuidToAlias";
    const text = new Uint16Array(IF_ALIAS_LENGTH);
    this.#luid[0] = luid;
    const status = this.#library.call(operation)(
      this.#luid,
      text,
      BigInt(text.length),
    );
    if (MISSING.has(status)) return null;
    const what = `name interface 0x${luid.toString(16)}`;
    this.#check(status, operation, what, undefined);
    // An empty alias cannot name an interface
    return decodeWide(text) || null;
  }

  /** Whether the interface exists. */
  exists({ luid, index }: BoundInterface): boolean {
    if (luid === 0n) {
      const convert = this.#library.call("ConvertInterfaceIndexToLuid");
      return !MISSING.has(convert(index, this.#luid));
    }
    this.#luid[0] = luid;
    const convert = this.#library.call("ConvertInterfaceLuidToIndex");
    return !MISSING.has(convert(this.#luid, new Uint32Array(1)));
  }

  /**
   * Refuses a link-layer address longer than the interface's own. A shorter one
   * is left to the system.
   */
  check(entries: EntryList, position: number): void {
    const length = entries.linkLayerLengths[position]!;
    if (length === 0) return;
    const { addressLength } = entries.on(position) as WindowsInterface;
    const own = addressLength ?? this.#ownLength(entries, position);
    if (length <= own) return;
    throw lengthError(entries, position, own);
  }

  /**
   * A length that was read for an earlier call may have changed, so it can
   * allow an address but not refuse one.
   */
  #ownLength(entries: EntryList, position: number): number {
    const { key, luid, index } = entries.on(position);
    const known = this.#lengths.get(key);
    if (known !== undefined && entries.linkLayerLengths[position]! <= known) {
      return known;
    }
    const given = entries.given[position];
    const own = this.#read(luid, index, entries.named(position), given)
      .getUint32(MIB_IF_ROW2_PhysicalAddressLength, true);
    this.#lengths.set(key, own);
    return own;
  }

  /** GetIfEntry2, by the LUID or, where that is 0, by the index. */
  #read(
    luid: bigint,
    index: number,
    named: ParsedInterface,
    entry: unknown,
  ): DataView<ArrayBuffer> {
    const operation = "GetIfEntry2";
    const row = this.#row;
    new Uint8Array(row.buffer).fill(0);
    row.setBigUint64(MIB_IF_ROW2_InterfaceLuid, luid, true);
    row.setUint32(MIB_IF_ROW2_InterfaceIndex, index, true);
    const status = this.#library.call(operation)(row);
    this.#check(status, operation, `find ${describeInterface(named)}`, entry);
    return row;
  }

  /** GetIfTable2, without the packet filters that are bound to an adapter. */
  list(): NetworkInterface[] {
    const operation = "GetIfTable2";
    const call = this.#library.call(operation);
    const { status, count, bytes } = copyTable(
      this.#library,
      operation,
      SIZEOF_MIB_IF_ROW2,
      call,
    );
    if (status !== NO_ERROR) {
      const what = "list interfaces";
      const attempt = { operation, what, entry: undefined } as const;
      throw failure(this.#library, status, attempt);
    }
    const interfaces: NetworkInterface[] = [];
    for (let i = 0; i < count; i++) {
      const at = i * SIZEOF_MIB_IF_ROW2;
      if (!isFilterInterface(bytes, at)) {
        interfaces.push(decodeInterface(bytes, at));
      }
    }
    return interfaces;
  }

  /** Of a call that names an interface. */
  #check(
    status: number,
    operation: IphlpapiName,
    what: string,
    entry: unknown,
  ): void {
    if (status === NO_ERROR) return;
    throw failure(
      this.#library,
      status,
      { operation, what, entry },
      MISSING.has(status) ? "INTERFACE_NOT_FOUND" : undefined,
    );
  }
}
