/**
 * A neighbor table in memory, for what is to be told about any table: it
 * refuses what a test says, and forgets a row in a list where a test says so.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../../ffi/types/change.ts";
import {
  type ParsedInterface,
  parseEntry,
  parseKey,
} from "../../ffi/parse/entry.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import { formatAddress } from "../../ffi/parse/address.ts";
import { formatLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import type { NetworkInterface } from "../../ffi/types/interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "../../ffi/types/neighbor.ts";
import { FakeRows, ToldSource } from "./fake_rows.ts";
import {
  parseWrite,
  previewWrite,
  type WriteVerb,
} from "../../ffi/parse/change.ts";
import type { NeighborWatch, WatchOptions } from "../../ffi/types/watch.ts";
import type { NeighborTable, WritePreview } from "../../ffi/types/table.ts";
import { parseWatch, Watches } from "../../ffi/watch/iterator.ts";
import { WindowsWatch } from "../../ffi/windows/watch.ts";

/** An interface by all its names. */
export function interfaceOf(
  interfaceIndex: number,
  interfaceAlias: string,
  interfaceLuid: string | null = null,
): NetworkInterface {
  return {
    interfaceAlias,
    interfaceIndex,
    interfaceLuid,
    linkLayerAddress: "02:fc:00:00:00:01",
    type: "ethernet",
    isUp: true,
  };
}

/** A row on an interface. */
export function rowOf(
  { interfaceAlias, interfaceIndex, interfaceLuid }: NetworkInterface,
  address: string,
  linkLayerAddress: string | null,
  state: Neighbor["state"] = "permanent",
): Neighbor {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    interfaceIndex,
    interfaceLuid,
    interfaceAlias,
    linkLayerAddress,
    state,
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: null,
  };
}

/** {@linkcode NeighborTable} without a system. */
export class FakeTable implements NeighborTable {
  /** A test may take one away, or bring one. */
  interfaces: readonly NetworkInterface[];
  readonly #watches = new Watches();
  #isClosed = false;
  readonly rows = new FakeRows();
  /** Whether a watch is told what happens, as on Linux, or reads, as on Windows. */
  isTold = false;
  /** Which write is refused, by its number from 1 on, and with what. */
  refuse: (write: number, address: string) => NeighborError | undefined = () =>
    undefined;
  /** Which row a list leaves out. */
  loses: (row: Neighbor) => boolean = () => false;
  /** Called before each write. */
  before: (write: number) => void = () => {};
  /** How many writes there were. */
  writes = 0;

  constructor(
    interfaces: readonly NetworkInterface[],
    rows: readonly Neighbor[] = [],
  ) {
    this.interfaces = interfaces;
    for (const row of rows) this.put(row);
  }

  /** Puts a row in, as somebody else would. */
  put(row: Neighbor): void {
    this.rows.set(`${row.interfaceIndex} ${row.address}`, row);
  }

  /** All rows, in an order that does not depend on what was done. */
  all(): Neighbor[] {
    return [...this.rows.keys()].toSorted()
      .map((key) => this.rows.get(key)!);
  }

