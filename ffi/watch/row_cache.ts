/**
 * The rows that a watch has reported. New readings of the table become the
 * events that differ from it. Pure.
 *
 * @module
 */

import type { NeighborEvent } from "../types/watch.ts";
import type { Neighbor, NeighborRow } from "../types/neighbor.ts";

/** What identifies a row: its address on its interface. */
export type RowIdentity = Pick<
  NeighborRow,
  "address" | "interfaceIndex" | "interfaceLuid"
>;

/** The identity as a map key. A LUID is preferred: an index may change. */
export function rowKey(
  { address, interfaceIndex, interfaceLuid }: RowIdentity,
): string {
  return `${address}%${interfaceLuid ?? interfaceIndex}`;
}

/** The reported rows. */
export class RowCache {
  readonly #wants: (row: Neighbor) => boolean;
  readonly #rows = new Map<string, Neighbor>();

  /** `wants` is the filter; rows that do not match count as absent. */
  constructor(wants: (row: Neighbor) => boolean) {
    this.#wants = wants;
  }

  /** The row as it was last reported. */
  get(name: RowIdentity): Neighbor | undefined {
    return this.#rows.get(rowKey(name));
  }

  /** All reported rows. */
  rows(): Iterable<Neighbor> {
    return this.#rows.values();
  }

  /**
   * Takes a row as it is now; returns the event, or `undefined` if it is the
   * same.
   */
  update(neighbor: Neighbor, initial = false): NeighborEvent | undefined {
    const name = rowKey(neighbor);
    const previous = this.#rows.get(name);
    if (!this.#wants(neighbor)) {
      return previous && this.#remove(name, previous);
    }
    this.#rows.set(name, neighbor);
    if (previous === undefined) {
      return { type: "added", neighbor, previous: null, initial };
    }
    return isSame(previous, neighbor)
      ? undefined
      : { type: "changed", neighbor, previous };
  }

  /** Takes a row that is gone; returns the event, if it had been reported. */
  remove(row: RowIdentity): NeighborEvent | undefined {
    const name = rowKey(row);
    const previous = this.#rows.get(name);
    return previous && this.#remove(name, previous);
  }

  /** The reported rows that are not among `rows`. */
  missing(rows: Iterable<RowIdentity>): Neighbor[] {
    const there = new Set<string>();
    for (const row of rows) there.add(rowKey(row));
    const missing: Neighbor[] = [];
    for (const [name, row] of this.#rows) {
      if (!there.has(name)) missing.push(row);
    }
    return missing;
  }

  /** The events that lead to `rows`, a complete reading of the table. */
  compare(rows: readonly Neighbor[]): NeighborEvent[] {
    const events: NeighborEvent[] = [];
    for (const row of this.missing(rows)) pushEvent(events, this.remove(row));
    for (const row of rows) pushEvent(events, this.update(row));
    return events;
  }

  #remove(name: string, previous: Neighbor): NeighborEvent {
    this.#rows.delete(name);
    return { type: "removed", neighbor: null, previous };
  }
}

/** Appends an event, if there is one. */
export function pushEvent(
  events: NeighborEvent[],
  event: NeighborEvent | undefined,
): void {
  if (event !== undefined) events.push(event);
}

/** Compares all but the time since the row was confirmed. */
function isSame(one: Neighbor, other: Neighbor): boolean {
  return one.linkLayerAddress === other.linkLayerAddress &&
    one.state === other.state &&
    one.isRouter === other.isRouter &&
    one.isUnreachable === other.isUnreachable &&
    one.interfaceIndex === other.interfaceIndex &&
    one.interfaceAlias === other.interfaceAlias &&
    one.protocol === other.protocol &&
    areSame(one.flags ?? [], other.flags ?? []);
}

/** Compares flags, which always come in the same order. */
function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length &&
    one.every((flag, i) => flag === other[i]);
}
