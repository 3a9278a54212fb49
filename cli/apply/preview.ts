/**
 * `neighbor apply --dry-run` and `--check`: prints the changes that are needed.
 * Only reads.
 *
 * @module
 */

import type { Backend } from "../../ffi/backend.ts";
import { type NeighborError, withNote } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { AddressIndex } from "../../reconcile/address_index.ts";
import { observe } from "../../reconcile/observe.ts";
import {
  comparePlan,
  mayPrune,
  type NeighborPlan,
} from "../../reconcile/plan.ts";
import { exitCode, type Line } from "../output/answer.ts";
import { EntryLines } from "../output/entry_lines.ts";
import type { Refusal } from "../output/refusal.ts";
import type { Job } from "./job.ts";

/** The exit code of a check that found a difference. */
const DIFFERS = 5;

type Refused = ReadonlyMap<NeighborEntry, NeighborError>;

/** Compares the file with the table; returns the exit code. */
export async function* preview(
  backend: Backend,
  positions: AddressIndex,
  job: Job,
  mode: "dry-run" | "check",
): AsyncGenerator<Line, number> {
  const { file, entries, options: { prune, owner, keepGoing } } = job;
  const { current, others, refusals } = observe(backend, entries, positions, {
    withOthers: prune,
    verifyAbsent: true,
  });
  const given = entries.given as NeighborEntry[];
  const refused: Refused = new Map(
    [...refusals].map(([position, error]) => [given[position]!, error]),
  );
  const remove = prune ? others.filter((row) => mayPrune(row, owner)) : [];
  const all = comparePlan(entries, entries.length, current, remove);
  const [first] = refused;
  if (first !== undefined && !keepGoing) throw refuseAll(job, all, refused);
  const plan = without(all, refused);
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
  yield* new EntryLines().ofPlan(given, plan, job.cellsOf);
  for (const [entry, error] of refused) {
    yield { complaint: job.wordsOf(entry, error) };
  }
  yield { text: wordsOf(plan, refused.size, mode) };
  if (mode === "check") return differs ? DIFFERS : 0;
  return first === undefined ? 0 : exitCode(first[1]);
}

/** Refuses the file as an application would, all refusals in order. */
function refuseAll(job: Job, plan: NeighborPlan, refused: Refused): Refusal {
  const [entry, error] = [...refused][0]!;
  const of = job.entries.length + plan.remove.length;
  const result =
    `${refused.size} of ${of} entries refused, nothing was changed`;
  const isOne = refused.size === 1;
  return job.refuse(entry, withNote(error, result), {
    before: isOne
      ? []
      : [...refused].map(([entry, error]) => job.wordsOf(entry, error)),
    ...(!isOne && { ending: result }),
    details: {
      refused: [...refused].map(([entry, error]) => ({
        entry,
        error: job.errorJson(entry, error),
      })),
    },
  });
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
