/**
 * `neighbor batch`: one change per line. All lines are parsed before the first
 * change is made, so that a mistake in the file changes nothing.
 *
 * @module
 */

import type { ChangeResult, NeighborChange } from "../ffi/types/change.ts";
import { invalid, NeighborError, quote } from "../ffi/types/error.ts";
import { EntryList } from "../ffi/entry_list.ts";
import { parseLinkLayerAddress } from "../ffi/parse/link_layer_address.ts";
import { NO_PROTOCOL, parseProtocol } from "../ffi/parse/protocol.ts";
import { describe } from "../ffi/parse/describe.ts";
import { bindAll, checkEntry } from "../ffi/bind.ts";
import { parseChange, resultOf } from "../ffi/parse/change.ts";
import type { SystemTable } from "../ffi/system_table.ts";
import {
  callSentence,
  errorJson,
  exitCode,
  interruptCode,
  type Line,
  type Lines,
  wantedWords,
} from "./output/answer.ts";
import { yieldToEventLoop } from "../reconcile/timing.ts";
import { inputName, readInput } from "./input.ts";
import { withComment } from "./output/comment.ts";
import { refuseFile } from "./output/refusal.ts";
import { type Warning, warningLines } from "./output/warning.ts";
import { looksLikePins } from "./pins/format_hint.ts";
import { JsonError, JsonReader, KIND_WORDS } from "./pins/json_reader.ts";
import { MOST_MISTAKES, type Problem, TOO_MANY } from "./pins/lines.ts";
import { MemberHints } from "./pins/member_hint.ts";
import { PIN_MEMBERS } from "./pins/rules.ts";
import { type RunCommand, UsageError } from "./args.ts";

/** The changes of a file, with their line numbers. */
export interface Changes {
  /** The name of the file in messages. */
  readonly name: string;
  readonly entries: EntryList;
  readonly lines: readonly number[];
  /** The comments by line, of those that have one. */
  readonly comments: Comments;
}

type Comments = ReadonlyMap<number, unknown>;

/**
 * Changes written at once with `--keep-going`: few enough to show progress, and
 * enough to cost no time.
 */
const KEEP_GOING = 1024;

/** The longest line, in characters. */
const MAX_LINE = 2 ** 20;

/** The members of a change. */
const MEMBERS: ReadonlySet<string> = new Set(["verb", ...PIN_MEMBERS]);

/** Milliseconds after which the batch yields, so that signals are handled. */
const SIGNALS_WAIT = 20;

