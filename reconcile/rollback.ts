/**
 * Undoing changes: what was written is taken back where it was written, unless
 * somebody else has changed the entry since. What is said of an entry is said
 * after its whole row was compared.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import { DELETE, type EntryList, NONE, PENDING } from "../ffi/entry_list.ts";
import { isInSync } from "../ffi/parse/change.ts";
import {
  differences,
  isEmptyRow,
  isUnresolved,
} from "../ffi/row_difference.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { readRows } from "./rows.ts";

/**
 * What became of an entry that was to be rolled back.
 *
 * - `restored`: the whole row is as it was before; of a row that was learnt all
 *   but its state, which Linux has as `stale` then, so that it is confirmed anew
 * - `forgotten`: the row was learnt, and such a one cannot be written: it was
 *   removed, and the system learns it again when it is needed
 * - `foreign`: somebody else has changed it since: left alone
 * - `lost`: it could not be put back, or not all of it; the error says what
 *
 * @example What needs a person
 * ```ts
 * import type { RollbackOutcome } from "@ipnet/neighbor";
 *
 * const alarming: RollbackOutcome[] = ["foreign", "lost"];
 * console.log(alarming.includes("restored"));
 * ```
 */
export type RollbackOutcome = "restored" | "forgotten" | "foreign" | "lost";

/** A change to undo. */
export interface MadeChange {
  /** Where its entry is in the list; it is undone on the interface bound there. */
  readonly position: number;
  /** What was written is gone from the table, where it was a removal. */
  readonly isRemoval: boolean;
  /** What stood there before. */
  readonly previous: Neighbor | undefined;
  /** The system refused it, perhaps half-way: an entry that is gone may be ours. */
  readonly isRefused: boolean;
}

/** How the undoing of one change went. */
export interface RolledBack {
  readonly outcome: RollbackOutcome;
  /** Whether there was anything to undo. */
  readonly isUndone: boolean;
  readonly error?: NeighborError;
}

/**
 * How many are compared and then undone at once. No system compares and removes
 * in one call: few keep the time short in which another program writes unseen.
 */
const BATCH = 32;
/** As many where each comparison reads the whole table. */
const SNAPSHOT_BATCH = 2048;

/**
 * Undoes changes, the last one first; answers for each how it went, in their
 * order.
 */
export function rollBack(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
): RolledBack[] {
  entries.verbs.fill(NONE, 0, entries.length);
  const results: RolledBack[][] = [];
  const size = backend.isSnapshot ? SNAPSHOT_BATCH : BATCH;
  for (let to = changes.length; to > 0; to -= size) {
    const batch = changes.slice(Math.max(0, to - size), to);
    results.push(rollBackBatch(backend, entries, batch));
  }
  return results.reverse().flat();
}

function rollBackBatch(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
): RolledBack[] {
  const positions = changes.map(({ position }) => position);
  const before = attempt(() => readRows(backend, entries, positions));
  if (before instanceof NeighborError) {
    return changes.map(() => ({
      outcome: "lost",
      isUndone: false,
      error: before,
    }));
  }
  const results = new Array<RolledBack | undefined>(changes.length);
  const undone: number[] = [];
  const goneError = findGone(backend, entries);
  changes.forEach((change, i) => {
    const now = before.get(change.position);
    const isUndone = false;
    if (isAsBefore(now, change.previous)) {
      results[i] = { outcome: "restored", isUndone };
    } else if (isOurs(entries, now, change)) undone.push(i);
    else {
      const error = now === undefined ? goneError(change.position) : undefined;
      results[i] = error === undefined
        ? { outcome: "foreign", isUndone }
        : { outcome: "lost", isUndone, error };
    }
  });
  const errors = undo(backend, entries, undone.map((i) => changes[i]!));
  const after = attempt(() =>
    readRows(backend, entries, undone.map((i) => positions[i]!))
  );
  for (const i of undone) {
    const change = changes[i]!;
    results[i] = {
      isUndone: true,
      ...(after instanceof NeighborError
        ? { outcome: "lost", error: after }
        : judge(entries, change, after.get(change.position), errors)),
    };
  }
  return results as RolledBack[];
}

