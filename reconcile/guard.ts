/**
 * Keeping entries as they shall be: apply them, listen to the table, and put
 * back whatever drifts.
 *
 * @module
 */

import { type ApplyReport, NeighborApplyError } from "./apply_report.ts";
import { applyNeighbors } from "./apply.ts";
import type { GuardOptions, GuardSummary } from "./guard_event.ts";
import { Controller } from "./controller.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { readDesired } from "./desired.ts";
import { type Survey, survey } from "./observe.ts";
import type { NeighborTable } from "../ffi/types/table.ts";

const DEFAULT_INTERVAL = 1000;

/**
 * Applies the entries as `applyNeighbors` does and then puts back whatever
 * drifts: an entry that is removed, that gets another link-layer address or is
 * made dynamic, that goes when a link goes down. Entries whose interface is not
 * there are made when it comes. Two who fight over an entry cannot make it
 * spin: the repairs of one are at least 100 ms apart.
 *
 * Linux hears of a change from the kernel. Windows has no such event: the table
 * is read every `interval` milliseconds.
 *
 * @param desired The entries there shall be, each address once an interface.
 * @param options `signal` to end it, `report` to be told, `prune`, `keepGoing`,
 * `interval` and the table.
 * @returns How much there was to do, once the signal has ended it.
 * @throws {NeighborApplyError} Where the entries could not be applied to begin
 * with, or the signal came before they were: everything was put back.
 * @throws {NeighborError} `INVALID_PARAMETER` before anything is changed, or
 * what the system answers when it can no longer be listened to.
 *
 * @example Pin the gateway for as long as the program runs
 * ```ts no-eval
 * import { guardNeighbors } from "@ipnet/neighbor";
 *
 * const gateway = {
 *   address: "192.0.2.1",
 *   linkLayerAddress: "02-fc-00-00-00-01",
 *   interfaceAlias: "Ethernet",
 * };
 * await guardNeighbors([gateway], {
 *   report(event) {
 *     if (event.type !== "repaired") return;
 *     console.log("Somebody had made it", event.found?.linkLayerAddress);
 *   },
 * });
 * ```
 */
export async function guardNeighbors(
  desired: readonly NeighborEntry[],
  options: GuardOptions = {},
): Promise<GuardSummary> {
  checkOptions(options, OPTIONS);
  const { prune = false, signal, interval = DEFAULT_INTERVAL } = options;
  const { report = () => {} } = options;
  const all = readDesired(desired);
  const table = options.table ?? sharedTable();
  // Listening begins before anything is read: nothing falls between
  await using watch = table.watch({ initial: false, interval });
  const keeper = new Controller(table, all, { prune, interval, report }, watch);
  const { applied, refusal } = await apply(table, desired, options);
  report({ type: "applied", report: applied });
  keeper.begin(applied, refusal);
  const end = () => keeper.end();
  signal?.addEventListener("abort", end, { once: true });
  // It may have come behind the last change
  if (signal?.aborted) end();
  try {
    // A watch ends with its table, and so does a guard
    void watch.closed.then(end);
    // One that fails ends the other
    await Promise.all([
      keeper.keep().finally(() => watch.return()),
      keeper.listen().finally(end),
    ]);
  } finally {
    signal?.removeEventListener("abort", end);
  }
  return keeper.repairs.summary;
}

const OPTIONS = {
  prune: "boolean",
  keepGoing: "boolean",
  signal: "signal",
  interval: "any",
  report: "function",
  table: "table",
} as const;

/** How often interfaces may go between the look and the change. */
const MOST_TRIES = 5;

/** Applies those whose interface is there. */
async function apply(
  table: NeighborTable,
  desired: readonly NeighborEntry[],
  { prune = false, keepGoing = false, signal }: GuardOptions,
): Promise<{ applied: ApplyReport; refusal: Survey["refusal"] }> {
  for (let tries = 1;; tries++) {
    const { desired: { all }, refusal } = survey(table, desired, false);
    const present = all.filter((one) =>
      refusal(one)?.code !== "INTERFACE_NOT_FOUND"
    ).map(({ entry }) => entry);
    const options = { table, prune, keepGoing, ...(signal && { signal }) };
    try {
      return { applied: await applyNeighbors(present, options), refusal };
    } catch (error) {
      const hasGone = error instanceof NeighborApplyError &&
        error.code === "INTERFACE_NOT_FOUND";
      if (!hasGone || tries === MOST_TRIES) throw error;
    }
  }
}
