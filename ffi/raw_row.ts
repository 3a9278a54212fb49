/**
 * Rows as a scan visits them: octets in place, so that a row that is not wanted
 * costs no object.
 *
 * @module
 */

import type { InterfaceId } from "./bound_interface.ts";
import type { Neighbor, NeighborState } from "./types/neighbor.ts";

/** One row. The same object holds the next row at the next call. */
export interface RawRow {
  readonly interfaceKey: InterfaceId;
  /** The memory that the offsets below point into. */
  readonly octets: Uint8Array;
  readonly addressStart: number;
  /** 4 or 16 octets after the start. */
  readonly addressEnd: number;
  readonly linkLayerStart: number;
  /** Equal to the start where the row has no link-layer address. */
  readonly linkLayerEnd: number;
  readonly state: NeighborState;
  /** `RTPROT_*`; 0 where the row has none, as on Windows. */
  readonly protocol: number;
  /** A proxy entry: this computer answers for the address. */
  readonly isProxy: boolean;
  /** The row as a plain object. */
  neighbor(): Neighbor;
}

/** Receives the rows of a scan. */
export interface RowVisitor {
  /** A scan begins or restarts: drop the rows seen so far. */
  begin(): void;
  /** Receives one row. */
  row(row: RawRow): void;
}
