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
import { inputName, readInput } from "../input.ts";
import type { Whole } from "../output/answer.ts";
import { withComment } from "../output/comment.ts";
import { inFile, refuseFile } from "../output/refusal.ts";
import { parsePins } from "../pins/file.ts";
import { metricLines, type Statistics } from "./metrics.ts";

/** Counts the rows, and the pins of `--pins`. */
export async function stats(
  table: SystemTable,
  { values }: RunCommand,
): Promise<Whole> {
  const warnings: string[] = [];
  const pins = values.pins === undefined
    ? null
    : await pinsOf(table, values.pins, warnings);
  const json: Statistics = {
    entries: countRows(table.read()),
    tables: table.backend().limits(),
    pins,
  };
  const [warning] = warnings;
  return {
    json: warning === undefined ? json : { ...json, warnings },
    text: () => metricLines(json).map((line) => [line]),
    ...(warning !== undefined && { warning }),
  };
}

async function pinsOf(
  table: SystemTable,
  operand: string,
  warnings: string[],
): Promise<PinCount> {
  const name = inputName(operand);
  const text = await readInput(operand, (message) => {
    warnings.push(inFile(name, { line: 1, column: 1 }) + message);
  });
  const file = parsePins(text, name);
  const { entries } = file;
  const backend = table.backend();
  const { positions, duplicates } = bindDesired(backend, entries);
  const problems = [
    ...file.problems,
    ...duplicates.map(({ position, first, error }) => {
      const { line, column } = file.placeOf(first);
      const message = `${error.message} (first at ${line}:${column})`;
      const given = entries.given[position];
      return {
        ...file.placeOf(position),
        message: withComment(message, given),
      };
    }),
  ];
  if (problems.length > 0) throw refuseFile(name, problems, "", "");
  return countPins(backend, entries, positions);
}
