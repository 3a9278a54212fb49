/**
 * Writes entries, one call each: Windows has no call for several. To decide and
 * to verify, a batch reads the whole table once for all its entries. It does not
 * use GetIpNetEntry2, which is said to ask the network for an entry that is not
 * there, and to block meanwhile.
 *
 * No single call makes an entry permanent whatever is there, and what Set makes
 * of a dynamic entry is not documented. So a replace reads, writes, and reads
 * again.
 *
 * @module
 */

import type { AddressKey } from "../address_key.ts";
import {
  CHANGED,
  CREATED,
  DELETE,
  DELETED,
  type EntryList,
  NONE,
  PENDING,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
} from "../entry_list.ts";
import { isInSync } from "../parse/change.ts";
import { isEmptyRow, isThere } from "../row_difference.ts";
import {
  NeighborError,
  type NeighborErrorCode,
  withEntry,
  withNote,
} from "../types/error.ts";
import type { AddressFamily, Neighbor } from "../types/neighbor.ts";
import type { WindowsCalls, WriteCall } from "./calls.ts";
import { interfaceGone, notAsAsked, unverified } from "./batch_errors.ts";
import { addressKey, addressKeys, RowsByAddress } from "./rows_by_address.ts";
import { describeRow } from "../unconfirmed.ts";

/** A write that the system accepted and that is not verified yet. */
interface UnverifiedWrite {
  readonly position: number;
  outcome: typeof CREATED | typeof CHANGED | typeof UNCHANGED;
  /** The row that was there before; only a replace reads it. */
  previous?: Neighbor | undefined;
  /**
   * Nothing was written: Create found a row there, and for a replace Set found
   * none.
   */
  refusal?: NeighborError | undefined;
}

/** An entry that was deleted, after which Create found one there. */
interface Blocked {
  readonly write: UnverifiedWrite;
  readonly error: NeighborError;
}

/** The writes of a part of a list. */
export class WindowsBatch {
  readonly #calls: WindowsCalls;
  readonly #alias: (luid: bigint) => string | null;
  readonly #entries: EntryList;
  readonly #from: number;
  readonly #to: number;
  readonly #confirm: boolean;
  /** The keys of the part's addresses, made when the first table is read. */
  #wanted: ReadonlySet<AddressKey> | undefined;
  /** The last reading of each family, or its error. */
  readonly #tables = new Map<AddressFamily, RowsByAddress | NeighborError>();
  /** The writes to verify, by {@linkcode #entryKey}. */
  readonly #unverified = new Map<string, UnverifiedWrite>();
  /** The other entries written since the tables were read. */
  readonly #overwritten = new Set<string>();

  /** `alias` looks up names; `confirm` is that of the backend's `write`. */
  constructor(
    calls: WindowsCalls,
    alias: (luid: bigint) => string | null,
    entries: EntryList,
    from: number,
    to: number,
    confirm: boolean,
  ) {
    this.#calls = calls;
    this.#alias = alias;
    this.#entries = entries;
    this.#from = from;
    this.#to = to;
    this.#confirm = confirm;
  }

  /** Makes the pending writes; the outcomes go into the list. */
  write(): void {
    const { verbs, outcomes } = this.#entries;
    for (let position = this.#from; position < this.#to; position++) {
      const verb = verbs[position]!;
      if (verb === NONE || outcomes[position] !== PENDING) continue;
      this.#leave(position);
      if (verb === REPLACE) this.#replace(position);
      else if (verb === DELETE) this.#delete(position);
      else this.#setOrCreate(position, verb === SET ? SET_CALL : CREATE_CALL);
    }
    this.#verify();
  }

