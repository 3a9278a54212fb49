import { AssertionError as NodeAssertionError } from "node:assert";

/** What a failed assertion throws. */
export class AssertionError extends Error {
  /** What the stack and the console call it. */
  override name = "AssertionError";
}

/**
 * Runs an assertion of `node:assert` and throws its failure as this package's
 * {@linkcode AssertionError}, `msg` first.
 */
export function rethrow(check: () => void, msg?: string): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof NodeAssertionError)) throw error;
    throw new AssertionError(msg ? `${msg}\n${error.message}` : error.message);
  }
}
