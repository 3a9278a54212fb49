/**
 * Prints answers to the streams of the process.
 *
 * @module
 */

import type { Document, Line, Lines, Whole } from "./answer.ts";
import { interruptCode } from "./answer.ts";
import { isLong, jsonPieces, toJson } from "./json.ts";
import { Printer } from "./printer.ts";
import { writeAll, WriteError } from "./stream.ts";
import { columns, escapeText } from "./text.ts";
import { warningLines } from "./warning.ts";

/** Prints a complete answer; returns exit code 0. */
export async function printWhole(
  answer: Whole,
  asJson: boolean,
): Promise<0> {
  const { complaints = [], remark } = answer;
  if (!asJson) await complain(complaints);
  try {
    await writeAll(Deno.stdout, asJson ? jsonOf(answer) : textOf(answer));
    if (!asJson && remark !== undefined) await complain([remark]);
    return 0;
  } catch (error) {
    const { result } = answer.json as { result?: unknown };
    // The change was made although its answer could not be printed
    throw error instanceof WriteError && typeof result === "string"
      ? new WriteError(`${error.message}; the result is "${result}"`)
      : error;
  }
}

function* jsonOf({ json }: Whole): Generator<string> {
  yield* jsonPieces(json, 2);
  yield "\n";
}

async function* textOf(
  { text, noHeader = false, note }: Whole,
): AsyncGenerator<string> {
  if (typeof text === "string") return yield escapeText(text) + "\n";
  yield* columns(text, { noHeader, isColored: isColored() });
  if (note !== undefined) yield note + "\n";
}

/** Prints a file; returns its exit code. */
export async function printDocument(
  { pieces, warnings, file, code }: Document,
  asJson: boolean,
): Promise<number> {
  if (!asJson) await complain(warningLines(warnings, file));
  else if (warnings.length > 0) {
    await writeAll(Deno.stderr, [toJson({ file, warnings }) + "\n"]);
  }
  await writeAll(Deno.stdout, pieces);
  return code;
}

/** Prints lines for people on standard error. */
async function complain(lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await writeAll(Deno.stderr, [`neighbor: ${escapeText(line)}\n`]);
  }
}

/** Prints lines as they come; returns the exit code of the answer. */
export async function printLines(
  answer: Lines,
  asJson: boolean,
): Promise<number> {
  const { stdout, stderr } = Deno;
  const { kind, stop } = answer;
  const stopped = Promise.withResolvers<void>();
  let stoppedBy: Deno.Signal | undefined;
  using _ = onInterrupt((signal) => {
    stoppedBy ??= signal;
    stopped.resolve();
    stop?.(signal);
  }, stop !== undefined);
  const printer = new Printer({
    ...{ stdout, stderr, kind, asJson, stopped: stopped.promise },
    stop: () => stop?.(),
  });
  let last: string | undefined;
  async function* rememberLast() {
    for (;;) {
      const { value, done } = await answer.lines.next();
      if (done) return value;
      last = value.text ?? last;
      yield value;
    }
  }
  let code: number;
  try {
    code = asJson
      ? await printJson(printer, rememberLast())
      : await printText(printer, rememberLast());
  } catch (error) {
    // The error of the work matters more than one of printing
    await printer.end();
    throw error;
  }
  const { isWhole, error } = await printer.end();
  // The changes were made although the answer could not be printed
  const isChange = kind === "finite" && stop !== undefined;
  const end = isChange && last !== undefined ? `. It ended with: ${last}` : "";
  if (error !== undefined) throw new WriteError(error.message + end);
  if (kind !== "finite" || isWhole) return code;
  const why = "interrupted while its reader stalled" + end;
  throw new WriteError(why, interruptCode(stoppedBy));
}

async function printJson(
  printer: Printer,
  lines: AsyncGenerator<Line, number>,
): Promise<number> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return value;
    const { json, complaintJson } = value;
    if (complaintJson !== undefined) {
      await printer.err(toJson(complaintJson) + "\n");
    }
    if (json === undefined) continue;
    await printer.out(isLong(json) ? jsonLine(json) : toJson(json) + "\n");
  }
}

function* jsonLine(json: unknown): Generator<string> {
  yield* jsonPieces(json);
  yield "\n";
}

const COLORS = { red: 31, green: 32, yellow: 33, magenta: 35 } as const;
/** Milliseconds before progress is shown: for shorter work it would flicker. */
const SHOWS_PROGRESS_AFTER = 500;

async function printText(
  printer: Printer,
  lines: AsyncGenerator<Line, number>,
): Promise<number> {
  const showsColor = isColored();
  const showsProgress = Deno.stderr.isTerminal();
  const start = performance.now();
  let isShown = false;
  for (;;) {
    const { value, done } = await lines.next();
    if (isShown) await printer.err("\r\x1b[K");
    isShown = false;
    if (done) return value;
    const { text, color, complaint, progress } = value;
    if (complaint !== undefined) {
      await printer.err(`neighbor: ${escapeText(complaint)}\n`);
    }
    if (text !== undefined) {
      const line = escapeText(text) + "\n";
      const sign = `\x1b[${COLORS[color ?? "red"]}m${line[0]}\x1b[39m`;
      const isPlain = color === undefined || !showsColor;
      await printer.out(isPlain ? line : sign + line.slice(1));
    }
    isShown = progress !== undefined && showsProgress &&
      performance.now() - start > SHOWS_PROGRESS_AFTER;
    if (isShown) {
      await printer.err(`${progress!.done} of ${progress!.of} changes`);
    }
  }
}

function isColored(): boolean {
  return Deno.stdout.isTerminal() && !Deno.noColor;
}

/** Listens for the signals that ask a program to end, until disposed. */
function onInterrupt(
  listener: (signal: Deno.Signal) => void,
  isWanted: boolean,
): Disposable {
  // On Windows SIGHUP means that the console was closed. Deno resets signals
  // inherited as ignored, so nohup does not keep this program alive
  const names: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK", "SIGHUP"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const signals = isWanted
    ? names.map((name) => ({ name, heard: () => listener(name) }))
    : [];
  for (const { name, heard } of signals) Deno.addSignalListener(name, heard);
  return {
    [Symbol.dispose]() {
      for (const { name, heard } of signals) {
        Deno.removeSignalListener(name, heard);
      }
    },
  };
}
