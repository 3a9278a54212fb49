/**
 * Rolls back changes on the interface they were made on, except entries that
 * another program has changed since. Each outcome is based on a comparison of
 * the whole row.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import { DELETE, type EntryList, NONE, PENDING } from "../ffi/entry_list.ts";
import { isInSync } from "../ffi/parse/change.ts";
import { differences, isThere, isUnresolved } from "../ffi/row_difference.ts";
import { isGone, NeighborError } from "../ffi/types/error.ts";
import type { Neighbor } from "../ffi/types/neighbor.ts";
import { describeRow, unconfirmed } from "../ffi/unconfirmed.ts";
import { readRows } from "./rows.ts";

/**
 * The outcome of rolling back an entry.
 *
 * - `restored`: the whole row is as before. The state of a learnt row is not
 *   compared: Linux restores it as `stale`, so that the kernel verifies it
 * - `forgotten`: the row was learnt and cannot be written as such; it was
 *   removed, and the system learns it again when it is needed
 * - `foreign`: another program has changed the entry since; it was left alone
 * - `lost`: the row could not be restored completely; the error says why
 *
 * @example The outcomes that need attention
 * ```ts
 * import type { RollbackOutcome } from "@ipnet/neighbor";
 *
 * const alarming: RollbackOutcome[] = ["foreign", "lost"];
 * console.log(alarming.includes("restored"));
 * ```
 */
export type RollbackOutcome = "restored" | "forgotten" | "foreign" | "lost";

/** A change to roll back. */
export interface MadeChange {
  /** The position of its entry, which is still bound to the interface written. */
  readonly position: number;
  /** Whether the change removed a row. */
  readonly isRemoval: boolean;
  /** The row before the change. */
  readonly previous: Neighbor | undefined;
  /** Whether the system refused it, perhaps after the first of two calls. */
  readonly isRefused: boolean;
  /** Whether it was a set over a learnt row, which may have stayed dynamic. */
  readonly mayBeDynamic?: boolean;
}

/** The result of rolling back one change. */
export interface RolledBack {
  readonly outcome: RollbackOutcome;
  /** Whether anything was written to roll it back. */
  readonly isUndone: boolean;
  readonly error?: NeighborError;
}

/**
 * Changes compared and then rolled back together where each comparison has to
 * read the whole table. Elsewhere it is one change at a time: no system compares
 * and removes in one call, and a write of another program in between is lost.
 */
const SNAPSHOT_BATCH = 2048;

/**
 * Rolls back changes, the last one first; returns the results in the order of
 * `changes`.
 */
export function rollBack(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
): RolledBack[] {
  entries.verbs.fill(NONE, 0, entries.length);
  const results: RolledBack[][] = [];
  const interfaceError = interfaceErrors(backend, entries);
  const size = backend.isSnapshot ? SNAPSHOT_BATCH : 1;
  for (let to = changes.length; to > 0; to -= size) {
    const batch = changes.slice(Math.max(0, to - size), to);
    results.push(rollBackBatch(backend, entries, batch, interfaceError));
  }
  return results.reverse().flat();
}

function rollBackBatch(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
  interfaceError: (position: number) => NeighborError | undefined,
): RolledBack[] {
  const positions = changes.map(({ position }) => position);
  const before = attempt(() => readRows(backend, entries, positions, true));
  if (before instanceof NeighborError) {
    return changes.map(() => ({
      outcome: "lost",
      isUndone: false,
      error: before,
    }));
  }
  const results = new Array<RolledBack | undefined>(changes.length);
  const undone: number[] = [];
  changes.forEach((change, i) => {
    const now = before.get(change.position);
    const isUndone = false;
    if (equalsFormer(now, change.previous)) {
      results[i] = { outcome: "restored", isUndone };
    } else if (isOurs(entries, now, change)) undone.push(i);
    else {
      const error = now === undefined
        ? interfaceError(change.position)
        : undefined;
      results[i] = error === undefined
        ? { outcome: "foreign", isUndone }
        : { outcome: "lost", isUndone, error };
    }
  });
  const errors = undo(backend, entries, undone.map((i) => changes[i]!));
  const after = attempt(() =>
    readRows(backend, entries, undone.map((i) => positions[i]!), true)
  );
  for (const i of undone) {
    const change = changes[i]!;
    results[i] = {
      isUndone: true,
      ...(after instanceof NeighborError
        ? { outcome: "lost", error: after }
        : outcomeOf(entries, change, after.get(change.position), errors)),
    };
  }
  return results as RolledBack[];
}

