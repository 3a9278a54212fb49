/**
 * Formats the report of `neighbor apply` as text and as JSON.
 *
 * @module
 */

import type {
  AppliedEntry,
  ApplyOutcome,
  ApplyReport,
} from "../../reconcile/apply_report.ts";
import type { Line } from "../output/answer.ts";
import { EntryLines } from "../output/entry_lines.ts";
import type { Job } from "./job.ts";

/** A report for `--json`. */
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
  yield* new EntryLines().ofApplied(entries, job.cellsOf);
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

/** The number of entries by outcome. */
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
