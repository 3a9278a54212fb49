import { notEqual } from "node:assert";
import { rethrow } from "./assertion_error.ts";

/** Fails if `actual` is `null` or `undefined`. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  rethrow(() => notEqual(actual ?? null, null, `Value is ${actual}`), msg);
}
