/**
 * Writing entries, one call after the other: Windows has nothing else. What is
 * read to decide and to verify is read from the whole table, at once and for all
 * entries: GetIpNetEntry2 is said to ask the wire for an entry that is not
 * there, and then it waits.
 *
 * No single call makes an entry so whatever is there, and what Set makes of a
 * dynamic entry is not documented. So a replace looks, acts, and looks again.
 *
 * @module
 */

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
import { isEmptyRow } from "../row_difference.ts";
import {
  NeighborError,
  type NeighborErrorCode,
  withEntry,
  withNote,
} from "../types/error.ts";
import type { AddressFamily, Neighbor } from "../types/neighbor.ts";
import type { WindowsCalls, WriteCall } from "./calls.ts";
import {
  describeRow,
  interfaceGone,
  unconfirmed,
  unverified,
} from "./batch_errors.ts";
import { addressKey, addressKeys, RowsByAddress } from "./rows_by_address.ts";

/** A write that the system took and the table has yet to show. */
interface UnverifiedWrite {
  readonly position: number;
  outcome: typeof CREATED | typeof CHANGED | typeof UNCHANGED;
  /** What stood there before; only a replace looks. */
  previous?: Neighbor | undefined;
  /** Why a replace could neither set nor create. */
  refusal?: NeighborError | undefined;
}

/** An entry that was deleted and whose creation was refused: one is there. */
interface Blocked {
  readonly write: UnverifiedWrite;
  readonly error: NeighborError;
}

/** The writes of a list. */
export class WindowsBatch {
  readonly #calls: WindowsCalls;
  readonly #alias: (luid: bigint) => string | null;
  readonly #entries: EntryList;
  readonly #confirm: boolean;
  #from = 0;
  #to = 0;
  /** The addresses from there to there, once a table is read. */
  #wanted: ReadonlySet<string> | undefined;
  /** The last reading of each family, or why it failed. */
  readonly #tables = new Map<AddressFamily, RowsByAddress | NeighborError>();
  /** What is to be looked for in the table, by {@linkcode #entryKey}. */
  readonly #unverified = new Map<string, UnverifiedWrite>();
  /** What else was written since the tables were read. */
  readonly #overwritten = new Set<string>();

  /** `alias` names interfaces; `confirm` is that of the backend's `write`. */
  constructor(
    calls: WindowsCalls,
    alias: (luid: bigint) => string | null,
    entries: EntryList,
    confirm: boolean,
  ) {
    this.#calls = calls;
    this.#alias = alias;
    this.#entries = entries;
    this.#confirm = confirm;
  }

  /** Makes those that are pending; the outcomes go into the list. */
  write(from: number, to: number): void {
    const { verbs, outcomes } = this.#entries;
    this.#from = from;
    this.#to = to;
    for (let position = from; position < to; position++) {
      const verb = verbs[position]!;
      if (verb === NONE || outcomes[position] !== PENDING) continue;
      this.#leave(position);
      if (verb === REPLACE) this.#replace(position);
      else if (verb === DELETE) this.#delete(position);
      else this.#setOrCreate(position, verb === SET ? SET_CALL : CREATE_CALL);
    }
    this.#verify();
  }

