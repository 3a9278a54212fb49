/**
 * Interfaces: which one a caller means, what it is called, how long its
 * link-layer addresses are.
 *
 * @module
 */

import {
  describeInterface,
  type ParsedEntry,
  type ParsedInterface,
  type ParsedKey,
} from "../parse/entry.ts";
import { invalid, NeighborError } from "../types/error.ts";
import { formatLinkLayerAddress } from "../parse/link_layer_address.ts";
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

/** What a row is keyed by: a LUID or, where that is 0, an index. */
export interface Target {
  readonly interfaceLuid: bigint;
  readonly interfaceIndex: number;
}

/** How the calls say that there is no such interface; Wine and Windows differ. */
const MISSING: ReadonlySet<number> = new Set([
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_PARAMETER,
  ERROR_NOT_FOUND,
]);

/** The interfaces of one open table. */
export class WindowsInterfaces {
  readonly #library: WindowsLibrary;
  readonly #lengths = new Map<bigint | number, number>();
  readonly #luid = new BigUint64Array(1);
  /** What names mean, and the reverse, for the length of one batch. */
  #luids: Map<string, bigint> | undefined;
  #aliases: Map<bigint, string | null> | undefined;

  /** Asks through the table's own library. */
  constructor(library: WindowsLibrary) {
    this.#library = library;
  }

  /** Asks for each name once while `work` runs. */
  rememberNames<T>(work: () => T): T {
    this.#luids = new Map();
    this.#aliases = new Map();
    try {
      return work();
    } finally {
      this.#luids = this.#aliases = undefined;
    }
  }

  /** The key of a row: no call at all for a LUID or an index, one for an alias. */
  target(key: ParsedKey): Target {
    const target = this.#target(key.interface, key.given);
    if (
      key.zone !== null &&
      this.luid(key.zone, key.given) !== this.luid(key.interface, key.given)
    ) {
      throw invalid(
        `The zone of the address means ${describeInterface(key.zone)}, ` +
          `the entry ${describeInterface(key.interface)}`,
        key.given,
      );
    }
    return target;
  }

  #target({ luid, index, alias }: ParsedInterface, entry: unknown): Target {
    if (luid !== 0n || index !== 0) {
      return { interfaceLuid: luid, interfaceIndex: luid === 0n ? index : 0 };
    }
    return {
      interfaceLuid: this.#luidOfAlias(alias ?? "", entry),
      interfaceIndex: 0,
    };
  }

  /** The LUID of an interface that exists, or `INTERFACE_NOT_FOUND`. */
  luid(named: ParsedInterface, entry: unknown): bigint {
    if (named.luid !== 0n) {
      this.indexOfLuid(named.luid, entry);
      return named.luid;
    }
    if (named.index !== 0) return this.luidOfIndex(named.index, entry);
    return this.#luidOfAlias(named.alias ?? "", entry);
  }

  /** ConvertInterfaceIndexToLuid, or `INTERFACE_NOT_FOUND`. */
  luidOfIndex(index: number, entry: unknown): bigint {
    const operation = "ConvertInterfaceIndexToLuid";
    const status = this.#library.call(operation)(index, this.#luid);
    this.#check(status, operation, `find interface ${index}`, entry);
    return this.#luid[0]!;
  }

  /** ConvertInterfaceLuidToIndex, or `INTERFACE_NOT_FOUND`. */
  indexOfLuid(luid: bigint, entry: unknown): number {
    const operation = "ConvertInterfaceLuidToIndex";
    const index = new Uint32Array(1);
    this.#luid[0] = luid;
    const status = this.#library.call(operation)(this.#luid, index);
    const what = `find interface 0x${luid.toString(16)}`;
    this.#check(status, operation, what, entry);
    return index[0]!;
  }

  #luidOfAlias(alias: string, entry: unknown): bigint {
    const known = this.#luids?.get(alias);
    if (known !== undefined) return known;
    const operation = "ConvertInterfaceAliasToLuid";
    // One more than the text, which is the NUL
    const wide = new Uint16Array(alias.length + 1);
    for (let i = 0; i < alias.length; i++) wide[i] = alias.charCodeAt(i);
    const status = this.#library.call(operation)(wide, this.#luid);
    this.#check(status, operation, `find interface "${alias}"`, entry);
    const luid = this.#luid[0]!;
    this.#luids?.set(alias, luid);
    return luid;
  }

  /** The alias, or `null` where the interface went away in the meantime. */
  alias(luid: bigint): string | null {
    const known = this.#aliases?.get(luid);
    if (known !== undefined) return known;
    const alias = this.#aliasOfLuid(luid);
    this.#aliases?.set(luid, alias);
    return alias;
  }

  #aliasOfLuid(luid: bigint): string | null {
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
    return decodeWide(text);
  }

  /** Whether a call's "not found" was about the interface. */
  exists(target: Target, entry: unknown): boolean {
    try {
      if (target.interfaceLuid !== 0n) {
        this.indexOfLuid(target.interfaceLuid, entry);
      } else this.luidOfIndex(target.interfaceIndex, entry);
      return true;
    } catch (error) {
      if (
        error instanceof NeighborError && error.code === "INTERFACE_NOT_FOUND"
      ) return false;
      throw error;
    }
  }

  /**
   * Refuses a link-layer address longer than the interface's own. A length once
   * seen is trusted to allow, never to refuse: an index may have moved on to
   * another adapter. What is shorter is the system's to judge.
   */
  checkLength(target: Target, entry: ParsedEntry): void {
    const { linkLayerAddress } = entry;
    const key = target.interfaceLuid || target.interfaceIndex;
    const known = this.#lengths.get(key);
    if (known !== undefined && linkLayerAddress.length <= known) return;
    const length = this.#addressLength(target, entry);
    this.#lengths.set(key, length);
    if (linkLayerAddress.length <= length) return;
    throw invalid(
      `The link-layer address "${formatLinkLayerAddress(linkLayerAddress)}" ` +
        `has ${linkLayerAddress.length} octets, ` +
        `${describeInterface(entry.interface)} takes ${length || "none"}`,
      entry.given,
    );
  }

  #addressLength(target: Target, entry: ParsedEntry): number {
    const operation = "GetIfEntry2";
    const row = new DataView(new ArrayBuffer(SIZEOF_MIB_IF_ROW2));
    row.setBigUint64(MIB_IF_ROW2_InterfaceLuid, target.interfaceLuid, true);
    row.setUint32(MIB_IF_ROW2_InterfaceIndex, target.interfaceIndex, true);
    const status = this.#library.call(operation)(row);
    const what = `find ${describeInterface(entry.interface)}`;
    this.#check(status, operation, what, entry.given);
    return row.getUint32(MIB_IF_ROW2_PhysicalAddressLength, true);
  }

  /** GetIfTable2, without the packet filters that sit on an adapter. */
  list(): NetworkInterface[] {
    const operation = "GetIfTable2";
    const call = this.#library.call(operation);
    const { status, count, bytes } = copyTable(
      this.#library,
      operation,
      SIZEOF_MIB_IF_ROW2,
      call,
    );
    this.#check(status, operation, "list interfaces", undefined);
    const interfaces: NetworkInterface[] = [];
    for (let i = 0; i < count; i++) {
      const at = i * SIZEOF_MIB_IF_ROW2;
      if (!isFilterInterface(bytes, at)) {
        interfaces.push(decodeInterface(bytes, at));
      }
    }
    return interfaces;
  }

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
