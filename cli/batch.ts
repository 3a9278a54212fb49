/**
 * `neighbor batch`: one change a line. Every line is checked before the first
 * is made, so that a slip of the pen leaves nothing half-done.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { invalid, NeighborError, quote } from "../ffi/types/error.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { readLinkLayerAddress } from "../ffi/parse/entry.ts";
import { parseChange } from "../ffi/parse/change.ts";
import { errorJson, exitCode, type Line } from "./output/answer.ts";
import { readInput } from "./input.ts";
import { JsonError, JsonReader, KIND_WORDS } from "./pins/json_reader.ts";
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

/** No line is longer, in characters. */
const MAX_LINE = 2 ** 20;

/** What a change may have. */
const MEMBERS: Readonly<Record<string, true>> = {
  verb: true,
  address: true,
  linkLayerAddress: true,
  interfaceAlias: true,
  interfaceIndex: true,
  interfaceLuid: true,
  comment: true,
};

/** Makes the changes of FILE; answers line by line, then with a summary. */
export async function* batch(
  table: NeighborTable,
  { operands, flags }: RunCommand,
): AsyncGenerator<Line, number> {
  const changes = parseLines(await readInput(operands[0]!));
  const counts = { done: 0, refused: 0, unknown: 0, notTried: changes.length };
  let code = 0;
  // To stop at the first that fails, none may be on its way behind it
  const size = flags.has("keep-going") ? KEEP_GOING : 1;
  for (let at = 0; at < changes.length; at += size) {
    const slice = changes.slice(at, at + size);
    const results = table.change(slice.map((one) => one.change));
    for (const [i, result] of results.entries()) {
      counts[result.outcome]++;
      counts.notTried--;
      if (result.outcome !== "done") code ||= exitCode(result.error);
      yield lineOf(slice[i]!, result);
    }
    if (code !== 0 && !flags.has("keep-going")) break;
    yield { progress: { done: at + slice.length, of: changes.length } };
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
  let first: string | undefined;
  let others = 0;
  // Line by line: all of them at once could be hundreds of millions
  for (let line = 1, at = 0; at <= text.length; line++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    try {
      const change = parseLine(text, at, end);
      if (change !== undefined) changes.push({ line, change });
    } catch (error) {
      if (first !== undefined) others++;
      else first = `line ${line}${wordsOf(error)}`;
    }
    at = end + 1;
  }
  if (first === undefined) return changes;
  const more = others > 0
    ? ` (and ${others} more bad line${others > 1 ? "s" : ""})`
    : "";
  throw new UsageError(`${first}${more}; nothing was changed`);
}

/** Where in its line the mistake stands, if that is known, and what it is. */
function wordsOf(error: unknown): string {
  if (error instanceof JsonError) {
    return `: column ${error.at + 1}: ${error.message}`;
  }
  if (error instanceof NeighborError) return `: ${error.message}`;
  throw error;
}

/** The change of one line; `undefined` where the line is blank. */
function parseLine(
  text: string,
  at: number,
  end: number,
): NeighborChange | undefined {
  if (end - at > MAX_LINE) {
    throw invalid("It is longer than the limit of 1 MiB");
  }
  const line = text.slice(at, end);
  if (line.trim() === "") return undefined;
  const members = readMembers(line);
  const change = members as unknown as NeighborChange;
  const { write } = parseChange(change);
  // A row given back may have one: a delete has no use for it, nor for nonsense
  if (write === "delete") checkUnused(members);
  return change;
}

function checkUnused(change: { readonly linkLayerAddress?: unknown }): void {
  if (change.linkLayerAddress != null) readLinkLayerAddress(change);
}

/** The members of a line's object: each known, none twice. */
function readMembers(line: string): Record<string, unknown> {
  const json = new JsonReader(line);
  const kind = json.kind();
  if (kind !== "object") {
    const { at } = json;
    // Its first character may promise more than it is
    json.value();
    json.end();
    throw new JsonError(
      `A change is an object, not ${KIND_WORDS[kind]}`,
      at,
    );
  }
  const members: Record<string, unknown> = {};
  json.members((name, at) => {
    if (!Object.hasOwn(MEMBERS, name)) {
      const known = Object.keys(MEMBERS).join(", ");
      throw new JsonError(
        `A change has no member ${quote(name)}, it takes ${known}`,
        at,
      );
    }
    if (Object.hasOwn(members, name)) {
      throw new JsonError(`The member ${quote(name)} stands twice`, at);
    }
    members[name] = json.value();
  });
  json.end();
  delete members.comment;
  return members;
}
