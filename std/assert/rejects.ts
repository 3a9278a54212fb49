import { AssertionError } from "./assertion_error.ts";
import { checkThrown, type ErrorClass, expectation } from "./_thrown.ts";

/** Fails unless the promise of `fn` is rejected; resolves to the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Fails unless the promise of `fn` is rejected with an instance of
 * `ErrorClass` whose message includes `msgIncludes`; resolves to that error.
 * A function that throws before it has returned a promise fails too.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  typeOrMsg?: ErrorClass<Error> | string,
  includes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(typeOrMsg, includes, msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (cause) {
    throw new AssertionError(
      `Thrown, not rejected${expected.suffix}`,
      { cause },
    );
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError(`No promise was returned${expected.suffix}`);
  }
  try {
    await promise;
  } catch (error) {
    checkThrown(error, expected);
    return error;
  }
  throw new AssertionError(`The promise was not rejected${expected.suffix}`);
}
