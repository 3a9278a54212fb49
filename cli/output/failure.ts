/**
 * Prints the error of a failed command on standard error: one line for each
 * mistake, or with `--json` one object.
 *
 * @module
 */

import { NeighborError } from "../../ffi/types/error.ts";
import { UsageError } from "../args.ts";
import { errorJson } from "./answer.ts";
import { jsonPieces } from "./json.ts";
import { Refusal } from "./refusal.ts";
import { writeAll, WriteError } from "./stream.ts";
import { escapeText } from "./text.ts";

/** Prints an error; returns the exit code. */
export async function fail(error: unknown, asJson: boolean): Promise<number> {
  const refusal = explain(error);
  const pieces = asJson ? jsonOf(refusal) : textOf(refusal);
  try {
    await writeAll(Deno.stderr, pieces);
  } catch {
    // Standard error is gone too; only the exit code is left
  }
  return refusal.code;
}

function* jsonOf(refusal: Refusal): Generator<string> {
  const { error, message, details } = refusal;
  yield* jsonPieces({ error: { ...errorJson(error), message, ...details } });
  yield "\n";
}

function* textOf({ before, ending }: Refusal): Generator<string> {
  for (const line of [...before, ending]) {
    yield `neighbor: ${escapeText(line)}\n`;
  }
}

/** The refusal of an expected error; throws any other, which is a bug. */
function explain(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof NeighborError) return new Refusal(error);
  if (error instanceof UsageError) {
    return new Refusal(new NeighborError("INVALID_PARAMETER", error.message));
  }
  if (error instanceof WriteError) {
    const message = `Cannot write the answer: ${error.message}`;
    const { code } = error;
    return new Refusal(new NeighborError("OTHER", message), { code });
  }
  throw error;
}
