/**
 * How often the tests of this folder draw, and from which seed. Both come from
 * `run.ts`; without it each draws a few thousand times from a seed of its own.
 *
 * @module
 */

import fc from "fast-check";

/** Set by run.ts: how many cases each test draws. */
export const CASES_VARIABLE = "NEIGHBOR_FUZZ_CASES";
/** Set by run.ts: the seed, and the path of one case to replay. */
export const SEED_VARIABLE = "NEIGHBOR_FUZZ_SEED";
export const PATH_VARIABLE = "NEIGHBOR_FUZZ_PATH";

/** What the ordinary test run draws. */
const FEW = 3000;
/** No case may take longer, in milliseconds: the slowest takes a hundredth. */
const LONGEST = 5000;

/** How many cases each test draws. */
export const CASES: number = numberOf(CASES_VARIABLE) ?? FEW;
/** What is drawn from: printed by run.ts, and by fast-check for a failure. */
export const SEED: number = numberOf(SEED_VARIABLE) ?? Date.now() & 0x7fff_ffff;

function numberOf(variable: string): number | undefined {
  const text = Deno.env.get(variable);
  if (text === undefined) return undefined;
  if (/^-?[0-9]{1,10}$/.test(text)) return Number(text);
  throw new Error(`${variable} takes a whole number, not "${text}"`);
}

/** How fast-check is to draw `cases` cases. */
export function parameters<T>(cases = CASES): fc.Parameters<T> {
  const path = Deno.env.get(PATH_VARIABLE);
  return { numRuns: cases, seed: SEED, ...(path !== undefined && { path }) };
}

/**
 * Draws the cases of one test. `check` answers of which kind a case was: a fuzz
 * that never meets a kind proves nothing of it, so each of `kinds` must be drawn
 * once in ten thousand cases, and once at all.
 */
export function fuzz<T, Kind extends string>(
  name: string,
  kinds: readonly Kind[],
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => Kind,
): void {
  Deno.test(name, () => {
    const counts = new Map<Kind, number>(kinds.map((kind) => [kind, 0]));
    fc.assert(
      fc.property(arbitrary, (value) => {
        const start = performance.now();
        const kind = check(value);
        const took = performance.now() - start;
        if (took > LONGEST) throw new Error(`It took ${Math.round(took)} ms`);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }),
      parameters<[T]>(),
    );
    report(name, counts);
  });
}

/** Prints the counts of a long run; refuses kinds that were hardly drawn. */
export function report(name: string, counts: ReadonlyMap<string, number>) {
  const words = [...counts].map(([kind, count]) => `${count} ${kind}`);
  if (CASES > FEW) console.log(`${name}: ${words.join(", ")}`);
  if (Deno.env.get(PATH_VARIABLE) !== undefined) return;
  for (const [kind, count] of counts) {
    if (count > 0 && 10_000 * count >= CASES) continue;
    throw new Error(`${name}: of ${CASES} cases only ${count} were ${kind}`);
  }
}