  /** What was written of the same entry is settled before it is written over. */
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
    if (error !== undefined) return entries.fail(position, error);
    entries.outcomes[position] = DELETED;
    const table = this.#tables.get(familyOf(entries, position));
    if (table instanceof RowsByAddress) table.empty(entries, position);
  }

  #setOrCreate(
    position: number,
    call: typeof SET_CALL | typeof CREATE_CALL,
  ): void {
    const entries = this.#entries;
    const error = this.#call(call, position);
    if (error !== undefined) return entries.fail(position, error);
    const outcome = call === CREATE_CALL ? CREATED : CHANGED;
    if (this.#confirm) return this.#verifyLater({ position, outcome });
    entries.outcomes[position] = outcome;
    if (this.#tables.size > 0) this.#overwritten.add(this.#entryKey(position));
  }

  #replace(position: number): void {
    const entries = this.#entries;
    const family = familyOf(entries, position);
    if (!this.#tables.has(family)) this.#read([family]);
    const row = this.#row(position);
    if (row instanceof NeighborError) return entries.fail(position, row);
    if (isInSync(row, entries, position)) {
      return this.#settle({ position, outcome: UNCHANGED, previous: row });
    }
    const isThere = row !== undefined && !isEmptyRow(row);
    const previous = isThere ? row : undefined;
    const [first, second] = isThere
      ? [SET_CALL, CREATE_CALL] as const
      : [CREATE_CALL, SET_CALL] as const;
    let error = this.#call(first, position);
    if (error === undefined) {
      const outcome = isThere ? CHANGED : CREATED;
      return this.#verifyLater({ position, outcome, previous });
    }
    // An entry may have come or gone since the table was read
    if (error.code !== OPPOSITE[first]) return entries.fail(position, error);
    error = this.#call(second, position);
    if (error === undefined) {
      // Over what stays of a deleted row it was set, and so it was created
      const isCreated = isThere || row !== undefined;
      const outcome = isCreated ? CREATED : CHANGED;
      return this.#verifyLater({ position, outcome, previous });
    }
    if (error.code !== OPPOSITE[second]) return entries.fail(position, error);
    // There for Create and not for Set, which may know permanent entries only
    this.#verifyLater({ position, outcome: CHANGED, previous, refusal: error });
  }

  #verifyLater(write: UnverifiedWrite): void {
    this.#unverified.set(this.#entryKey(write.position), write);
  }

  /** Compares what was written with the table. */
  #verify(): void {
    if (this.#unverified.size === 0) return;
    const all = [...this.#unverified.values()];
    this.#unverified.clear();
    this.#readOf(all);
    const dynamic: UnverifiedWrite[] = [];
    for (const write of all) {
      const isReplace = this.#entries.verbs[write.position] === REPLACE;
      if (isReplace && isDynamic(this.#row(write.position))) {
        dynamic.push(write);
      } else this.#conclude(write);
    }
    if (dynamic.length > 0) this.#recreateAll(dynamic);
  }

  /** Puts new entries in the place of those that are still dynamic, or empty. */
  #recreateAll(dynamic: readonly UnverifiedWrite[]): void {
    const blocked: Blocked[] = [];
    const recreated = dynamic.filter((write) => this.#recreate(write, blocked));
    if (blocked.length > 0) {
      this.#readOf(blocked.map(({ write }) => write));
      for (const one of blocked) {
        if (this.#unblock(one)) recreated.push(one.write);
      }
    }
    if (recreated.length === 0) return;
    this.#readOf(recreated);
    for (const write of recreated) this.#conclude(write);
  }

  /**
   * Deletes and creates. What was there cannot be written, so a refusal says what
   * has become of it.
   */
  #recreate(write: UnverifiedWrite, blocked: Blocked[]): boolean {
    const entries = this.#entries;
    const { position } = write;
    const after = this.#row(position) as Neighbor;
    // It may have come since the first look; with our address Set has made it
    const isOurs =
      after.linkLayerAddress === entries.linkLayerAddress(position);
    if (!isOurs && !isEmptyRow(after)) write.previous ??= after;
    write.outcome = write.previous === undefined ? CREATED : CHANGED;
    write.refusal = undefined;
    const deleted = this.#call(DELETE_CALL, position);
    if (deleted !== undefined && deleted.code !== "NOT_FOUND") {
      const left = `the entry now has ${describeRow(after)}`;
      entries.fail(position, withNote(deleted, left));
      return false;
    }
    const error = this.#call(CREATE_CALL, position);
    if (error === undefined) return true;
    const left =
      `the entry that was there (${describeRow(write.previous ?? after)}) ` +
      (deleted === undefined ? "has been deleted" : "went by itself");
    const noted = withNote(error, left);
    if (error.code === "ALREADY_EXISTS") blocked.push({ write, error: noted });
    else entries.fail(position, noted);
    return false;
  }

  /** Where the deleted row stays as an empty one, Create finds it: Set writes it. */
  #unblock({ write: { position }, error }: Blocked): boolean {
    const row = this.#row(position);
    const isEmpty = row !== undefined && !(row instanceof NeighborError) &&
      isEmptyRow(row);
    if (isEmpty && this.#call(SET_CALL, position) === undefined) return true;
    this.#entries.fail(position, error);
    return false;
  }

  /** Says what became of an entry, by the table as it was last read. */
  #conclude(write: UnverifiedWrite): void {
    const entries = this.#entries;
    const { position, refusal } = write;
    const row = this.#row(position);
    if (refusal !== undefined) {
      // Nothing was written; a table that cannot be read keeps us from more
      entries.fail(position, row instanceof NeighborError ? row : refusal);
    } else if (row instanceof NeighborError) {
      entries.fail(position, unverified(entries, position, row), UNKNOWN);
    } else if (isConfirmed(entries, position, row)) this.#settle(write);
    else entries.fail(position, this.#unconfirmed(position, row));
  }

  /** A row that is not there may have gone with its interface. */
  #unconfirmed(position: number, row: Neighbor | undefined): NeighborError {
    const entries = this.#entries;
    const isGone = row === undefined &&
      !this.#calls.interfaces.exists(entries.on(position));
    return isGone
      ? interfaceGone(entries, position)
      : unconfirmed(entries, position, row);
  }

  #settle({ position, outcome, previous }: UnverifiedWrite): void {
    const entries = this.#entries;
    entries.outcomes[position] = outcome;
    // What was there and went by itself is none of what was created
    if (previous === undefined || outcome === CREATED) return;
    entries.previous.set(position, previous);
  }

  /** A refusal is answered; anything else is thrown. */
  #call(operation: WriteCall, position: number): NeighborError | undefined {
    try {
      this.#calls.write(operation, this.#entries, position);
      return undefined;
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

  /** The row as it was last read, or why it could not be. */
  #row(position: number): Neighbor | NeighborError | undefined {
    const entries = this.#entries;
    const table = this.#tables.get(familyOf(entries, position))!;
    return table instanceof NeighborError
      ? withEntry(table, entries.given[position])
      : table.get(entries, position);
  }

  #entryKey(position: number): string {
    const entries = this.#entries;
    return `${addressKey(entries, position)}%${entries.on(position).key}`;
  }
}

/** Every neighbor of a family. */
const WHOLE = { on: null, proxy: false, mayRepeat: false, given: undefined };

const SET_CALL = "SetIpNetEntry2";
const CREATE_CALL = "CreateIpNetEntry2";
const DELETE_CALL = "DeleteIpNetEntry2";

/** How a call says that the other one is the right one. */
const OPPOSITE: Readonly<
  Record<typeof SET_CALL | typeof CREATE_CALL, NeighborErrorCode>
> = {
  [SET_CALL]: "NOT_FOUND",
  [CREATE_CALL]: "ALREADY_EXISTS",
};

function familyOf(entries: EntryList, position: number): AddressFamily {
  return entries.isIpv4(position) ? "ipv4" : "ipv6";
}

function isDynamic(row: Neighbor | NeighborError | undefined): boolean {
  return row !== undefined && !(row instanceof NeighborError) &&
    row.state !== "permanent";
}

/** What Set makes of the state is not documented. */
function isConfirmed(
  entries: EntryList,
  position: number,
  row: Neighbor | undefined,
): boolean {
  if (entries.verbs[position] !== SET) return isInSync(row, entries, position);
  return row?.linkLayerAddress === entries.linkLayerAddress(position);
}
