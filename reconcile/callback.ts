/**
 * Calling a caller's function, which may throw, or answer a promise that rejects.
 *
 * @module
 */

/** A caller's function, and what it failed with. */
export class Callback<Args extends unknown[]> {
  readonly #call: ((...args: Args) => unknown) | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** Without a function nothing is called. */
  constructor(call: ((...args: Args) => unknown) | undefined) {
    this.#call = call;
  }

  /** Calls it; what it throws is thrown here. */
  call(...args: Args): void {
    const answer = this.#call?.(...args);
    if (!(answer instanceof Promise)) return;
    answer.catch((error) => {
      this.#failure ??= { error };
    });
  }

  /** Throws what an earlier call was rejected with. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
