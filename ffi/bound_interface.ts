/**
 * Interfaces after they were looked up. Pure types.
 *
 * @module
 */

/** Identifies an interface for as long as it lives. */
export type InterfaceId = number | bigint;

/** An interface that was looked up. */
export interface BoundInterface {
  /** What rows are keyed by: an index on Linux, a LUID on Windows. */
  readonly key: InterfaceId;
  /** The index; 0 where only the LUID was looked up. */
  readonly index: number;
  /** The LUID; 0 where there is none, or only the index was looked up. */
  readonly luid: bigint;
}
