/**
 * Makes the command into a few JavaScript files, which the single binary holds,
 * and runs them.
 *
 * The bundle is split where `cli.ts` imports dynamically, so that a verb parses
 * its own code alone: a compiled binary keeps no code cache. A module or a
 * package that cannot be had fails the bundle, whereas `deno compile` leaves it
 * out of the binary without an error.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { works } from "../tests/helpers/linux/namespace.ts";
import config from "../deno.json" with { type: "json" };
import { stage } from "./publish.ts";

/** `sysexits.h`: a service is not available. */
export const EX_UNAVAILABLE = 69;

/** What became of a step. */
export interface Outcome {
  readonly code: 0 | 1 | typeof EX_UNAVAILABLE;
  /** One line. */
  readonly message: string;
}

/** A program and the words that go before its own. */
export type Program = readonly [command: string, ...args: string[]];

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What the command is allowed to do, and that it never asks for more. */
export const GRANTS = ["--allow-ffi", "--allow-read", "--no-prompt"] as const;

/**
 * Writes the bundle into `folder`, where `cli.js` starts it.
 *
 * A release is made from the packages of JSR. Otherwise the stand-ins in `std/`
 * are in the bundle, because JSR may be out of reach: it is not to be given away.
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

/** The bundle as a program that loads nothing but its own files. */
export function runBundle(folder: string): Program {
  const closed = ["--no-config", "--no-remote", "--no-npm"];
  return [Deno.execPath(), "run", ...closed, ...GRANTS, `${folder}/cli.js`];
}

/** Why `deno bundle` failed, from what it printed. */
export function explainBundle(stderr: string): Outcome {
  const why = oneLine(stderr);
  return /for package "@esbuild\/|esbuild.*error sending request/.test(why)
    ? {
      code: EX_UNAVAILABLE,
      message: `SKIPPED: Deno's bundler cannot be had from npm (${why})`,
    }
    : { code: 1, message: `deno bundle failed: ${why}` };
}

/** What an error says, without how Deno came to it. */
export function oneLine(stderr: string): string {
  return stderr.replace(/\n\s*Stack backtrace:[^]*/, "").trim()
    .replace(/\s+/g, " ");
}

/** What the program must print; each verb loads other parts of the bundle. */
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
 * Runs the program far from this checkout, in a network namespace of its own
 * where there can be one; it only reads.
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
  // It may end without having read any of it
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
