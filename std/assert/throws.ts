import { AssertionError } from "./assertion_error.ts";
import { checkThrown, type ErrorClass, expectation } from "./_thrown.ts";

/** Fails unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Fails unless `fn` throws an instance of `ErrorClass` whose message includes
 * `msgIncludes`; returns that error.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  typeOrMsg?: ErrorClass<Error> | string,
  includes?: string,
  msg?: string,
): unknown {
  const expected = expectation(typeOrMsg, includes, msg);
  try {
    fn();
  } catch (error) {
    checkThrown(error, expected);
    return error;
  }
  throw new AssertionError(`Nothing was thrown${expected.suffix}`);
}
