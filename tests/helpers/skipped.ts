/**
 * Why a test is skipped, and what lets it run. `deno task test` counts the tests
 * by it at its end; elsewhere it is said at once.
 *
 * @module
 */

/** Set by run.ts: the file that skipped tests are written to. */
export const SKIPPED_FILE = "NEIGHBOR_SKIPPED";

/** The reason why a test is skipped. */
export interface Cause {
  /** What is missing, such as `"mandoc is not installed"`. */
  readonly missing: string;
  /** The one command that lets them run here. */
  readonly remedy: string;
}

/** A program that Debian has. */
export function notInstalled(program: string, debian = program): Cause {
  return {
    missing: `${program} is not installed`,
    remedy: `apt-get install ${debian}`,
  };
}

/** A C library at another path, as in another distribution. */
export const NO_LIBC: Cause = {
  missing: "the C library is not at that path here",
  remedy: "nothing: it is another distribution's path",
};

/** Reports that a test is skipped, and why. */
export function skip(name: string, { missing, remedy }: Cause): void {
  const file = Deno.env.get(SKIPPED_FILE);
  if (file === undefined) {
    console.warn(`SKIPPED: ${name}: ${missing}; ${remedy}`);
    return;
  }
  const line = JSON.stringify({ name, missing, remedy });
  Deno.writeTextFileSync(file, `${line}\n`, { append: true });
}
