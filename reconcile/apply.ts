/**
 * Applies the desired entries, all or nothing: observe, write in batches, read
 * back, and roll back what was written where one write is refused.
 *
 * @module
 */

import type { Backend } from "../ffi/backend.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { parseProtocol } from "../ffi/parse/protocol.ts";
import { backendOf } from "../ffi/table_backend.ts";
import { NeighborError, partsOf } from "../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/types/neighbor.ts";
import type { AddressIndex } from "./address_index.ts";
import {
  type AppliedEntry,
  type ApplyOptions,
  type ApplyReport,
  NeighborApplyError,
} from "./apply_report.ts";
import { Callback } from "./callback.ts";
import { parseDesired } from "./desired.ts";
import { bindDesired, type Observation, observe } from "./observe.ts";
import { comparePlan, mayPrune } from "./plan.ts";
import { type RunOptions, Transaction } from "./transaction.ts";

/**
 * Makes the table contain the desired entries, permanent, and reads them back.
 * A dynamic entry of the same address is replaced. Applying the same entries
 * again changes nothing.
 *
 * All or nothing, unless `keepGoing`: where the system refuses a change, or the
 * signal is aborted, every change made so far is rolled back, except entries
 * that another program has changed since. A missing interface, and an entry
 * that its interface cannot have, are refused before anything is changed.
 *
 * @param desired The desired entries; at most one per address and interface.
 * @param options `prune`, `protocol`, `keepGoing`, `signal`, `progress` and the
 * table.
 * @returns The outcome of each entry. With `keepGoing` some may be `refused`.
 * @throws {NeighborApplyError} The first refusal, or `ABORTED`, with the report.
 * @throws {NeighborError} `INVALID_PARAMETER` for an entry that breaks a rule
 * or is given twice, before anything is changed, also with `keepGoing`.
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
  const checked = checkOptions(options, OPTIONS);
  const { table, prune = false, keepGoing = false, signal, progress } = checked;
  const owner = parseProtocol(checked.protocol);
  const entries = parseDesired(desired, owner);
  const backend = backendOf(table ?? sharedTable());
  const { positions, duplicates } = bindDesired(backend, entries);
  if (duplicates.length > 0) throw duplicates[0]!.error;
  const run = { prune, owner, keepGoing, signal, progress };
  return await applyEntries(backend, entries, positions, run);
}

const OPTIONS = {
  prune: "boolean",
  protocol: "any",
  keepGoing: "boolean",
  signal: "signal",
  progress: "function",
  table: "table",
} as const;

/** Options of applying parsed entries. */
export interface ApplyRun extends Omit<RunOptions, "progress"> {
  readonly prune: boolean;
  readonly progress: ((done: number, of: number) => unknown) | undefined;
}

/** Applies bound entries without duplicates, as `applyNeighbors` does. */
export async function applyEntries(
  backend: Backend,
  entries: EntryList,
  positions: AddressIndex,
  run: ApplyRun,
): Promise<ApplyReport> {
  const { prune, owner, keepGoing, signal } = run;
  const observed = observe(backend, entries, positions, { withOthers: prune });
  const remove = prune
    ? observed.others.filter((row) => mayPrune(row, owner))
    : [];
  const transaction = new Transaction(backend, entries, observed, remove);
  const report = () => reportOf(transaction, observed, remove);
  const progress = new Callback(run.progress);
  let isBroken = false;
  if (keepGoing || transaction.cause === undefined) {
    try {
      await transaction.run({ owner, keepGoing, signal, progress });
    } catch (error) {
      if (!(error instanceof NeighborError) || progress.isCause(error)) {
        // A callback threw: the table must not stay half-changed
        if (!keepGoing) transaction.rollBackAll();
        throw error;
      }
      transaction.cause = error;
      isBroken = true;
    }
  }
  if (keepGoing) transaction.rollBackRefused();
  const { cause, isStopped } = transaction;
  const isDone = keepGoing || cause === undefined;
  if (isDone && !isStopped && !isBroken) return report();
  if (!keepGoing) transaction.rollBackAll();
  throw failed(transaction, report(), { keepGoing, isBroken, signal });
}

function reportOf(
  transaction: Transaction,
  { current }: Observation,
  remove: readonly Neighbor[],
): ApplyReport {
  const { entries, outcomes, previous, errors, desiredCount } = transaction;
  const applied: AppliedEntry[] = outcomes.map((outcome, position) => ({
    entry: entries.given[position] as NeighborEntry | Neighbor,
    outcome,
    previous: previous[position] ?? null,
    error: errors.get(position) ?? null,
  }));
  return {
    // Computed on access: few callers read it
    get plan() {
      return comparePlan(entries, desiredCount, current, remove);
    },
    entries: applied,
  };
}

function failed(
  transaction: Transaction,
  report: ApplyReport,
  { keepGoing, isBroken, signal }: {
    readonly keepGoing: boolean;
    readonly isBroken: boolean;
    readonly signal: AbortSignal | undefined;
  },
): NeighborApplyError {
  const { cause, isStopped, outcomes, refusals } = transaction;
  const result = keepGoing
    ? "what was applied stays"
    : describeRollback(transaction);
  const all = `${outcomes.length} entries`;
  if (cause === undefined || (isStopped && keepGoing)) {
    return new NeighborApplyError(
      "ABORTED",
      `Stopped before all of ${all} were applied; ${result}`,
      report,
      { cause: signal?.reason },
    );
  }
  const refused = isBroken ? "" : `${refusals} of ${all} refused, `;
  const message = `${cause.message}; ${refused}${result}`;
  return new NeighborApplyError(cause.code, message, report, {
    ...partsOf(cause),
    cause,
  });
}

/** The result of the rollback in words; each row was compared with its former one. */
function describeRollback({ outcomes, wasChanged }: Transaction): string {
  const count = (name: string) =>
    outcomes.filter((outcome) => outcome === name).length;
  const words = [];
  const lost = count("lost");
  const foreign = count("foreign");
  const forgotten = count("forgotten");
  if (lost > 0) words.push(`${lost} could not be put back`);
  if (foreign > 0) words.push(`${foreign} had been changed by somebody else`);
  if (forgotten > 0) words.push(`${forgotten} will have to be learnt again`);
  if (words.length > 0) return `put back but for this: ${words.join(", ")}`;
  return wasChanged
    ? "everything was put back as it was"
    : "nothing was changed";
}
