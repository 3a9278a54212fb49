import { deepStrictEqual, notDeepStrictEqual } from "node:assert";
import { rethrow } from "./assertion_error.ts";
import { comparable } from "./_comparable.ts";

/**
 * Fails unless the two values have the same type and structure. A missing
 * property is not an undefined one.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  rethrow(
    () => deepStrictEqual(comparable(actual), comparable(expected)),
    msg,
  );
}

/** Fails if {@linkcode assertEquals} would not. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  rethrow(
    () => notDeepStrictEqual(comparable(actual), comparable(expected)),
    msg,
  );
}
