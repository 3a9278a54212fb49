/**
 * Letting others have their turn.
 *
 * @module
 */

/**
 * Resolves when the event loop has been around, after some milliseconds: signals
 * and timers were heard.
 */
export function nextTurn(milliseconds = 0): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
