import { match } from "node:assert";
import { rethrow } from "./assertion_error.ts";

/** Fails unless `expected` matches somewhere in `actual`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  rethrow(() => match(actual, expected), msg);
}
