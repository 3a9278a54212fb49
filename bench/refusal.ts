/**
 * Measures how long a pins file takes to be refused, for all its mistakes or for
 * what nobody writes, beside the time that a right one takes to be read.
 *
 *   deno run -A bench/refusal.ts [FILE]
 *
 * Records the figures in FILE if one is named (bench/results.json).
 *
 * @module
 */

import { refuseFile } from "../cli/output/refusal.ts";
import { parsePins } from "../cli/pins/file.ts";
import { median, threadClock } from "./measure.ts";
import { machine } from "./namespace.ts";
import { record, type TargetLine } from "./results.ts";

const PINS = 200_000;
const ROUNDS = 5;
const PIN = {
  address: "10.0.0.1",
  linkLayerAddress: "02-fc-00-00-00-05",
  interfaceAlias: "eth0",
};

const pinsOf = (members: object, space?: number) =>
  JSON.stringify(Array(PINS).fill({ ...PIN, ...members }), null, space);

/** The texts, each with the most seconds it may take. */
const TEXTS: readonly (readonly [string, string, number | null])[] = [
  ["a pins file of 200,000 pins, read", pinsOf({}), null],
  ["a pins file of 200,000 mistakes", pinsOf({ address: "x" }), 3],
  [
    "a pins file of 200,000 mistakes, on many lines",
    pinsOf({ linkLayerAddress: "0g" }, 2),
    3,
  ],
  ["a pins file of 50 MB of blanks", " ".repeat(50e6), 1],
  ["a pins file of 50 MB of empty lines", "\n".repeat(50e6), 2],
  ["a pins file of 50 MB of brackets", "[".repeat(50e6), 1],
  ["a pins file with a name of 50 MB", `[{"${"x".repeat(50e6)}":1}]`, 2],
];

const clock = threadClock();
const times = TEXTS.map((): number[] => []);
for (let round = 0; round < ROUNDS; round++) {
  TEXTS.forEach(([, text], i) => {
    const start = clock();
    const { problems } = parsePins(text, "p");
    if (problems.length > 0) refuseFile("p", problems);
    times[i]!.push(clock() - start);
  });
}
const usual = median(times[0]!);
const results = TEXTS.map(([line, , target], i): TargetLine => {
  const took = median(times[i]!);
  const now = Math.round(took / 10) / 100;
  console.log(
    `${line.padEnd(50)}${now.toFixed(2).padStart(6)} s` +
      `${(took / usual).toFixed(1).padStart(7)} of what reading 200,000 takes`,
  );
  return { line, now, target };
});
console.log(`\nProcessor time, median of ${ROUNDS}, ${machine()}`);
if (Deno.args[0] !== undefined) {
  record(Deno.args[0], "refusal", { machine: machine(), results });
}
