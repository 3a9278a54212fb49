/**
 * Stands in for `jsr:@std/assert@1.0.19` in a checkout that cannot reach JSR,
 * over `node:assert` and `node:util`. `deno.json` links it; deleting its line
 * there puts the real package back.
 *
 * It differs only in having less:
 *
 * - no functions beyond those the project imports;
 * - failure messages are worded by Node, so match on your own message only;
 * - values with getters over private state compare by their own properties,
 *   and escape sequences in error messages are compared as they are.
 *
 * @module
 */
export { assert } from "./assert.ts";
export { AssertionError } from "./assertion_error.ts";
export { assertEquals, assertNotEquals } from "./equals.ts";
export { assertExists } from "./exists.ts";
export { fail } from "./fail.ts";
export { assertInstanceOf } from "./instance_of.ts";
export { assertMatch } from "./match.ts";
export { assertRejects } from "./rejects.ts";
export { assertStrictEquals } from "./strict_equals.ts";
export { assertStringIncludes } from "./string_includes.ts";
export { assertThrows } from "./throws.ts";
