/**
 * Waits.
 *
 * @module
 */

/**
 * Waits in slices of 10 ms. Where the system stops the process for a moment, only
 * one slice passes in it, so that other timers have their turn.
 */
export async function pause(milliseconds: number): Promise<void> {
  let left = milliseconds;
  do {
    const slice = Math.min(left, 10);
    await new Promise((go) => setTimeout(go, slice));
    left -= slice;
  } while (left > 0);
}
