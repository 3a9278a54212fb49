/**
 * An answer under `--quiet`: its errors and warnings, and its exit code.
 *
 * @module
 */

import type { Answer, Line } from "./answer.ts";

/** Takes out of an answer what goes to standard output. */
export function silenced(answer: Answer): Answer {
  if ("lines" in answer) return { ...answer, lines: complaints(answer.lines) };
  const { json, warning } = answer;
  return { json, ...(warning !== undefined && { warning }) };
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
    // Who stops asking ends the work, as without --quiet
    await lines.return(0);
  }
}