/** A function that returns an error where an entry's interface is gone; looks up once. */
function interfaceErrors(
  backend: Backend,
  entries: EntryList,
): (position: number) => NeighborError | undefined {
  const known = new Map<number, NeighborError | undefined>();
  return (position) => {
    const number = entries.interfaceOf[position]!;
    if (!known.has(number)) {
      const found = attempt(() => backend.refresh(entries.on(position)));
      known.set(number, found instanceof NeighborError ? found : undefined);
    }
    return known.get(number);
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

/** Removes created entries and restores former rows; returns the refusals. */
function undo(
  backend: Backend,
  entries: EntryList,
  changes: readonly MadeChange[],
): Map<number, NeighborError> {
  const errors = new Map<number, NeighborError>();
  if (changes.length === 0) return errors;
  for (const { position, previous } of changes.toReversed()) {
    if (!isThere(previous)) {
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

/** The outcome of an entry after it was written back, by the row read then. */
function outcomeOf(
  entries: EntryList,
  change: MadeChange,
  now: Neighbor | undefined,
  errors: ReadonlyMap<number, NeighborError>,
): Omit<RolledBack, "isUndone"> {
  const { position, previous } = change;
  const error = errors.get(position);
  if (equalsFormer(now, previous)) return { outcome: "restored" };
  if (error !== undefined && !isGone(error)) return { outcome: "lost", error };
  if (now === undefined || isUnresolved(now)) {
    // The error is about the interface, which took the row along
    return error === undefined
      ? { outcome: "forgotten" }
      : { outcome: "lost", error };
  }
  const isHalf = previous !== undefined && kindOf(now) === kindOf(previous) &&
    now.linkLayerAddress === previous.linkLayerAddress;
  if (!isHalf && !isOurs(entries, now, change)) return { outcome: "foreign" };
  const finding = isHalf
    ? differences(now, previous).join(", ")
    : `it still has ${describeRow(now)}`;
  return {
    outcome: "lost",
    error: unconfirmed(
      `put back neighbor ${entries.describe(position)}`,
      finding,
      { entry: entries.given[position] },
    ),
  };
}

/**
 * Whether a row is as this package has written it. A refused replace may have
 * deleted the row, or like a set have written the address of a learnt row
 * without making it permanent.
 */
function isOurs(
  entries: EntryList,
  now: Neighbor | undefined,
  { position, isRemoval, isRefused, mayBeDynamic, previous }: MadeChange,
): boolean {
  const isEmpty = now === undefined || isUnresolved(now);
  if (isRemoval) return isEmpty;
  if (isInSync(now, entries, position)) return true;
  if (isEmpty) return isRefused;
  return (isRefused || mayBeDynamic === true) &&
    previous !== undefined && kindOf(previous) === "learnt" &&
    kindOf(now) === "learnt" &&
    now.linkLayerAddress === entries.linkLayerAddress(position);
}

/**
 * Whether a row equals the former one. Its age is not compared, nor the state of
 * a learnt row: both change by themselves.
 */
function equalsFormer(
  now: Neighbor | undefined,
  then: Neighbor | undefined,
): boolean {
  // Traffic may have created an unresolved row meanwhile
  if (!isThere(then)) return now === undefined || isUnresolved(now);
  if (now === undefined) return false;
  if (kindOf(now) !== kindOf(then)) return false;
  return differences({ ...now, state: then.state }, then).length === 0;
}

function kindOf({ state }: Neighbor): string {
  return state === "permanent" || state === "noarp" ? state : "learnt";
}
