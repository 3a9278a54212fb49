/**
 * Letting others have their turn.
 *
 * @module
 */

/**
 * Resolves when the event loop has been around: signals and timers that were
 * due were heard. `setTimeout` would sleep a millisecond or two each time.
 */
export async function yieldToEventLoop(): Promise<void> {
  // The first still comes before the timers
  for (let i = 0; i < 2; i++) {
    await new Promise((done) => void setImmediate(done));
  }
}
