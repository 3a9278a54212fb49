/**
 * Observes and intercepts the writes that a table passes to its backend.
 *
 * @module
 */

import {
  type EntryList,
  NONE,
  PENDING,
  VERBS,
  type WriteVerb,
} from "../../ffi/entry_list.ts";
import type { SystemTable } from "../../ffi/system_table.ts";

/** One call of the backend's `write`. */
export interface WriteCall {
  /** Its number, from 1. */
  readonly number: number;
  readonly entries: EntryList;
  /** The written entries, in order. */
  readonly positions: readonly number[];
  readonly verbs: readonly WriteVerb[];
  readonly addresses: readonly string[];
}

/** Calls functions before and after each write that is not empty. */
export function onWrite(
  table: SystemTable,
  before: (call: WriteCall) => void,
  behind: (call: WriteCall) => void = () => {},
): void {
  const backend = table.backend();
  const write = backend.write.bind(backend);
  let number = 0;
  backend.write = (entries, from, to) => {
    const positions: number[] = [];
    for (let i = from; i < to; i++) {
      const isPending = entries.outcomes[i] === PENDING;
      if (isPending && entries.verbs[i] !== NONE) positions.push(i);
    }
    if (positions.length === 0) return write(entries, from, to);
    const verbs = positions.map((i) => VERBS[entries.verbs[i]!]!);
    const addresses = positions.map((i) => entries.address(i));
    const call = { number: ++number, entries, positions, verbs, addresses };
    before(call);
    write(entries, from, to);
    behind(call);
  };
}
