/**
 * The neighbor table of Windows: what the verbs mean, in calls of the gate.
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
import type { NetworkInterface } from "../types/interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "../types/neighbor.ts";
import type { NeighborTable, WritePreview } from "../types/table.ts";
import { parseWatch, Watches } from "../watch/iterator.ts";
import {
  checkChanges,
  DONE,
  parseChange,
  parseWrite,
  previewWrite,
  type WriteVerb,
} from "../parse/change.ts";
import { type Aliases, WindowsCalls } from "./calls.ts";
import { flush, flushable } from "./flush.ts";
import type { Target } from "./interfaces.ts";
import { replace, type Replaced } from "./replace.ts";
import { restore } from "./restore.ts";
import { encodeSource, resolve } from "./resolve.ts";
import { WindowsWatch } from "./watch.ts";

const OPERATIONS = {
  set: "SetIpNetEntry2",
  create: "CreateIpNetEntry2",
  delete: "DeleteIpNetEntry2",
} as const;

/** {@linkcode NeighborTable} over iphlpapi.dll. */
export class WindowsNeighborTable implements NeighborTable {
  readonly #watches = new Watches();
  #calls: WindowsCalls | undefined;
  #isClosed = false;

  set(entry: NeighborEntry): void {
    this.#write("set", parseEntry(entry));
  }

  create(entry: NeighborEntry): void {
    this.#write("create", parseEntry(entry));
  }

  replace(entry: NeighborEntry): ReplaceResult {
    return this.#replace(parseEntry(entry)).result;
  }

  delete(key: NeighborKey): void {
    this.#write("delete", parseKey(key));
  }

  /** One call after the other: Windows has nothing else. */
  change(changes: readonly NeighborChange[]): ChangeResult[] {
    checkChanges(changes);
    const { interfaces } = this.#open();
    return interfaces.rememberNames(() =>
      changes.map((change) => this.#change(change))
    );
  }

  #change(change: NeighborChange): ChangeResult {
    try {
      const { write, parsed } = parseChange(change);
      if (write === "replace") {
        const { result, previous } = this.#replace(parsed as ParsedEntry);
        return { outcome: "done", result, ...(previous && { previous }) };
      }
      this.#write(write, parsed);
      return DONE[write];
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      return { outcome: "refused", error };
    }
  }

  restore(row: Neighbor): Neighbor | undefined {
    return restore(this.#open(), row);
  }

  get(key: NeighborKey): Neighbor | undefined {
    const parsed = parseKey(key);
    const calls = this.#open();
    return calls.read(parsed, calls.interfaces.target(parsed));
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    return this.#reader(parseFilter(filter), filter)();
  }

  flush(filter: FlushFilter): Neighbor[] {
    return flush(this, () => this.#open(), filter);
  }

  async resolve(
    key: NeighborKey,
    { signal, sourceAddress }: ResolveOptions = {},
  ): Promise<Neighbor> {
    const parsed = parseKey(key);
    const source = encodeSource(sourceAddress, parsed);
    signal?.throwIfAborted();
    const calls = this.#open();
    const target = calls.interfaces.target(parsed);
    const known = calls.read(parsed, target);
    if (known?.state === "permanent") return known;
    return await resolve(calls, parsed, target, source, signal);
  }

  watch(options: WatchOptions = {}): NeighborWatch {
    const parsed = parseWatch(options);
    const read = this.#reader(parsed.filter, parsed.given);
    return this.#watches.add(parsed, () => {
      const source = new WindowsWatch(read, parsed);
      return { source, first: source.first };
    });
  }

  listInterfaces(): NetworkInterface[] {
    return this.#open().interfaces.list();
  }

  preview(verb: WriteVerb, entry: NeighborEntry | NeighborKey): WritePreview {
    const parsed = parseWrite(verb, entry);
    const target = this.#check(parsed);
    const current = this.#open().read(parsed, target);
    // A replace begins with one or the other
    const call = verb !== "replace"
      ? verb
      : current === undefined
      ? "create"
      : "set";
    return previewWrite({ write: verb, parsed }, current, OPERATIONS[call]);
  }

  previewFlush(filter: FlushFilter): Neighbor[] {
    return flushable(this, filter);
  }

  close(): void {
    this.#watches.end();
    this.#calls?.library.close();
    this.#calls = undefined;
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Loads at the first call, which is after the first check of an entry. */
  #open(): WindowsCalls {
    if (this.#calls !== undefined) return this.#calls;
    if (this.#isClosed) {
      throw new NeighborError("OTHER", "This neighbor table is closed");
    }
    return this.#calls = new WindowsCalls();
  }

  /** Finds the filter's interface once; what is answered reads the rows. */
  #reader(
    { families, interface: named, wants }: ParsedFilter,
    filter: unknown,
  ): () => Neighbor[] {
    const calls = this.#open();
    const luid = named && calls.interfaces.luid(named, filter);
    return () => {
      const aliases: Aliases = new Map();
      const rows: Neighbor[] = [];
      for (const family of families) {
        for (const row of calls.readTable(family, filter)) {
          if (luid !== null && row.interfaceLuid !== luid) continue;
          const neighbor = calls.neighbor(row, aliases);
          if (wants(neighbor)) rows.push(neighbor);
        }
      }
      return rows;
    };
  }

  /** Everything that is refused before the call itself. */
  #check(parsed: ParsedKey | ParsedEntry): Target {
    const { interfaces } = this.#open();
    const target = interfaces.target(parsed);
    if ("linkLayerAddress" in parsed) interfaces.checkLength(target, parsed);
    return target;
  }

  #write(
    verb: keyof typeof OPERATIONS,
    parsed: ParsedKey | ParsedEntry,
  ): void {
    const target = this.#check(parsed);
    this.#open().write(OPERATIONS[verb], parsed, target);
  }

  #replace(parsed: ParsedEntry): Replaced {
    return replace(this.#open(), parsed, this.#check(parsed));
  }
}
