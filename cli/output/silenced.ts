/**
 * Reduces an answer to its errors, its warnings and its exit code, for `--quiet`.
 *
 * @module
 */

import type { Line, Lines, Whole } from "./answer.ts";

/** Removes from an answer what goes to standard output. */
export function silenced(answer: Whole | Lines): Lines {
  return "lines" in answer
    ? { ...answer, lines: complaints(answer.lines) }
    : { lines: complaintsOf(answer), kind: "finite" };
}

async function* complaintsOf(
  { complaints = [] }: Whole,
): AsyncGenerator<Line, number> {
  for (const complaint of complaints) yield { complaint };
  return 0;
}

async function* complaints(
  lines: AsyncGenerator<Line, number>,
): AsyncGenerator<Line, number> {
  try {
    while (true) {
      const { value, done } = await lines.next();
      if (done) return value;
      const { complaint, progress } = value;
      yield {
        ...(complaint !== undefined && { complaint }),
        ...(progress !== undefined && { progress }),
      };
    }
  } finally {
    // Where the consumer stops early, the work ends, as without --quiet
    await lines.return(0);
  }
}
