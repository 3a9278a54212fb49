/**
 * Reads the entries of an export: from the table, or from a pins file, which
 * needs no system call.
 *
 * @module
 */

import { parseFilter } from "../../ffi/parse/filter.ts";
import { formatLuid, type ParsedInterface } from "../../ffi/entry_list.ts";
import type { Neighbor, NeighborFilter } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { indexDesired } from "../../reconcile/desired.ts";
import { withComment } from "../output/comment.ts";
import { refuseFile } from "../output/refusal.ts";
import type { Warning } from "../output/warning.ts";
import { sortRows } from "../output/sorted_rows.ts";
import type { PinsFile } from "../pins/file.ts";
import type { Problem } from "../pins/lines.ts";
import { duplicateProblems } from "../pins/read.ts";
import { readRows } from "../pins/rows.ts";
import { skippedText } from "../pins/rules.ts";
import { type ExportEntry, LEARNT, leaveOut } from "./entry.ts";

/** Which entries to read. */
export interface Wanted {
  readonly filter: NeighborFilter;
  /** Whether learnt entries are wanted too. */
  readonly learnt: boolean;
}

/** The entries, and what a reader should know of those that were left out. */
export interface Source {
  readonly entries: readonly ExportEntry[];
  readonly warnings: readonly Warning[];
  /** The file that the warnings are about. */
  readonly file?: string;
}

/** The entries of the table, sorted. */
export function readTable(
  table: NeighborTable,
  { filter, learnt }: Wanted,
): Source {
  const states = learnt ? filter.state : filter.state ?? "permanent";
  const entries: ExportEntry[] = [];
  let notWritable = 0;
  const rows = table.list({ ...filter, ...(states && { state: states }) });
  for (const row of rows) {
    const reason = leaveOut(row, learnt);
    // A row without a link-layer address is left out
    if (reason === undefined) entries.push(row as ExportEntry);
    else if (reason === "notWritable") notWritable++;
  }
  const skipped = skippedText({ notWritable });
  return {
    entries: sortRows(entries),
    warnings: skipped === undefined ? [] : [{ message: skipped }],
  };
}

/** The entries of a pins file, in its order: those that apply would write. */
export async function readFile(
  operand: string,
  { filter, learnt }: Wanted,
): Promise<Source> {
  const { families, interface: on, wants } = parseFilter(filter);
  const { file, rows } = await readRows(
    operand,
    (row) =>
      learnt && LEARNT.some((one) => one === row.state) &&
      row.isUnreachable !== true,
  );
  const { name } = file;
  const problems = [...file.problems, ...mistakesOf(file)];
  if (problems.length > 0) {
    throw refuseFile(name, problems, "", "; nothing was exported");
  }
  const skipped = skippedText(file.skipped);
  const warnings = [
    ...file.warnings,
    ...skipped === undefined ? [] : [{ message: skipped }],
  ];
  const entries = rows().filter((row) =>
    families.includes(row.family) && wants(row) &&
    (on === null || isOn(on, row))
  ) as ExportEntry[];
  return { entries, warnings, file: name };
}

/** Whether an interface of a filter is named so by an entry. */
function isOn(on: ParsedInterface, row: Neighbor): boolean {
  const { luid, index, alias } = on;
  if (luid !== 0n) return row.interfaceLuid === formatLuid(luid);
  if (index !== 0) return row.interfaceIndex === index;
  return row.interfaceAlias === alias;
}

/**
 * The mistakes of pins together, without a look-up: two names of one interface
 * count as two.
 */
function mistakesOf(file: PinsFile): Problem[] {
  const { entries } = file;
  const { duplicates } = indexDesired(
    entries,
    entries.interfaces.map(() => undefined),
  );
  const problems = duplicateProblems(file, duplicates);
  for (const [position, zone] of entries.zones) {
    if (zone === entries.interfaceOf[position]) continue;
    const message = "The pin names its interface by a zone and by another " +
      "name, which may differ: keep one";
    problems.push({
      ...file.placeOf(position, "address"),
      message: withComment(message, entries.given[position]),
    });
  }
  return problems;
}
