/**
 * A row of a copied table as a {@linkcode RawRow}.
 *
 * @module
 */

import type { RawRow } from "../raw_row.ts";
import type { Neighbor, NeighborState } from "../types/neighbor.ts";
import {
  MIB_IPNET_ROW2_InterfaceIndex,
  MIB_IPNET_ROW2_InterfaceLuid,
  SIZEOF_MIB_IPNET_ROW2,
} from "./layout.ts";
import { decodeParts, RowParts, toNeighbor } from "./row.ts";

/** One row at a time; the object is reused for the next. */
export class WindowsRow implements RawRow {
  readonly octets: Uint8Array;
  readonly #rows: DataView<ArrayBuffer>;
  readonly #alias: (luid: bigint) => string | null;
  readonly #parts = new RowParts();
  #at = 0;
  /** This table has no proxy entries, and no protocols. */
  readonly isProxy = false;
  readonly protocol = 0;

  /** Reads `rows`; `alias` looks up the alias of an interface. */
  constructor(
    rows: DataView<ArrayBuffer>,
    alias: (luid: bigint) => string | null,
  ) {
    this.#rows = rows;
    this.#alias = alias;
    this.octets = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  }

  /** Moves to a row; throws if it cannot be decoded. */
  read(index: number): void {
    this.#at = index * SIZEOF_MIB_IPNET_ROW2;
    this.#parts.locate(this.#rows, this.#at);
  }

  /** The LUID. */
  get interfaceKey(): bigint {
    return this.#rows.getBigUint64(
      this.#at + MIB_IPNET_ROW2_InterfaceLuid,
      true,
    );
  }

  get interfaceIndex(): number {
    return this.#rows.getUint32(this.#at + MIB_IPNET_ROW2_InterfaceIndex, true);
  }

  get addressStart(): number {
    return this.#parts.addressStart;
  }

  get addressEnd(): number {
    return this.#parts.addressEnd;
  }

  get linkLayerStart(): number {
    return this.#parts.linkLayerStart;
  }

  get linkLayerEnd(): number {
    return this.#parts.linkLayerEnd;
  }

  get state(): NeighborState {
    return this.#parts.state;
  }

  neighbor(): Neighbor {
    const row = decodeParts(this.#rows, this.#at, this.#parts);
    return toNeighbor(row, this.#alias(row.interfaceLuid));
  }
}
