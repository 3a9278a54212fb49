/**
 * Which row stands in the place of which desired entry.
 *
 * @module
 */

import { keyOfText } from "./address_index.ts";
import {
  type Desired,
  type DesiredEntries,
  isSo,
  soleInterface,
} from "./desired.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * What is where an entry shall be: nothing, the entry itself, a permanent row
 * of another link-layer address, or a row that is not permanent.
 */
export type Standing = "absent" | "pinned" | "permanent" | "dynamic";

/** Rows beside desired entries. */
export interface Matched {
  /** What stands in the place of each entry, by its position. */
  readonly current: readonly (Neighbor | undefined)[];
  /** The same in a word. */
  readonly standing: readonly Standing[];
  /** What else is on their interfaces; empty where nobody asked. */
  readonly others: readonly Neighbor[];
}

/** Sorts rows by what is desired. Pure. */
export function match(
  { all, positions }: DesiredEntries,
  rows: readonly Neighbor[],
): Matched {
  const current = new Array<Neighbor | undefined>(all.length).fill(undefined);
  const others: Neighbor[] = [];
  for (const row of rows) {
    const { interfaceIndex } = row;
    if (!positions.isOn(interfaceIndex) || isProxy(row)) continue;
    const position = positions.find(interfaceIndex, keyOfText(row.address));
    if (position < 0) others.push(row);
    else current[position] = row;
  }
  return { current, standing: standingsOf(current, all), others };
}

/** Each row in a word. */
export function standingsOf(
  current: readonly (Neighbor | undefined)[],
  all: readonly Desired[],
): Standing[] {
  const standing: Standing[] = [];
  for (let i = 0; i < all.length; i++) {
    standing.push(standingOf(current[i], all[i]!));
  }
  return standing;
}

/** Answers for an address, and so is no neighbor. */
function isProxy(row: Neighbor): boolean {
  return row.flags !== undefined && row.flags.includes("proxy");
}

function standingOf(row: Neighbor | undefined, one: Desired): Standing {
  if (row === undefined) return "absent";
  if (row.state !== "permanent") return "dynamic";
  return isSo(row, one) ? "pinned" : "permanent";
}

/** Reads a table for desired entries, and may lose some, as a list may. */
export interface Reader {
  match(withOthers: boolean): Matched;
  /** What the match says in words. */
  standing(): readonly Standing[];
}

/**
 * A table that finds entries in what the system answers itself: nothing becomes
 * a row that is none of theirs, or that nobody looks at.
 */
export interface Matching {
  matcher(desired: DesiredEntries): {
    match(): Matched;
    standing(): readonly Standing[];
  };
}

/** How the entries are read from a table. */
export function readerOf(
  table: NeighborTable & Partial<Matching>,
  desired: DesiredEntries,
): Reader {
  const matchList = () => match(desired, listOn(table, desired));
  const matcher = desired.all.length > 0 ? table.matcher?.(desired) : undefined;
  return {
    match: (withOthers) =>
      matcher === undefined || withOthers ? matchList() : matcher.match(),
    standing: () => matcher?.standing() ?? matchList().standing,
  };
}

/** The rows on the interfaces named. */
function listOn(table: NeighborTable, desired: DesiredEntries): Neighbor[] {
  if (desired.all.length === 0) return [];
  const interfaceIndex = soleInterface(desired);
  // One interface is what the system can be asked for
  if (interfaceIndex === 0) return table.list();
  try {
    return table.list({ interfaceIndex });
  } catch (error) {
    const isGone = error instanceof NeighborError &&
      error.code === "INTERFACE_NOT_FOUND";
    if (isGone) return [];
    throw error;
  }
}
