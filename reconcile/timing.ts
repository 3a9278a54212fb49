/**
 * Waits for a time that may be moved earlier, and yields to the event loop.
 *
 * @module
 */

/** A timer for a time on the clock of `performance.now`. */
export class Alarm {
  #at = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve: (() => void) | undefined;

  /** Sets the time, unless an earlier one is set. */
  set(at: number): void {
    if (at >= this.#at) return;
    this.#at = at;
    if (this.#resolve !== undefined) this.#startTimer();
  }

  /**
   * Waits until the time, then unsets it. Resolves in a later task even where
   * the time has passed, so that events already queued are handled together.
   */
  async wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resolve = resolve;
    this.#startTimer();
    await promise;
    clearTimeout(this.#timer);
    this.#resolve = undefined;
    this.#at = Infinity;
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    if (this.#at === Infinity) return;
    const delay = Math.max(0, this.#at - performance.now());
    this.#timer = setTimeout(() => this.#resolve?.(), delay);
  }
}

/**
 * Resolves after one turn of the event loop, in which pending signals and timers
 * were handled. `setTimeout` would take a millisecond or two each time.
 */
export async function yieldToEventLoop(): Promise<void> {
  // The first immediate runs before timers that are due, the second after
  for (let i = 0; i < 2; i++) {
    await new Promise((done) => void setImmediate(done));
  }
}
