/**
 * The error for a write that the system accepted and the table does not show.
 *
 * @module
 */

import { NeighborError, type NeighborErrorOptions } from "./types/error.ts";
import type { Neighbor } from "./types/neighbor.ts";

/** The members of a row that a message shows. */
export type ShownRow = Pick<
  Neighbor,
  "linkLayerAddress" | "state" | "protocol"
>;

/**
 * Creates the error. `what` is the write, such as `"set neighbor 192.0.2.7"`,
 * `finding` what the table shows instead, such as a {@linkcode mismatch}.
 */
export function unconfirmed(
  what: string,
  finding: string,
  options: NeighborErrorOptions,
): NeighborError {
  return new NeighborError(
    "UNCONFIRMED",
    `Cannot ${what}: the system answered success, yet ${finding}`,
    options,
  );
}

/** The row that was found, and what was asked for. */
export function mismatch(found: ShownRow | undefined, wanted: string): string {
  const now = found === undefined
    ? "there is no entry"
    : `it has ${describeRow(found)}`;
  return `${now} where ${wanted} was asked for`;
}

/** A row for messages: its link-layer address, its state and its protocol. */
export function describeRow(
  { linkLayerAddress, state, protocol = null }: ShownRow,
): string {
  const words = `${linkLayerAddress ?? "no address"}, ${state}`;
  return protocol === null ? words : `${words}, protocol ${protocol}`;
}
