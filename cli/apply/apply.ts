/**
 * `neighbor apply`: a pins file made so, all or nothing; or what that would
 * take; or kept so.
 *
 * @module
 */

import {
  type AppliedEntry,
  type ApplyOutcome,
  type ApplyReport,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { applyNeighbors } from "../../reconcile/apply.ts";
import { InterfaceLookup } from "../../reconcile/interface_lookup.ts";
import { arrange, readDesired } from "../../reconcile/desired.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { exitCode, type Line, type Lines } from "../output/answer.ts";
import { EntryLines } from "../output/entry_lines.ts";
import { milliseconds } from "../values.ts";
import { OwnAddresses } from "../own_address.ts";
import { readInput } from "../input.ts";
import { Job } from "./job.ts";
import type { Problem } from "../pins/json_text.ts";
import { type RunCommand, UsageError } from "../args.ts";
import { parsePins } from "../pins/file.ts";
import { pushed } from "../output/pushed.ts";
import { refuseFile } from "../output/refusal.ts";

/** Reads and checks the file, then does what the options say. */
export async function apply(
  table: NeighborTable,
  { operands, flags, values }: RunCommand,
): Promise<Lines> {
  const modes = ["dry-run", "check", "watch"].filter((one) => flags.has(one));
  if (modes.length > 1) {
    throw new UsageError(`apply takes --${modes.join(" or --")}, not both`);
  }
  const [mode] = modes;
  if (values.interval !== undefined && mode !== "watch") {
    throw new UsageError('The option "--interval" goes with --watch');
  }
  const interval = milliseconds(values.interval);
  const operand = operands[0]!;
  const name = operand === "-" ? "<stdin>" : operand;
  const file = parsePins(await readInput(operand), name);
  const controller = new AbortController();
  const job = new Job(table, file, {
    prune: flags.has("prune"),
    keepGoing: flags.has("keep-going"),
    signal: controller.signal,
  });
  checkTogether(job);
  if (mode === "dry-run" || mode === "check") {
    const { preview } = await import("./preview.ts");
    return { lines: preview(job, mode), kind: "finite" };
  }
  const stop = () => controller.abort();
  if (mode === "watch") {
    const { guard } = await import("./guard.ts");
    return { lines: guard(job, interval), stop, kind: "guard" };
  }
  return { lines: applied(job), stop, kind: "finite" };
}

/** Two pins for one entry are told with the places of the later ones. */
function checkTogether(job: Job): void {
  const problems: Problem[] = [];
  const interfaces = job.table.listInterfaces();
  const numbers = new InterfaceLookup(interfaces, []);
  const all = readDesired(job.entries);
  arrange(all, numbers, (message, { entry }, twin) => {
    const first = job.placeOf(twin?.entry);
    const where = first && ` (first at ${first.line}:${first.column})`;
    problems.push({
      ...job.placeOf(entry)!,
      message: message + (where ?? ""),
    });
  });
  if (problems.length > 0) throw refuseFile(job.file.name, problems);
  const own = new OwnAddresses(interfaces);
  for (const { entry, parsed } of all) {
    const message = own.warning(parsed);
    if (message === undefined) continue;
    job.warnings.push({ ...job.placeOf(entry)!, message });
  }
}

async function* applied(job: Job): AsyncGenerator<Line, number> {
  const { table, entries, options } = job;
  yield* job.fileLines();
  try {
    const report = yield* pushed<Line, ApplyReport>((push) =>
      applyNeighbors(entries, {
        ...options,
        table,
        progress: (done, of) => push({ progress: { done, of } }),
      })
    );
    yield { json: { result: "applied", ...reportJson(job, report) } };
    yield* reportLines(job, report);
    const refused = report.entries.find(({ error }) => error !== null);
    return refused === undefined ? 0 : exitCode(refused.error!);
  } catch (error) {
    if (error instanceof NeighborApplyError) {
      yield* new EntryLines().ofApplied(error.report.entries);
    }
    throw job.explain(error);
  }
}

/** A report as `--json` prints it. */
export function reportJson(
  job: Job,
  { entries }: ApplyReport,
): Record<string, unknown> {
  return {
    summary: countsOf(entries),
    entries: entries.map((one) => job.appliedJson(one)),
    skipped: job.file.skipped,
    warnings: job.warnings,
  };
}

/** A report for people. */
export function* reportLines(job: Job, report: ApplyReport): Generator<Line> {
  const { entries } = report;
  yield* new EntryLines().ofApplied(entries);
  for (const { entry, error } of entries) {
    if (error !== null) yield { complaint: job.wordsOf(entry, error) };
  }
  const { unchanged, ...done } = countsOf(entries);
  const words = Object.entries(done).filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  const rest = `${unchanged} unchanged`;
  yield {
    text: words.length === 0
      ? `Nothing to do: ${rest}`
      : `${words.join(", ")}; ${rest}`,
  };
}

/** How many there are of each outcome that an application has. */
function countsOf(entries: readonly AppliedEntry[]) {
  const counts: Partial<Record<ApplyOutcome, number>> = {
    created: 0,
    changed: 0,
    unchanged: 0,
    removed: 0,
    refused: 0,
  };
  for (const { outcome } of entries) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts as Record<ApplyOutcome, number>;
}
