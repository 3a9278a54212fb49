/**
 * `neighbor stats`: counts rows and pins, for a monitoring system.
 *
 * @module
 */

import { bindDesired } from "../../reconcile/observe.ts";
import {
  countPins,
  countRows,
  type PinCount,
} from "../../reconcile/statistics.ts";
import type { SystemTable } from "../../ffi/system_table.ts";
import type { RunCommand } from "../args.ts";
import type { Whole } from "../output/answer.ts";
import { refuseFile } from "../output/refusal.ts";
import { warningLines } from "../output/warning.ts";
import type { PinsFile } from "../pins/file.ts";
import { duplicateProblems, readPins } from "../pins/read.ts";
import { skippedText } from "../pins/rules.ts";
import { metricLines, type Statistics } from "./metrics.ts";

/** Counts the rows, and the pins of `--pins`. */
export async function stats(
  table: SystemTable,
  { values }: RunCommand,
): Promise<Whole> {
  const file = values.pins === undefined
    ? undefined
    : await readPins(values.pins);
  const counts: Statistics = {
    pins: file === undefined ? null : pinsOf(table, file),
    entries: countRows(table.read()),
    tables: table.backend().limits(),
  };
  const text = () => metricLines(counts).map((line) => [line]);
  if (file === undefined) return { json: counts, text };
  const { name, skipped, warnings } = file;
  const rows = skippedText(skipped);
  return {
    json: { ...counts, skipped, warnings },
    text,
    complaints: warningLines(warnings, name),
    ...(rows !== undefined && { remark: `${name}: ${rows}` }),
  };
}

function pinsOf(table: SystemTable, file: PinsFile): PinCount {
  const { entries } = file;
  entries.setOwner(file.protocol);
  const backend = table.backend();
  const { positions, duplicates } = bindDesired(backend, entries);
  const problems = [
    ...file.problems,
    ...duplicateProblems(file, duplicates),
  ];
  if (problems.length > 0) throw refuseFile(file.name, problems, "", "");
  return countPins(backend, entries, positions);
}
