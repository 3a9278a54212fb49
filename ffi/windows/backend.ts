/**
 * The neighbor table of Windows over iphlpapi.dll.
 *
 * @module
 */

import type {
  DefaultGateway,
  ResolveRequest,
  ScanFilter,
  SystemBackend,
} from "../backend.ts";
import type { BoundInterface } from "../bound_interface.ts";
import type { RawRow, RowVisitor } from "../raw_row.ts";
import { bindInterface } from "../bind.ts";
import type { EntryList, ParsedInterface, WriteVerb } from "../entry_list.ts";
import { listRows } from "../list_rows.ts";
import { memo } from "../memo.ts";
import { isThere } from "../row_difference.ts";
import { closed, NeighborError } from "../types/error.ts";
import type { NetworkInterface } from "../types/interface.ts";
import type { AddressFamily, Neighbor } from "../types/neighbor.ts";
import type { ParsedWatch } from "../parse/watch.ts";
import type { OpenSource } from "../watch/iterator.ts";
import { WindowsBatch } from "./batch.ts";
import { WindowsCalls } from "./calls.ts";
import { readGateways } from "./gateways.ts";
import { resolve } from "./resolve.ts";
import { restore } from "./restore.ts";
import { WindowsWatch } from "./watch.ts";

/** {@linkcode SystemBackend} over iphlpapi.dll. */
export class WindowsBackend implements SystemBackend {
  readonly #loaded = new WindowsCalls();
  #isClosed = false;
  readonly isSnapshot = true;
  readonly hasProtocols = false;
  readonly hasProxies = false;

  /** After `close` the functions of the library may be gone from memory. */
  get #calls(): WindowsCalls {
    if (this.#isClosed) throw closed();
    return this.#loaded;
  }

  bind(
    names: readonly ParsedInterface[],
    given: unknown,
  ): (BoundInterface | NeighborError)[] {
    return names.map((named) => {
      try {
        return this.#calls.interfaces.bind(named, given);
      } catch (error) {
        if (error instanceof NeighborError) return error;
        throw error;
      }
    });
  }

  refresh({ luid, index }: BoundInterface): BoundInterface {
    return this.#calls.interfaces.bind({ luid, index, alias: null }, undefined);
  }

  target(named: ParsedInterface, given: unknown): BoundInterface {
    return this.#calls.interfaces.target(named, given);
  }

  check(entries: EntryList, position: number): void {
    this.#calls.interfaces.check(entries, position);
  }

  read(entries: EntryList, position: number): Neighbor | undefined {
    return this.#calls.read(entries, position);
  }

  scan(filter: ScanFilter, visitor: RowVisitor): void {
    this.#calls.scan(filter, visitor, this.#aliases());
  }

  stream(
    filter: ScanFilter,
    matches: (row: RawRow) => boolean,
  ): Generator<Neighbor, undefined> {
    return this.#calls.stream(filter, matches, this.#aliases());
  }

  write(
    entries: EntryList,
    from: number,
    to: number,
    confirm = false,
  ): void {
    const alias = this.#aliases();
    new WindowsBatch(this.#calls, alias, entries, from, to, confirm).write();
  }

  restore(row: Neighbor, on: BoundInterface): void {
    restore(this.#calls, row, on);
  }

  interfaces(): NetworkInterface[] {
    return this.#calls.interfaces.list();
  }

  operation(verb: WriteVerb, current: Neighbor | undefined): string {
    if (verb !== "replace") return OPERATIONS[verb];
    return OPERATIONS[isThere(current) ? "set" : "create"];
  }

  /** The broadcast address of Ethernet; Windows makes such rows itself. */
  broadcast(): string {
    return "ff:ff:ff:ff:ff:ff";
  }

  /** Whether the call keeps permanent rows is not documented. */
  flush(
    family: AddressFamily,
    on: BoundInterface | null,
    given: unknown,
  ): boolean {
    this.#calls.flush(family, on, given);
    return true;
  }

  async resolve(
    entries: EntryList,
    position: number,
    request: ResolveRequest,
  ): Promise<Neighbor> {
    const known = this.read(entries, position);
    if (known?.state === "permanent") return known;
    return await resolve(this.#calls, entries, position, request);
  }

  gateways(): DefaultGateway[] {
    return readGateways(this.#calls.library, this.#aliases());
  }

  /** The IP Helper API has no such numbers. */
  limits(): [] {
    return [];
  }

  watch(
    options: ParsedWatch,
    interfacesChanged: () => void,
    withRoutes: boolean,
  ): OpenSource {
    const { filter } = options;
    const { interface: named, given } = filter;
    const on = named && bindInterface(this, named, given);
    const read = () => {
      // There is no event: what depends on routes is read as often as the table
      if (withRoutes) interfacesChanged();
      return listRows(this, filter, on);
    };
    const source = new WindowsWatch(read, options);
    return { source, first: source.first };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#loaded.library.close();
  }

  /** Looks up the alias of each interface once. */
  #aliases(): (luid: bigint) => string | null {
    return memo((luid: bigint) => this.#calls.interfaces.alias(luid));
  }
}

const OPERATIONS = {
  set: "SetIpNetEntry2",
  create: "CreateIpNetEntry2",
  delete: "DeleteIpNetEntry2",
} as const;
