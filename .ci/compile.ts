/**
 * Compiles the single binary: `deno task compile` for this computer,
 * `deno task compile:all` for every target, or for the targets given. With
 * `--release` it contains the packages of JSR, otherwise the stand-ins in `std/`.
 *
 * Ends with 0 where all binaries were made, with 69 (EX_UNAVAILABLE) where Deno's
 * base binary or bundler could not be downloaded, and with 1 for any other error.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import {
  answers,
  bundle,
  EX_UNAVAILABLE,
  GRANTS,
  oneLine,
  type Outcome,
  run,
} from "./bundle.ts";

/** The targets of `compile:all`: each system with a backend. */
export const TARGETS = [
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
] as const;

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The arguments of `deno`, for a bundle in the current folder. */
export function compileArgs(
  output: string,
  target: string = Deno.build.target,
): string[] {
  return [
    "compile",
    "--quiet",
    "--no-config", // of a folder above the bundle
    "--no-check", // deno task ok has checked
    ...GRANTS,
    "--no-code-cache", // which would be read from the disk at run time
    "--target",
    target,
    "--output",
    output,
    "cli.js",
  ];
}

/** Compiles the bundle in `folder`; runs the binary where this computer can. */
export async function compile(
  folder: string,
  output: string,
  target: string = Deno.build.target,
): Promise<Outcome> {
  const isOwn = target === Deno.build.target;
  if (!isOwn && Deno.env.has("DENORT_BIN")) {
    // Deno does not check which system the base binary is for
    return {
      code: 1,
      message: `${target}: DENORT_BIN is for ${Deno.build.target} alone`,
    };
  }
  const { success, stderr } = await run(
    [Deno.execPath()],
    compileArgs(output, target),
    { cwd: folder },
  );
  if (!success) return explain(target, stderr);
  const path = target.includes("windows") ? `${output}.exe` : output;
  if (!isOwn) {
    return { code: 0, message: `${target}: ${path}, which was not run` };
  }
  const { code, message } = await answers([path], path);
  if (code === 0) return { code, message: `${target}: ${message}` };
  // Deno accepts the deno executable itself as a base binary, without an error
  await Deno.remove(path);
  return {
    code,
    message: `${target}: ${message}; if DENORT_BIN is set, it must name the ` +
      `denort of Deno ${Deno.version.deno}, not a deno`,
  };
}

/** The reason why `deno compile` failed, from its output. */
export function explain(target: string, stderr: string): Outcome {
  const why = /^ +\d+: (error sending request.*)$/m.exec(stderr)?.[1] ??
    oneLine(stderr);
  return stderr.includes("Setting up base binary")
    ? {
      code: EX_UNAVAILABLE,
      message: `SKIPPED: ${target}: no base binary of Deno to compile with ` +
        `(${why}); DENORT_BIN can name one`,
    }
    : { code: 1, message: `${target}: deno compile failed: ${why}` };
}

/** The exit code: a failure takes precedence over a missing download. */
export function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ code }) => code === 1)) return 1;
  return outcomes.some(({ code }) => code !== 0) ? EX_UNAVAILABLE : 0;
}

async function main(words: readonly string[]): Promise<number> {
  const known: readonly string[] = ["--release", "all", ...TARGETS];
  const unknownWord = words.find((word) => !known.includes(word));
  if (unknownWord !== undefined) {
    console.error(`"${unknownWord}" is none of ${known.join(", ")}`);
    return 1;
  }
  const outcomes: Outcome[] = [];
  const say = (outcome: Outcome) => {
    (outcome.code === 0 ? console.log : console.error)(outcome.message);
    outcomes.push(outcome);
    return outcome.code === 0;
  };
  const isRelease = words.includes("--release");
  const named = words.filter((word) => word !== "--release");
  const folder = await Deno.makeTempDir({ prefix: "neighbor-bundle-" });
  try {
    if (!isRelease) {
      console.error(
        "NOT FOR RELEASE: made with the stand-ins in std/, not with the " +
          "packages of JSR; --release makes it with those",
      );
    }
    if (!say(await bundle(folder, isRelease))) return exitCode(outcomes);
    if (named.length === 0) say(await compile(folder, `${ROOT}dist/neighbor`));
    for (const target of named.includes("all") ? TARGETS : named) {
      say(await compile(folder, `${ROOT}dist/neighbor-${target}`, target));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return exitCode(outcomes);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
