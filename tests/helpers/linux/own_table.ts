/**
 * A caller's own table over that of this computer.
 *
 * @module
 */

import { openNeighborTable } from "../../../mod.ts";
import { type OwnTable, ownTableOver } from "../own_table.ts";

/** A caller's own table, with counts of the calls of its methods. */
export function ownTable(): OwnTable {
  return ownTableOver(openNeighborTable());
}
