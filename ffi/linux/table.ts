/**
 * The neighbor table of Linux: encode, one request, check, decode.
 *
 * @module
 */

import {
  checkObject,
  describeKey,
  type ParsedEntry,
  type ParsedKey,
  parseEntry,
  parseKey,
} from "../entry.ts";
import { invalid, NeighborError, type NeighborErrorCode } from "../error.ts";
import { type ParsedFilter, parseFilter } from "../filter.ts";
import type {
  ChangeResult,
  FlushFilter,
  Neighbor,
  NeighborChange,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
  NeighborTable,
  NeighborVerbs,
  NetworkInterface,
  Preview,
  Replacement,
  ResolveOptions,
} from "../neighbor.ts";
import { Batch, type WriteVerb } from "./batch.ts";
import { dump, read, write } from "./exchange.ts";
import { failure } from "./failure.ts";
import { keyOfRow, parseFlush } from "./flush.ts";
import { LinuxInterfaces } from "./interfaces.ts";
import { type Libc, loadLibc } from "./libc.ts";
import { memo } from "./memo.ts";
import type { DecodedNeighbor } from "./ndmsg.ts";
import { GET, type NamedRequest, WRITES } from "./request.ts";
import { resolve } from "./resolve.ts";
import { NetlinkSocket } from "./socket.ts";
import { ENOENT } from "./status.ts";

/** What callers' words for changes mean. */
const VERBS: Readonly<Record<NeighborChange["verb"], WriteVerb>> = {
  set: "set",
  add: "create",
  replace: "replace",
  delete: "delete",
};

/** How a delete says that there is nothing left to delete. */
const GONE: ReadonlySet<NeighborErrorCode> = new Set([
  "NOT_FOUND",
  "INTERFACE_NOT_FOUND",
]);

/** {@linkcode NeighborTable} over rtnetlink. */
export class LinuxNeighborTable implements NeighborTable, NeighborVerbs {
  #socket: NetlinkSocket | undefined;
  readonly #interfaces: LinuxInterfaces;

  /** Loads the C library and opens a socket. */
  constructor(libc: Libc = loadLibc()) {
    this.#socket = new NetlinkSocket(libc);
    this.#interfaces = new LinuxInterfaces(this.#socket);
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

  replace(entry: NeighborEntry): Replacement {
    const parsed = parseEntry(entry);
    const index = this.#check(parsed);
    const batch = new Batch(this.#opened());
    batch.add(0, "replace", index, parsed);
    const [result] = batch.finish();
    if (result?.outcome !== "done") throw result?.error;
    return result.result as Replacement;
  }

  change(changes: readonly NeighborChange[]): ChangeResult[] {
    if (!Array.isArray(changes)) throw invalid("The changes are not an array");
    const batch = new Batch(this.#opened());
    this.#interfaces.rememberAliases(() => {
      for (let i = 0; i < changes.length; i++) {
        try {
          this.#add(batch, i, changes[i]!);
        } catch (error) {
          if (!(error instanceof NeighborError)) throw error;
          batch.refuse(i, error);
        }
      }
    });
    return batch.finish();
  }

  #add(batch: Batch, position: number, change: NeighborChange): void {
    checkObject("change", change);
    const { verb } = change;
    if (!Object.hasOwn(VERBS, verb)) {
      throw invalid(
        `The verb "${String(verb)}" is none of ${
          Object.keys(VERBS).join(", ")
        }`,
        change,
      );
    }
    const parsed = verb === "delete" ? parseKey(change) : parseEntry(change);
    batch.add(position, VERBS[verb], this.#check(parsed), parsed);
  }

  get(key: NeighborKey): Neighbor | undefined {
    const parsed = parseKey(key);
    const socket = this.#opened();
    const index = this.#interfaces.target(parsed);
    const row = read(socket, parsed, index);
    return row === undefined ? undefined : this.#named(row, key);
  }

  list(filter: NeighborFilter = {}): Neighbor[] {
    return this.#list(parseFilter(filter), filter);
  }

  flush(filter: FlushFilter): Neighbor[] {
    const { filter: parsed, mayGo } = parseFlush(filter);
    const broadcast = memo((index: number) =>
      this.#interfaces.broadcast(index, filter)
    );
    const rows = this.#list(parsed, filter).filter((row) =>
      mayGo(row, broadcast(row.interfaceIndex))
    );
    const batch = new Batch(this.#opened());
    rows.forEach((row, i) =>
      batch.add(i, "delete", row.interfaceIndex, keyOfRow(row))
    );
    const results = batch.finish();
    return rows.filter((_, i) => {
      const result = results[i]!;
      if (result.outcome === "done") return true;
      // Somebody else was faster, or the whole interface went
      if (GONE.has(result.error.code)) return false;
      throw result.error;
    });
  }

  async resolve(
    key: NeighborKey,
    options: ResolveOptions = {},
  ): Promise<Neighbor> {
    const parsed = parseKey(key);
    this.#opened();
    const index = this.#interfaces.target(parsed);
    this.#interfaces.checkFamily(index, parsed);
    const asker = {
      read: () => read(this.#opened(), parsed, index),
      ask: (request: NamedRequest) =>
        write(this.#opened(), request, "resolve", parsed, index),
    };
    return this.#named(await resolve(asker, parsed, options), key);
  }

  listInterfaces(): NetworkInterface[] {
    this.#opened();
    return this.#interfaces.list();
  }

  preview(
    verb: "set" | "create" | "delete",
    entry: NeighborEntry | NeighborKey,
  ): Preview {
    const parsed = verb === "delete"
      ? parseKey(entry)
      : parseEntry(entry as NeighborEntry);
    const row = read(this.#opened(), parsed, this.#check(parsed));
    if ((row === undefined) === (verb !== "create")) {
      const { operation } = GET;
      const what = `${verb} neighbor ${describeKey(parsed)}`;
      throw verb === "create"
        ? new NeighborError(
          "ALREADY_EXISTS",
          `Cannot ${what}: there is an entry for that address already`,
          { operation, entry },
        )
        : failure({ status: ENOENT, text: null }, { operation, what, entry });
    }
    return {
      operation: WRITES[verb].operation,
      current: row === undefined ? undefined : this.#named(row, entry),
    };
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #opened(): NetlinkSocket {
    if (this.#socket !== undefined) return this.#socket;
    throw new NeighborError("OTHER", "This neighbor table is closed");
  }

  /** Everything that is refused before the request itself. */
  #check(parsed: ParsedKey | ParsedEntry): number {
    this.#opened();
    const index = this.#interfaces.target(parsed);
    if ("linkLayerAddress" in parsed) {
      this.#interfaces.checkEntry(index, parsed);
    }
    return index;
  }

  #write(
    verb: "set" | "create" | "delete",
    parsed: ParsedKey | ParsedEntry,
  ): void {
    const index = this.#check(parsed);
    write(this.#opened(), WRITES[verb], verb, parsed, index);
  }

  #list(
    { families, interface: named, proxy, wants }: ParsedFilter,
    given: unknown,
  ): Neighbor[] {
    const socket = this.#opened();
    let index = 0;
    if (named !== null) {
      index = this.#interfaces.index(named, given);
      this.#interfaces.link(index, given);
    }
    const alias = memo((at: number) => this.#interfaces.alias(at, given));
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
    row.interfaceAlias = this.#interfaces.alias(row.interfaceIndex, entry);
    return row;
  }
}
