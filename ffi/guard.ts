/**
 * Keeping entries as they shall be: apply them, listen to the table, and put
 * back whatever drifts.
 *
 * @module
 */

import { applyNeighbors } from "./apply.ts";
import { checkObject } from "./entry.ts";
import { invalid } from "./error.ts";
import type { GuardOptions, GuardSummary } from "./guarded.ts";
import { Keeper } from "./keeper.ts";
import type { NeighborEntry } from "./neighbor.ts";
import { sharedTable } from "./open.ts";
import { readDesired } from "./plan.ts";
import { survey } from "./survey.ts";

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
  checkObject("options", options);
  const { prune = false, keepGoing = false, signal } = options;
  const { interval = DEFAULT_INTERVAL, report = () => {} } = options;
  if (typeof report !== "function") {
    throw invalid("The option report takes a function");
  }
  readDesired(desired);
  const table = options.table ?? sharedTable();
  // Listening begins before anything is read: nothing falls between
  await using watch = table.watch({
    initial: false,
    interval,
    ...(signal !== undefined && { signal }),
  });
  const { desired: { all }, missing } = survey(table, desired, false);
  const keeper = new Keeper(table, all, { prune, interval, report });
  const present = all.filter((one) =>
    missing(one)?.code !== "INTERFACE_NOT_FOUND"
  );
  const applied = await applyNeighbors(present.map(({ entry }) => entry), {
    table,
    prune,
    keepGoing,
    ...(signal !== undefined && { signal }),
  });
  report({ type: "applied", report: applied });
  keeper.begin(applied, missing);
  const end = () => {
    keeper.end();
    void watch.return();
  };
  signal?.addEventListener("abort", end, { once: true });
  // It may have come behind the last change
  if (signal?.aborted) end();
  try {
    // Either of them fails alone: then the other is to end as well
    await Promise.all([
      keeper.listen(watch).finally(end),
      keeper.keep().finally(end),
    ]);
  } finally {
    signal?.removeEventListener("abort", end);
  }
  return keeper.summary;
}