/** Tells of an entry whether its interface is gone: asked once of each. */
function findGone(
  backend: Backend,
  entries: EntryList,
): (position: number) => NeighborError | undefined {
  const known = new Map<number, NeighborError | undefined>();
  return (position) => {
    const on = entries.interfaceOf[position]!;
    if (!known.has(on)) {
      const found = attempt(() => backend.refresh(entries.on(position)));
      known.set(on, found instanceof NeighborError ? found : undefined);
    }
    return known.get(on);
  };
}

function attempt<T>(work: () => T): T | NeighborError {
  try {
    return work();
  } catch (error) {
    if (error instanceof NeighborError) return error;
    throw error;
  }
}

/** Removes what was created, and writes the rest as it was; what was refused. */
function undo(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
): Map<number, NeighborError> {
  const errors = new Map<number, NeighborError>();
  if (changes.length === 0) return errors;
  for (const { position, previous } of changes.toReversed()) {
    if (previous === undefined || isEmptyRow(previous)) {
      entries.verbs[position] = DELETE;
      entries.outcomes[position] = PENDING;
      entries.errors.delete(position);
      continue;
    }
    const error = attempt(() =>
      backend.restore(previous, entries.on(position))
    );
    if (error instanceof NeighborError) errors.set(position, error);
  }
  const places = changes.map(({ position }) => position);
  backend.write(entries, Math.min(...places), Math.max(...places) + 1);
  for (const { position } of changes) {
    const error = entries.errors.get(position);
    if (entries.verbs[position] === DELETE && error !== undefined) {
      errors.set(position, error);
    }
    entries.verbs[position] = NONE;
  }
  return errors;
}

/** What can be said of an entry that was written back. */
function judge(
  entries: EntryList,
  change: MadeChange,
  now: Neighbor | undefined,
  errors: ReadonlyMap<number, NeighborError>,
): Omit<RolledBack, "isUndone"> {
  const { position, previous } = change;
  const error = errors.get(position);
  if (isAsBefore(now, previous)) return { outcome: "restored" };
  if (error !== undefined && !isGone(error)) return { outcome: "lost", error };
  if (now === undefined || isUnresolved(now)) {
    // It went with its interface
    return error === undefined
      ? { outcome: "forgotten" }
      : { outcome: "lost", error };
  }
  const isHalf = previous !== undefined && kindOf(now) === kindOf(previous) &&
    now.linkLayerAddress === previous.linkLayerAddress;
  if (!isHalf && !isOurs(entries, now, change)) return { outcome: "foreign" };
  const what = isHalf
    ? differences(now, previous).join(", ")
    : `it still has ${now.linkLayerAddress}, ${now.state}`;
  return {
    outcome: "lost",
    error: new NeighborError(
      "UNCONFIRMED",
      `Cannot put back neighbor ${entries.describe(position)}: the system ` +
        `answered success, yet ${what}`,
      { entry: entries.given[position] },
    ),
  };
}

function isGone({ code }: NeighborError): boolean {
  return code === "NOT_FOUND" || code === "INTERFACE_NOT_FOUND";
}

/**
 * Whether a row is as it was left. A refused replace may have come half-way: it
 * leaves nothing, or the address on what was learnt and is not permanent yet.
 */
function isOurs(
  entries: EntryList,
  now: Neighbor | undefined,
  { position, isRemoval, isRefused, previous }: MadeChange,
): boolean {
  const isEmpty = now === undefined || isUnresolved(now);
  if (isRemoval) return isEmpty;
  if (isInSync(now, entries, position)) return true;
  if (!isRefused) return false;
  return isEmpty ||
    (previous !== undefined && kindOf(previous) === "learnt" &&
      kindOf(now) === "learnt" &&
      now.linkLayerAddress === entries.linkLayerAddress(position));
}

/**
 * Whether a row says all that another said. How fresh a row is does not count, nor in which state a learnt one
 * is: that changes by itself.
 */
function isAsBefore(
  now: Neighbor | undefined,
  then: Neighbor | undefined,
): boolean {
  const wasThere = then !== undefined && !isEmptyRow(then);
  // Traffic may have made a row anew that says nothing
  if (!wasThere) return now === undefined || isUnresolved(now);
  if (now === undefined) return false;
  if (kindOf(now) !== kindOf(then)) return false;
  return differences({ ...now, state: then.state }, then).length === 0;
}

function kindOf({ state }: Neighbor): string {
  return state === "permanent" || state === "noarp" ? state : "learnt";
}
