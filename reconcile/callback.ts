/**
 * Calls a function of the caller, which may throw or return a promise that
 * rejects.
 *
 * @module
 */

/** A function of the caller, and the first error of its calls. */
export class Callback<Args extends unknown[]> {
  readonly #call: ((...args: Args) => unknown) | undefined;
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** Takes the function; without one `call` does nothing. */
  constructor(call: ((...args: Args) => unknown) | undefined) {
    this.#call = call;
  }

  /** Calls the function; an error that it throws is thrown on. */
  call(...args: Args): void {
    let answer: unknown;
    try {
      answer = this.#call?.(...args);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
    if (!(answer instanceof Promise)) return;
    const settled: Promise<void> = answer
      .then(() => {}, (error) => void (this.#failure ??= { error }))
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  /** Throws the first error of an earlier call. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits for the promises that the function has returned, and checks. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
    this.check();
  }

  /** Whether an error is of the function, not of this package. */
  isCause(error: unknown): boolean {
    return this.#failure !== undefined && this.#failure.error === error;
  }
}