/** Reads and parses FILE; the lines make its changes and then sum up. */
export async function batch(
  table: SystemTable,
  { operands, flags }: RunCommand,
): Promise<Lines> {
  const operand = operands[0]!;
  const warnings: Warning[] = [];
  const name = inputName(operand);
  const text = await readInput(operand, (message) => {
    warnings.push({ message });
  });
  if (text.trim() === "") {
    throw new UsageError(`${name}:1:1: The file is empty; nothing was changed`);
  }
  const changes = parseLines(text, name);
  if (flags.has("dry-run")) {
    return { lines: previewChanges(table, changes, warnings), kind: "finite" };
  }
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
  table: SystemTable,
  changes: Changes,
  { keepsGoing, signal, warnings }: {
    readonly keepsGoing: boolean;
    readonly signal: AbortSignal;
    readonly warnings: readonly Warning[];
  },
): AsyncGenerator<Line, number> {
  const { name, entries } = changes;
  for (const complaint of warningLines(warnings, name)) yield { complaint };
  const { length } = entries;
  const backend = table.backend();
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

/**
 * Reads the row of each change and says what would be called. Each line is
 * compared with the table as it is, not as the lines before would leave it.
 */
async function* previewChanges(
  table: SystemTable,
  { name, entries, lines, comments }: Changes,
  warnings: readonly Warning[],
): AsyncGenerator<Line, number> {
  for (const complaint of warningLines(warnings, name)) yield { complaint };
  const counts = { wouldCall: 0, nothingToDo: 0, refused: 0 };
  let code = 0;
  let lastYield = performance.now();
  const backend = table.backend();
  bindAll(backend, entries);
  for (let i = 0; i < entries.length; i++) {
    const given = entries.given[i] as NeighborChange;
    const { verb, address } = given;
    const line = lines[i]!;
    const comment = commentOf(comments, line);
    const json = { line, verb, address, ...comment };
    try {
      checkEntry(backend, entries, i);
      const refused = entries.errors.get(i);
      if (refused !== undefined) throw refused;
      const { operation, current, key, wanted } = table.previewEntry(
        entries,
        i,
      );
      counts[operation === null ? "nothingToDo" : "wouldCall"]++;
      const row = { operation, neighbor: current ?? null };
      const isDelete = verb === "delete";
      const text = callSentence(
        operation,
        current,
        key,
        isDelete ? null : wantedWords(wanted, given),
      );
      yield {
        json: { ...json, outcome: "dry-run", ...row },
        text: withComment(`${line}: ${text}`, comment),
      };
    } catch (error) {
      if (!(error instanceof NeighborError)) throw error;
      code ||= exitCode(error);
      counts.refused++;
      yield {
        json: { ...json, outcome: "refused", error: errorJson(error) },
        complaint: withComment(`${name}:${line}: ${error.message}`, comment),
      };
    }
    if (performance.now() - lastYield > SIGNALS_WAIT) {
      await yieldToEventLoop();
      lastYield = performance.now();
    }
  }
  const { wouldCall, nothingToDo, refused } = counts;
  yield {
    json: {
      summary: counts,
      ...(warnings.length > 0 && { warnings }),
    },
    text: `${wouldCall} would be called, ${nothingToDo} nothing to do, ` +
      `${refused} would be refused; nothing was changed`,
  };
  return code;
}

function lineOf(
  { name, entries, lines, comments }: Changes,
  position: number,
  result: ChangeResult,
): Line {
  const { verb, address } = entries.given[position] as NeighborChange;
  const line = lines[position]!;
  const comment = commentOf(comments, line);
  const json = { line, verb, address, ...comment };
  if (result.outcome === "done") return { json: { ...json, ...result } };
  const { outcome, error } = result;
  return {
    json: { ...json, outcome, error: errorJson(error) },
    complaint: withComment(`${name}:${line}: ${error.message}`, comment),
  };
}

/** The comment of a line as a member of what is told of it. */
function commentOf(comments: Comments, line: number): { comment?: unknown } {
  const comment = comments.get(line);
  return comment === undefined ? {} : { comment };
}

/** Parses every line; throws all mistakes at once. */
export function parseLines(text: string, name: string): Changes {
  const entries = new EntryList(64);
  const lines: number[] = [];
  const comments = new Map<number, unknown>();
  const problems: Problem[] = [];
  const hints = new MemberHints();
  // No array of lines: a file may have hundreds of millions
  for (let line = 1, at = 0; at <= text.length; line++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    try {
      const members = readLine(text, at, end, hints);
      if (members !== undefined) {
        const { comment } = members;
        if (comment !== undefined) comments.set(line, comment);
        addChange(entries, members);
        lines.push(line);
      }
    } catch (error) {
      problems.push(problemOf(error, line, commentOf(comments, line)));
      if (problems.length === MOST_MISTAKES) {
        problems.push({ line, column: 1, message: TOO_MANY });
        break;
      }
    }
    at = end + 1;
  }
  if (problems.length === 0) return { name, entries, lines, comments };
  if (!looksLikePins(text)) throw refuseFile(name, problems);
  // Each further line would be refused for the same reason
  const hint = "; it looks like a pins file, which neighbor apply takes";
  throw refuseFile(name, problems.slice(0, 1), hint);
}

/** The mistake of a line; without a known column it is about the whole line. */
function problemOf(error: unknown, line: number, comment: object): Problem {
  const { at, message } = error instanceof JsonError
    ? error
    : { at: 0, message: withComment(messageOf(error), comment) };
  return { line, column: at + 1, message };
}

function messageOf(error: unknown): string {
  if (error instanceof NeighborError) return error.message;
  throw error;
}

/** The members of the change on a line; `undefined` where it is blank. */
function readLine(
  text: string,
  at: number,
  end: number,
  hints: MemberHints,
): Record<string, unknown> | undefined {
  if (end - at > MAX_LINE) {
    throw invalid("It is longer than the limit of 1 MiB");
  }
  const line = text.slice(at, end);
  return line.trim() === "" ? undefined : readMembers(line, hints);
}

/** Parses a change into the list; its comment is no part of it. */
function addChange(
  entries: EntryList,
  members: Record<string, unknown>,
): void {
  delete members.comment;
  // A delete does not use the link-layer address, but a row as listed has one.
  // It would not heed a protocol, so it takes none
  if (members.verb === "delete") checkUnused(members);
  parseChange(entries, members as unknown as NeighborChange);
}

function checkUnused(
  { linkLayerAddress: value, protocol }: Record<string, unknown>,
) {
  if (parseProtocol(protocol) !== NO_PROTOCOL) {
    throw invalid(
      "A delete takes no protocol: it removes the entry whosever it is",
    );
  }
  if (value == null) return;
  if (typeof value === "string") parseLinkLayerAddress(value);
  else {
    throw invalid(
      `The member linkLayerAddress takes text, not ${describe(value)}`,
    );
  }
}

/** Reads the members of a line's object; refuses unknown and repeated ones. */
function readMembers(
  line: string,
  hints: MemberHints,
): Record<string, unknown> {
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
    if (!MEMBERS.has(name)) {
      const known = [...MEMBERS].join(", ");
      throw new JsonError(
        `A change has no member ${quote(name)}${
          hints.of(name, MEMBERS)
        }, it takes ${known}`,
        at,
      );
    }
    if (Object.hasOwn(members, name)) {
      throw new JsonError(`The member ${quote(name)} stands twice`, at);
    }
    members[name] = json.value();
  });
  json.end();
  return members;
}
