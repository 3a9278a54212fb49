/**
 * Waiting: for a time that may come to be earlier, and for the event loop.
 *
 * @module
 */

/** Rings at a time on the clock of `performance.now`. */
export class Alarm {
  #at = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ring: (() => void) | undefined;

  /** Sets it to ring then, unless it rings earlier anyway. */
  set(at: number): void {
    if (at >= this.#at) return;
    this.#at = at;
    if (this.#ring !== undefined) this.#wind();
  }

  /**
   * Waits for it; then it is unset. Never at once: what else is about to be
   * known comes first, so that one turn serves it all.
   */
  async wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ring = resolve;
    this.#wind();
    await promise;
    clearTimeout(this.#timer);
    this.#ring = undefined;
    this.#at = Infinity;
  }

  #wind(): void {
    clearTimeout(this.#timer);
    if (this.#at === Infinity) return;
    const delay = Math.max(0, this.#at - performance.now());
    this.#timer = setTimeout(() => this.#ring?.(), delay);
  }
}

/**
 * Resolves when the event loop has been around once: signals and timers that were
 * due were heard. `setTimeout` would sleep a millisecond or two each time.
 */
export async function yieldToEventLoop(): Promise<void> {
  // The first still comes before the timers
  for (let i = 0; i < 2; i++) {
    await new Promise((done) => void setImmediate(done));
  }
}
