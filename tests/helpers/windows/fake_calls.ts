/**
 * Windows calls over a table in memory, for what is made of their answers: a
 * test says how the system treats dynamic and deleted rows, and what is refused.
 *
 * @module
 */

import type { RowVisitor } from "../../../ffi/raw_row.ts";
import type { EntryList } from "../../../ffi/entry_list.ts";
import { NeighborError } from "../../../ffi/types/error.ts";
import type { Neighbor } from "../../../ffi/types/neighbor.ts";
import {
  encodeEntry,
  rowOfZeroes,
  type TableFilter,
  type WindowsCalls,
  type WriteCall,
} from "../../../ffi/windows/calls.ts";
import { decodeRow, toNeighbor } from "../../../ffi/windows/row.ts";
import { WindowsRow } from "../../../ffi/windows/table_row.ts";

/** `NL_NEIGHBOR_STATE`. */
export const UNREACHABLE = 0;
export const INCOMPLETE = 1;
export const STALE = 4;
export const PERMANENT = 6;

/** The calls of a computer, and what was asked of it. */
export class FakeCalls {
  /** Each call by its name, a reading with its family. */
  readonly made: string[] = [];
  /** Whether Set leaves a dynamic row's state as it was, or does not know it. */
  onDynamic: "permanent" | "dynamic" | "refuse" = "permanent";
  /** Whether a deleted row stays, without an address, and Create finds it. */
  hasRemains = false;
  /** Octets that are kept of a link-layer address. */
  addressLength = 32;
  /** Answers in place of a call; the first that is for it is used up. */
  readonly answers: { readonly call: string; readonly code: Code | null }[] =
    [];
  /** Is called once, behind the next reading of the table. */
  afterRead: (() => void) | undefined;
  readonly #rows = new Map<string, DataView<ArrayBuffer>>();

  /** Whether the interfaces are still there. */
  isThere = true;
  readonly interfaces = { exists: () => this.isThere };

  /** As the calls of a loaded library. */
  get calls(): WindowsCalls {
    return this as unknown as WindowsCalls;
  }

  /** Puts an entry's row into the table. */
  seed(entries: EntryList, position: number, state: number): void {
    this.#put(entries, position, state);
  }

  /** Empties the table. */
  forget(): void {
    this.#rows.clear();
  }

  /** SetIpNetEntry2 and its like. */
  write(call: WriteCall, entries: EntryList, position: number): void {
    this.made.push(call);
    const answer = this.#answer(call);
    if (answer !== undefined) {
      if (answer !== null) throw refused(answer, call, entries, position);
      return;
    }
    const key = keyOf(entries, position);
    const state = this.#rows.get(key)?.getUint32(76, true);
    const isDynamic = state !== undefined && state !== PERMANENT;
    switch (call) {
      case "SetIpNetEntry2":
        if (state === undefined || (isDynamic && this.#isRefused(state))) {
          throw refused("NOT_FOUND", call, entries, position);
        }
        this.#put(
          entries,
          position,
          this.onDynamic === "dynamic" && state !== UNREACHABLE
            ? state
            : PERMANENT,
        );
        break;
      case "CreateIpNetEntry2":
        if (state !== undefined) {
          throw refused("ALREADY_EXISTS", call, entries, position);
        }
        this.#put(entries, position, PERMANENT);
        break;
      case "DeleteIpNetEntry2":
        if (state === undefined) {
          throw refused("NOT_FOUND", call, entries, position);
        }
        this.#rows.delete(key);
        if (this.hasRemains) this.#put(entries, position, UNREACHABLE, true);
    }
  }

  #isRefused(state: number): boolean {
    return this.onDynamic === "refuse" && state !== UNREACHABLE;
  }

  /** GetIpNetEntry2. */
  read(entries: EntryList, position: number): Neighbor | undefined {
    this.made.push("GetIpNetEntry2");
    const row = this.#rows.get(keyOf(entries, position));
    return row && toNeighbor(decodeRow(row), null);
  }

  /** GetIpNetTable2. */
  scan(
    { family, proxy }: TableFilter,
    visitor: RowVisitor,
    alias: (luid: bigint) => string | null,
  ): void {
    const call = `GetIpNetTable2 ${family}`;
    if (proxy) throw new Error("Windows has no proxy entries");
    this.made.push(call);
    const answer = this.#answer(call);
    if (answer) throw new NeighborError(answer, call, { operation: call });
    const rows = [...this.#rows.values()].filter((row) =>
      row.getUint16(0, true) === (family === "ipv4" ? 2 : 23)
    );
    const bytes = new Uint8Array(88 * rows.length);
    rows.forEach((row, i) => bytes.set(new Uint8Array(row.buffer), 88 * i));
    visitor.begin();
    const row = new WindowsRow(new DataView(bytes.buffer), alias);
    for (let i = 0; i < rows.length; i++) {
      row.read(i);
      visitor.row(row);
    }
    const after = this.afterRead;
    this.afterRead = undefined;
    after?.();
  }

  #answer(call: string): Code | null | undefined {
    const at = this.answers.findIndex((one) => one.call === call);
    return at < 0 ? undefined : this.answers.splice(at, 1)[0]!.code;
  }

  #put(
    entries: EntryList,
    position: number,
    state: number,
    isEmpty = false,
  ): void {
    const row = rowOfZeroes();
    encodeEntry(row, entries, position, isEmpty);
    // Rows have both
    const { index, luid } = entries.on(position);
    row.setUint32(28, index, true);
    row.setBigUint64(32, luid, true);
    const length = row.getUint32(72, true);
    row.setUint32(72, Math.min(length, this.addressLength), true);
    row.setUint32(76, state, true);
    this.#rows.set(keyOf(entries, position), row);
  }
}

type Code = ConstructorParameters<typeof NeighborError>[0];

function keyOf(entries: EntryList, position: number): string {
  return `${entries.address(position)}%${entries.on(position).index}`;
}

function refused(
  code: Code,
  operation: string,
  entries: EntryList,
  position: number,
): NeighborError {
  return new NeighborError(code, `${operation} answered ${code}`, {
    operation,
    entry: entries.given[position],
  });
}
