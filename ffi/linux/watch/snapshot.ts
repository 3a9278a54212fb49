/**
 * What a watch reads beside its events: the interface of the filter, the rows
 * of the table, a single row, and the names of interfaces.
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

/** Stand for every interface and for none: no interface has such an index. */
const EVERY = 0;
const NONE = -1;

/** The most readings of a table that keeps growing while it is read. */
const MOST_DUMPS = 8;

/** Reads the rows of a filter over the socket of the table. */
export class Snapshot {
  readonly #socket: NetlinkSocket;
  readonly #interfaces: LinuxInterfaces;
  readonly #filter: ParsedFilter;
  readonly #aliases = new Map<number, string>();
  readonly #one = new EntryList();
  #index = EVERY;

  /** Reads rows for `filter`. */
  constructor(
    socket: NetlinkSocket,
    interfaces: LinuxInterfaces,
    filter: ParsedFilter,
  ) {
    this.#socket = socket;
    this.#interfaces = interfaces;
    this.#filter = filter;
  }

  /** Looks up the filter's interface; throws `INTERFACE_NOT_FOUND`. */
  locate(): void {
    const { interface: named, given } = this.#filter;
    if (named === null) return;
    this.#index = this.#interfaces.bind(named, given).index;
  }

  /** Looks it up again if it is named by alias only; true if it has changed. */
  relocate(): boolean {
    const { interface: named, given } = this.#filter;
    if (named === null || named.index !== 0) return false;
    const before = this.#index;
    this.#index =
      this.#ifThere(() => this.#interfaces.bind(named, given).index) ?? NONE;
    return this.#index !== before;
  }

  /** Whether the filter includes that interface. */
  isOn(index: number): boolean {
    return this.#index === EVERY || this.#index === index;
  }

  /**
   * The rows that match the filter. A dump may miss rows, so it is repeated
   * until it finds no new one.
   */
  rows(): Neighbor[] {
    const rows = new Map<string, Neighbor>();
    if (this.#index === NONE) return [];
    const { families, matches, given } = this.#filter;
    const on = this.#index === EVERY ? null : boundTo(this.#index);
    const row = new LinuxRow((index) => this.#alias(index));
    const visitor = {
      // The rows of a dump that was interrupted are kept as well
      begin() {},
      row() {
        if (!matches(row)) return;
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

  /** Reads a row again. */
  lookUp(row: Neighbor): Neighbor | undefined {
    const entries = this.#one;
    entries.clear();
    addRow(entries, row);
    entries.bound[0] = boundTo(row.interfaceIndex);
    const now = this.#ifThere(() => read(this.#socket, entries, 0));
    return now && this.isOn(row.interfaceIndex) ? this.named(now) : undefined;
  }

  /** Fills in the name of the interface. */
  named(row: DecodedNeighbor): Neighbor {
    row.interfaceAlias = this.#alias(row.interfaceIndex);
    return row;
  }

  /** Stores an interface's name from an announcement; returns the old one. */
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
