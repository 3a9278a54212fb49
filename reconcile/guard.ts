/**
 * Keeps the desired entries in sync: applies them, watches the table, and
 * repairs whatever drifts.
 *
 * @module
 */

import { bindingError } from "../ffi/bind.ts";
import type { Backend } from "../ffi/backend.ts";
import type { EntryList } from "../ffi/entry_list.ts";
import { sharedTable } from "../ffi/open.ts";
import { checkOptions } from "../ffi/parse/options.ts";
import { parseProtocol } from "../ffi/parse/protocol.ts";
import { SystemTable } from "../ffi/system_table.ts";
import { backendOf } from "../ffi/table_backend.ts";
import type { NeighborEntry } from "../ffi/types/neighbor.ts";
import type { NeighborTable } from "../ffi/types/table.ts";
import type { NeighborWatch, WatchOptions } from "../ffi/types/watch.ts";
import { DEFAULT_INTERVAL, parseWatch } from "../ffi/parse/watch.ts";
import { applyEntries, type ApplyRun } from "./apply.ts";
import { type ApplyReport, NeighborApplyError } from "./apply_report.ts";
import { Callback } from "./callback.ts";
import { Controller } from "./controller.ts";
import { parseDesired } from "./desired.ts";
import type { GuardEvent, GuardOptions, GuardSummary } from "./guard_event.ts";
import { bindDesired } from "./observe.ts";

/**
 * Applies the entries as `applyNeighbors` does, and then repairs whatever
 * drifts: an entry that is removed, gets another link-layer address, becomes
 * dynamic, or disappears when a link goes down. Entries of a missing interface
 * are created when it appears. Repairs of one entry are at least 100 ms apart,
 * so that a conflict with another program does not use up the processor.
 *
 * On Linux the kernel reports changes. Windows has no such event: the table is
 * read every `interval` milliseconds.
 *
 * @param desired The desired entries; at most one per address and interface.
 * @param options `signal` to end it, `report` to receive events, `prune`,
 * `protocol`, `keepGoing`, `interval` in milliseconds, and the table.
 * @returns The counts of repairs and refusals, once the signal is aborted.
 * @throws {NeighborApplyError} The first application failed, or the signal was
 * aborted during it. What was changed was rolled back, unless `keepGoing`.
 * @throws {NeighborError} `INVALID_PARAMETER` before anything is changed, or the
 * system's error where the table can no longer be watched.
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
 *     console.log("Repaired, it had", event.found?.linkLayerAddress);
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
  // Refuses a wrong interval before anything is changed, for every kind of table
  parseWatch({ interval });
  const owner = parseProtocol(checked.protocol);
  const entries = parseDesired(desired, owner);
  const run = { prune, owner, keepGoing, signal, interval, report };
  return await guardEntries(table ?? sharedTable(), entries, run);
}

const OPTIONS = {
  prune: "boolean",
  protocol: "any",
  keepGoing: "boolean",
  signal: "signal",
  interval: "any",
  report: "function",
  table: "table",
} as const;

/** Options of guarding parsed entries. */
export interface GuardRun extends Omit<ApplyRun, "progress"> {
  readonly interval: number | undefined;
  readonly report: ((event: GuardEvent) => unknown) | undefined;
}

/** Guards parsed entries, as `guardNeighbors` does. */
export async function guardEntries(
  table: NeighborTable,
  entries: EntryList,
  { interval = DEFAULT_INTERVAL, report, ...run }: GuardRun,
): Promise<GuardSummary> {
  const backend = backendOf(table);
  const reportCallback = new Callback(report);
  const controller = new Controller(backend, entries, {
    prune: run.prune,
    owner: run.owner,
    interval,
    report(event) {
      reportCallback.check();
      reportCallback.call(event);
    },
  });
  // The watch opens before the first reading, so that no change is missed
  await using watch = openWatch(
    table,
    { initial: false, interval },
    () => controller.interfacesChanged(),
    // A prune is about every row of an interface
    run.prune ? undefined : entries,
  );
  const { applied, positions } = await applyPresent(backend, entries, run);
  reportCallback.call({ type: "applied", report: applied });
  const reportsInterfaces = table instanceof SystemTable && !watch.isPolled;
  controller.start(applied, positions, watch, reportsInterfaces);
  const end = () => controller.end();
  const { signal } = run;
  signal?.addEventListener("abort", end);
  // The signal may have been aborted after the last write
  if (signal?.aborted) end();
  try {
    // A watch ends when its table is closed, and then the guard ends too
    void watch.closed.then(end);
    // When one of the two fails, the other ends
    await Promise.all([
      controller.run().finally(() => watch.return()),
      controller.listen().finally(end),
    ]);
  } finally {
    signal?.removeEventListener("abort", end);
  }
  await reportCallback.settle();
  return controller.repairer.summary;
}

/** Opens a watch; a table of the caller's own does not report interfaces. */
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

/** Attempts at applying while interfaces disappear during the application. */
const MOST_TRIES = 5;

/** Applies the entries whose interface exists; returns their positions too. */
async function applyPresent(
  backend: Backend,
  entries: EntryList,
  run: Omit<ApplyRun, "progress">,
): Promise<{ applied: ApplyReport; positions: number[] }> {
  for (let tries = 1;; tries++) {
    // Before the first attempt the caller may have looked up the interfaces
    if (tries > 1) entries.unbind();
    const { positions: all, duplicates } = bindDesired(backend, entries);
    if (duplicates.length > 0) throw duplicates[0]!.error;
    const positions: number[] = [];
    for (let i = 0; i < entries.length; i++) {
      const error = bindingError(entries, i);
      if (error?.code !== "INTERFACE_NOT_FOUND") positions.push(i);
    }
    const present = entries.pick(positions);
    const index = positions.length === entries.length
      ? all
      : bindDesired(backend, present).positions;
    try {
      const options = { ...run, progress: undefined };
      const applied = await applyEntries(backend, present, index, options);
      return { applied, positions };
    } catch (error) {
      const hasGone = error instanceof NeighborApplyError &&
        error.code === "INTERFACE_NOT_FOUND";
      if (!hasGone || tries === MOST_TRIES) throw error;
    }
  }
}
