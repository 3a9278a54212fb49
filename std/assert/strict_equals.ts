import { strictEqual } from "node:assert";
import { rethrow } from "./assertion_error.ts";

/** Fails unless `Object.is(actual, expected)`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  rethrow(() => strictEqual(actual, expected), msg);
}
