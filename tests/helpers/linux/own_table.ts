/**
 * A caller's own table over that of this computer.
 *
 * @module
 */

import { openNeighborTable } from "../../../mod.ts";
import { type OwnTable, ownTableOver } from "../own_table.ts";

/** A table of one's own, and how often each of its methods was called. */
export function ownTable(): OwnTable {
  return ownTableOver(openNeighborTable());
}
