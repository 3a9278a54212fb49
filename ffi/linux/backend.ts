/**
 * The neighbor table of Linux: encode, one request, check, decode.
 *
 * @module
 */

import type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  ReplaceResult,
  ResolveOptions,
} from "../types/change.ts";
import {
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "../parse/entry.ts";
import { NeighborError } from "../types/error.ts";
import type { NeighborWatch, WatchOptions } from "../types/watch.ts";
import { type ParsedFilter, parseFilter } from "../parse/filter.ts";
import { keyOfRow, parseFlush, removedOf } from "../parse/flush.ts";
import type { NetworkInterface } from "../types/interface.ts";
import type { Matching } from "../../reconcile/match.ts";
import { parseLinkLayerAddress } from "../parse/link_layer_address.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "../types/neighbor.ts";
import type { DesiredEntries } from "../../reconcile/desired.ts";
import type { NeighborTable, WritePreview } from "../types/table.ts";
import { parseWatch, Watches } from "../watch/iterator.ts";
import {
  checkChanges,
  parseWrite,
  previewWrite,
  type WriteVerb,
} from "../parse/change.ts";
import { Batch } from "./batch.ts";
import { changeAll, check } from "./changes.ts";
import { deleteIfThere, dump, read, write } from "./entries.ts";
import { LinuxInterfaces } from "./interfaces.ts";
import { type Libc, loadLibc } from "./netlink/libc.ts";
import { LinuxMatcher } from "./matcher.ts";
import { memo } from "./memo.ts";
import type { DecodedNeighbor } from "./netlink/ndmsg.ts";
import { type NamedRequest, restoring, WRITES } from "./request.ts";
import { resolve } from "./resolve.ts";
import { NetlinkSocket } from "./netlink/socket.ts";
import { LinuxWatch } from "./watch/source.ts";
import { WatchedTable } from "./watch/snapshot.ts";

/** What is there once something was loaded. */
interface System {
  readonly socket: NetlinkSocket;
  readonly interfaces: LinuxInterfaces;
}

/** {@linkcode NeighborTable} over rtnetlink. */
export class LinuxNeighborTable implements NeighborTable, Matching {
  readonly #load: () => Libc;
  readonly #watches = new Watches();
  #system: System | undefined;
  #isClosed = false;

  /** A test may bring a C library of its own. */
  constructor(load: () => Libc = loadLibc) {
    this.#load = load;
  }

  set(entry: NeighborEntry): void {
    this.#write("set", parseEntry(entry));
  }

  create(entry: NeighborEntry): void {
    this.#write("create", parseEntry(entry));
  }

  delete(key: NeighborKey): void {
    this.#write("delete", parseKey(key));
  }

  replace(entry: NeighborEntry): ReplaceResult {
    const parsed = parseEntry(entry);
    const index = this.#check(parsed);
    const batch = new Batch(this.#open().socket);
    batch.add(0, "replace", index, parsed);
    const [result] = batch.finish();
    if (result?.outcome !== "done") throw result?.error;
    return result.result as ReplaceResult;
  }

  change(changes: readonly NeighborChange[]): ChangeResult[] {
    checkChanges(changes);
    const { socket, interfaces } = this.#open();
    return changeAll(socket, interfaces, changes);
  }

  restore(row: Neighbor): Neighbor | undefined {
    const key = keyOfRow(row);
    const index = row.interfaceIndex;
    const { socket } = this.#open();
    const request = restoring(row);
    if (request === undefined) deleteIfThere(socket, key, index);
    else {
      const linkLayerAddress = parseLinkLayerAddress(row.linkLayerAddress!);
      write(socket, request, "restore", { ...key, linkLayerAddress }, index);
    }
    const now = read(socket, key, index);
    return now === undefined ? undefined : this.#named(now, row);
  }

  get(key: NeighborKey): Neighbor | undefined {
    const parsed = parseKey(key);
    const { socket, interfaces } = this.#open();
    const index = interfaces.target(parsed);
    const row = read(socket, parsed, index);
    return row === undefined ? undefined : this.#named(row, key);
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    return this.#list(parseFilter(filter), filter);
  }

  flush(filter: FlushFilter): Neighbor[] {
    const rows = this.#flushable(filter);
    const batch = new Batch(this.#open().socket);
    rows.forEach((row, i) =>
      batch.add(i, "delete", row.interfaceIndex, keyOfRow(row))
    );
    return removedOf(rows, batch.finish());
  }

  #flushable(filter: FlushFilter): Neighbor[] {
    const { filter: parsed, mayGo } = parseFlush(filter);
    const broadcast = memo((index: number) =>
      this.#open().interfaces.broadcast(index, filter)
    );
    return this.#list(parsed, filter).filter((row) =>
      mayGo(row, broadcast(row.interfaceIndex))
    );
  }

  async resolve(
    key: NeighborKey,
    options: ResolveOptions = {},
  ): Promise<Neighbor> {
    const parsed = parseKey(key);
    const { interfaces } = this.#open();
    const index = interfaces.target(parsed);
    interfaces.checkFamily(index, parsed);
    const asker = {
      read: () => read(this.#open().socket, parsed, index),
      ask: (request: NamedRequest) =>
        write(this.#open().socket, request, "resolve", parsed, index),
    };
    return this.#named(await resolve(asker, parsed, options), key);
  }

  watch(options: WatchOptions = {}): NeighborWatch {
    const parsed = parseWatch(options);
    const { filter, given } = parsed;
    const { socket, interfaces } = this.#open();
    return this.#watches.add(parsed, () => {
      const table = new WatchedTable(socket, interfaces, filter, given);
      const source = new LinuxWatch(this.#load(), table, parsed);
      return { source, first: source.first };
    });
  }

  /** See {@linkcode Matching}. */
  matcher(desired: DesiredEntries): LinuxMatcher {
    const { socket, interfaces } = this.#open();
    return new LinuxMatcher(socket, interfaces, desired);
  }

  listInterfaces(): NetworkInterface[] {
    return this.#open().interfaces.list();
  }

  preview(verb: WriteVerb, entry: NeighborEntry | NeighborKey): WritePreview {
    const parsed = parseWrite(verb, entry);
    const index = this.#check(parsed);
    const row = read(this.#open().socket, parsed, index);
    const current = row === undefined ? undefined : this.#named(row, entry);
    return previewWrite(
      { write: verb, parsed },
      current,
      WRITES[verb].operation,
    );
  }

  previewFlush(filter: FlushFilter): Neighbor[] {
    return this.#flushable(filter);
  }

  close(): void {
    this.#watches.end();
    this.#system?.socket.close();
    this.#system = undefined;
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Opens at the first call, which is after the first check of an entry. */
  #open(): System {
    if (this.#system !== undefined) return this.#system;
    if (this.#isClosed) {
      throw new NeighborError("OTHER", "This neighbor table is closed");
    }
    const socket = new NetlinkSocket(this.#load());
    const interfaces = new LinuxInterfaces(socket);
    return this.#system = { socket, interfaces };
  }

  #check(parsed: ParsedKey | ParsedEntry): number {
    return check(this.#open().interfaces, parsed);
  }

  #write(
    verb: "set" | "create" | "delete",
    parsed: ParsedKey | ParsedEntry,
  ): void {
    const index = this.#check(parsed);
    write(this.#open().socket, WRITES[verb], verb, parsed, index);
  }

  #list(
    { families, interface: named, proxy, wants }: ParsedFilter,
    given: unknown,
  ): Neighbor[] {
    const { socket, interfaces } = this.#open();
    let index = 0;
    if (named !== null) {
      index = interfaces.index(named, given);
      interfaces.link(index, given);
    }
    const alias = memo((at: number) => interfaces.alias(at, given));
    const found: Neighbor[] = [];
    for (const family of families) {
      for (const row of dump(socket, { family, index, proxy, given })) {
        row.interfaceAlias = alias(row.interfaceIndex);
        if (wants(row)) found.push(row);
      }
    }
    return found;
  }

  #named(row: DecodedNeighbor, entry: unknown): Neighbor {
    row.interfaceAlias = this.#open().interfaces.alias(
      row.interfaceIndex,
      entry,
    );
    return row;
  }
}
