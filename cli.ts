/**
 * The command: `neighbor set`, `add`, `replace`, `delete`, `get`, `list`,
 * `flush`, `resolve`, `batch`, `watch`, `apply`, `interfaces`, `completions`.
 * The only file that prints or exits.
 *
 * ```sh
 * deno run --allow-ffi cli.ts list --json
 * ```
 *
 * @module
 */

import { parseCommand, UsageError, wantsJson } from "./cli/args.ts";

/**
 * Runs the command and answers its exit code: 0 done, 1 the system refused,
 * 2 refused before asking, 3 no such entry or interface, 4 not permitted,
 * 5 `apply --check` found a difference, 130 `apply` was interrupted.
 *
 * @param args The words behind the program's name.
 * @returns The exit code.
 *
 * @example Which version this is
 * ```ts no-eval
 * import { main } from "@ipnet/neighbor/cli";
 *
 * Deno.exitCode = await main(["--version"]);
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.kind === "run") {
      const { run } = await import("./cli/run.ts");
      const answer = await run(command);
      if ("lines" in answer) return await printLines(answer, wantsJson(args));
      await print(answer, wantsJson(args));
    } else if (command.kind === "help") {
      const { helpText } = await import("./cli/help.ts");
      write(Deno.stdout, helpText(command.verb));
    } else if (command.kind === "bare") {
      const { helpText } = await import("./cli/help.ts");
      write(Deno.stderr, helpText());
      return 2;
    } else if (command.kind === "completions") {
      const { completionScript } = await import(
        "./cli/completions/script.ts"
      );
      write(Deno.stdout, completionScript(command.shell));
    } else {
      const { default: config } = await import("./deno.json", {
        with: { type: "json" },
      });
      write(Deno.stdout, `neighbor ${config.version}\n`);
    }
    return 0;
  } catch (error) {
    return await fail(error, wantsJson(args));
  }
}

async function print(
  { json, text, note, warning }: import("./cli/output/answer.ts").Whole,
  asJson: boolean,
): Promise<void> {
  const { columns, escapeText, toJson } = await import("./cli/output/text.ts");
  if (!asJson && warning !== undefined) {
    write(Deno.stderr, `neighbor: warning: ${escapeText(warning)}\n`);
  }
  if (asJson) return write(Deno.stdout, toJson(json, 2) + "\n");
  if (typeof text === "string") {
    return write(Deno.stdout, escapeText(text) + "\n");
  }
  const table = await columns(text);
  const end = table.indexOf("\n");
  const isColored = Deno.stdout.isTerminal() && !Deno.noColor;
  write(
    Deno.stdout,
    isColored
      ? `\x1b[1m${table.slice(0, end)}\x1b[22m${table.slice(end)}`
      : table,
  );
  if (note !== undefined) write(Deno.stdout, note + "\n");
}

const COLORS = { red: 31, green: 32, yellow: 33, magenta: 35 } as const;

/** Prints the lines as they come; answers the exit code behind them. */
async function printLines(
  answer: import("./cli/output/answer.ts").Lines,
  asJson: boolean,
): Promise<number> {
  const { escapeText, toJson } = await import("./cli/output/text.ts");
  const stopped = Promise.withResolvers<void>();
  const printer = await printerOf(answer, asJson, stopped.promise);
  using _ = onInterrupt(answer, stopped.resolve);
  const isColored = Deno.stdout.isTerminal() && !Deno.noColor;
  const showsProgress = !asJson && Deno.stderr.isTerminal();
  const start = performance.now();
  let shown = "";
  let failure: Error | undefined;
  let code: number | undefined;
  try {
    while (code === undefined) {
      const { value, done } = await answer.lines.next();
      if (shown !== "") printer.err("\r\x1b[K");
      shown = "";
      if (done) {
        code = value;
        break;
      }
      const { json, text, color, complaint, progress } = value;
      if (asJson && json !== undefined) printer.out(toJson(json) + "\n");
      if (!asJson && complaint !== undefined) {
        printer.err(`neighbor: ${escapeText(complaint)}\n`);
      }
      if (!asJson && text !== undefined) {
        const line = escapeText(text) + "\n";
        const isPlain = color === undefined || !isColored;
        printer.out(
          isPlain
            ? line
            : `\x1b[${COLORS[color]}m${line[0]}\x1b[39m${line.slice(1)}`,
        );
      }
      if (progress && showsProgress && performance.now() - start > 500) {
        shown = `${progress.done} of ${progress.of} changes`;
        printer.err(shown);
      }
      await printer.pause();
    }
  } finally {
    failure = await printer.end();
  }
  if (failure !== undefined) throw new WriteError(failure.message);
  return code;
}

/** Work that has no end is not to wait for a reader that stalls. */
async function printerOf(
  { kind, stop }: import("./cli/output/answer.ts").Lines,
  asJson: boolean,
  stopped: Promise<void>,
): Promise<import("./cli/output/printer.ts").Printer> {
  const { directly, queued } = await import("./cli/output/printer.ts");
  if (kind === "finite") {
    const to = (stream: Stream) => (text: string) => write(stream, text);
    return directly(to(Deno.stdout), to(Deno.stderr));
  }
  const { stdout, stderr } = Deno;
  const isGuard = kind === "guard";
  const streams = { stdout, stderr, isGuard, asJson, stopped };
  return queued({ ...streams, stop: () => stop?.() });
}

/** Has an interrupt stop an answer in its own way, as long as it lasts. */
function onInterrupt(
  { stop, kind }: import("./cli/output/answer.ts").Lines,
  heard: () => void,
): Disposable {
  if (stop === undefined) return { [Symbol.dispose]() {} };
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  // What is half done is put back; nohup is to keep what has no end alive
  if (kind === "finite") signals.push("SIGHUP");
  const listener = () => {
    heard();
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, listener);
    },
  };
}

/** One line, or one for each mistake, or with `--json` one object, on stderr. */
async function fail(error: unknown, asJson: boolean): Promise<number> {
  // A reader that has seen enough, such as head, is no failure
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  const { escapeText, toJson } = await import("./cli/output/text.ts");
  const { errorJson } = await import("./cli/output/answer.ts");
  const refusal = await explain(error);
  const { message, before, details, code } = refusal;
  const text = [...before, message]
    .map((line) => `neighbor: ${escapeText(line)}\n`).join("");
  const json = { ...errorJson(refusal.error), message, ...details };
  write(Deno.stderr, asJson ? toJson({ error: json }) + "\n" : text);
  return code;
}

/** Usage mistakes are refused parameters; anything unforeseen is a bug. */
async function explain(
  error: unknown,
): Promise<import("./cli/output/refusal.ts").Refusal> {
  const { NeighborError } = await import("./ffi/types/error.ts");
  const { Refusal } = await import("./cli/output/refusal.ts");
  if (error instanceof Refusal) return error;
  if (error instanceof NeighborError) return new Refusal(error);
  if (error instanceof UsageError) {
    return new Refusal(new NeighborError("INVALID_PARAMETER", error.message));
  }
  if (error instanceof WriteError) {
    const message = `Cannot write the answer: ${error.message}`;
    return new Refusal(new NeighborError("OTHER", message));
  }
  throw error;
}

/** The answer could not be written. */
class WriteError extends Error {}

interface Stream {
  writeSync(bytes: Uint8Array): number;
}

function write(stream: Stream, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    // Such as a full disk behind the redirection
    throw new WriteError(error instanceof Error ? error.message : `${error}`);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