  /** Verifies an earlier write of the same entry before it is overwritten. */
  #leave(position: number): void {
    if (this.#unverified.size + this.#overwritten.size === 0) return;
    const key = this.#entryKey(position);
    if (this.#unverified.has(key)) this.#verify();
    if (!this.#overwritten.has(key)) return;
    this.#tables.clear();
    this.#overwritten.clear();
  }

  #delete(position: number): void {
    const entries = this.#entries;
    const error = this.#call(DELETE_CALL, position);
    if (error === undefined) {
      entries.outcomes[position] = DELETED;
      const table = this.#tables.get(familyOf(entries, position));
      if (table instanceof RowsByAddress) table.empty(entries, position);
    } else entries.fail(position, error);
  }

  #setOrCreate(
    position: number,
    call: typeof SET_CALL | typeof CREATE_CALL,
  ): void {
    const entries = this.#entries;
    const outcome = call === CREATE_CALL ? CREATED : CHANGED;
    const error = this.#call(call, position);
    if (call === CREATE_CALL && error?.code === OPPOSITE[CREATE_CALL]) {
      // It may be the empty row of a deleted entry, which counts as none
      this.#verifyLater({ position, outcome, refusal: error });
    } else if (error !== undefined) entries.fail(position, error);
    else if (this.#confirm) this.#verifyLater({ position, outcome });
    else {
      entries.outcomes[position] = outcome;
      if (this.#tables.size === 0) return;
      this.#overwritten.add(this.#entryKey(position));
    }
  }

  #replace(position: number): void {
    const entries = this.#entries;
    const family = familyOf(entries, position);
    if (!this.#tables.has(family)) this.#read([family]);
    const row = this.#row(position);
    if (row instanceof NeighborError) entries.fail(position, row);
    else if (isInSync(row, entries, position)) {
      this.#settle({ position, outcome: UNCHANGED, previous: row });
    } else this.#overwrite(position, row);
  }

  /** Sets the row that the last reading has, or creates one. */
  #overwrite(position: number, row: Neighbor | undefined): void {
    const wasThere = isThere(row);
    const previous = wasThere ? row : undefined;
    const [first, second] = wasThere
      ? [SET_CALL, CREATE_CALL] as const
      : [CREATE_CALL, SET_CALL] as const;
    let isCreated = !wasThere;
    let error = this.#call(first, position);
    let refusal: NeighborError | undefined;
    // The entry may have appeared or gone since the table was read
    if (error?.code === OPPOSITE[first]) {
      error = this.#call(second, position);
      // Setting an empty row counts as creating the entry
      isCreated = row !== undefined;
      // Create finds an entry and Set does not: Set may find permanent ones only
      if (error?.code === OPPOSITE[second]) {
        [refusal, error] = [error, undefined];
      }
    }
    if (error !== undefined) this.#entries.fail(position, error);
    else {
      const outcome = isCreated ? CREATED : CHANGED;
      this.#verifyLater({ position, outcome, previous, refusal });
    }
  }

  #verifyLater(write: UnverifiedWrite): void {
    this.#unverified.set(this.#entryKey(write.position), write);
  }

  /** Compares the unverified writes with the table. */
  #verify(): void {
    if (this.#unverified.size === 0) return;
    const all = [...this.#unverified.values()];
    this.#unverified.clear();
    this.#readOf(all);
    const dynamic: UnverifiedWrite[] = [];
    for (const write of all) {
      if (this.#isInTheWay(write)) dynamic.push(write);
      else this.#conclude(write);
    }
    this.#recreateAll(dynamic);
  }

  /**
   * Whether a row has to be deleted first: for a replace one that is still
   * dynamic or empty, for a create an empty one.
   */
  #isInTheWay({ position, refusal }: UnverifiedWrite): boolean {
    const row = this.#row(position);
    if (row === undefined || row instanceof NeighborError) return false;
    return this.#entries.verbs[position] === REPLACE
      ? row.state !== "permanent"
      : refusal !== undefined && isEmptyRow(row);
  }

  /** Deletes and creates the entries that are still dynamic or empty. */
  #recreateAll(dynamic: readonly UnverifiedWrite[]): void {
    const recreated: UnverifiedWrite[] = [];
    const blocked: Blocked[] = [];
    for (const write of dynamic) this.#recreate(write, recreated, blocked);
    this.#readOf(blocked.map(({ write }) => write));
    for (const one of blocked) {
      if (this.#unblock(one)) recreated.push(one.write);
    }
    this.#readOf(recreated);
    for (const write of recreated) this.#conclude(write);
  }

  /**
   * Deletes and creates. A dynamic entry cannot be written back, so an error
   * says what has become of it.
   */
  #recreate(
    write: UnverifiedWrite,
    recreated: UnverifiedWrite[],
    blocked: Blocked[],
  ): void {
    const entries = this.#entries;
    const { position } = write;
    const after = this.#row(position) as Neighbor;
    // A row that has our address was made by Set; any other was there before
    const isOurs =
      after.linkLayerAddress === entries.linkLayerAddress(position);
    // An empty row counts as none; a rollback of what fails half-way needs it
    if (isEmptyRow(after)) entries.previous.set(position, after);
    else if (!isOurs) write.previous ??= after;
    write.outcome = write.previous === undefined ? CREATED : CHANGED;
    write.refusal = undefined;
    const deleted = this.#call(DELETE_CALL, position);
    if (deleted !== undefined && deleted.code !== "NOT_FOUND") {
      const left = `the entry now has ${describeRow(after)}`;
      entries.fail(position, withNote(deleted, left));
      return;
    }
    const error = this.#call(CREATE_CALL, position);
    if (error === undefined) {
      recreated.push(write);
      return;
    }
    const left =
      `the entry that was there (${describeRow(write.previous ?? after)}) ` +
      (deleted === undefined ? "has been deleted" : "went by itself");
    const noted = withNote(error, left);
    if (error.code === "ALREADY_EXISTS") blocked.push({ write, error: noted });
    else entries.fail(position, noted);
  }

