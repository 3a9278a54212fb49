/**
 * Reads a pins file, for every verb that takes one.
 *
 * @module
 */

import type { Duplicate } from "../../reconcile/desired.ts";
import { inputName, readInput } from "../input.ts";
import { withComment } from "../output/comment.ts";
import type { Warning } from "../output/warning.ts";
import { parsePins, type PinsFile } from "./file.ts";
import type { Edit } from "./item.ts";
import type { Problem } from "./lines.ts";

/**
 * Reads and parses the pins file of an operand. Its warnings begin with those of
 * reading it. `edit` may change an item before it is checked.
 */
export async function readPins(
  operand: string,
  edit?: Edit,
): Promise<PinsFile> {
  const warnings: Warning[] = [];
  const text = await readInput(operand, (message) => {
    warnings.push({ message });
  });
  const file = parsePins(text, inputName(operand), edit);
  return { ...file, warnings: [...warnings, ...file.warnings] };
}

/** The mistakes of the pins whose address and interface an earlier pin has. */
export function duplicateProblems(
  file: PinsFile,
  duplicates: readonly Duplicate[],
): Problem[] {
  return duplicates.map(({ position, first, error }) => {
    const { line, column } = file.placeOf(first);
    const message = `${error.message} (first at ${line}:${column})`;
    return {
      ...file.placeOf(position),
      message: withComment(message, file.entries.given[position]),
    };
  });
}
