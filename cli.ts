/**
 * The command: `neighbor set`, `add`, `replace`, `delete`, `get`, `list`,
 * `flush`, `resolve`, `batch`, `watch`, `apply`, `import`, `export`, `stats`,
 * `interfaces`, `completions`.
 * The only file that exits; `cli/output` prints.
 *
 * ```sh
 * deno run --allow-ffi cli.ts list --json
 * ```
 *
 * @module
 */

import type { RunCommand } from "./cli/args.ts";
import type { Answer } from "./cli/output/answer.ts";

/**
 * Runs the command and returns its exit code; `docs/commands.md` says what each
 * means.
 *
 * @param args The arguments after the program's name.
 * @returns The exit code.
 *
 * @example Print the version
 * ```ts no-eval
 * import { main } from "@ipnet/neighbor/cli";
 *
 * Deno.exitCode = await main(["--version"]);
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  // Modules are imported where they are needed, so that the command starts fast
  try {
    // Cheaper than to load the parser of arguments
    const isVersion = args.length === 1 && /^(--version|-V)$/.test(args[0]!);
    if (isVersion) return await printText(await version());
    const { parseCommand } = await import("./cli/args.ts");
    const command = parseCommand(args);
    if (command.kind === "version") return await printText(await version());
    if (command.kind === "help" || command.kind === "bare") {
      const { helpText } = await import("./cli/help.ts");
      if (command.kind === "help") {
        return await printText(helpText(command.verb));
      }
      await printText(helpText(), Deno.stderr);
      return 2;
    }
    if (command.kind === "completions") {
      const { completionScript } = await import("./cli/completions/script.ts");
      return await printText(completionScript(command.shell));
    }
    const answer = await answerOf(command);
    const { printDocument, printLines, printWhole } = await import(
      "./cli/output/print.ts"
    );
    const asJson = command.flags.has("json");
    if ("pieces" in answer) return await printDocument(answer, asJson);
    return "lines" in answer
      ? await printLines(answer, asJson)
      : await printWhole(answer, asJson);
  } catch (error) {
    // A reader that closes the pipe early, such as head, is no failure
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    const { fail } = await import("./cli/output/failure.ts");
    const { wantsJson } = await import("./cli/args.ts");
    return await fail(error, wantsJson(args));
  }
}

async function answerOf(command: RunCommand): Promise<Answer> {
  const { verb } = command;
  // Converting a file needs no table, and so none of its modules
  if (verb === "import") {
    return await (await import("./cli/import/import.ts")).importFile(command);
  }
  return await (await import("./cli/run.ts")).run({ ...command, verb });
}

async function version(): Promise<string> {
  const { default: config } = await import("./deno.json", {
    with: { type: "json" },
  });
  return `neighbor ${config.version}\n`;
}

async function printText(
  text: string,
  stream: typeof Deno.stdout = Deno.stdout,
): Promise<0> {
  const { writeAll } = await import("./cli/output/stream.ts");
  await writeAll(stream, [text]);
  return 0;
}

if (!("Deno" in globalThis)) throw new Error("neighbor needs Deno to run");
if (import.meta.main) Deno.exit(await main(Deno.args));
