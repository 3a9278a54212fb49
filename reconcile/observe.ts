/**
 * The desired entries beside the table: which interface each is on, what stands
 * in its place, what else is there.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { RawRow, RowVisitor } from "../ffi/raw_row.ts";
import { bindAll, bindingError, ruleError } from "../ffi/bind.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { isEmptyRow } from "../ffi/row_difference.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { type AddressIndex, keyOfOctets } from "./address_index.ts";
import { type DesiredIndex, indexDesired } from "./desired.ts";

/** Nothing stands in the place of the entry. */
export const ABSENT = 0;
/** The entry itself. */
export const IN_SYNC = 1;
/** A permanent row of another link-layer address. */
export const CONFLICTING = 2;
/** A row that is not permanent. */
export const DYNAMIC = 3;

/** What stands in the place of each entry, by its position. */
export interface Standing {
  readonly standing: Uint8Array;
  /** The row; `undefined` where there is none. */
  readonly current: readonly (Neighbor | undefined)[];
}

/** What was read of a table. */
export interface Observation extends Standing {
  readonly positions: AddressIndex;
  /** The permanent and other rows on the interfaces named, where asked for. */
  readonly others: readonly Neighbor[];
  /** Why entries cannot be made: no such interface, or a rule of it. */
  readonly refusals: ReadonlyMap<number, NeighborError>;
}

/** Looks up the interfaces of the entries, and indexes those that are there. */
export function bindDesired(
  backend: Backend,
  entries: EntryList,
): DesiredIndex {
  bindAll(backend, entries);
  const ids = entries.bound.map((one) => one?.key);
  return indexDesired(entries, ids);
}

/** Reads what the entries are compared with, and compares. */
export function observe(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
  { withOthers, verifyAbsent = false }: {
    readonly withOthers: boolean;
    /** Looks up what seems to be absent, where a scan may lack rows. */
    readonly verifyAbsent?: boolean;
  },
): Observation {
  const rows = new ObservedRows(entries, positions, withOthers);
  scanFor(backend, entries, rows);
  const { standing, current } = rows;
  const refusals = new Map<number, NeighborError>();
  // The rules are about the interface, the family and the length of the address:
  // where they allow one entry, they allow every other of its kind
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
    const kind = 128 * entries.interfaceOf[i]! +
      (entries.isIpv4(i) ? 64 : 0) + entries.linkLayerLengths[i]!;
    if (allowed.has(kind)) continue;
    const rule = ruleError(backend, entries, i);
    if (rule === undefined) allowed.add(kind);
    else refusals.set(i, rule);
  }
  const { others } = rows;
  return { positions, standing, current, others, refusals };
}

/** What stands in the place of each entry now. */
export function readStanding(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
): Standing {
  const rows = new ObservedRows(entries, positions, false);
  scanFor(backend, entries, rows);
  return rows;
}

/** Scans the interfaces of the entries: the only one, or all there are. */
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
 * Compares octets with octets; only what somebody will look at becomes a row. Of
 * a row that is handed out twice the last reading holds.
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

  /** What an interrupted scan has handed out is read again, and replaced. */
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
      this.standing[position] = this.#standing(row, position);
    } else if (this.#withOthers && this.#positions.isOn(interfaceKey)) {
      this.#others.set(`${interfaceKey} ${key}`, row.neighbor());
    }
  }

  /** Takes a row that a look-up has found. */
  take(position: number, row: Neighbor): void {
    const isPermanent = row.state === "permanent";
    const isSame = row.linkLayerAddress ===
      this.#entries.linkLayerAddress(position);
    this.current[position] = row;
    this.standing[position] = !isPermanent
      ? DYNAMIC
      : isSame
      ? IN_SYNC
      : CONFLICTING;
  }

  #standing(row: RawRow, position: number): number {
    if (row.state !== "permanent") return DYNAMIC;
    const { octets, linkLayerStart, linkLayerEnd } = row;
    const isSame = this.#entries.hasLinkLayerAddress(
      position,
      octets,
      linkLayerStart,
      linkLayerEnd,
    );
    return isSame ? IN_SYNC : CONFLICTING;
  }
}
