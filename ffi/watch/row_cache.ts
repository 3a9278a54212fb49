/**
 * The table as a watch has told it: what was seen since becomes the difference
 * to it. Pure.
 *
 * @module
 */

import type { NeighborEvent } from "../types/watch.ts";
import type { Neighbor, NeighborRow } from "../types/neighbor.ts";

/** What names a row: an address on an interface. The family is in the address. */
export type RowIdentity = Pick<
  NeighborRow,
  "address" | "interfaceIndex" | "interfaceLuid"
>;

/** One word for it. A LUID outlives its index where there are both. */
export function rowKey(
  { address, interfaceIndex, interfaceLuid }: RowIdentity,
): string {
  return `${address}%${interfaceLuid ?? interfaceIndex}`;
}

/** The rows that were told and what is to be told of them next. */
export class RowCache {
  readonly #wants: (row: Neighbor) => boolean;
  readonly #rows = new Map<string, Neighbor>();

  /** `wants` is the filter: what it does not name is not there. */
  constructor(wants: (row: Neighbor) => boolean) {
    this.#wants = wants;
  }

  /** The row as it was told. */
  get(name: RowIdentity): Neighbor | undefined {
    return this.#rows.get(rowKey(name));
  }

  /** All of them. */
  rows(): Iterable<Neighbor> {
    return this.#rows.values();
  }

  /** A row as it is: the event that tells it, where it is news. */
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

  /** A row that is gone. */
  remove(row: RowIdentity): NeighborEvent | undefined {
    const name = rowKey(row);
    const previous = this.#rows.get(name);
    return previous && this.#remove(name, previous);
  }

  /** The rows told that a reading of the table lacks. */
  missing(rows: Iterable<RowIdentity>): Neighbor[] {
    const there = new Set<string>();
    for (const row of rows) there.add(rowKey(row));
    const missing: Neighbor[] = [];
    for (const [name, row] of this.#rows) {
      if (!there.has(name)) missing.push(row);
    }
    return missing;
  }

  /** A reading that lacks nothing: all that it differs by. */
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

/** Appends what there is. */
export function pushEvent(
  events: NeighborEvent[],
  event: NeighborEvent | undefined,
): void {
  if (event !== undefined) events.push(event);
}

/** Whether there is nothing to tell: a row's age alone is no news. */
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

/** Flags come in one order always. */
function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length &&
    one.every((flag, i) => flag === other[i]);
}
