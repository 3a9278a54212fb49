import { AssertionError as NodeAssertionError } from "node:assert";

/** The error of a failed assertion. */
export class AssertionError extends Error {
  /** The name in the stack and in the console. */
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
