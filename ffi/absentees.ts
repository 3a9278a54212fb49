/**
 * Guarded entries whose interface is not there: kept by interface, so that one
 * of them tells for all whether it has come.
 *
 * @module
 */

import type { Guarded } from "./doubts.ts";
import { describeInterface } from "./entry.ts";
import type { NeighborError } from "./error.ts";
import type { NeighborEntry } from "./neighbor.ts";

interface Group {
  readonly members: Guarded[];
  readonly error: NeighborError;
  isTold: boolean;
}

/** Those that wait. */
export class Absentees {
  readonly #groups = new Map<string, Group>();

  /** How many interfaces are missing. */
  get size(): number {
    return this.#groups.size;
  }

  /** Whether an entry's interface is known to be missing. */
  has(one: Guarded): boolean {
    // Nearly always nothing is missing: then the name is not asked for
    return this.size > 0 && this.#groups.has(nameOf(one));
  }

  /** It has just been refused with that. */
  add(one: Guarded, error: NeighborError): void {
    const name = nameOf(one);
    const group = this.#groups.get(name);
    if (group !== undefined) group.members.push(one);
    else this.#groups.set(name, { members: [one], error, isTold: false });
  }

  /** What was not told yet: each interface once, with all that wait for it. */
  news(): { entries: NeighborEntry[]; error: NeighborError }[] {
    const news = [...this.#groups.values()].filter(({ isTold }) => !isTold);
    for (const group of news) group.isTold = true;
    return news.map(({ members, error }) => ({
      entries: members.map(({ entry }) => entry as NeighborEntry),
      error,
    }));
  }

  /** Asks `isThere` of one of each; answers all those whose interface has come. */
  release(isThere: (one: Guarded) => boolean): Guarded[] {
    const released: Guarded[] = [];
    for (const [name, { members }] of this.#groups) {
      if (!isThere(members[0]!)) continue;
      this.#groups.delete(name);
      released.push(...members);
    }
    return released;
  }
}

function nameOf({ one }: Guarded): string {
  return one === null ? "" : describeInterface(one.parsed.interface);
}
