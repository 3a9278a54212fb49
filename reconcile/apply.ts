/**
 * Making the table so, all or nothing: plan, change in batches, read back, and
 * where one change is refused put back those that were made.
 *
 * @module
 */

import {
  type AppliedEntry,
  type ApplyOptions,
  type ApplyReport,
  NeighborApplyError,
} from "./apply_report.ts";
import { NeighborError } from "../ffi/types/error.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { putBack } from "./rollback.ts";
import type { Step } from "./operation.ts";
import { Steps } from "./transaction.ts";
import { survey } from "./observe.ts";

/**
 * Makes the table so that the desired entries are there, permanent, and reads
 * them back. A dynamic entry of the same address becomes the desired one.
 * Applying the same again changes nothing.
 *
 * All or nothing, unless `keepGoing`: where the system refuses a change, or
 * the signal stops it, what was changed goes back to what it was, unless
 * somebody else has changed it since. An interface that is not there, and an
 * entry that breaks a rule of its device, are refused before anything is
 * changed.
 *
 * @param desired The entries there shall be, each address once an interface.
 * @param options `prune`, `keepGoing`, `signal` and the table.
 * @returns Where each entry stands. With `keepGoing` some may be `refused`.
 * @throws {NeighborApplyError} What was refused, with the report.
 * @throws {NeighborError} `INVALID_PARAMETER` for an entry that breaks a rule
 * or stands twice, before anything is changed, `keepGoing` or not.
 *
 * @example Pin two entries, or neither
 * ```ts no-eval
 * import { applyNeighbors } from "@ipnet/neighbor";
 *
 * const on = { interfaceAlias: "Ethernet" };
 * const { entries } = await applyNeighbors([
 *   { ...on, address: "192.0.2.1", linkLayerAddress: "02-fc-00-00-00-01" },
 *   { ...on, address: "192.0.2.7", linkLayerAddress: "02-fc-00-00-00-05" },
 * ]);
 * console.log(entries.map((one) => one.outcome));
 * ```
 */
export async function applyNeighbors(
  desired: readonly NeighborEntry[],
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  checkOptions(options, OPTIONS);
  const table = options.table ?? sharedTable();
  const { prune = false, keepGoing = false, signal, progress } = options;
  const read = survey(table, desired, prune);
  const steps = new Steps(table, read);
  const report = (): ApplyReport => ({
    plan: read.plan,
    entries: steps.all.map(entryOf),
  });
  if (keepGoing || steps.cause === undefined) {
    try {
      await steps.run({ keepGoing, signal, progress });
    } catch (error) {
      if (!(error instanceof NeighborError)) {
        // A fault of this program is no reason to leave a half-changed table
        if (!keepGoing) undo(steps);
        throw error;
      }
      steps.cause = error;
      steps.isBroken = true;
    }
  }
  if (keepGoing) { for (const step of steps.refused()) settle(steps, step); }
  const isDone = keepGoing || steps.cause === undefined;
  if (isDone && !steps.isStopped && !steps.isBroken) return report();
  if (!keepGoing) undo(steps);
  throw failed(steps, report(), keepGoing, signal);
}

const OPTIONS = {
  prune: "boolean",
  keepGoing: "boolean",
  signal: "signal",
  progress: "function",
  table: "table",
} as const;

/** Puts back what was changed, the last first. */
function undo(steps: Steps): void {
  for (const step of steps.all.toReversed()) {
    if (step.outcome === "refused") settle(steps, step);
    // Of a batch that broke nobody knows what was done
    const isDoubtful = step.isTried && step.outcome === "untouched";
    if (!step.isMade && !isDoubtful) continue;
    const { outcome, error } = putBack(steps.table, step);
    step.outcome = outcome;
    step.error = error;
    step.isMade = false;
  }
}

/** A refusal may have been of the second call of two: then the first stands. */
function settle(steps: Steps, step: Step): void {
  if (!step.isTried) return;
  const { outcome, error } = putBack(steps.table, step);
  if (outcome === "restored" || outcome === "foreign") return;
  step.outcome = outcome;
  step.error = error ?? step.error;
}

function entryOf({ entry, outcome, previous, error }: Step): AppliedEntry {
  return {
    entry,
    outcome,
    previous: previous ?? null,
    error: error ?? null,
  };
}

function failed(
  steps: Steps,
  report: ApplyReport,
  keepGoing: boolean,
  signal: AbortSignal | undefined,
): NeighborApplyError {
  const far = keepGoing ? "what was applied stays" : wordsOf(steps);
  const all = `${steps.all.length} entries`;
  const { cause, refusals } = steps;
  if (cause === undefined || (steps.isStopped && keepGoing)) {
    return new NeighborApplyError(
      "OTHER",
      `Stopped before all of ${all} were applied; ${far}`,
      report,
      { cause: signal?.reason },
    );
  }
  const { code, message, status, symbol, ntstatus, operation, entry } = cause;
  const refused = steps.isBroken ? "" : `${refusals} of ${all} refused, `;
  return new NeighborApplyError(code, `${message}; ${refused}${far}`, report, {
    ...(status !== null && { status }),
    ...(operation !== null && { operation }),
    symbol,
    ntstatus,
    entry,
    cause,
  });
}

function wordsOf(steps: Steps): string {
  const count = (outcome: Step["outcome"]) =>
    steps.all.filter((step) => step.outcome === outcome).length;
  const lost = count("lost");
  const foreign = count("foreign");
  const forgotten = count("forgotten");
  const words = [];
  if (lost > 0) words.push(`${lost} could not be put back`);
  if (foreign > 0) words.push(`${foreign} had been changed by somebody else`);
  if (forgotten > 0) words.push(`${forgotten} will have to be learnt again`);
  if (words.length > 0) return `put back but for this: ${words.join(", ")}`;
  return steps.wasChanged
    ? "everything was put back as it was"
    : "nothing was changed";
}
