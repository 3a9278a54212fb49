/**
 * A guard under test, with its events and their times.
 *
 * @module
 */

import { assert } from "@std/assert";
import { guardNeighbors } from "../../../reconcile/guard.ts";
import type {
  GuardEvent,
  GuardOptions,
  GuardSummary,
} from "../../../reconcile/guard_event.ts";
import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { ip } from "./network.ts";
import { soon } from "./watching.ts";
import { pause } from "../pause.ts";

/** Two link-layer addresses: the pinned one and a foreign one. */
export const OURS = "02:fc:00:00:00:05";
export const THEIRS = "02:ee:00:00:00:06";

type OfType<Type extends GuardEvent["type"]> = Extract<
  GuardEvent,
  { type: Type }
>;

/** Guards until the end of the block. */
export class Guarding implements AsyncDisposable {
  readonly events: GuardEvent[] = [];
  /** The time of each event, by `performance.now`. */
  readonly times: number[] = [];
  /** Settles as the guard does. */
  readonly ended: Promise<GuardSummary>;
  readonly #controller = new AbortController();
  #failure: unknown;

  private constructor(
    entries: readonly NeighborEntry[],
    options: GuardOptions,
  ) {
    this.ended = guardNeighbors(entries, {
      interval: 20,
      ...options,
      signal: this.#controller.signal,
      report: (event) => {
        this.times.push(performance.now());
        this.events.push(event);
        options.report?.(event);
      },
    });
    this.ended.catch((error) => this.#failure = error);
  }

  /** Starts a guard, and waits until the entries are applied. */
  static async begin(
    entries: readonly NeighborEntry[],
    options: GuardOptions,
  ): Promise<Guarding> {
    const guarding = new Guarding(entries, options);
    await Promise.race([
      guarding.ended,
      guarding.until(() => guarding.of("applied").length > 0, "applied"),
    ]);
    return guarding;
  }

  /** The events of one type. */
  of<Type extends GuardEvent["type"]>(type: Type): OfType<Type>[] {
    return this.events.filter((one): one is OfType<Type> => one.type === type);
  }

  /** The repairs in short form: outcome, address, row found, number of repairs. */
  repairs(): string[] {
    return this.of("repaired").map(({ outcome, entry, found, repairs }) => {
      const before = found === null
        ? "nothing"
        : `${found.linkLayerAddress} ${found.state}`;
      return `${outcome} ${entry.address}, found ${before}, ${repairs}`;
    });
  }

  /** All events as one word each, repairs with their address. */
  said(): string[] {
    return this.events.map((event) =>
      event.type === "repaired"
        ? `${event.outcome} ${event.entry.address}`
        : event.type
    );
  }

  /** Waits until the condition holds, at most two minutes. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + 120_000;
    while (!holds()) {
      if (this.#failure !== undefined) throw this.#failure;
      assert(performance.now() < end, `${what}: ${this.said().slice(-20)}`);
      await pause(1);
    }
  }

  /** Ends the guard; returns its summary. */
  async end(): Promise<GuardSummary> {
    this.#controller.abort();
    return await soon(this.ended);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end().catch(() => {});
  }
}

/** A second pair of interfaces, here both, until the end of the block. */
export class Pair implements Disposable {
  readonly name: string;
  readonly #far: string;

  constructor(name: string, far = `${name}-far`) {
    this.name = name;
    this.#far = far;
    this.come();
  }

  /** Creates the pair, with the same index if it was removed before. */
  come(index = ""): void {
    ip(`link add ${this.name}${index} type veth peer name ${this.#far}`);
    for (const end of [this.#far, this.name]) ip(`link set ${end} up`);
  }

  go(): void {
    ip(`link del ${this.name}`);
  }

  [Symbol.dispose](): void {
    try {
      this.go();
    } catch {
      // The test has removed it
    }
  }
}
