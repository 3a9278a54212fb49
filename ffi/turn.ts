/**
 * Letting others have their turn.
 *
 * @module
 */

/** Resolves when the event loop has been around: signals and timers were heard. */
export function nextTurn(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
