/**
 * The long fuzz: a million cases for each test of this folder.
 *
 *   deno task fuzz [CASES] [--seed N] [--path P] [--filter NAME]
 *
 * A failure prints its seed and path: with both, and the test's name as the
 * filter, that case alone is run again.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { CASES_VARIABLE, PATH_VARIABLE, SEED_VARIABLE } from "./fuzz.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    path: { type: "string" },
    filter: { type: "string" },
  },
});
const cases = positionals[0] ?? "1000000";
const seed = values.seed ?? `${Math.floor(Math.random() * 0x7fff_ffff)}`;
console.log(`fuzz: ${cases} cases each, seed ${seed}`);

const { code } = new Deno.Command(Deno.execPath(), {
  args: [
    // The files share the processors: one of them takes half of the time
    ...["test", "-A", "--parallel"],
    ...(values.filter === undefined ? [] : ["--filter", values.filter]),
    fileURLToPath(new URL(".", import.meta.url)),
  ],
  env: {
    [CASES_VARIABLE]: cases,
    [SEED_VARIABLE]: seed,
    ...(values.path !== undefined && { [PATH_VARIABLE]: values.path }),
  },
  stdout: "inherit",
  stderr: "inherit",
}).outputSync();
Deno.exit(code);
