/**
 * An error as the command tells it: with the file, the line and the column that
 * it is about, and what else is known.
 *
 * @module
 */

import type { NeighborError } from "../../ffi/types/error.ts";
import { invalid } from "../../ffi/types/error.ts";
import { exitCode } from "./answer.ts";
import type { Place, Problem } from "../pins/lines.ts";

/** So many lines tell enough to begin with; JSON has them all. */
const MOST_LINES = 20;

/** What an error is told with. */
export interface Told {
  readonly message?: string;
  /** For people: the last line, where it is not the message. */
  readonly ending?: string;
  /** For people: lines before that of the message. */
  readonly before?: readonly string[];
  /** For machines: members beside those that every error has. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The exit code, where the error does not say it. */
  readonly code?: number;
}

/** What `fail` prints. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly error: NeighborError;
  readonly before: readonly string[];
  /** The last line for people. */
  readonly ending: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly code: number;

  /** Tells an error. */
  constructor(error: NeighborError, told: Told = {}) {
    super(told.message ?? error.message);
    const before = told.before ?? [];
    const rest = before.length - MOST_LINES;
    this.error = error;
    this.before = rest > 0
      ? [...before.slice(0, MOST_LINES), `and ${rest} more`]
      : before;
    this.ending = told.ending ?? this.message;
    this.details = told.details ?? {};
    this.code = told.code ?? exitCode(error);
  }
}

/** `pins.json:3:5: `, as compilers say it. */
export function inFile(file: string, place: Place | undefined): string {
  return place === undefined
    ? `${file}: `
    : `${file}:${place.line}:${place.column}: `;
}

/** Refuses a file for its mistakes. */
export function refuseFile(
  file: string,
  problems: readonly Problem[],
): Refusal {
  const sorted = problems.toSorted((a, b) =>
    a.line - b.line || a.column - b.column
  );
  const lines = sorted.map((one) => inFile(file, one) + one.message);
  const count = `${file}: ${lines.length} mistakes`;
  return new Refusal(invalid(sorted[0]!.message), {
    before: lines.length === 1 ? [] : lines,
    message: `${lines.length === 1 ? lines[0] : count}; nothing was changed`,
    details: { file, problems: sorted },
  });
}
