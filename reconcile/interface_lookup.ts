/**
 * One number for each interface, whichever of its three names it goes by: what
 * entries are compared by. Pure.
 *
 * @module
 */

import type { ParsedInterface } from "../ffi/parse/entry.ts";
import type { NetworkInterface } from "../ffi/types/interface.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";

/** The names that a row and an interface share. */
type Names = Pick<
  Neighbor & NetworkInterface,
  "interfaceIndex" | "interfaceLuid"
>;

/** Knows interfaces by what was read of them. */
export class InterfaceLookup {
  readonly #indexes = new Set<number>();
  readonly #luids = new Map<string, number>();
  readonly #aliases = new Map<string, number>();
  /** What nobody has read: below zero, so that no row can have it. */
  readonly #strangers = new Map<string, number>();

  /** Learns the names from interfaces and from rows. */
  constructor(
    interfaces: readonly NetworkInterface[],
    rows: readonly Neighbor[],
  ) {
    for (const one of interfaces) this.#learn(one, one.interfaceAlias);
    let last = -1;
    for (const row of rows) {
      // Rows come interface by interface, most of the time
      if (row.interfaceIndex === last) continue;
      last = row.interfaceIndex;
      if (!this.#indexes.has(last)) this.#learn(row, row.interfaceAlias);
    }
  }

  #learn({ interfaceIndex, interfaceLuid }: Names, alias: string | null): void {
    this.#indexes.add(interfaceIndex);
    if (alias !== null) this.#aliases.set(alias, interfaceIndex);
    if (interfaceLuid !== null) {
      this.#luids.set(BigInt(interfaceLuid).toString(), interfaceIndex);
    }
  }

  /** Learns another alias of an interface, such as an alternative name. */
  alsoCalled(alias: string, index: number): void {
    this.#indexes.add(index);
    this.#aliases.set(alias, index);
  }

  /**
   * The interface's index, or a number below zero where nothing was read of
   * it. The LUID decides, then the index, then the alias.
   */
  of(named: ParsedInterface): number {
    if (named.luid !== 0n) {
      const luid = named.luid.toString();
      return this.#luids.get(luid) ?? this.#stranger(`luid ${luid}`);
    }
    // A row that comes later has this very number
    if (named.index !== 0) return named.index;
    const alias = named.alias ?? "";
    return this.#aliases.get(alias) ?? this.#stranger(`alias ${alias}`);
  }

  /** Whether anything was read of an interface. */
  knows(number: number): boolean {
    return this.#indexes.has(number);
  }

  #stranger(name: string): number {
    const known = this.#strangers.get(name);
    if (known !== undefined) return known;
    const number = -1 - this.#strangers.size;
    this.#strangers.set(name, number);
    return number;
  }
}

/** Whether the name that decides is that of a row's interface. */
export function isNamed(
  { luid, index, alias }: ParsedInterface,
  row: Neighbor,
): boolean {
  if (luid !== 0n) {
    return row.interfaceLuid !== null && BigInt(row.interfaceLuid) === luid;
  }
  return index !== 0
    ? row.interfaceIndex === index
    : row.interfaceAlias === alias;
}
