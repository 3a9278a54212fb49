/**
 * Counts rows by family, state and interface, and desired entries by how the
 * table agrees with them.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import type {
  AddressFamily,
  Neighbor,
  NeighborState,
} from "../ffi/types/neighbor.ts";
import type { AddressIndex } from "./address_index.ts";
import { ABSENT, CONFLICTING, IN_SYNC, observe } from "./observe.ts";

/** How many rows have a family, a state and an interface. */
export interface RowCount {
  readonly family: AddressFamily;
  readonly state: NeighborState;
  readonly interfaceAlias: string | null;
  readonly interfaceIndex: number;
  readonly entries: number;
}

/** Counts rows; sorted by interface, family and state. */
export function countRows(rows: Iterable<Neighbor>): RowCount[] {
  const counts = new Map<string, { row: Neighbor; entries: number }>();
  for (const row of rows) {
    const { family, state, interfaceIndex } = row;
    const key = `${family} ${state} ${interfaceIndex}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { row, entries: 1 });
    else count.entries++;
  }
  return Array.from(counts.values(), ({ row, entries }) => ({
    family: row.family,
    state: row.state,
    interfaceAlias: row.interfaceAlias,
    interfaceIndex: row.interfaceIndex,
    entries,
  })).sort((a, b) =>
    a.interfaceIndex - b.interfaceIndex || compare(a.family, b.family) ||
    compare(a.state, b.state)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** How many desired entries the table agrees with. */
export interface PinCount {
  /** The row is permanent, with the desired link-layer address and protocol. */
  readonly inSync: number;
  /** There is no row with a link-layer address, or no such interface. */
  readonly missing: number;
  /** The row has the desired link-layer address, but is not permanent. */
  readonly dynamic: number;
  /** The row has another link-layer address. */
  readonly conflicting: number;
  /** Permanent, with the desired link-layer address and another protocol. */
  readonly otherProtocol: number;
}

/** Reads the table, and counts bound entries. */
export function countPins(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
): PinCount {
  const options = { withOthers: false, verifyAbsent: true };
  const { standing, current } = observe(backend, entries, positions, options);
  const count = {
    ...{ inSync: 0, missing: 0, dynamic: 0, conflicting: 0 },
    otherProtocol: 0,
  };
  for (let i = 0; i < entries.length; i++) {
    const address = current[i]?.linkLayerAddress ?? null;
    if (standing[i] === IN_SYNC) count.inSync++;
    else if (standing[i] === ABSENT || address === null) count.missing++;
    else if (address !== entries.linkLayerAddress(i)) count.conflicting++;
    else if (standing[i] === CONFLICTING) count.otherProtocol++;
    else count.dynamic++;
  }
  return count;
}
