import { ok } from "node:assert";
import { rethrow } from "./assertion_error.ts";

/** Fails unless `expected` is a part of `actual`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  const text = `"${actual}" does not include "${expected}"`;
  rethrow(() => ok(actual.includes(expected), text), msg);
}
