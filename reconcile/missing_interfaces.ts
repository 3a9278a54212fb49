/**
 * Managed entries whose interface is not there. All that name it wait together,
 * refused or not yet, and one of them tells for all whether it has come.
 *
 * @module
 */

import type { ManagedEntry } from "./work_queue.ts";
import type { NeighborError } from "../ffi/types/error.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";

interface Missing {
  readonly one: ManagedEntry;
  readonly error: NeighborError;
  isTold: boolean;
}

/** Those that wait. */
export class MissingInterfaces {
  readonly #all: readonly ManagedEntry[];
  readonly #missing = new Map<string, Missing>();

  /** Takes all that are guarded: nothing is missing yet. */
  constructor(all: readonly ManagedEntry[]) {
    this.#all = all;
  }

  /** How many interfaces are missing. */
  get size(): number {
    return this.#missing.size;
  }

  /** Whether an entry's interface is known to be missing. */
  has(one: ManagedEntry): boolean {
    // Nearly always nothing is missing: then the name is not asked for
    return this.size > 0 && this.#missing.has(nameOf(one));
  }

  /** It has just been refused with that. */
  add(one: ManagedEntry, error: NeighborError): void {
    const name = nameOf(one);
    if (this.#missing.has(name)) return;
    this.#missing.set(name, { one, error, isTold: false });
  }

  /** What was not told yet: each interface once, with all that wait for it. */
  news(): { entries: NeighborEntry[]; error: NeighborError }[] {
    const news = [...this.#missing].filter(([, { isTold }]) => !isTold);
    return news.map(([name, missing]) => {
      missing.isTold = true;
      const entries = this.#naming(name)
        .map(({ entry }) => entry as NeighborEntry);
      return { entries, error: missing.error };
    });
  }

  /**
   * Asks `isThere` of one of each; answers all those whose interface has come,
   * interface by interface.
   */
  release(isThere: (one: ManagedEntry) => boolean): ManagedEntry[][] {
    const come = [...this.#missing].filter(([, { one }]) => isThere(one));
    for (const [name] of come) this.#missing.delete(name);
    return come.map(([name]) => this.#naming(name));
  }

  #naming(name: string): ManagedEntry[] {
    return this.#all.filter((one) => nameOf(one) === name);
  }
}

/** All that its interface is named by: any of it may be what is missing. */
function nameOf({ one }: ManagedEntry): string {
  if (one === null) return "";
  const { interface: named, zone } = one.parsed;
  const { luid, index, alias } = named;
  return [luid, index, alias, zone?.index, zone?.alias].join("\0");
}
