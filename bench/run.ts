/**
 * `deno task bench`: prints each ratio beside its target. A ratio that misses its
 * target is marked; the exit code is 0 all the same.
 *
 * @module
 */

import { codecPairs } from "./codec.ts";
import { isMet, last, measure, report } from "./ratio.ts";

const results = measure(codecPairs());
if (last() === null) throw new Error("Nothing was measured");

console.log(`Deno ${Deno.version.deno}, ${Deno.build.target}, ratios:\n`);
for (const result of results) console.log(report(result));
const short = results.filter(({ pair, ratio }) => !isMet(pair, ratio));
console.log(
  short.length === 0
    ? "\nEvery target is met"
    : `\nNOT MET: ${short.map(({ pair }) => pair.name).join(", ")}`,
);
