/**
 * The live tests that a guest runs: those that do not wait against a clock, which
 * an emulated processor would miss, and start few processes, which cost seconds
 * there.
 *
 * @module
 */

export const FILES: readonly string[] = [
  // The smoke: every verb of the command
  "every_verb",
  // What another kernel may answer in another way
  ...["verbs", "refusals", "refused_interface", "refused_calls", "witness"],
  ...["protocol", "interfaces", "list", "flush", "apply"],
].map((name) => `tests/linux/${name}.test.ts`);
