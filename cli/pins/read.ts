/**
 * Reads a pins file, for every verb that takes one, and words what a reader
 * should know of it.
 *
 * @module
 */

import type { Duplicate } from "../../reconcile/desired.ts";
import { inputName, readInput } from "../input.ts";
import { withComment } from "../output/comment.ts";
import { inFile } from "../output/refusal.ts";
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
  const warnings: Problem[] = [];
  const text = await readInput(operand, (message) => {
    warnings.push({ line: 1, column: 1, message });
  });
  const file = parsePins(text, inputName(operand), edit);
  return { ...file, warnings: [...warnings, ...file.warnings] };
}

/** The first warning and the number of the others; `undefined` for none. */
export function warningText(
  name: string,
  [first, ...others]: readonly Problem[],
): string | undefined {
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `${inFile(name, first)}${first.message}${more}`;
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
