/**
 * The interface that both systems' tables satisfy.
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
 * What a write would do, found out by reading only.
 */
export interface WritePreview {
  /** The call that would be made, such as `"SetIpNetEntry2"`; `null` for none. */
  readonly operation: string | null;
  /** The entry as it stands now. */
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
  /** See {@linkcode changeNeighbors}. */
  change(changes: readonly NeighborChange[]): ChangeResult[];
  /** See {@linkcode flushNeighbors}. */
  flush(filter: FlushFilter): Neighbor[];
  /** See {@linkcode resolveNeighbor}. */
  resolve(key: NeighborKey, options?: ResolveOptions): Promise<Neighbor>;
  /** See {@linkcode watchNeighbors}. A watch ends with its table. */
  watch(options?: WatchOptions): NeighborWatch;
  /**
   * Puts an entry back as it was read, as far as the system lets us, whatever
   * stands there now. Permanent entries come back as they were. Linux: one that
   * was learnt comes back as `stale`, so that the kernel asks before it trusts
   * it. Windows writes permanent entries only: one that was learnt is removed,
   * to be learnt again; so is, on both, a row without a link-layer address.
   * Answers the row as it then stands.
   */
  restore(row: Neighbor): Neighbor | undefined;
  /** See {@linkcode listInterfaces}. */
  listInterfaces(): NetworkInterface[];
  /**
   * Checks a write as the write itself would, reads the entry, writes
   * nothing. Throws what the write is known to throw: the rules of the entry,
   * `NOT_FOUND` and `ALREADY_EXISTS`. Privileges are not tried.
   */
  preview(
    verb: "set" | "create" | "replace",
    entry: NeighborEntry,
  ): WritePreview;
  /** The same for a delete. */
  preview(verb: "delete", key: NeighborKey): WritePreview;
  /** The rows that a flush would remove. Reads, writes nothing. */
  previewFlush(filter: FlushFilter): Neighbor[];
  /**
   * Ends the watches and unloads the system's library, once what is under way
   * has settled. Further calls throw.
   */
  close(): void;
}
