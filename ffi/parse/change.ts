/**
 * Validates the changes of a batch, and writes against the row that is there.
 * Pure.
 *
 * @module
 */

import {
  CREATE,
  DELETE,
  type EntryList,
  REPLACE,
  SET,
  UNKNOWN,
  VERBS,
  type WriteVerb,
} from "../entry_list.ts";
import { isThere } from "../row_difference.ts";
import type {
  ChangeResult,
  NeighborChange,
  ReplaceResult,
} from "../types/change.ts";
import { invalid, NeighborError } from "../types/error.ts";
import type {
  Neighbor,
  NeighborEntry,
  NeighborKey,
} from "../types/neighbor.ts";
import { describe } from "./describe.ts";
import { checkObject, parseEntry, parseKey } from "./entry.ts";
import { NO_PROTOCOL } from "./protocol.ts";

/** The numbers of the verbs. */
const NUMBERS: ReadonlyMap<unknown, number> = new Map<WriteVerb, number>([
  ["set", SET],
  ["create", CREATE],
  ["replace", REPLACE],
  ["delete", DELETE],
]);

/** The number of a verb; `given` is what it is for. */
export function parseVerb(verb: unknown, given: unknown): number {
  const number = NUMBERS.get(verb);
  if (number !== undefined) return number;
  const known = [...NUMBERS.keys()].join(", ");
  const hint = verb === "add" ? ': "add" is called create here' : "";
  throw invalid(
    `The verb ${describe(verb)} is none of ${known}${hint}`,
    given,
  );
}

/**
 * The most changes of one call. Each has a result, and a list may be all holes,
 * whose length costs the caller nothing.
 */
const MOST_CHANGES = 2 ** 20;

/** Refuses what is not a list of changes, and one that is too long. */
export function checkChanges(changes: readonly NeighborChange[]): void {
  if (!Array.isArray(changes)) throw invalid("The changes are not an array");
  const { length } = changes;
  if (length <= MOST_CHANGES) return;
  throw invalid(
    `There are ${length.toLocaleString("en")} changes, the limit is ` +
      `${MOST_CHANGES.toLocaleString("en")} at a time`,
  );
}

/** Validates one change of a batch; returns its position in the list. */
export function parseChange(
  entries: EntryList,
  change: NeighborChange,
): number {
  checkObject("change", change);
  return parseWrite(entries, parseVerb(change.verb, change), change);
}

/** Validates the entry or key of a verb; returns its position in the list. */
export function parseWrite(
  entries: EntryList,
  verb: number,
  given: NeighborEntry | NeighborKey,
): number {
  const position = verb === DELETE
    ? parseKey(entries, given)
    : parseEntry(entries, given as NeighborEntry);
  entries.verbs[position] = verb;
  return position;
}

/**
 * Whether a row is permanent and has the entry's link-layer address, and its
 * protocol where it has one.
 */
export function isInSync(
  row: Neighbor | undefined,
  entries: EntryList,
  position: number,
): boolean {
  return row !== undefined && row.state === "permanent" &&
    hasProtocol(row, entries, position) &&
    row.linkLayerAddress === entries.linkLayerAddress(position);
}

/** Whether a row has the protocol that the entry asks for, if it does. */
export function hasProtocol(
  row: Neighbor,
  entries: EntryList,
  position: number,
): boolean {
  const wanted = entries.protocols[position]!;
  return wanted === NO_PROTOCOL || row.protocol === wanted;
}

/**
 * Throws if the row that is there means that the write will be refused. The
 * empty row of a deleted entry stops no create, and Set writes over it.
 */
export function checkPresence(
  entries: EntryList,
  position: number,
  current: Neighbor | undefined,
): void {
  const verb = entries.verbs[position]!;
  const isMissing = (verb === SET || verb === DELETE) && current === undefined;
  const isTaken = verb === CREATE && isThere(current);
  if (!isMissing && !isTaken) return;
  const what = `Cannot ${VERBS[verb]} neighbor ${entries.describe(position)}`;
  throw new NeighborError(
    isTaken ? "ALREADY_EXISTS" : "NOT_FOUND",
    isTaken
      ? `${what}: there is an entry for that address already`
      : `${what}: there is no such entry on that interface`,
    { entry: entries.given[position] },
  );
}

/** The results, by the numbers of the outcomes. */
export const RESULT_WORDS: readonly string[] = [
  "", // PENDING
  "created",
  "changed",
  "unchanged",
  "deleted",
];

/** The result of a change. */
export function resultOf(entries: EntryList, position: number): ChangeResult {
  const outcome = entries.outcomes[position]!;
  const error = entries.errors.get(position);
  if (error !== undefined) {
    return { outcome: outcome === UNKNOWN ? "unknown" : "refused", error };
  }
  const result = RESULT_WORDS[outcome] as "deleted" | ReplaceResult;
  const previous = entries.previous.get(position);
  return previous === undefined
    ? { outcome: "done", result }
    : { outcome: "done", result, previous };
}
