/**
 * Calls a function of the caller, which may throw or return a promise that
 * rejects.
 *
 * @module
 */

/** A function of the caller, and the error that its promise was rejected with. */
export class Callback<Args extends unknown[]> {
  readonly #call: ((...args: Args) => unknown) | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** Takes the function; without one `call` does nothing. */
  constructor(call: ((...args: Args) => unknown) | undefined) {
    this.#call = call;
  }

  /** Calls the function; an error that it throws is thrown on. */
  call(...args: Args): void {
    const answer = this.#call?.(...args);
    if (!(answer instanceof Promise)) return;
    answer.catch((error) => {
      this.#failure ??= { error };
    });
  }

  /** Throws the first error that an earlier call was rejected with. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
