/**
 * The public interface of a neighbor table.
 *
 * @module
 */

import type {
  ChangeResult,
  FlushFilter,
  NeighborChange,
  ReplaceResult,
  ResolveOptions,
} from "./change.ts";
import type { NeighborWatch, WatchOptions } from "./watch.ts";
import type { NetworkInterface } from "./interface.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborFilter,
  NeighborKey,
} from "./neighbor.ts";

/**
 * What a write would do, as far as reading can tell.
 */
export interface WritePreview {
  /**
   * The call that would be made, such as `"SetIpNetEntry2"`; `null` for none.
   */
  readonly operation: string | null;
  /** The entry as it is now; `undefined` if there is none. */
  readonly current: Neighbor | undefined;
}

/**
 * An open neighbor table: the functions of this package as methods.
 *
 * @example Close it when the block ends
 * ```ts no-eval
 * import { openNeighborTable } from "@ipnet/neighbor";
 *
 * using table = openNeighborTable();
 * console.table(table.list({ family: "ipv4" }));
 * ```
 */
export interface NeighborTable extends Disposable {
  /** See {@linkcode setNeighbor}. */
  set(entry: NeighborEntry): void;
  /** See {@linkcode createNeighbor}. */
  create(entry: NeighborEntry): void;
  /** See {@linkcode replaceNeighbor}. */
  replace(entry: NeighborEntry): ReplaceResult;
  /** See {@linkcode deleteNeighbor}. */
  delete(key: NeighborKey): void;
  /** See {@linkcode getNeighbor}. */
  get(key: NeighborKey): Neighbor | undefined;
  /** See {@linkcode listNeighbors}. */
  list(filter?: NeighborFilter): Neighbor[];
  /** See {@linkcode readNeighbors}. Throws `CLOSED` once the table is closed. */
  read(filter?: NeighborFilter): Generator<Neighbor, undefined>;
  /** See {@linkcode changeNeighbors}. */
  change(changes: readonly NeighborChange[]): ChangeResult[];
  /** See {@linkcode flushNeighbors}. */
  flush(filter: FlushFilter): Neighbor[];
  /** See {@linkcode resolveNeighbor}. */
  resolve(key: NeighborKey, options?: ResolveOptions): Promise<Neighbor>;
  /** See {@linkcode watchNeighbors}. A watch ends with its table. */
  watch(options?: WatchOptions): NeighborWatch;
  /**
   * Restores an entry to a row that was read before, as far as the system
   * allows it, whatever is there now. A permanent entry is restored exactly.
   * Linux: an entry that was learnt is restored as `stale`, so that the kernel
   * confirms it before it relies on it. Windows can write permanent entries
   * only, so an entry that was learnt is removed and will be learnt again. On
   * both systems an address whose row had no link-layer address is removed.
   *
   * Returns the row as it is afterwards; `undefined` if there is none.
   */
  restore(row: Neighbor): Neighbor | undefined;
  /** See {@linkcode listInterfaces}. */
  listInterfaces(): NetworkInterface[];
  /**
   * Checks a write and reads the entry, but writes nothing. Throws what the
   * write would throw for the rules of the entry, `NOT_FOUND` and
   * `ALREADY_EXISTS`. Whether the privileges suffice is not checked.
   */
  preview(
    verb: "set" | "create" | "replace",
    entry: NeighborEntry,
  ): WritePreview;
  /** The same for a delete. */
  preview(verb: "delete", key: NeighborKey): WritePreview;
  /** The rows that a flush would remove. Writes nothing. */
  previewFlush(filter: FlushFilter): Neighbor[];
  /**
   * Ends the watches. Unloads the system's library once pending calls have
   * settled. Later calls throw `CLOSED`.
   */
  close(): void;
}
