/**
 * mingw-w64, the C compiler whose headers carry Microsoft's struct names. Where
 * it is missing, its tests are skipped loudly.
 *
 * @module
 */

import { notInstalled, skip } from "./skipped.ts";

const TARGETS = ["x86_64", "i686"] as const;

/** A processor mingw-w64 compiles for. */
export type Target = typeof TARGETS[number];

/** The output and the exit code of a program. */
export interface Outcome {
  readonly success: boolean;
  readonly stderr: string;
}

const DECODER = new TextDecoder();

/** Runs a program of mingw-w64; `undefined` where it is not installed. */
export function runTool(
  target: Target,
  tool: "gcc" | "objcopy",
  args: readonly string[],
): Outcome | undefined {
  try {
    const { success, stderr } = new Deno.Command(
      `${target}-w64-mingw32-${tool}`,
      { args: [...args], stdout: "null", env: { LC_ALL: "C" } },
    ).outputSync();
    return { success, stderr: DECODER.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One test for each processor, skipped where its compiler is missing. */
export function testWithMingw(
  name: string,
  fn: (target: Target) => void | Promise<void>,
): void {
  for (const target of TARGETS) {
    const ignore = !isInstalled(target);
    if (ignore) {
      const debian = `gcc-mingw-w64-${target.replace("_", "-")}-win32`;
      skip(
        `${name} (${target})`,
        notInstalled(`${target}-w64-mingw32-gcc`, debian),
      );
    }
    Deno.test({ name: `${name} (${target})`, ignore, fn: () => fn(target) });
  }
}

function isInstalled(target: Target): boolean {
  try {
    return runTool(target, "gcc", ["--version"])?.success ?? false;
  } catch (error) {
    // Without permission to run it, treat the compiler as missing
    if (error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}
