/**
 * `neighbor apply --watch`: guards the entries of a file and prints each event.
 *
 * @module
 */

import { NeighborApplyError } from "../../reconcile/apply_report.ts";
import { guardEntries } from "../../reconcile/guard.ts";
import type { GuardEvent, GuardSummary } from "../../reconcile/guard_event.ts";
import {
  errorJson,
  type Line,
  lostLine,
  protocolCells,
} from "../output/answer.ts";
import { commentWords } from "../output/comment.ts";
import { counted, entryCount } from "../output/count.ts";
import { EntryLines } from "../output/entry_lines.ts";
import type { Job } from "./job.ts";
import { pushed } from "../output/pushed.ts";
import { reportJson, reportLines } from "./report.ts";

/** Applies the file and guards its entries until the signal. */
export async function* guard(
  job: Job,
  interval: number | undefined,
): AsyncGenerator<Line, number> {
  const { table, options } = job;
  const lines = new EntryLines();
  yield* job.fileLines();
  try {
    const summary = yield* pushed<Line, GuardSummary>(
      (push) =>
        guardEntries(table, job.entries, {
          ...options,
          interval,
          report(event) {
            push(linesOf(job, event, new Date().toISOString(), lines));
          },
        }),
      lostLine,
    );
    const { repairs, refusals } = summary;
    const time = new Date().toISOString();
    const count = counted(repairs, "repair");
    yield {
      json: { time, type: "ended", ...summary },
      text: `. ${time} ended: ${count}, ${refusals} refused`,
    };
    return 0;
  } catch (error) {
    if (error instanceof NeighborApplyError) {
      yield* lines.ofApplied(error.report.entries, job.cellsOf);
    }
    throw job.explain(error);
  }
}

/** The lines of a guard event; a generator, so they are made when printed. */
function* linesOf(
  job: Job,
  event: GuardEvent,
  time: string,
  lines: EntryLines,
): Generator<Line> {
  const { type } = event;
  switch (type) {
    case "applied": {
      yield { json: { time, type, ...reportJson(job, event.report) } };
      yield* reportLines(job, event.report);
      const count = entryCount(job.entries.length);
      yield { text: `. ${time} guarding ${count} of ${job.file.name}` };
      break;
    }
    case "repaired":
      yield {
        ...repairLine(job, event, time, lines),
        json: { time, ...event },
      };
      break;
    case "refused": {
      const { entry, error } = event;
      yield {
        json: { time, ...event, error: job.errorJson(entry, error) },
        complaint: `${time} ${job.wordsOf(entry, error)}`,
      };
      break;
    }
    case "waiting": {
      const { entries, error } = event;
      const [first] = entries;
      const who = `${entryCount(entries.length)} wait${
        entries.length > 1 ? "" : "s"
      }`;
      yield {
        json: { time, ...event, error: job.errorJson(first!, error) },
        complaint: `${time} ${job.wordsOf(first!, error)}`,
      };
      yield { text: `? ${time} ${who} for ${job.interfaceWords(first!)}` };
      break;
    }
    case "arrived":
      yield {
        json: { time, ...event },
        text: `. ${time} ${job.interfaceWords(event.entries[0]!)} has come`,
      };
      break;
    case "withdrawn": {
      const { entries, interfaceIndex } = event;
      const who = entryCount(entries.length);
      const words = `taken back from interface ${interfaceIndex}: ` +
        `${job.interfaceWords(entries[0]!)} no longer means it`;
      yield { json: { time, ...event }, text: `. ${time} ${who} ${words}` };
      break;
    }
    case "unread":
      yield {
        json: { time, ...event, error: errorJson(event.error) },
        complaint: `${time} ${event.error.message}`,
      };
      break;
    case "resync":
      yield {
        json: { time, ...event },
        text: `! ${time} events were lost, the table is read again`,
        color: "magenta",
      };
  }
}

function repairLine(
  job: Job,
  event: GuardEvent & { type: "repaired" },
  time: string,
  lines: EntryLines,
): Line {
  const { entry, found, repairs, outcome } = event;
  const before = found === null ? ["nothing"] : [
    found.linkLayerAddress ?? "-",
    found.state,
    ...protocolCells(found.protocol),
  ];
  const count = repairs > 1 ? [`(repair ${repairs})`] : [];
  return lines.line(
    SIGNS[outcome],
    job.cellsOf(entry),
    ["found", ...before, ...count, ...commentWords(entry)],
    time,
  );
}

const SIGNS = { created: "+", changed: "~", removed: "-" } as const;
