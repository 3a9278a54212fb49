import { inspect } from "node:util";
import { AssertionError } from "./assertion_error.ts";

/** An error class, as `instanceof` takes it. */
export type ErrorClass<E extends Error> =
  // deno-lint-ignore no-explicit-any
  abstract new (...args: any[]) => E;

/** The expectations about a thrown value, after resolving the overloads. */
export interface Expectation {
  readonly type: ErrorClass<Error> | undefined;
  readonly includes: string;
  readonly suffix: string;
}

/** Resolves the overloads `(msg?)` and `(ErrorClass, msgIncludes?, msg?)`. */
export function expectation(
  typeOrMsg: ErrorClass<Error> | string | undefined,
  includes: string | undefined,
  msg: string | undefined,
): Expectation {
  const byClass = typeof typeOrMsg === "function";
  const text = byClass ? msg : typeOrMsg;
  return {
    type: byClass ? typeOrMsg : undefined,
    includes: byClass ? includes ?? "" : "",
    suffix: text ? `: ${text}` : "",
  };
}

/** Fails unless the thrown value meets the expectations. */
export function checkThrown(error: unknown, expected: Expectation): void {
  const { type, includes, suffix } = expected;
  if (type === undefined) return;
  if (!(error instanceof type)) {
    throw new AssertionError(
      `Not an instance of ${type.name}: ${inspect(error)}${suffix}`,
    );
  }
  if (!error.message.includes(includes)) {
    throw new AssertionError(
      `The error's message "${error.message}" lacks "${includes}"${suffix}`,
    );
  }
}
