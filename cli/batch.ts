/**
 * `neighbor batch`: one change a line. Every line is checked before the first
 * is made, so that a slip of the pen leaves nothing half-done.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { NeighborError, quote } from "../ffi/types/error.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { parseChange } from "../ffi/parse/change.ts";
import {
  errorJson,
  exitCode,
  interruptCode,
  type Line,
  type Lines,
} from "./output/answer.ts";
import { yieldToEventLoop } from "../reconcile/turn.ts";
import { readInput } from "./input.ts";
import { type RunCommand, UsageError } from "./args.ts";

/** A change and where it stands. */
interface Numbered {
  readonly line: number;
  readonly change: NeighborChange;
}

/**
 * How many changes are handed over at once where one that is refused does not
 * stop the rest: few enough to show progress, enough to lose nothing by it.
 */
const KEEP_GOING = 1024;

/** How long changes may take at a time, in milliseconds: signals wait for it. */
const SIGNALS_WAIT = 20;

/** Reads and checks FILE; makes its changes line by line, then sums up. */
export async function batch(
  table: NeighborTable,
  { operands, flags }: RunCommand,
): Promise<Lines> {
  const changes = parseLines(await readInput(operands[0]!));
  const controller = new AbortController();
  return {
    lines: made(table, changes, flags.has("keep-going"), controller.signal),
    stop: (by) => controller.abort(by),
    kind: "finite",
  };
}

async function* made(
  table: NeighborTable,
  changes: readonly Numbered[],
  keepsGoing: boolean,
  signal: AbortSignal,
): AsyncGenerator<Line, number> {
  const counts = { done: 0, refused: 0, unknown: 0, notTried: changes.length };
  let code = 0;
  // To stop at the first that fails, none may be on its way behind it
  const size = keepsGoing ? KEEP_GOING : 1;
  let heard = performance.now();
  for (let at = 0; at < changes.length; at += size) {
    const slice = changes.slice(at, at + size);
    const results = table.change(slice.map((one) => one.change));
    for (const [i, result] of results.entries()) {
      counts[result.outcome]++;
      counts.notTried--;
      if (result.outcome !== "done") code ||= exitCode(result.error);
      yield lineOf(slice[i]!, result);
    }
    if (code !== 0 && !keepsGoing) break;
    yield { progress: { done: at + slice.length, of: changes.length } };
    if (performance.now() - heard > SIGNALS_WAIT) {
      await yieldToEventLoop();
      heard = performance.now();
    }
    if (signal.aborted && counts.notTried > 0) {
      code = interruptCode(signal.reason);
      yield { complaint: "Interrupted: what was done stays" };
      break;
    }
  }
  const { done, refused, unknown, notTried } = counts;
  const words = [`${done} done`, `${refused} refused`];
  if (unknown > 0) words.push(`${unknown} unknown`);
  if (notTried > 0) words.push(`${notTried} not tried`);
  yield { json: { summary: counts }, text: words.join(", ") };
  return code;
}

function lineOf({ line, change }: Numbered, result: ChangeResult): Line {
  const json = { line, verb: change.verb, address: change.address };
  if (result.outcome === "done") return { json: { ...json, ...result } };
  const { outcome, error } = result;
  return {
    json: { ...json, outcome, error: errorJson(error) },
    complaint: `line ${line}: ${error.message}`,
  };
}

function parseLines(text: string): Numbered[] {
  const changes: Numbered[] = [];
  const bad: string[] = [];
  for (const [i, words] of text.split("\n").entries()) {
    if (words.trim() === "") continue;
    const line = i + 1;
    try {
      const change = parseJson(words);
      parseChange(change);
      changes.push({ line, change });
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      bad.push(`line ${line}: ${error.message}`);
    }
  }
  if (bad.length === 0) return changes;
  const others = bad.length - 1;
  const more = others > 0
    ? ` (and ${others} more bad line${others > 1 ? "s" : ""})`
    : "";
  throw new UsageError(`${bad[0]}${more}; nothing was changed`);
}

function parseJson(words: string): NeighborChange {
  try {
    return JSON.parse(words);
  } catch {
    throw new NeighborError(
      "INVALID_PARAMETER",
      `It is not a JSON object: ${quote(words.trim())}`,
    );
  }
}
