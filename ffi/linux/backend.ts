/**
 * The neighbor table of Linux over rtnetlink.
 *
 * @module
 */

import type {
  DefaultGateway,
  ResolveRequest,
  ScanFilter,
  SystemBackend,
  TableLimits,
} from "../backend.ts";
import type { BoundInterface } from "../bound_interface.ts";
import type { RawRow, RowVisitor } from "../raw_row.ts";
import {
  EntryList,
  type ParsedInterface,
  type WriteVerb,
} from "../entry_list.ts";
import { addRow } from "../parse/entry.ts";
import { parseLinkLayerAddressInto } from "../parse/link_layer_address.ts";
import { NeighborError } from "../types/error.ts";
import type { NetworkInterface } from "../types/interface.ts";
import type { Neighbor } from "../types/neighbor.ts";
import type { ParsedWatch } from "../parse/watch.ts";
import type { OpenSource } from "../watch/iterator.ts";
import { Batch } from "./batch.ts";
import { read, scan, write } from "./entries.ts";
import { type LinuxInterface, LinuxInterfaces } from "./interfaces.ts";
import { readGateways, readLimits } from "./kernel_state.ts";
import { LinkCache } from "./link_cache.ts";
import { memo } from "../memo.ts";
import { type Libc, loadLibc } from "./netlink/libc.ts";
import type { DecodedNeighbor } from "./netlink/ndmsg.ts";
import { NetlinkSocket } from "./netlink/socket.ts";
import { restoreRequest, WRITES } from "./request.ts";
import { resolve } from "./resolve.ts";
import { LinuxRow } from "./row.ts";
import { streamRows } from "./stream.ts";
import { LinuxWatch } from "./watch/source.ts";
import { Snapshot } from "./watch/snapshot.ts";

/** {@linkcode SystemBackend} over rtnetlink. */
export class LinuxBackend implements SystemBackend {
  readonly #load: () => Libc;
  readonly #socket: NetlinkSocket;
  readonly #cache: LinkCache<LinuxInterface>;
  readonly #interfaces: LinuxInterfaces;
  readonly #batch: Batch;
  readonly isSnapshot = false;
  readonly hasProtocols = true;
  readonly hasProxies = true;

  /** Opens the socket. Tests pass a C library of their own. */
  constructor(load: () => Libc = loadLibc) {
    this.#load = load;
    const libc = load();
    this.#socket = new NetlinkSocket(libc);
    const cache = this.#cache = new LinkCache(libc);
    const interfaces = this.#interfaces = new LinuxInterfaces(
      this.#socket,
      cache,
    );
    this.#batch = new Batch(this.#socket, (index) => interfaces.alias(index));
  }

  bind(
    names: readonly ParsedInterface[],
    given: unknown,
  ): (BoundInterface | NeighborError)[] {
    return names.map((named) => {
      try {
        return this.#interfaces.bind(named, given);
      } catch (error) {
        if (error instanceof NeighborError) return error;
        throw error;
      }
    });
  }

  refresh({ index }: BoundInterface): BoundInterface {
    return this.#interfaces.bind({ luid: 0n, index, alias: null }, undefined);
  }

  target(
    named: ParsedInterface,
    given: unknown,
    isWrite: boolean,
  ): BoundInterface {
    if (isWrite) return this.#interfaces.target(named, given);
    const index = this.#interfaces.index(named, given);
    return { key: index, index, luid: 0n };
  }

  check(entries: EntryList, position: number): void {
    this.#interfaces.check(entries, position);
  }

  read(entries: EntryList, position: number): Neighbor | undefined {
    const row = read(this.#socket, entries, position);
    return row && this.#named(row);
  }

  scan(filter: ScanFilter, visitor: RowVisitor): void {
    const alias = memo((index: number) => this.#interfaces.alias(index));
    scan(this.#socket, filter, new LinuxRow(alias), visitor);
  }

  stream(
    filter: ScanFilter,
    matches: (row: RawRow) => boolean,
  ): Generator<Neighbor, undefined> {
    const alias = memo((index: number) => this.#interfaces.alias(index));
    const open = () => new NetlinkSocket(this.#load());
    return streamRows(open, filter, matches, new LinuxRow(alias));
  }

  write(entries: EntryList, from: number, to: number): void {
    this.#batch.write(entries, from, to);
  }

  restore(row: Neighbor, on: BoundInterface): void {
    const entries = new EntryList();
    addRow(entries, row);
    entries.bound[0] = on;
    const request = restoreRequest(row);
    if (request === undefined) return this.#deleteIfThere(entries);
    if (row.linkLayerAddress !== null) {
      entries.linkLayerLengths[0] = parseLinkLayerAddressInto(
        row.linkLayerAddress,
        entries.linkLayerAddresses,
        0,
      );
    }
    // A request without a protocol keeps the one that the row has now
    const mustBeNew = request.protocol === 0 &&
      (read(this.#socket, entries, 0)?.protocol ?? null) !== null;
    if (mustBeNew) this.#deleteIfThere(entries);
    write(this.#socket, request, "restore", entries, 0);
  }

  #deleteIfThere(entries: EntryList): void {
    try {
      write(this.#socket, WRITES.delete, "delete", entries, 0);
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      if (error.code !== "NOT_FOUND") throw error;
    }
  }

  interfaces(): NetworkInterface[] {
    return this.#interfaces.list();
  }

  operation(verb: WriteVerb): string {
    return WRITES[verb].operation;
  }

  broadcast(interfaceIndex: number): string | null {
    return this.#interfaces.ifThere(interfaceIndex)?.broadcast ?? null;
  }

  /** Linux has no such call. */
  flush(): boolean {
    return false;
  }

  async resolve(
    entries: EntryList,
    position: number,
    request: ResolveRequest,
  ): Promise<Neighbor> {
    this.check(entries, position);
    const row = await resolve(this.#socket, entries, position, request);
    return this.#named(row);
  }

  gateways(): DefaultGateway[] {
    return readGateways(this.#socket, (index) => this.#interfaces.alias(index));
  }

  limits(): TableLimits[] {
    return readLimits(this.#socket);
  }

  watch(
    options: ParsedWatch,
    interfacesChanged: () => void,
    withRoutes: boolean,
  ): OpenSource {
    const table = new Snapshot(this.#socket, this.#interfaces, options.filter);
    const source = new LinuxWatch(
      this.#load(),
      table,
      options,
      interfacesChanged,
      withRoutes,
    );
    return { source, first: source.first };
  }

  close(): void {
    // Before the library is unloaded
    this.#cache.close();
    this.#socket.close();
  }

  #named(row: DecodedNeighbor): Neighbor {
    row.interfaceAlias = this.#interfaces.alias(row.interfaceIndex);
    return row;
  }
}
