/**
 * Starts the worker that writes to one entry as somebody else would.
 *
 * @module
 */

import type { Fight } from "./fighter.ts";

/** The other writer, until the end of the block. */
export class Fighter implements Disposable {
  readonly #worker = new Worker(
    new URL("fighter.ts", import.meta.url),
    { type: "module" },
  );

  /** Starts it; resolves when it is ready. */
  static async come(): Promise<Fighter> {
    const fighter = new Fighter();
    await fighter.#answer();
    return fighter;
  }

  /** Has it done; resolves with its answer. */
  async do(fight: Fight): Promise<unknown> {
    const answer = this.#answer();
    this.#worker.postMessage(fight);
    return await answer;
  }

  async #answer(): Promise<unknown> {
    return await new Promise((go) =>
      this.#worker.onmessage = ({ data }) => go(data)
    );
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
