/**
 * Bundles the command into a few JavaScript files for the single binary, and
 * runs them.
 *
 * The bundle is split at the dynamic imports of `cli.ts`, so that a verb parses
 * only its own code: a compiled binary has no code cache. A missing module or
 * package fails the bundle, whereas `deno compile` omits it without an error.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { works } from "../tests/helpers/linux/namespace.ts";
import config from "../deno.json" with { type: "json" };
import { stage } from "./publish.ts";

/** `sysexits.h`: a service is not available. */
export const EX_UNAVAILABLE = 69;

/** The result of a step. */
export interface Outcome {
  readonly code: 0 | 1 | typeof EX_UNAVAILABLE;
  /** One line. */
  readonly message: string;
}

/** A program and its leading arguments. */
export type Program = readonly [command: string, ...args: string[]];

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The Deno permissions of the command, without prompts. */
export const GRANTS = ["--allow-ffi", "--allow-read", "--no-prompt"] as const;

/**
 * Writes the bundle into `folder`, where `cli.js` starts it.
 *
 * A release uses the packages of JSR. Otherwise the bundle contains the stand-ins
 * in `std/`, because JSR may be unreachable, and must not be published.
 */
export async function bundle(
  folder: string,
  isRelease: boolean,
): Promise<Outcome> {
  if (!isRelease) return await bundleFrom(ROOT, folder);
  const copy = await Deno.makeTempDir({ prefix: "neighbor-release-" });
  try {
    // The lock names the stand-ins; `deno publish` goes without it too
    return await bundleFrom(await stage(copy, false), folder, "--no-lock");
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

/** Bundles the checkout at `root`. */
export async function bundleFrom(
  root: string,
  folder: string,
  ...options: string[]
): Promise<Outcome> {
  const words = ["bundle", "--quiet", "--code-splitting", ...options];
  const { success, stderr } = await run(
    [Deno.execPath(), ...words, "--outdir", folder],
    ["cli.ts"],
    { cwd: root },
  );
  if (!success) return explainBundle(stderr);
  return await answers(runBundle(folder), "the bundle");
}

/** The bundle as a program that loads only its own files. */
export function runBundle(folder: string): Program {
  const closed = ["--no-config", "--no-remote", "--no-npm"];
  return [Deno.execPath(), "run", ...closed, ...GRANTS, `${folder}/cli.js`];
}

/** The reason why `deno bundle` failed, from its output. */
export function explainBundle(stderr: string): Outcome {
  const why = oneLine(stderr);
  return /for package "@esbuild\/|esbuild.*error sending request/.test(why)
    ? {
      code: EX_UNAVAILABLE,
      message: `SKIPPED: Deno's bundler cannot be had from npm (${why})`,
    }
    : { code: 1, message: `deno bundle failed: ${why}` };
}

/** The message of an error, without Deno's stack. */
export function oneLine(stderr: string): string {
  return stderr.replace(/\n\s*Stack backtrace:[^]*/, "").trim()
    .replace(/\s+/g, " ");
}

/** The expected output of each trial; each verb loads other parts of the bundle. */
const TRIALS = [
  { args: ["--version"], stdout: new RegExp(`^neighbor ${config.version}\n$`) },
  {
    args: ["apply", "-", "--check"],
    stdin: "[]",
    stdout: /^Nothing to do: 0 unchanged\n$/,
  },
  {
    args: ["list"],
    stdout: /^ADDRESS +LINK-LAYER-ADDRESS +STATE +INTERFACE\n/,
  },
] as const;

/**
 * Runs the program outside this checkout, in a network namespace where possible.
 * It only reads.
 */
export async function answers(
  program: Program,
  name: string,
): Promise<Outcome> {
  const isLinux = Deno.build.os === "linux";
  const apart = isLinux && works("unshare", "-rn", "true")
    ? ["unshare", "-rn"]
    : [];
  const [command, ...words] = [...apart, ...program] as [string, ...string[]];
  const cwd = await Deno.makeTempDir({ prefix: "neighbor-trial-" });
  try {
    for (const trial of TRIALS) {
      const stdin = "stdin" in trial ? trial.stdin : "";
      const { success, stdout, stderr } = await run(
        [command, ...words],
        trial.args,
        { cwd, stdin },
      );
      if (success && trial.stdout.test(stdout)) continue;
      return {
        code: 1,
        message: `${name} does not answer "${trial.args.join(" ")}": ` +
          (oneLine(stderr) || `it printed ${JSON.stringify(stdout)}`),
      };
    }
    const said = TRIALS.map(({ args }) => args.join(" ")).join(", ");
    return { code: 0, message: `${name} answers ${said}` };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** Runs a program to its end. */
export async function run(
  [command, ...before]: Program,
  args: readonly string[],
  { cwd, stdin = "" }: { cwd: string; stdin?: string },
) {
  const child = new Deno.Command(command, {
    args: [...before, ...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  // The program may end without reading its input
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
