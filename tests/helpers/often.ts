/**
 * Tells work that does not grow with its input from work that does.
 *
 * @module
 */

import { assert } from "@std/assert";

const TIMES = 2000;
const LIMIT = 30_000;

/**
 * Runs a function on one large input 2,000 times. What looks only at the start
 * of it takes well under a second in all; what goes through it takes minutes,
 * however fast the computer is.
 */
export function assertEndsSoon(run: () => void, otherwise: string): void {
  const start = performance.now();
  for (let i = 0; i < TIMES; i++) {
    run();
    assert(performance.now() - start < LIMIT, otherwise);
  }
}
