/**
 * Finds the interface that a name means, in a list of interfaces and in rows.
 * Pure.
 *
 * @module
 */

import type { ParsedInterface } from "../ffi/entry_list.ts";
import type { InterfaceRow } from "../ffi/parse/row.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";

/** The identifiers that a row and an interface share. */
type Identifiers = Pick<
  Neighbor & InterfaceRow,
  "interfaceIndex" | "interfaceLuid"
>;

/** Interface indexes by LUID and by alias. */
export class InterfaceLookup {
  readonly #indexes = new Set<number>();
  readonly #luids = new Map<bigint, number>();
  readonly #aliases = new Map<string, number>();

  /** Collects the identifiers of the interfaces, then those of the rows. */
  constructor(
    interfaces: readonly InterfaceRow[],
    rows: readonly Neighbor[],
  ) {
    for (const one of interfaces) {
      this.#learn(one, one.interfaceAlias);
      for (const name of one.altNames) {
        this.#aliases.set(name, one.interfaceIndex);
      }
    }
    let last = -1;
    for (const row of rows) {
      // Rows are mostly grouped by interface
      if (row.interfaceIndex === last) continue;
      last = row.interfaceIndex;
      if (!this.#indexes.has(last)) this.#learn(row, row.interfaceAlias);
    }
  }

  #learn(
    { interfaceIndex, interfaceLuid }: Identifiers,
    alias: string | null,
  ): void {
    this.#indexes.add(interfaceIndex);
    if (alias !== null) this.#aliases.set(alias, interfaceIndex);
    if (interfaceLuid !== null) {
      this.#luids.set(BigInt(interfaceLuid), interfaceIndex);
    }
  }

  /**
   * The index of an interface by its LUID, else its index, else its alias;
   * `undefined` where a LUID or an alias is not known.
   */
  find({ luid, index, alias }: ParsedInterface): number | undefined {
    if (luid !== 0n) return this.#luids.get(luid);
    if (index !== 0) return index;
    return this.#aliases.get(alias ?? "");
  }
}
