/**
 * One entry on its way to be what it shall be. Pure.
 *
 * @module
 */

import type { ApplyOutcome } from "./apply_report.ts";
import { describeKey } from "../ffi/parse/entry.ts";
import { NeighborError } from "../ffi/types/error.ts";
import { keyOfRow } from "../ffi/parse/flush.ts";
import type { Standing } from "./match.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { Made } from "./rollback.ts";
import { keyOf } from "./row_key.ts";
import type { Survey } from "./observe.ts";
import type { PreparedVerb } from "../ffi/parse/change.ts";

/** One entry on its way. */
export interface Step extends Made {
  /** Where it stands among all, the desired entries first. */
  readonly position: number;
  readonly entry: NeighborEntry | Neighbor;
  /** What makes it so; `null` for a removal. */
  readonly verb: PreparedVerb | null;
  outcome: ApplyOutcome;
  previous: Neighbor | undefined;
  error: NeighborError | undefined;
  /** Not by the system where it was the reading back. */
  isRefused: boolean;
  /** It was handed to the system. */
  isTried: boolean;
  /** The system did it: there is something to undo. */
  isMade: boolean;
}

/** The steps of a plan, in its order; those that cannot be made are refused. */
export function stepsOf(
  { desired, current, standing, remove, refusals }: Survey,
): Step[] {
  const steps: Step[] = [];
  for (const one of desired.all) {
    const position = steps.length;
    const stands = standing[position]!;
    const error = refusals.size > 0 ? refusals.get(one) : undefined;
    const outcome = stands === "pinned" ? "unchanged" : "untouched";
    steps.push({
      position,
      key: one.entry,
      entry: one.entry,
      one,
      verb: stands === "pinned" ? null : VERBS[stands],
      outcome: error === undefined ? outcome : "refused",
      previous: current[position],
      error,
      isRefused: false,
      isTried: false,
      isMade: false,
    });
  }
  for (const row of remove) {
    steps.push({
      position: steps.length,
      key: keyOf(row),
      entry: row,
      one: null,
      verb: null,
      outcome: "untouched",
      previous: row,
      error: undefined,
      isRefused: false,
      isTried: false,
      isMade: false,
    });
  }
  return steps;
}

/**
 * What a set makes of a row that was learnt is not known everywhere: there a
 * replacement looks itself, before and after.
 */
const VERBS = {
  absent: "create",
  permanent: "set",
  dynamic: "replace",
} as const satisfies Partial<Record<Standing, PreparedVerb>>;

/** The error for an entry that is not as the system said it was. */
export function disagreement(
  { one, entry }: Step,
  now: Neighbor | undefined,
): NeighborError {
  const found = now === undefined
    ? "there is no entry"
    : `it has ${now.linkLayerAddress ?? "no address"}, ${now.state}`;
  const wanted = one === null
    ? "no entry"
    : `${one.linkLayerAddress}, permanent,`;
  const key = one?.parsed ?? keyOfRow(entry as Neighbor);
  return new NeighborError(
    "OTHER",
    `Cannot apply neighbor ${describeKey(key)}: the system answered ` +
      `success, yet ${found} where ${wanted} was asked for`,
    { entry },
  );
}
