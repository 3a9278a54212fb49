import { ok } from "node:assert";
import { inspect } from "node:util";
import { rethrow } from "./assertion_error.ts";

/** Fails unless `actual instanceof expectedType`. */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  rethrow(() => {
    ok(
      actual instanceof expectedType,
      `Value is not an instance of ${expectedType.name}: ${inspect(actual)}`,
    );
  }, msg);
}
