/**
 * An error as the command prints it, with the file, the line and the column that
 * it is about.
 *
 * @module
 */

import type { NeighborError } from "../../ffi/types/error.ts";
import { invalid } from "../../ffi/types/error.ts";
import { exitCode } from "./answer.ts";
import { inFile, type Place, type Problem } from "../pins/lines.ts";

/** The most lines that are printed for people; JSON has all of them. */
const MOST_LINES = 20;

/** Additional parts of a refusal. */
export interface RefusalParts {
  readonly message?: string;
  /** For people: the last line, where it is not the message. */
  readonly ending?: string;
  /** For people: lines before the message. */
  readonly before?: readonly string[];
  /** For machines: additional members of the error. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The exit code, where it is not that of the error. */
  readonly code?: number;
}

/** An error that `fail` prints. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly error: NeighborError;
  readonly before: readonly string[];
  /** The last line for people. */
  readonly ending: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly code: number;

  /** Combines an error with its additional parts. */
  constructor(error: NeighborError, parts: RefusalParts = {}) {
    super(parts.message ?? error.message);
    const before = parts.before ?? [];
    const rest = before.length - MOST_LINES;
    this.error = error;
    this.before = rest > 0
      ? [...before.slice(0, MOST_LINES), `and ${rest} more`]
      : before;
    this.ending = parts.ending ?? this.message;
    this.details = parts.details ?? {};
    this.code = parts.code ?? exitCode(error);
  }
}

/**
 * The refusal of a file with mistakes, sorted by their place; `hint` and
 * `ending` are said after them.
 */
export function refuseFile(
  file: string,
  problems: readonly (Omit<Problem, "column"> & Partial<Place>)[],
  hint = "",
  ending = "; nothing was changed",
): Refusal {
  const sorted = problems.toSorted((a, b) =>
    a.line - b.line || (a.column ?? 0) - (b.column ?? 0)
  );
  const lines = sorted.map((one) => inFile(file, one) + one.message);
  const count = `${file}: ${lines.length} mistakes`;
  return new Refusal(invalid(sorted[0]!.message), {
    before: lines.length === 1 ? [] : lines,
    message: `${lines.length === 1 ? lines[0] : count}${hint}${ending}`,
    details: { file, problems: sorted },
  });
}
