/**
 * The class behind {@linkcode NeighborTable}. It validates input, has
 * interfaces looked up, and keeps the watches and whether it is closed. The
 * entries it passes to its {@linkcode SystemBackend} are parsed and bound.
 *
 * @module
 */

import type { SystemBackend } from "./backend.ts";
import type { BoundInterface } from "./bound_interface.ts";
import {
  CREATE,
  DELETE,
  DELETED,
  EntryList,
  type ParsedInterface,
  REPLACE,
  SET,
  VERBS,
  type WriteVerb,
} from "./entry_list.ts";
import {
  bindAll,
  bindFilter,
  bindOne,
  checkEntry,
  checkFilter,
  protocolError,
} from "./bind.ts";
import {
  checkChanges,
  checkPresence,
  isInSync,
  parseChange,
  parseVerb,
  parseWrite,
  RESULT_WORDS,
  resultOf,
} from "./parse/change.ts";
import { addRow, parseKey } from "./parse/entry.ts";
import { ofAddresses, type ParsedFilter, parseFilter } from "./parse/filter.ts";
import { type ParsedFlush, parseFlush } from "./parse/flush.ts";
import { parseResolve } from "./parse/resolve.ts";
import { parseRow } from "./parse/row.ts";
import type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  ReplaceResult,
  ResolveOptions,
} from "./types/change.ts";
import { closed, isGone, NeighborError, withNote } from "./types/error.ts";
import type { NetworkInterface } from "./types/interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "./types/neighbor.ts";
import type { NeighborTable, WritePreview } from "./types/table.ts";
import type { NeighborWatch, WatchOptions } from "./types/watch.ts";
import { listRows } from "./list_rows.ts";
import { memo } from "./memo.ts";
import { parseWatch } from "./parse/watch.ts";
import { Watches } from "./watch/iterator.ts";

/** What a write would do, as the command shows it. */
export interface PreviewedEntry
  extends WritePreview, Omit<Written, "result" | "neighbor"> {
  /** The address and the interface in words. */
  readonly key: string;
}

/** The result of one write, as the command shows it. */
export interface Written {
  /** What it did, such as `"created"`. */
  readonly result: string;
  /** The names that were given of its interface. */
  readonly named: ParsedInterface;
  /** The link-layer address that was asked for; `""` for a delete. */
  readonly wanted: string;
  /** The row before a delete, or after any other write. */
  readonly neighbor: Neighbor | undefined;
}

/** {@linkcode NeighborTable} over the backend of one system. */
export class SystemTable implements NeighborTable {
  readonly #load: () => SystemBackend;
  readonly #watches = new Watches();
  /** Single entries share this list: each call is finished before the next. */
  readonly #one = new EntryList();
  #backend: SystemBackend | undefined;
  #isClosed = false;

  /** `load` opens the backend at the first call of a method. */
  constructor(load: () => SystemBackend) {
    this.#load = load;
  }

