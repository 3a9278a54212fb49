/**
 * `neighbor apply --dry-run` and `--check`: what it would take. Reads only.
 *
 * @module
 */

import { type NeighborError, withNote } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { NeighborPlan } from "../../reconcile/plan.ts";
import { type Survey, surveyClosely } from "../../reconcile/observe.ts";
import { exitCode, type Line } from "../output/answer.ts";
import { EntryLines } from "../output/entry_lines.ts";
import type { Job } from "./job.ts";
import type { Refusal } from "../output/refusal.ts";

/** The exit code of a check that found a difference. */
const DIFFERS = 5;

type Refused = ReadonlyMap<NeighborEntry, NeighborError>;

/** Compares the file with the table; the exit code comes last. */
export async function* preview(
  job: Job,
  mode: "dry-run" | "check",
): AsyncGenerator<Line, number> {
  const { table, file, entries, options: { prune, keepGoing } } = job;
  const read = surveyClosely(table, entries, prune);
  const refused = refusedBy(read);
  const [first] = refused;
  if (first !== undefined && !keepGoing) throw refuseAll(job, read, refused);
  const plan = without(read.plan, refused);
  const size = plan.create.length + plan.change.length + plan.remove.length;
  const differs = size + refused.size > 0;
  yield {
    json: {
      result: mode,
      differs,
      plan,
      refused: [...refused].map(([entry, error]) => ({
        entry,
        error: job.errorJson(entry, error),
      })),
      skipped: file.skipped,
      warnings: job.warnings,
    },
  };
  yield* job.fileLines();
  yield* new EntryLines().ofPlan(entries, plan);
  for (const [entry, error] of refused) {
    yield { complaint: job.wordsOf(entry, error) };
  }
  yield { text: wordsOf(plan, refused.size, mode) };
  if (mode === "check") return differs ? DIFFERS : 0;
  return first === undefined ? 0 : exitCode(first[1]);
}

/** As the application would be: by the first of them. */
function refuseAll(job: Job, { plan }: Survey, refused: Refused): Refusal {
  const [[entry, error], ...others] = [...refused] as [
    [NeighborEntry, NeighborError],
    ...[NeighborEntry, NeighborError][],
  ];
  const of = job.entries.length + plan.remove.length;
  const far = `${refused.size} of ${of} entries refused, nothing was changed`;
  return job.refuse(entry, withNote(error, far), {
    before: others.map(([entry, error]) => job.wordsOf(entry, error)),
    details: {
      refused: [...refused].map(([entry, error]) => ({
        entry,
        error: job.errorJson(entry, error),
      })),
    },
  });
}

/** What an application would be refused, as far as reading tells. */
function refusedBy({ desired, refusal }: Survey): Refused {
  const refused = new Map<NeighborEntry, NeighborError>();
  for (const one of desired.all) {
    const error = refusal(one);
    if (error !== undefined) refused.set(one.entry, error);
  }
  return refused;
}

function without(plan: NeighborPlan, refused: Refused): NeighborPlan {
  return {
    ...plan,
    create: plan.create.filter((entry) => !refused.has(entry)),
    change: plan.change.filter(({ entry }) => !refused.has(entry)),
  };
}

function wordsOf(
  { create, change, remove, unchanged }: NeighborPlan,
  refused: number,
  mode: "dry-run" | "check",
): string {
  const counts = [
    [create.length, "create"],
    [change.length, "change"],
    [remove.length, "remove"],
  ] as const;
  const todo = counts.filter(([count]) => count > 0);
  const rest = `${unchanged.length} unchanged`;
  if (todo.length + refused === 0) return `Nothing to do: ${rest}`;
  const not = refused === 0 ? [] : [`${refused} refused`];
  if (mode === "check") {
    const words = todo.map(([count, verb]) => `${count} to ${verb}`);
    return `It differs: ${[...words, ...not].join(", ")}; ${rest}`;
  }
  const words = todo.map(([count, verb]) => `${verb} ${count}`).join(", ");
  return [`Would ${words || "do nothing"}`, ...not, rest].join("; ");
}
