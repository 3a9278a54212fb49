/**
 * Makes the single binary: `deno task compile` for this computer,
 * `deno task compile:all` for every target, or the targets named.
 *
 * Ends with 0 where all of them are there, with 69 (EX_UNAVAILABLE) where the
 * base binary of Deno could not be had, which is no fault of this checkout, and
 * with 1 for anything else.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

/** What `compile:all` makes, the one most people need first. */
export const TARGETS = [
  "x86_64-pc-windows-msvc",
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
] as const;

/** `sysexits.h`: a service is not available. */
export const EX_UNAVAILABLE = 69;

/** What became of one target. */
export interface Outcome {
  readonly code: 0 | 1 | typeof EX_UNAVAILABLE;
  /** One line that says it. */
  readonly message: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The words behind `deno`. */
export function compileArgs(
  output: string,
  target: string = Deno.build.target,
): string[] {
  return [
    "compile",
    "--quiet",
    "--frozen",
    "--no-check", // deno task ok has checked
    "--allow-ffi", // all that the command needs
    "--no-prompt", // what is not allowed here is refused, never asked for
    "--no-code-cache", // which would be read from the disk at run time
    "--exclude-unused-npm", // the tests' compiler, 22 MB of it
    "--target",
    target,
    "--output",
    output,
    "cli.ts",
  ];
}

/** Makes one binary, and runs it where this computer can. */
export async function compile(
  output: string,
  target: string = Deno.build.target,
): Promise<Outcome> {
  const isOwn = target === Deno.build.target;
  if (!isOwn && Deno.env.has("DENORT_BIN")) {
    // Deno would put the program into it whatever system it is for
    return {
      code: 1,
      message: `${target}: DENORT_BIN is for ${Deno.build.target} alone`,
    };
  }
  const { success, stderr } = await run(
    Deno.execPath(),
    compileArgs(output, target),
    ROOT,
  );
  if (!success) return explain(target, stderr);
  const path = target.includes("windows") ? `${output}.exe` : output;
  if (isOwn && !await answers(path)) {
    // A whole deno for a base binary makes a whole deno, without a word
    await Deno.remove(path);
    return {
      code: 1,
      message: `${target}: what was made is not the command; if DENORT_BIN ` +
        "is set, it must name a denort, not a deno",
    };
  }
  return { code: 0, message: `${target}: ${path}` };
}

/** Why `deno compile` failed, from what it printed. */
export function explain(target: string, stderr: string): Outcome {
  const why = /^ +\d+: (error sending request.*)$/m.exec(stderr)?.[1] ??
    stderr.trim().replace(/\s+/g, " ");
  return stderr.includes("Setting up base binary")
    ? {
      code: EX_UNAVAILABLE,
      message: `SKIPPED: ${target}: no base binary of Deno to compile with ` +
        `(${why}); DENORT_BIN can name one`,
    }
    : { code: 1, message: `${target}: deno compile failed: ${why}` };
}

/** Whether the binary says its version far from this checkout. */
async function answers(path: string): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-compile-" });
  try {
    const { success, stdout } = await run(path, ["--version"], folder);
    return success && stdout === `neighbor ${config.version}\n`;
  } finally {
    await Deno.remove(folder);
  }
}

async function run(command: string, args: string[], cwd: string) {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A failure counts for more than what cannot be had. */
export function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ code }) => code === 1)) return 1;
  return outcomes.some(({ code }) => code !== 0) ? EX_UNAVAILABLE : 0;
}

async function main(words: readonly string[]): Promise<number> {
  const known: readonly string[] = TARGETS;
  const stranger = words.find((word) =>
    word !== "all" && !known.includes(word)
  );
  if (stranger !== undefined) {
    console.error(`"${stranger}" is none of all, ${TARGETS.join(", ")}`);
    return 1;
  }
  const outcomes: Outcome[] = [];
  const say = (outcome: Outcome) => {
    (outcome.code === 0 ? console.log : console.error)(outcome.message);
    outcomes.push(outcome);
  };
  if (words.length === 0) say(await compile(`${ROOT}dist/neighbor`));
  for (const target of words.includes("all") ? TARGETS : words) {
    say(await compile(`${ROOT}dist/neighbor-${target}`, target));
  }
  return exitCode(outcomes);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
