/**
 * Removing many rows. Whether FlushIpNetTable2 spares permanent rows is not
 * documented, so it is called only where they are to go, and what it leaves is
 * removed one by one; everything else is removed one by one from the start.
 *
 * @module
 */

import { NeighborError } from "../types/error.ts";
import {
  keyOfRow,
  type ParsedFlush,
  parseFlush,
  removedOf,
} from "../parse/flush.ts";
import type { FlushFilter } from "../types/change.ts";
import type { Neighbor, NeighborFilter } from "../types/neighbor.ts";
import { DONE } from "../parse/change.ts";
import type { WindowsCalls } from "./calls.ts";

/** Ethernet's broadcast address: such a row is the system's own. */
const BROADCAST = "ff:ff:ff:ff:ff:ff";

/** What a flush needs of a table to see its rows. */
export interface Lister {
  list(filter: NeighborFilter): Neighbor[];
}

/** The rows that the filter wants and may have. */
export function flushable(table: Lister, given: FlushFilter): Neighbor[] {
  const { mayGo } = parseFlush(given);
  const { permanent: _, ...filter } = given;
  return table.list(filter).filter((row) => mayGo(row, BROADCAST));
}

/** Removes them; answers with those that this removed. */
export function flush(
  table: Lister,
  open: () => WindowsCalls,
  given: FlushFilter,
): Neighbor[] {
  const rows = flushable(table, given);
  const calls = open();
  const { permanent: _, ...filter } = given;
  const parsed = parseFlush(given);
  if (
    rows.length === 0 || !isWhole(parsed, given) ||
    // It would take along the rows that are never to go
    table.list(filter).length !== rows.length
  ) return remove(calls, rows);
  const { families, interface: named } = parsed.filter;
  const index = named === null ? 0 : rows[0]!.interfaceIndex;
  for (const family of families) calls.flush(family, index, given);
  remove(calls, flushable(table, given));
  return rows;
}

/** Whether the filter is what FlushIpNetTable2 can be told, and all may go. */
function isWhole({ permanent }: ParsedFlush, given: FlushFilter): boolean {
  return permanent && given.state === undefined && given.subnet === undefined;
}

function remove(calls: WindowsCalls, rows: readonly Neighbor[]): Neighbor[] {
  return removedOf(
    rows,
    rows.map((row) => {
      const key = keyOfRow(row);
      try {
        calls.write("DeleteIpNetEntry2", key, calls.interfaces.target(key));
        return DONE.delete;
      } catch (error) {
        if (!(error instanceof NeighborError)) throw error;
        return { outcome: "refused", error };
      }
    }),
  );
}
