/**
 * `neighbor batch`: one change per line. All lines are parsed before the first
 * change is made, so that a mistake in the file changes nothing.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { invalid, NeighborError, quote } from "../ffi/types/error.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import { EntryList } from "../ffi/entry_list.ts";
import { parseLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import { describe } from "../ffi/parse/entry.ts";
import { bindAll, checkEntry } from "../ffi/bind.ts";
import { parseChange, resultOf } from "../ffi/parse/change.ts";
import { backendOf } from "../ffi/table_backend.ts";
import {
  errorJson,
  exitCode,
  interruptCode,
  type Line,
  type Lines,
} from "./output/answer.ts";
import { yieldToEventLoop } from "../reconcile/timing.ts";
import { inputName, readInput } from "./input.ts";
import { JsonError, JsonReader, KIND_WORDS } from "./pins/json_reader.ts";
import { type RunCommand, UsageError } from "./args.ts";

/** The changes of a file, with their line numbers. */
export interface Changes {
  /** The name of the file in messages. */
  readonly name: string;
  readonly entries: EntryList;
  readonly lines: readonly number[];
}

/**
 * Changes written at once with `--keep-going`: few enough to show progress, and
 * enough to cost no time.
 */
const KEEP_GOING = 1024;

/** The longest line, in characters. */
const MAX_LINE = 2 ** 20;

/** The start of a pins file, or of what `neighbor list --json` prints. */
const PINS_FILE =
  /^\s*(\{\s*"(neighbors|\$schema)"|\[\s*\{\s*"(address|interface))/;

/** The members of a change. */
const MEMBERS: Readonly<Record<string, true>> = {
  verb: true,
  address: true,
  linkLayerAddress: true,
  interfaceAlias: true,
  interfaceIndex: true,
  interfaceLuid: true,
  comment: true,
};

/** Milliseconds after which the batch yields, so that signals are handled. */
const SIGNALS_WAIT = 20;

/** Reads and parses FILE; the lines make its changes and then sum up. */
export async function batch(
  table: NeighborTable,
  { operands, flags }: RunCommand,
): Promise<Lines> {
  const operand = operands[0]!;
  const warnings: string[] = [];
  const name = inputName(operand);
  const text = await readInput(operand, (message) => {
    warnings.push(`${name}: ${message}`);
  });
  if (text.trim() === "") {
    throw new UsageError(`${name}:1:1: The file is empty; nothing was changed`);
  }
  const changes = parseLines(text, name);
  const controller = new AbortController();
  return {
    lines: writeChanges(table, changes, {
      keepsGoing: flags.has("keep-going"),
      signal: controller.signal,
      warnings,
    }),
    stop: (by) => controller.abort(by),
    kind: "finite",
  };
}

async function* writeChanges(
  table: NeighborTable,
  changes: Changes,
  { keepsGoing, signal, warnings }: {
    readonly keepsGoing: boolean;
    readonly signal: AbortSignal;
    readonly warnings: readonly string[];
  },
): AsyncGenerator<Line, number> {
  for (const warning of warnings) yield { complaint: `warning: ${warning}` };
  const { entries } = changes;
  const { length } = entries;
  const backend = backendOf(table);
  bindAll(backend, entries);
  const counts = { done: 0, refused: 0, unknown: 0, notTried: length };
  let code = 0;
  // One at a time, so that none is written after the first that fails
  const size = keepsGoing ? KEEP_GOING : 1;
  let lastYield = performance.now();
  for (let at = 0; at < length; at += size) {
    const end = Math.min(at + size, length);
    for (let i = at; i < end; i++) checkEntry(backend, entries, i);
    backend.write(entries, at, end);
    for (let i = at; i < end; i++) {
      const result = resultOf(entries, i);
      counts[result.outcome]++;
      counts.notTried--;
      if (result.outcome !== "done") code ||= exitCode(result.error);
      yield lineOf(changes, i, result);
    }
    if (code !== 0 && !keepsGoing) break;
    yield { progress: { done: end, of: length } };
    if (performance.now() - lastYield > SIGNALS_WAIT) {
      await yieldToEventLoop();
      lastYield = performance.now();
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
  const summaryWarnings = warnings.length > 0 ? { warnings } : {};
  yield {
    json: { summary: counts, ...summaryWarnings },
    text: words.join(", "),
  };
  return code;
}

function lineOf(
  { name, entries, lines }: Changes,
  position: number,
  result: ChangeResult,
): Line {
  const { verb, address } = entries.given[position] as NeighborChange;
  const line = lines[position]!;
  const json = { line, verb, address };
  if (result.outcome === "done") return { json: { ...json, ...result } };
  const { outcome, error } = result;
  return {
    json: { ...json, outcome, error: errorJson(error) },
    complaint: `${name}:${line}: ${error.message}`,
  };
}

/** Parses every line; throws for the first bad one, with the number of others. */
export function parseLines(text: string, name: string): Changes {
  const entries = new EntryList(64);
  const lines: number[] = [];
  let first: string | undefined;
  let others = 0;
  // No array of lines: a file may have hundreds of millions
  for (let line = 1, at = 0; at <= text.length; line++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    try {
      if (parseLine(entries, text, at, end)) lines.push(line);
    } catch (error) {
      if (first !== undefined) others++;
      else first = `${name}:${line}:${wordsOf(error)}`;
    }
    at = end + 1;
  }
  if (first === undefined) return { name, entries, lines };
  const more = others > 0
    ? ` (and ${others} more bad line${others > 1 ? "s" : ""})`
    : "";
  const hint = PINS_FILE.test(text)
    ? "; it looks like a pins file, which neighbor apply takes"
    : "";
  throw new UsageError(`${first}${more}${hint}; nothing was changed`);
}

/** The column of a mistake, where it is known, and its message. */
function wordsOf(error: unknown): string {
  if (error instanceof JsonError) {
    return `${error.at + 1}: ${error.message}`;
  }
  if (error instanceof NeighborError) return ` ${error.message}`;
  throw error;
}

/** Parses one line; returns `false` where it is blank. */
function parseLine(
  entries: EntryList,
  text: string,
  at: number,
  end: number,
): boolean {
  if (end - at > MAX_LINE) {
    throw invalid("It is longer than the limit of 1 MiB");
  }
  const line = text.slice(at, end);
  if (line.trim() === "") return false;
  const members = readMembers(line);
  // A delete does not use the link-layer address, but a row as listed has one
  if (members.verb === "delete") checkUnused(members);
  parseChange(entries, members as unknown as NeighborChange);
  return true;
}

function checkUnused({ linkLayerAddress: value }: Record<string, unknown>) {
  if (value == null) return;
  if (typeof value === "string") parseLinkLayerAddress(value);
  else {
    throw invalid(
      `The member linkLayerAddress takes text, not ${describe(value)}`,
    );
  }
}

/** Reads the members of a line's object; refuses unknown and repeated ones. */
function readMembers(line: string): Record<string, unknown> {
  const json = new JsonReader(line);
  const kind = json.kind();
  if (kind !== "object") {
    const { at } = json;
    // Where this is not JSON at all, that error comes first
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
