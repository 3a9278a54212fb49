/**
 * Undoing one change: what was written is taken back, unless somebody else has
 * changed the entry since.
 *
 * @module
 */

import { describeKey, parseKey } from "../ffi/parse/entry.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { Neighbor, NeighborKey } from "../ffi/types/neighbor.ts";
import { type Desired, isSo } from "./desired.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

/**
 * What became of an entry that was to be put back.
 *
 * - `restored`: as it was before, or as near as the system allows: Linux has
 *   what was learnt back as `stale`
 * - `forgotten`: it was learnt, and such a one cannot be written: it was
 *   removed, and the system learns it again when it is needed
 * - `foreign`: somebody else has changed it since: left alone
 * - `lost`: the system refused to put it back
 *
 * @example What needs a person
 * ```ts
 * import type { RollbackOutcome } from "@ipnet/neighbor";
 *
 * const alarming: RollbackOutcome[] = ["foreign", "lost"];
 * console.log(alarming.length);
 * ```
 */
export type RollbackOutcome = "restored" | "forgotten" | "foreign" | "lost";

/** A change that was made. */
export interface Made {
  readonly key: NeighborKey;
  /** What was written; `null` for a removal. */
  readonly one: Desired | null;
  /** What stood there before. */
  readonly previous: Neighbor | undefined;
  /** The system refused it: an entry that is gone may be our doing too. */
  readonly isRefused?: boolean;
}

/** How the undoing went, and the row as it then stands. */
export interface Undone {
  readonly outcome: RollbackOutcome;
  readonly neighbor: Neighbor | undefined;
  readonly error?: NeighborError;
}

/** Undoes a change. */
export function putBack(table: NeighborTable, made: Made): Undone {
  const { key, previous } = made;
  let now: Neighbor | undefined;
  try {
    now = table.get(key);
    if (isSame(now, previous)) return { outcome: "restored", neighbor: now };
    if (!isOurs(now, made)) return { outcome: "foreign", neighbor: now };
    if (previous === undefined) {
      table.delete(key);
      now = table.get(key);
    } else now = table.restore(previous);
    if (isSame(now, previous)) return { outcome: "restored", neighbor: now };
    if (now === undefined) return { outcome: "forgotten", neighbor: now };
    return isOurs(now, made)
      ? { outcome: "lost", neighbor: now, error: stays(made, now) }
      : { outcome: "foreign", neighbor: now };
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    // What was made went with the interface, or by another's hand
    const isGone = error.code === "INTERFACE_NOT_FOUND" ||
      error.code === "NOT_FOUND";
    return isGone && previous === undefined
      ? { outcome: "restored", neighbor: undefined }
      : { outcome: "lost", neighbor: now, error };
  }
}

/**
 * Whether a row is as we left it. A refused replace may have come half-way: it
 * leaves nothing, or our address on what was learnt and is not permanent yet.
 */
function isOurs(now: Neighbor | undefined, made: Made): boolean {
  const { one, previous } = made;
  if (one === null) return now === undefined;
  if (isSo(now, one)) return true;
  if (made.isRefused !== true) return false;
  return now === undefined ||
    (previous !== undefined && kindOf(previous) === "learnt" &&
      kindOf(now) === "learnt" &&
      now.linkLayerAddress === one.linkLayerAddress);
}

function stays(
  { key }: Made,
  { linkLayerAddress, state }: Neighbor,
): NeighborError {
  return new NeighborError(
    "OTHER",
    `Cannot put back neighbor ${describeKey(parseKey(key))}: the system ` +
      `answered success, yet it still has ${linkLayerAddress}, ${state}`,
    { entry: key },
  );
}

/** Whether a row says what another said: how fresh it is does not count. */
function isSame(now: Neighbor | undefined, then: Neighbor | undefined) {
  if (now === undefined || then === undefined) return now === then;
  return now.linkLayerAddress === then.linkLayerAddress &&
    kindOf(now) === kindOf(then);
}

function kindOf({ state }: Neighbor): string {
  return state === "permanent" || state === "noarp" ? state : "learnt";
}
