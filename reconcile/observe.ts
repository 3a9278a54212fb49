/**
 * Observes the table: binds the desired entries to interfaces, and finds the
 * row of each and the other rows on those interfaces.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { RawRow, RowVisitor } from "../ffi/raw_row.ts";
import { bindAll, bindingError, ruleError } from "../ffi/bind.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { hasProtocol } from "../ffi/parse/change.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { keyOfOctets } from "../ffi/address_key.ts";
import type { AddressIndex } from "./address_index.ts";
import { type DesiredIndex, indexDesired } from "./desired.ts";

/** There is no row of the entry's address and interface. */
export const ABSENT = 0;
/** The row is permanent and has the desired link-layer address and protocol. */
export const IN_SYNC = 1;
/** The row is permanent and has another link-layer address or protocol. */
export const CONFLICTING = 2;
/** The row is not permanent. */
export const DYNAMIC = 3;

/** How the row of each entry compares with it, by the entry's position. */
export interface Standing {
  /** `ABSENT`, `IN_SYNC`, `CONFLICTING` or `DYNAMIC`. */
  readonly standing: Uint8Array;
  /** The row; `undefined` where there is none. */
  readonly current: readonly (Neighbor | undefined)[];
}

/** The desired entries compared with the table. */
export interface Observation extends Standing {
  readonly positions: AddressIndex;
  /** Rows of no entry, on the interfaces that entries name; with `withOthers`. */
  readonly others: readonly Neighbor[];
  /** Entries whose interface is missing or cannot have them, with the error. */
  readonly refusals: ReadonlyMap<number, NeighborError>;
}

/** Looks up the interfaces of the entries, and indexes the entries by them. */
export function bindDesired(
  backend: Backend,
  entries: EntryList,
): DesiredIndex {
  bindAll(backend, entries);
  const ids = entries.bound.map((one) => one?.key);
  return indexDesired(entries, ids);
}

/** Reads the table and compares the entries with it. */
export function observe(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
  { withOthers, verifyAbsent = false }: {
    readonly withOthers: boolean;
    /** Looks up entries that seem absent, where a scan may lack rows. */
    readonly verifyAbsent?: boolean;
  },
): Observation {
  const rows = new ObservedRows(entries, positions, withOthers);
  scanFor(backend, entries, rows);
  const { standing, current } = rows;
  const refusals = new Map<number, NeighborError>();
  // The rules depend on the interface, the family, the length of the
  // link-layer address and whether there is a protocol, so they are checked
  // once per combination
  const allowed = new Set<number>();
  for (let i = 0; i < entries.length; i++) {
    const error = bindingError(entries, i);
    if (error !== undefined) {
      refusals.set(i, error);
      continue;
    }
    if (standing[i] === ABSENT && verifyAbsent && !backend.isSnapshot) {
      const row = backend.read(entries, i);
      if (row !== undefined) rows.take(i, row);
    }
    if (standing[i] === IN_SYNC) continue;
    // The length is at most 32; the bit 64 is IPv4, the bit 128 a protocol
    const kind = 256 * entries.interfaceOf[i]! +
      (entries.protocols[i] === 0 ? 0 : 128) +
      (entries.isIpv4(i) ? 64 : 0) + entries.linkLayerLengths[i]!;
    if (allowed.has(kind)) continue;
    const rule = ruleError(backend, entries, i);
    if (rule === undefined) allowed.add(kind);
    else refusals.set(i, rule);
  }
  const { others } = rows;
  return { positions, standing, current, others, refusals };
}

/** Compares the entries with the table as it is now. */
export function readStanding(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
): Standing {
  const rows = new ObservedRows(entries, positions, false);
  scanFor(backend, entries, rows);
  return rows;
}

/** Scans the one interface of the entries, or all where they name several. */
function scanFor(
  backend: Backend,
  entries: EntryList,
  rows: ObservedRows,
): void {
  const bound = entries.bound.filter((one) => one !== undefined);
  const [on] = bound;
  if (on === undefined) return;
  const isSole = bound.every(({ key }) => key === on.key);
  for (const family of ["ipv4", "ipv6"] as const) {
    backend.scan({
      family,
      on: isSole ? on : null,
      proxy: false,
      mayRepeat: true,
      given: undefined,
    }, rows);
  }
}

/**
 * Compares raw rows with the entries. Only rows that a caller may read become
 * objects. Where a scan returns a row twice, the last one counts.
 */
class ObservedRows implements RowVisitor, Standing {
  readonly #entries: EntryList;
  readonly #positions: AddressIndex;
  readonly #withOthers: boolean;
  readonly #others: Map<string, Neighbor> = new Map();
  readonly standing: Uint8Array;
  readonly current: (Neighbor | undefined)[];

  constructor(
    entries: EntryList,
    positions: AddressIndex,
    withOthers: boolean,
  ) {
    this.#entries = entries;
    this.#positions = positions;
    this.#withOthers = withOthers;
    this.standing = new Uint8Array(entries.length);
    this.current = new Array(entries.length).fill(undefined);
  }

  get others(): readonly Neighbor[] {
    return [...this.#others.values()];
  }

  /** Nothing to reset: a scan that starts again overwrites what it returned. */
  begin(): void {}

  row(row: RawRow): void {
    if (row.isProxy) return;
    const { interfaceKey, octets, addressStart, addressEnd } = row;
    const key = keyOfOctets(octets, addressStart, addressEnd);
    const position = this.#positions.find(interfaceKey, key);
    if (position >= 0) {
      const neighbor = row.neighbor();
      if (isEmptyRow(neighbor)) return;
      this.current[position] = neighbor;
      const isSame = hasProtocol(neighbor, this.#entries, position) &&
        this.#entries.hasLinkLayerAddress(
          position,
          octets,
          row.linkLayerStart,
          row.linkLayerEnd,
        );
      this.standing[position] = standingOf(row, isSame);
    } else if (this.#withOthers && this.#positions.isOn(interfaceKey)) {
      // An IPv6 key may consist of digits, as the number of an IPv4 key does
      const name = `${interfaceKey} ${typeof key} ${key}`;
      this.#others.set(name, row.neighbor());
    }
  }

  /** Records a row that a look-up has found. */
  take(position: number, row: Neighbor): void {
    const isSame = hasProtocol(row, this.#entries, position) &&
      row.linkLayerAddress === this.#entries.linkLayerAddress(position);
    this.current[position] = row;
    this.standing[position] = standingOf(row, isSame);
  }
}

/** The standing of a row; `isSame` where it has what is desired. */
function standingOf({ state }: Pick<RawRow, "state">, isSame: boolean): number {
  if (state !== "permanent") return DYNAMIC;
  return isSame ? IN_SYNC : CONFLICTING;
}
