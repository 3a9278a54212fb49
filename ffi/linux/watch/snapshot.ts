/**
 * What a watch asks of the table beside its events: which interface the filter
 * means, the rows, one row, and what interfaces are called.
 *
 * @module
 */

import { EntryList } from "../../entry_list.ts";
import { addRow } from "../../parse/entry.ts";
import type { ParsedFilter } from "../../parse/filter.ts";
import { NeighborError } from "../../types/error.ts";
import type { Neighbor } from "../../types/neighbor.ts";
import { rowKey } from "../../watch/row_cache.ts";
import { read, scan } from "../entries.ts";
import type { LinuxInterfaces } from "../interfaces.ts";
import type { DecodedNeighbor } from "../netlink/ndmsg.ts";
import type { NetlinkSocket } from "../netlink/socket.ts";
import { LinuxRow } from "../row.ts";

/** Every interface, and none: no interface has such an index. */
const EVERY = 0;
const NONE = -1;

/** How often a table that grows while it is read is read at the most. */
const MOST_DUMPS = 8;

/** The rows of a filter, over the table's own socket. */
export class Snapshot {
  readonly #socket: NetlinkSocket;
  readonly #interfaces: LinuxInterfaces;
  readonly #filter: ParsedFilter;
  readonly #aliases = new Map<number, string>();
  readonly #one = new EntryList();
  #index = EVERY;

  /** Reads what the filter names. */
  constructor(
    socket: NetlinkSocket,
    interfaces: LinuxInterfaces,
    filter: ParsedFilter,
  ) {
    this.#socket = socket;
    this.#interfaces = interfaces;
    this.#filter = filter;
  }

  /** Finds the filter's interface, or throws `INTERFACE_NOT_FOUND`. */
  locate(): void {
    const { interface: named, given } = this.#filter;
    if (named === null) return;
    this.#index = this.#interfaces.bind(named, given).index;
  }

  /** Finds it again where it goes by its alias alone; whether it is another. */
  relocate(): boolean {
    const { interface: named, given } = this.#filter;
    if (named === null || named.index !== 0) return false;
    const before = this.#index;
    this.#index =
      this.#ifThere(() => this.#interfaces.bind(named, given).index) ?? NONE;
    return this.#index !== before;
  }

  /** Whether the filter means that interface. */
  isOn(index: number): boolean {
    return this.#index === EVERY || this.#index === index;
  }

  /**
   * The rows on that interface, whatever else the filter says: read until a
   * reading finds none that those before it lacked.
   */
  rows(): Neighbor[] {
    const rows = new Map<string, Neighbor>();
    if (this.#index === NONE) return [];
    const { families, given } = this.#filter;
    const on = this.#index === EVERY ? null : boundTo(this.#index);
    const row = new LinuxRow((index) => this.#alias(index));
    const visitor = {
      // What a reading has is believed, also where it was broken off
      begin() {},
      row() {
        const neighbor = row.neighbor();
        rows.set(rowKey(neighbor), neighbor);
      },
    };
    for (let i = 0; i < MOST_DUMPS; i++) {
      const before = rows.size;
      for (const family of families) {
        const filter = { family, on, proxy: false, mayRepeat: true, given };
        scan(this.#socket, filter, row, visitor);
      }
      if (i > 0 && rows.size === before) break;
    }
    return [...rows.values()];
  }

  /** The row as it is now. */
  lookUp(row: Neighbor): Neighbor | undefined {
    const entries = this.#one;
    entries.clear();
    addRow(entries, row);
    entries.bound[0] = boundTo(row.interfaceIndex);
    const now = this.#ifThere(() => read(this.#socket, entries, 0));
    return now && this.isOn(row.interfaceIndex) ? this.named(now) : undefined;
  }

  /** A row with the name of its interface. */
  named(row: DecodedNeighbor): Neighbor {
    row.interfaceAlias = this.#alias(row.interfaceIndex);
    return row;
  }

  /** Takes an interface's name from an announcement; what it was, if known. */
  rename(index: number, name: string | null): string | undefined {
    const before = this.#aliases.get(index);
    if (name === null) this.#aliases.delete(index);
    else this.#aliases.set(index, name);
    return before;
  }

  /** Forgets all names. */
  forget(): void {
    this.#aliases.clear();
  }

  #alias(index: number): string | null {
    const known = this.#aliases.get(index);
    if (known !== undefined) return known;
    const alias = this.#interfaces.alias(index);
    if (alias !== null) this.#aliases.set(index, alias);
    return alias;
  }

  #ifThere<T>(ask: () => T): T | undefined {
    try {
      return ask();
    } catch (error) {
      if (
        error instanceof NeighborError && error.code === "INTERFACE_NOT_FOUND"
      ) return undefined;
      throw error;
    }
  }
}

function boundTo(index: number) {
  return { key: index, index, luid: 0n };
}
