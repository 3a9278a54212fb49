/**
 * The errors of an application that the system itself does not report.
 *
 * @module
 */

import {
  DELETE,
  describeInterface,
  type EntryList,
} from "../ffi/entry_list.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { mismatch, unconfirmed } from "../ffi/unconfirmed.ts";

/** The error for a name that now means another interface than the one written to. */
export function movedError(
  entries: EntryList,
  number: number,
  { index }: { readonly index: number },
): NeighborError {
  const named = entries.interfaces[number]!;
  const before = entries.bound[number]!;
  return new NeighborError(
    "INTERFACE_NOT_FOUND",
    `The ${describeInterface(named)} has come to mean interface ${index}; ` +
      `it meant interface ${before.index} when the entries were applied`,
  );
}

/** The error for an entry that the system accepted and the table does not show. */
export function unconfirmedEntry(
  entries: EntryList,
  position: number,
  now: Neighbor | undefined,
): NeighborError {
  const wanted = entries.verbs[position] === DELETE
    ? "no entry"
    : `${entries.wanted(position)},`;
  const what = `apply neighbor ${entries.describe(position)}`;
  const entry = entries.given[position];
  return unconfirmed(what, mismatch(now, wanted), { entry });
}
