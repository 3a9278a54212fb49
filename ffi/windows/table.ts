/**
 * The neighbor table of Windows: what the verbs mean, in calls of the gate.
 *
 * @module
 */

import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "../entry.ts";
import { NeighborError } from "../error.ts";
import { parseFilter } from "../filter.ts";
import type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  Replacement,
  ResolveOptions,
} from "../change.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NetworkInterface,
} from "../neighbor.ts";
import type { NeighborTable, Preview } from "../table.ts";
import { type Aliases, WindowsCalls } from "./calls.ts";
import { makeChanges } from "./change.ts";
import { failure } from "./failure.ts";
import { flush, flushable } from "./flush.ts";
import type { Target } from "./interfaces.ts";
import { previewReplace, replace } from "./replace.ts";
import { encodeSource, resolve } from "./resolve.ts";
import { ERROR_NOT_FOUND } from "./status.ts";

const OPERATIONS = {
  set: "SetIpNetEntry2",
  create: "CreateIpNetEntry2",
  delete: "DeleteIpNetEntry2",
} as const;

/** {@linkcode NeighborTable} over iphlpapi.dll. */
export class WindowsNeighborTable implements NeighborTable {
  #calls: WindowsCalls | undefined;
  #isClosed = false;

  set(entry: NeighborEntry): void {
    this.#write("set", parseEntry(entry));
  }

  create(entry: NeighborEntry): void {
    this.#write("create", parseEntry(entry));
  }

  delete(key: NeighborKey): void {
    this.#write("delete", parseKey(key));
  }

  get(key: NeighborKey): Neighbor | undefined {
    const parsed = parseKey(key);
    const calls = this.#open();
    return calls.read(parsed, calls.interfaces.target(parsed));
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    const { families, interface: named, wants } = parseFilter(filter);
    const calls = this.#open();
    const luid = named && calls.interfaces.luid(named, filter);
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
  }

  replace(entry: NeighborEntry): Replacement {
    const parsed = parseEntry(entry);
    return replace(this.#open(), parsed, this.#check(parsed));
  }

  change(changes: readonly NeighborChange[]): ChangeResult[] {
    return makeChanges(this, changes);
  }

  flush(filter: FlushFilter): Neighbor[] {
    return flush(this, this.#open(), filter);
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

  listInterfaces(): NetworkInterface[] {
    return this.#open().interfaces.list();
  }

  preview(
    verb: keyof typeof OPERATIONS | "replace",
    entry: NeighborEntry | NeighborKey,
  ): Preview {
    const parsed = verb === "delete"
      ? parseKey(entry)
      : parseEntry(entry as NeighborEntry);
    const target = this.#check(parsed);
    const calls = this.#open();
    if (verb === "replace") {
      return previewReplace(calls, parsed as ParsedEntry, target);
    }
    const current = calls.read(parsed, target);
    const what = `${verb} neighbor ${describeKey(parsed)}`;
    const operation = "GetIpNetEntry2";
    if (verb === "create" && current !== undefined) {
      throw new NeighborError(
        "ALREADY_EXISTS",
        `Cannot ${what}: there is an entry for that address already`,
        { operation, entry },
      );
    }
    if (verb !== "create" && current === undefined) {
      throw failure(calls.library, ERROR_NOT_FOUND, { operation, what, entry });
    }
    return { operation: OPERATIONS[verb], current };
  }

  previewFlush(filter: FlushFilter): Neighbor[] {
    return flushable(this, filter);
  }

  close(): void {
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
}
