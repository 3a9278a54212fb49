/**
 * Formats warnings, in one form for every verb: a line for people; for machines
 * an object with its message, and with its place where it has one.
 *
 * @module
 */

import { inFile, type Place } from "../pins/lines.ts";
import { counted } from "./count.ts";

/** A warning about a place in a file, about a whole file, or about neither. */
export interface Warning extends Partial<Place> {
  readonly message: string;
}

/** The most lines that are printed for people; JSON has all warnings. */
const MOST_LINES = 20;

/**
 * The lines for people. Several warnings of the same words are one line, with
 * the first place and the number of the others. `file` is the file that they are
 * about.
 */
export function warningLines(
  warnings: readonly Warning[],
  file?: string,
): string[] {
  const groups = new Map<string, { first: Warning; others: number }>();
  for (const warning of warnings) {
    const group = groups.get(warning.message);
    if (group !== undefined) group.others++;
    else groups.set(warning.message, { first: warning, others: 0 });
  }
  let rest = warnings.length;
  const lines = Array.from(
    groups.values().take(MOST_LINES),
    ({ first, others }) => {
      rest -= 1 + others;
      const more = others > 0 ? ` (and ${others} more)` : "";
      const place = file === undefined ? "" : inFile(file, first);
      return `warning: ${place}${first.message}${more}`;
    },
  );
  return rest > 0 ? [...lines, `and ${counted(rest, "more warning")}`] : lines;
}