  #interface(named: ParsedInterface): NetworkInterface {
    this.#checkOpen();
    const found = this.interfaces.find((one) =>
      named.luid !== 0n
        ? one.interfaceLuid !== null &&
          BigInt(one.interfaceLuid) === named.luid
        : named.index !== 0
        ? one.interfaceIndex === named.index
        : one.interfaceAlias === named.alias
    );
    if (found !== undefined) return found;
    throw new NeighborError(
      "INTERFACE_NOT_FOUND",
      "There is no such interface",
    );
  }

  #key(key: NeighborKey): string {
    const parsed = parseKey(key);
    const { interfaceIndex } = this.#interface(parsed.interface);
    return `${interfaceIndex} ${formatAddress(parsed.address)}`;
  }

  #write(key: NeighborKey): void {
    this.writes++;
    this.before(this.writes);
    const error = this.refuse(this.writes, key.address);
    if (error !== undefined) throw error;
  }

  set(entry: NeighborEntry): void {
    if (this.get(entry) === undefined) throw missing();
    this.#make(entry);
  }

  create(entry: NeighborEntry): void {
    if (this.get(entry) !== undefined) {
      throw new NeighborError("ALREADY_EXISTS", "It is there");
    }
    this.#make(entry);
  }

  replace(entry: NeighborEntry) {
    const previous = this.get(entry);
    if (isSame(previous, entry)) return "unchanged";
    this.#make(entry);
    return previous === undefined ? "created" : "changed";
  }

  #make(entry: NeighborEntry): void {
    const parsed = parseEntry(entry);
    const at = this.#interface(parsed.interface);
    this.#write(entry);
    const linkLayerAddress = formatLinkLayerAddress(parsed.linkLayerAddress);
    this.put(rowOf(at, formatAddress(parsed.address), linkLayerAddress));
  }

  delete(key: NeighborKey): void {
    if (this.get(key) === undefined) throw missing();
    this.#write(key);
    this.rows.delete(this.#key(key));
  }

  restore(row: Neighbor): Neighbor | undefined {
    this.#write(row);
    if (row.linkLayerAddress === null) {
      this.rows.delete(this.#key(row));
      return undefined;
    }
    const isKept = row.state === "permanent" || row.state === "noarp";
    const kept: Neighbor = isKept ? row : { ...row, state: "stale" };
    this.put(kept);
    return kept;
  }

  get(key: NeighborKey): Neighbor | undefined {
    return this.rows.get(this.#key(key));
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new NeighborError("OTHER", "It is closed");
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    this.#checkOpen();
    const { interface: named, wants } = parseFilter(filter);
    const on = named === null ? null : this.#interface(named).interfaceIndex;
    return [...this.rows.values()].filter((row) =>
      (on === null || row.interfaceIndex === on) && wants(row) &&
      !this.loses(row)
    );
  }

  change(changes: readonly NeighborChange[]): ChangeResult[] {
    this.#checkOpen();
    return changes.map((change): ChangeResult => {
      try {
        switch (change.verb) {
          case "create":
            this.create(change);
            return { outcome: "done", result: "created" };
          case "set":
            this.set(change);
            return { outcome: "done", result: "changed" };
          case "delete":
            this.delete(change);
            return { outcome: "done", result: "deleted" };
          case "replace": {
            const previous = this.get(change);
            const result = this.replace(change);
            return { outcome: "done", result, ...(previous && { previous }) };
          }
        }
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        return { outcome: "refused", error };
      }
    });
  }

  watch(options: WatchOptions = {}): NeighborWatch {
    const parsed = parseWatch(options);
    return this.#watches.add(parsed, () => {
      if (this.isTold) {
        return { source: new ToldSource(this.rows), first: [] };
      }
      const source = new WindowsWatch(() => this.list(), parsed);
      return { source, first: source.first };
    });
  }

  listInterfaces(): NetworkInterface[] {
    return [...this.interfaces];
  }

  flush(): Neighbor[] {
    throw new Error("Nobody flushes");
  }

  resolve(): Promise<Neighbor> {
    throw new Error("Nobody resolves");
  }

  preview(verb: WriteVerb, entry: NeighborEntry | NeighborKey): WritePreview {
    const parsed = parseWrite(verb, entry);
    this.#interface(parsed.interface);
    return previewWrite({ write: verb, parsed }, this.get(entry), verb);
  }

  previewFlush(): Neighbor[] {
    throw new Error("Nobody flushes");
  }

  close(): void {
    this.#watches.end();
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function isSame(row: Neighbor | undefined, entry: NeighborEntry): boolean {
  const { linkLayerAddress } = parseEntry(entry);
  return row?.state === "permanent" &&
    row.linkLayerAddress === formatLinkLayerAddress(linkLayerAddress);
}

function missing(): NeighborError {
  return new NeighborError("NOT_FOUND", "There is no such entry");
}