  /** If the deleted row stays as an empty one, Create is refused: tries Set. */
  #unblock({ write: { position }, error }: Blocked): boolean {
    const row = this.#row(position);
    const isEmpty = row !== undefined && !(row instanceof NeighborError) &&
      isEmptyRow(row);
    const isSet = isEmpty && this.#call(SET_CALL, position) === undefined;
    if (!isSet) this.#entries.fail(position, error);
    return isSet;
  }

  /** Sets the outcome of an entry by the last reading of the table. */
  #conclude(write: UnverifiedWrite): void {
    const entries = this.#entries;
    const { position, refusal } = write;
    const row = this.#row(position);
    if (refusal !== undefined) {
      // Without the table a replace cannot go on; a create was refused anyway
      const isUnread = row instanceof NeighborError &&
        entries.verbs[position] === REPLACE;
      entries.fail(position, isUnread ? row : refusal);
    } else if (row instanceof NeighborError) {
      entries.fail(position, unverified(entries, position, row), UNKNOWN);
    } else if (isConfirmed(entries, position, row)) this.#settle(write);
    else entries.fail(position, this.#unconfirmed(position, row));
  }

  /** The error of a write that the table does not show. */
  #unconfirmed(position: number, row: Neighbor | undefined): NeighborError {
    const entries = this.#entries;
    const isGone = row === undefined &&
      !this.#calls.interfaces.exists(entries.on(position));
    return isGone
      ? interfaceGone(entries, position)
      : notAsAsked(entries, position, row);
  }

  #settle({ position, outcome, previous }: UnverifiedWrite): void {
    const entries = this.#entries;
    entries.outcomes[position] = outcome;
    // A row that went by itself is not what a created entry replaced
    if (previous === undefined || outcome === CREATED) {
      entries.previous.delete(position);
    } else entries.previous.set(position, previous);
  }

  /** Makes a call; returns its error. */
  #call(operation: WriteCall, position: number): NeighborError | undefined {
    try {
      this.#calls.write(operation, this.#entries, position);
    } catch (error) {
      if (error instanceof NeighborError) return error;
      throw error;
    }
  }

  #readOf(all: readonly UnverifiedWrite[]): void {
    this.#read(
      new Set(all.map(({ position }) => familyOf(this.#entries, position))),
    );
  }

  #read(families: Iterable<AddressFamily>): void {
    for (const family of families) {
      const rows = new RowsByAddress(
        this.#wanted ??= addressKeys(this.#entries, this.#from, this.#to),
      );
      try {
        this.#calls.scan({ ...WHOLE, family }, rows, this.#alias);
        this.#tables.set(family, rows);
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        this.#tables.set(family, error);
      }
    }
  }

  /** The row in the last reading, or the error of that reading. */
  #row(position: number): Neighbor | NeighborError | undefined {
    const entries = this.#entries;
    const table = this.#tables.get(familyOf(entries, position))!;
    return table instanceof NeighborError
      ? withEntry(table, entries.given[position])
      : table.get(entries, position);
  }

  #entryKey(position: number): string {
    const entries = this.#entries;
    const key = addressKey(entries, position);
    // An IPv6 key may consist of digits, as the number of an IPv4 key does
    return `${typeof key} ${key}%${entries.on(position).key}`;
  }
}

/** Every neighbor of a family. */
const WHOLE = { on: null, proxy: false, given: undefined };

const SET_CALL = "SetIpNetEntry2";
const CREATE_CALL = "CreateIpNetEntry2";
const DELETE_CALL = "DeleteIpNetEntry2";

/** The error by which each call says that the other one is needed. */
const OPPOSITE: Readonly<
  Record<typeof SET_CALL | typeof CREATE_CALL, NeighborErrorCode>
> = {
  [SET_CALL]: "NOT_FOUND",
  [CREATE_CALL]: "ALREADY_EXISTS",
};

function familyOf(entries: EntryList, position: number): AddressFamily {
  return entries.isIpv4(position) ? "ipv4" : "ipv6";
}

/**
 * The state is not compared for a set: what Set makes of it is not documented.
 */
function isConfirmed(
  entries: EntryList,
  position: number,
  row: Neighbor | undefined,
): boolean {
  if (entries.verbs[position] !== SET) return isInSync(row, entries, position);
  return row?.linkLayerAddress === entries.linkLayerAddress(position);
}