  /** The backend. It is opened once the first input has been validated. */
  backend(): SystemBackend {
    if (this.#backend !== undefined) return this.#backend;
    if (this.#isClosed) throw closed();
    return this.#backend = this.#load();
  }

  set(entry: NeighborEntry): void {
    this.#write(SET, entry);
  }

  create(entry: NeighborEntry): void {
    this.#write(CREATE, entry);
  }

  replace(entry: NeighborEntry): ReplaceResult {
    const entries = this.#write(REPLACE, entry);
    return RESULT_WORDS[entries.outcomes[0]!] as ReplaceResult;
  }

  delete(key: NeighborKey): void {
    this.#write(DELETE, key);
  }

  get(key: NeighborKey): Neighbor | undefined {
    const entries = this.#one;
    entries.clear();
    parseKey(entries, key);
    const backend = this.backend();
    this.#target(entries, false);
    return backend.read(entries, 0);
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    return this.#list(parseFilter(filter));
  }

  read(filter: NeighborFilter = {}): Generator<Neighbor, undefined> {
    const parsed = parseFilter(filter);
    const backend = this.backend();
    return this.#stream(parsed, bindFilter(backend, parsed));
  }

  change(changes: readonly NeighborChange[]): ChangeResult[] {
    checkChanges(changes);
    const backend = this.backend();
    const entries = new EntryList(changes.length);
    // The position of each change in the list; -1 where it could not be parsed
    const results = new Array<ChangeResult | undefined>(changes.length);
    const positions = new Int32Array(changes.length).fill(-1);
    for (let i = 0; i < changes.length; i++) {
      try {
        positions[i] = parseChange(entries, changes[i]!);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        results[i] = { outcome: "refused", error };
      }
    }
    bindAll(backend, entries);
    for (let i = 0; i < entries.length; i++) checkEntry(backend, entries, i);
    backend.write(entries, 0, entries.length, true);
    for (let i = 0; i < changes.length; i++) {
      results[i] ??= resultOf(entries, positions[i]!);
    }
    return results as ChangeResult[];
  }

  restore(row: Neighbor): Neighbor | undefined {
    const checked = parseRow(row);
    const backend = this.backend();
    const entries = new EntryList();
    addRow(entries, checked);
    bindOne(backend, entries);
    backend.restore(checked, entries.on(0));
    return backend.read(entries, 0);
  }

  flush(filter: FlushFilter): Neighbor[] {
    const parsed = parseFlush(filter);
    const rows = this.#flushable(parsed);
    if (rows.length === 0) return rows;
    // The system's call removes every row, so it is used only where all may go
    const isAll = parsed.isWhole &&
      this.#list(parsed.filter).length === rows.length;
    if (!isAll || !this.#empty(parsed.filter)) return this.#remove(rows);
    this.#remove(this.#flushable(parsed));
    return rows;
  }

  previewFlush(filter: FlushFilter): Neighbor[] {
    return this.#flushable(parseFlush(filter));
  }

  /** The rows that may go. */
  #flushable({ filter, keepReason }: ParsedFlush): Neighbor[] {
    const rows = this.#list(filter);
    const broadcast = memo((index: number) => this.backend().broadcast(index));
    return rows.filter((row) =>
      keepReason(row, broadcast(row.interfaceIndex)) === undefined
    );
  }

  async resolve(
    key: NeighborKey,
    options: ResolveOptions = {},
  ): Promise<Neighbor> {
    const entries = new EntryList();
    parseKey(entries, key, true);
    const request = parseResolve(options, entries);
    request.signal?.throwIfAborted();
    const backend = this.backend();
    bindOne(backend, entries);
    return await backend.resolve(entries, 0, request);
  }

  watch(options: WatchOptions = {}): NeighborWatch {
    return this.openWatch(options, () => {});
  }

  /**
   * The same; `interfacesChanged` is called when the system reports a change.
   * With `entries` only rows of their addresses are reported, so that no other
   * row of a large table is kept in memory. With `withRoutes` it is also called
   * when a default route may have changed.
   */
  openWatch(
    options: WatchOptions,
    interfacesChanged: () => void,
    entries?: EntryList,
    withRoutes = false,
  ): NeighborWatch {
    const given = parseWatch(options);
    const parsed = entries === undefined
      ? given
      : { ...given, filter: ofAddresses(given.filter, entries) };
    const backend = this.backend();
    checkFilter(backend, given.filter);
    return this.#watches.add(
      parsed,
      () => backend.watch(parsed, interfacesChanged, withRoutes),
    );
  }

  listInterfaces(): NetworkInterface[] {
    return this.backend().interfaces();
  }

  preview(verb: WriteVerb, given: NeighborEntry | NeighborKey): WritePreview {
    const { operation, current } = this.previewAndRead(verb, given);
    return { operation, current };
  }

  /** The same, with the parsed entry for the command to show. */
  previewAndRead(
    verb: WriteVerb,
    given: NeighborEntry | NeighborKey,
  ): PreviewedEntry {
    const entries = this.#parse(parseVerb(verb, given), given);
    return this.previewEntry(entries, 0);
  }

  /** The same of an entry that is bound and checked. */
  previewEntry(entries: EntryList, position: number): PreviewedEntry {
    const backend = this.backend();
    const verb = VERBS[entries.verbs[position]!]!;
    const current = backend.read(entries, position);
    checkPresence(entries, position, current);
    const isDone = verb === "replace" && isInSync(current, entries, position);
    return {
      operation: isDone ? null : backend.operation(verb, current),
      current,
      key: entries.describe(position),
      named: entries.named(position),
      wanted: entries.linkLayerAddress(position),
    };
  }

  /**
   * Makes one write, and reads the row for the command to show: before a
   * delete, after any other write.
   */
  writeAndRead(
    verb: WriteVerb,
    given: NeighborEntry | NeighborKey,
  ): Written {
    const entries = this.#parse(parseVerb(verb, given), given);
    const backend = this.backend();
    const before = verb === "delete" ? backend.read(entries, 0) : undefined;
    backend.write(entries, 0, 1);
    const [error] = entries.errors.values();
    if (error !== undefined) throw error;
    return {
      result: RESULT_WORDS[entries.outcomes[0]!]!,
      named: entries.named(0),
      wanted: entries.linkLayerAddress(0),
      neighbor: verb === "delete" ? before : backend.read(entries, 0),
    };
  }

  close(): void {
    this.#watches.end();
    this.#backend?.close();
    this.#backend = undefined;
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Parses, binds and checks one write. */
  #parse(verb: number, given: NeighborEntry | NeighborKey): EntryList {
    const entries = this.#one;
    entries.clear();
    parseWrite(entries, verb, given);
    const backend = this.backend();
    const error = protocolError(backend, entries, 0);
    if (error !== undefined) throw error;
    this.#target(entries, verb !== DELETE);
    if (verb !== DELETE) backend.check(entries, 0);
    return entries;
  }

  /** Looks up the interface of a single entry. */
  #target(entries: EntryList, isWrite: boolean): void {
    const backend = this.backend();
    // A zone has to be compared with the interface, so both are looked up
    if (entries.zones.size > 0) return bindOne(backend, entries);
    const named = entries.interfaces[0]!;
    entries.bound[0] = backend.target(named, entries.given[0], isWrite);
  }

