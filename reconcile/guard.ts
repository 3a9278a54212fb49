/**
 * Keeping entries as they shall be: apply them, listen to the table, and put
 * back whatever drifts.
 *
 * @module
 */

import { bindingError } from "../ffi/bind.ts";
import type { Backend } from "../ffi/backend.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { SystemTable } from "../ffi/system_table.ts";
import { backendOf } from "../ffi/table_backend.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import type { NeighborWatch, WatchOptions } from "../ffi/types/watch.ts";
import { parseWatch } from "../ffi/watch/iterator.ts";
import { applyObserved, type ApplyRun } from "./apply.ts";
import { type ApplyReport, NeighborApplyError } from "./apply_report.ts";
import { Callback } from "./callback.ts";
import { Controller } from "./controller.ts";
import { parseDesired } from "./desired.ts";
import type { GuardEvent, GuardOptions, GuardSummary } from "./guard_event.ts";
import { bindDesired, observe } from "./observe.ts";

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
  const checked = checkOptions(options, OPTIONS);
  const { table, prune = false, keepGoing = false, signal, report } = checked;
  const { interval = DEFAULT_INTERVAL } = checked;
  // Whatever table it is for, and before anything is changed
  parseWatch({ interval });
  const entries = parseDesired(desired);
  const how = { prune, keepGoing, signal, interval, report };
  return await guardEntries(table ?? sharedTable(), entries, how);
}

const OPTIONS = {
  prune: "boolean",
  keepGoing: "boolean",
  signal: "signal",
  interval: "any",
  report: "function",
  table: "table",
} as const;

/** How to guard entries that were parsed. */
export interface GuardRun extends Omit<ApplyRun, "progress"> {
  readonly interval: number | undefined;
  readonly report: ((event: GuardEvent) => unknown) | undefined;
}

/** The same of entries that were parsed. */
export async function guardEntries(
  table: NeighborTable,
  entries: EntryList,
  { interval = DEFAULT_INTERVAL, report, ...run }: GuardRun,
): Promise<GuardSummary> {
  const backend = backendOf(table);
  const told = new Callback(report);
  const controller = new Controller(backend, entries, {
    prune: run.prune,
    interval,
    report(event) {
      told.check();
      told.call(event);
    },
  });
  // Listening begins before anything is read: nothing falls between
  await using watch = openWatch(
    table,
    { initial: false, interval },
    () => controller.interfacesChanged(),
    // A prune is about every row of an interface
    run.prune ? undefined : entries,
  );
  const { applied, positions } = await applyPresent(backend, entries, run);
  told.call({ type: "applied", report: applied });
  const tellsInterfaces = table instanceof SystemTable && !watch.isPolled;
  controller.begin(applied, positions, watch, tellsInterfaces);
  const end = () => controller.end();
  const { signal } = run;
  signal?.addEventListener("abort", end, { once: true });
  // It may have come behind the last change
  if (signal?.aborted) end();
  try {
    // A watch ends with its table, and so does a guard
    void watch.closed.then(end);
    // One that fails ends the other
    await Promise.all([
      controller.keep().finally(() => watch.return()),
      controller.listen().finally(end),
    ]);
  } finally {
    signal?.removeEventListener("abort", end);
  }
  told.check();
  return controller.repairer.summary;
}

/** A caller's own table tells of no interfaces. */
function openWatch(
  table: NeighborTable,
  options: WatchOptions,
  interfacesChanged: () => void,
  entries: EntryList | undefined,
): NeighborWatch {
  return table instanceof SystemTable
    ? table.openWatch(options, interfacesChanged, entries)
    : table.watch(options);
}

/** How often interfaces may go between the look-up and the change. */
const MOST_TRIES = 5;

/** Applies those whose interface is there; answers which those were. */
async function applyPresent(
  backend: Backend,
  entries: EntryList,
  run: Omit<ApplyRun, "progress">,
): Promise<{ applied: ApplyReport; positions: number[] }> {
  for (let tries = 1;; tries++) {
    // Those that are bound already were looked up just before
    if (tries > 1) entries.unbind();
    const { duplicates } = bindDesired(backend, entries);
    if (duplicates.length > 0) throw duplicates[0]!.error;
    const positions: number[] = [];
    for (let i = 0; i < entries.length; i++) {
      const error = bindingError(entries, i);
      if (error?.code !== "INTERFACE_NOT_FOUND") positions.push(i);
    }
    const present = entries.pick(positions);
    const { positions: index } = bindDesired(backend, present);
    const observed = observe(backend, present, index, {
      withOthers: run.prune,
    });
    try {
      const how = { ...run, progress: undefined };
      const applied = await applyObserved(backend, present, observed, how);
      return { applied, positions };
    } catch (error) {
      const hasGone = error instanceof NeighborApplyError &&
        error.code === "INTERFACE_NOT_FOUND";
      if (!hasGone || tries === MOST_TRIES) throw error;
    }
  }
}
