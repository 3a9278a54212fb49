/**
 * The command: `neighbor set`, `add`, `replace`, `delete`, `get`, `list`,
 * `flush`, `resolve`, `watch`, `interfaces`. The only file that prints or exits.
 *
 * ```sh
 * deno run --allow-ffi cli.ts list --json
 * ```
 *
 * @module
 */

import type { NeighborError } from "./ffi/error.ts";
import { parseCommand, UsageError, wantsJson } from "./cli/parse.ts";

/**
 * Runs the command and answers its exit code: 0 done, 1 the system refused,
 * 2 refused before asking, 3 no such entry or interface, 4 not permitted.
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
      if ("records" in answer) await follow(answer, wantsJson(args));
      else await print(answer, wantsJson(args));
    } else if (command.kind === "help") {
      const { helpText } = await import("./cli/usage.ts");
      write(Deno.stdout, helpText(command.verb));
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
  { json, text }: import("./cli/answer.ts").Answer,
  asJson: boolean,
): Promise<void> {
  const { columns, escapeText, toJson } = await import("./cli/text.ts");
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
}

const COLORS = { red: 31, green: 32, yellow: 33, magenta: 35 } as const;

/** Prints record by record, until there is no more or a signal comes. */
async function follow(
  answers: import("./cli/answer.ts").Answers,
  asJson: boolean,
): Promise<void> {
  const { escapeText, toJson } = await import("./cli/text.ts");
  const isColored = Deno.stdout.isTerminal() && !Deno.noColor;
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const stop = () => answers.stop();
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    for await (const { json, text, color } of answers.records()) {
      const line = asJson ? toJson(json) : escapeText(text);
      write(
        Deno.stdout,
        color === undefined || asJson || !isColored
          ? line + "\n"
          : `\x1b[${COLORS[color]}m${line[0]}\x1b[39m${line.slice(1)}\n`,
      );
    }
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}

/** One line, or with `--json` one object, on stderr. */
async function fail(error: unknown, asJson: boolean): Promise<number> {
  // A reader that has seen enough, such as head, is no failure
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  const { escapeText, toJson } = await import("./cli/text.ts");
  const { code, message, status, symbol, ntstatus, operation, entry } =
    await explain(error);
  write(
    Deno.stderr,
    asJson
      ? toJson({
        error: { code, message, status, symbol, ntstatus, operation, entry },
      }) + "\n"
      : `neighbor: ${escapeText(message)}\n`,
  );
  return exitCode(code, status);
}

/** Usage mistakes are refused parameters; anything unforeseen is a bug. */
async function explain(error: unknown): Promise<NeighborError> {
  const { NeighborError } = await import("./ffi/error.ts");
  if (error instanceof NeighborError) return error;
  if (error instanceof UsageError) {
    return new NeighborError("INVALID_PARAMETER", error.message);
  }
  throw error;
}

function exitCode(code: NeighborError["code"], status: number | null): number {
  switch (code) {
    case "INVALID_PARAMETER":
      return status === null ? 2 : 1;
    case "NOT_FOUND":
    case "INTERFACE_NOT_FOUND":
      return 3;
    case "ACCESS_DENIED":
    case "PERMISSION_REQUIRED":
      return 4;
    default:
      return 1;
  }
}

function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
