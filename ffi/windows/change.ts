/**
 * A batch of changes: one call after the other, as Windows has nothing else,
 * over the table's one reused row.
 *
 * @module
 */

import { checkObject } from "../entry.ts";
import { invalid, NeighborError, quote } from "../error.ts";
import type { ChangeResult, NeighborChange, Replacement } from "../change.ts";
import type { NeighborEntry, NeighborKey } from "../neighbor.ts";

/** The verbs of a table that a batch is made of. */
export interface Changer {
  set(entry: NeighborEntry): void;
  create(entry: NeighborEntry): void;
  replace(entry: NeighborEntry): Replacement;
  delete(key: NeighborKey): void;
}

/** Makes the changes in order; one that is refused does not stop the others. */
export function makeChanges(
  table: Changer,
  changes: readonly NeighborChange[],
): ChangeResult[] {
  if (!Array.isArray(changes)) throw invalid("The changes are not an array");
  return changes.map((change) => {
    try {
      return { outcome: "done", result: makeChange(table, change) };
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      // Without the library or the permission, every other one ends like this
      if (error.code === "PERMISSION_REQUIRED") throw error;
      return { outcome: "refused", error };
    }
  });
}

function makeChange(
  table: Changer,
  change: NeighborChange,
): "deleted" | Replacement {
  checkObject("change", change);
  switch (change.verb) {
    case "set":
      table.set(change);
      return "changed";
    case "add":
      table.create(change);
      return "created";
    case "replace":
      return table.replace(change);
    case "delete":
      table.delete(change);
      return "deleted";
    default: {
      const { verb } = change as { verb: unknown };
      throw invalid(
        `The verb ${quote(String(verb))} is none of set, add, replace, delete`,
        change,
      );
    }
  }
}
