/**
 * The live tests that a guest runs: those that do not wait against a clock, which
 * an emulated processor would miss.
 *
 * @module
 */

export const FILES: readonly string[] = [
  "every_verb",
].map((name) => `tests/linux/${name}.test.ts`);
