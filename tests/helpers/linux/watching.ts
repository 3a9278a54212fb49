/**
 * Follows a watch in a test: its events, and the table they add up to.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { NeighborEvent, NeighborWatch } from "../../../ffi/types/watch.ts";
import { rowKey } from "../../../ffi/watch/row_cache.ts";
import type { Neighbor } from "../../../ffi/types/neighbor.ts";

/** Applies every event to a table. */
export class Follower {
  readonly rows = new Map<string, Neighbor>();
  readonly events: NeighborEvent[] = [];
  readonly #watch: NeighborWatch;
  /** Settles when the watch has ended. */
  readonly ended: Promise<void>;

  constructor(watch: NeighborWatch) {
    this.#watch = watch;
    this.ended = this.#follow();
  }

  async #follow(): Promise<void> {
    for await (const event of this.#watch) {
      this.events.push(event);
      const { type, neighbor, previous } = event;
      if (type === "resync") continue;
      const name = rowKey((neighbor ?? previous)!);
      // Each event must be consistent with the events before it
      assertEquals(
        this.rows.has(name),
        previous !== null,
        JSON.stringify(event),
      );
      if (neighbor === null) this.rows.delete(name);
      else this.rows.set(name, neighbor);
    }
  }

  /** Waits until the condition holds, at most two minutes. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + 120_000;
    while (!holds()) {
      assert(performance.now() < end, `${what}: ${this.said().join(", ")}`);
      await new Promise((go) => setTimeout(go, 1));
    }
  }

  /** The last events in short form. */
  said(): string[] {
    return this.events.slice(-20).map(({ type, neighbor, previous }) => {
      const row = neighbor ?? previous;
      return row === null
        ? type
        : `${type} ${row.address} ${row.linkLayerAddress} ${row.state}`;
    });
  }
}

/** The comparable members of rows, sorted; the age changes by itself. */
export function comparable(rows: Iterable<Neighbor>): string[] {
  return [...rows].map((row) =>
    `${row.address} ${row.interfaceAlias} ${row.linkLayerAddress} ${row.state}`
  ).toSorted();
}

/** The open descriptors of this process. */
export function descriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** The result of a promise, or an error after a minute. */
export async function soon<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error("It does not come to an end")),
    60_000,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
