/**
 * `neighbor flush`: removes rows, or shows which it would remove. Where that is
 * none it says which rows match and are kept, and why.
 *
 * @module
 */

import { memo } from "../ffi/memo.ts";
import { type KeepReason, parseFlush } from "../ffi/parse/flush.ts";
import type { SystemTable } from "../ffi/system_table.ts";
import type { FlushFilter } from "../ffi/types/change.ts";
import { type RunCommand, UsageError } from "./args.ts";
import { tableOf } from "./neighbor_table.ts";
import type { Whole } from "./output/answer.ts";
import { sortRows } from "./output/sorted_rows.ts";
import { filterOf } from "./values.ts";

/** Removes the rows that match the operands and options. */
export async function flush(
  table: SystemTable,
  command: RunCommand,
): Promise<Whole> {
  const filter = filterOf(command);
  const { flags } = command;
  const isAll = flags.has("all");
  const isFilter = Object.keys(filter).length > 0;
  if (isFilter === isAll) {
    throw new UsageError(
      isAll
        ? "flush takes a filter or --all, not both"
        : "flush needs a filter, or --all for every entry",
    );
  }
  const given = {
    ...filter,
    ...(flags.has("permanent") && { permanent: true }),
  };
  const isDry = flags.has("dry-run");
  const neighbors = isDry ? table.previewFlush(given) : table.flush(given);
  const kept = neighbors.length === 0 ? countKept(table, given) : undefined;
  const count = `${isDry ? "Would remove" : "Removed"} ${neighbors.length}`;
  const rest = flags.has("permanent")
    ? ""
    : "; permanent entries only go with --permanent";
  return {
    json: {
      result: isDry ? "dry-run" : "flushed",
      neighbors,
      ...(kept && { kept }),
    },
    text: await tableOf(sortRows(neighbors), command),
    note: kept === undefined
      ? count + rest
      : `${count}: ${keptWords(kept, isAll)}`,
  };
}

/** How many rows match and are kept, by the reason. */
type Kept = Record<KeepReason, number>;

function countKept(table: SystemTable, given: FlushFilter): Kept {
  const { keepReason } = parseFlush(given);
  const { permanent: _, ...filter } = given;
  const broadcast = memo((index: number) => table.backend().broadcast(index));
  const kept: Kept = { permanent: 0, noarp: 0, multicast: 0, broadcast: 0 };
  for (const row of table.read(filter)) {
    const reason = keepReason(row, broadcast(row.interfaceIndex));
    if (reason !== undefined && reason !== "absent") kept[reason]++;
  }
  return kept;
}

/** Which rows are kept, and the option that removes them, if there is one. */
function keptWords(kept: Kept, isAll: boolean): string {
  const options = {
    permanent: "--permanent",
    // A filter and --all are refused together
    noarp: isAll ? "--state noarp in place of --all" : "--state noarp",
  } as const;
  const words = Object.entries(kept).filter(([, count]) => count > 0)
    .map(([reason, count]) => {
      const option = options[reason as keyof typeof options];
      const them = count === 1 ? "it" : "them";
      const hint = option === undefined ? "" : ` (${option} removes ${them})`;
      return `${count} ${reason}${hint}`;
    });
  return words.length === 0 ? "no row matches" : `kept ${words.join(", ")}`;
}