  #write(verb: number, given: NeighborEntry | NeighborKey): EntryList {
    const entries = this.#parse(verb, given);
    this.backend().write(entries, 0, 1);
    if (entries.errors.size > 0) throw entries.errors.get(0);
    return entries;
  }

  #list(filter: ParsedFilter): Neighbor[] {
    const backend = this.backend();
    return listRows(backend, filter, bindFilter(backend, filter));
  }

  *#stream(
    { families, proxy, matches, given }: ParsedFilter,
    on: BoundInterface | null,
  ): Generator<Neighbor, undefined> {
    for (const family of families) {
      const filter = { family, on, proxy, mayRepeat: false, given };
      for (const row of this.backend().stream(filter, matches)) {
        yield row;
        // Throws if the table has been closed meanwhile
        this.backend();
      }
    }
  }

  /**
   * Removes all rows of a filter by the system's call; false if it has none.
   */
  #empty(filter: ParsedFilter): boolean {
    const backend = this.backend();
    const { families, given } = filter;
    const on = bindFilter(backend, filter);
    return families.every((family) => backend.flush(family, on, given));
  }

  /**
   * Removes rows; returns those that it removed. A row that is gone already is
   * not an error and not among them. Any other error is thrown, and says how
   * many rows were removed.
   */
  #remove(rows: readonly Neighbor[]): Neighbor[] {
    const backend = this.backend();
    const entries = new EntryList(rows.length);
    for (const row of rows) entries.verbs[addRow(entries, row)] = DELETE;
    bindAll(backend, entries);
    for (let i = 0; i < rows.length; i++) checkEntry(backend, entries, i);
    backend.write(entries, 0, entries.length);
    const removed = rows.filter((_, i) => entries.outcomes[i] === DELETED);
    for (const error of entries.errors.values()) {
      if (isGone(error)) continue;
      const far = `${removed.length} of ${rows.length} entries were removed`;
      throw withNote(error, far);
    }
    return removed;
  }
}
