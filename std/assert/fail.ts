import { AssertionError } from "./assertion_error.ts";

/** Fails, always. */
export function fail(msg?: string): never {
  throw new AssertionError(msg ? `Failed on purpose: ${msg}` : "Failed");
}
