/**
 * `neighbor apply --watch`: stays, and tells each repair with what it found.
 *
 * @module
 */

import { NeighborApplyError } from "../ffi/applied.ts";
import { guardNeighbors } from "../ffi/guard.ts";
import type { GuardEvent, GuardSummary } from "../ffi/guarded.ts";
import { errorJson, type Line } from "./answer.ts";
import { reportJson, reportLines } from "./apply.ts";
import { cellsOf, cellsOfRow, EntryLines, isRow } from "./entry_lines.ts";
import { complaint, explain, fileLines, type Job } from "./job.ts";
import { pushed } from "./pushed.ts";

/** Applies the file and guards its entries until interrupted. */
export async function* guard(
  job: Job,
  interval: number | undefined,
): AsyncGenerator<Line, number> {
  const { table, prune, keepGoing, signal } = job;
  const lines = new EntryLines();
  yield* fileLines(job);
  try {
    const summary = yield* pushed<Line, GuardSummary>((push) =>
      guardNeighbors(job.entries, {
        table,
        prune,
        keepGoing,
        signal,
        ...(interval !== undefined && { interval }),
        report(event) {
          for (const line of linesOf(job, event, lines)) push(line);
        },
      })
    );
    const { repairs, refusals } = summary;
    yield {
      json: { time: now(), type: "ended", ...summary },
      text: `${repairs} repair${repairs === 1 ? "" : "s"}, ` +
        `${refusals} refused`,
    };
    return 0;
  } catch (error) {
    if (error instanceof NeighborApplyError) {
      yield* lines.ofApplied(error.report.entries);
    }
    throw explain(job, error);
  }
}

function now(): string {
  return new Date().toISOString();
}

/** What a guard tells, as lines with the time. */
function* linesOf(
  job: Job,
  event: GuardEvent,
  lines: EntryLines,
): Generator<Line> {
  const time = now();
  switch (event.type) {
    case "applied":
      yield {
        json: { time, type: event.type, ...reportJson(job, event.report) },
      };
      yield* reportLines(job, event.report);
      break;
    case "repaired": {
      const { entry, found, repairs } = event;
      const cells = isRow(entry) ? cellsOfRow(entry) : cellsOf(entry);
      const before = found === null
        ? "found nothing"
        : `found ${found.linkLayerAddress ?? "-"} ${found.state}`;
      const words = [before, ...(repairs > 1 ? [`(repair ${repairs})`] : [])];
      const sign = SIGNS[event.outcome];
      const line = lines.line(sign, cells, ...words);
      const text = `${sign} ${time}${line.text!.slice(sign.length)}`;
      yield { ...line, text, json: { time, ...event } };
      break;
    }
    case "refused": {
      const json = { time, ...event, error: errorJson(event.error) };
      yield { json, ...complaint(job, event.entry, event.error) };
      break;
    }
    case "waiting": {
      const { entries, error } = event;
      yield {
        json: { time, ...event, error: errorJson(error) },
        ...complaint(job, entries[0]!, error),
      };
      yield { text: `? ${time} ${entriesOf(entries)} for the interface` };
      break;
    }
    case "arrived": {
      const text = `? ${time} the interface has come, ` +
        `${entriesOf(event.entries)} no more`;
      yield { json: { time, ...event }, text };
      break;
    }
    case "resync":
      yield {
        json: { time, ...event },
        text: `! ${time} events were lost, the table is read again`,
        color: "magenta",
      };
  }
}

function entriesOf({ length }: readonly unknown[]): string {
  return length === 1 ? "1 entry waits" : `${length} entries wait`;
}

const SIGNS = { created: "+", changed: "~", removed: "-" } as const;
