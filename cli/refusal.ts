/**
 * An error as the command tells it: with the file, the line and the column that
 * it is about, and what else is known.
 *
 * @module
 */

import { NeighborApplyError } from "../ffi/applied.ts";
import { NeighborError } from "../ffi/error.ts";
import { appliedJson, exitCode } from "./answer.ts";
import type { Place, Problem } from "./json_text.ts";

/** What `fail` prints: a sentence, members beside those of the error, a code. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly error: NeighborError;
  /** Beside the members that every error has in JSON. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The exit code. */
  readonly code: number;

  /** Takes the code from the error, unless told another. */
  constructor(
    error: NeighborError,
    { message = error.message, details = {}, code = exitCode(error) }: {
      message?: string;
      details?: Readonly<Record<string, unknown>>;
      code?: number;
    } = {},
  ) {
    super(message);
    this.error = error;
    this.details = details;
    this.code = code;
  }
}

/** `pins.json:3:5`, as compilers say it. */
export function inFile(file: string, { line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Refuses a file for its mistakes: the first is told, JSON has them all. */
export function refuseFile(
  file: string,
  problems: readonly Problem[],
): Refusal {
  const sorted = problems.toSorted((a, b) =>
    a.line - b.line || a.column - b.column
  );
  const [first] = sorted;
  const others = sorted.length - 1;
  const more = others > 0
    ? ` (and ${others} more mistake${others > 1 ? "s" : ""})`
    : "";
  const { message } = first!;
  return new Refusal(new NeighborError("INVALID_PARAMETER", message), {
    message: `${inFile(file, first!)}: ${message}${more}; nothing was changed`,
    details: { file, problems: sorted },
  });
}

/** What the system refused, with the place of the entry that it is about. */
export function refuseEntry(
  error: NeighborError,
  file: string,
  place: Place | undefined,
  code?: number,
): Refusal {
  const where = place === undefined ? "" : `${inFile(file, place)}: `;
  return new Refusal(error, {
    message: where + error.message,
    details: {
      file,
      ...place,
      ...(error instanceof NeighborApplyError &&
        { entries: error.report.entries.map(appliedJson) }),
    },
    ...(code !== undefined && { code }),
  });
}
