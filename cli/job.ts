/**
 * What `neighbor apply` has to do, once its words and its file are read.
 *
 * @module
 */

import { NeighborApplyError } from "../ffi/applied.ts";
import { NeighborError } from "../ffi/error.ts";
import type { Neighbor, NeighborEntry } from "../ffi/neighbor.ts";
import type { NeighborTable } from "../ffi/table.ts";
import type { Line } from "./answer.ts";
import type { PinsFile } from "./pins.ts";
import { inFile, refuseEntry } from "./refusal.ts";

/** What a shell says of a program that SIGINT has ended. */
const INTERRUPTED = 130;

/** A file of entries, the table they are for, and how. */
export interface Job {
  readonly table: NeighborTable;
  readonly file: PinsFile;
  readonly entries: readonly NeighborEntry[];
  readonly prune: boolean;
  readonly keepGoing: boolean;
  /** Aborted by an interrupt. */
  readonly signal: AbortSignal;
}

/** Where the file has an entry; a row that was to go is in no file. */
export function placeOf({ file }: Job, entry: unknown) {
  return file.pins.find((one) => one.entry === entry)?.place;
}

/** A line on an entry that was refused. */
export function complaint(
  job: Job,
  entry: NeighborEntry | Neighbor,
  { message }: NeighborError,
): Line {
  const place = placeOf(job, entry);
  const where = place === undefined ? "" : `${inFile(job.file.name, place)}: `;
  return { complaint: where + message };
}

/** What came of the file, and what will not do for long: first of all. */
export function* fileLines({ file }: Job): Generator<Line> {
  const [first] = file.warnings;
  if (first !== undefined) {
    const others = file.warnings.length - 1;
    const more = others > 0 ? ` (and ${others} more)` : "";
    const where = inFile(file.name, first);
    yield { complaint: `warning: ${where}: ${first.message}${more}` };
  }
  const reasons = Object.entries(file.skipped).filter(([, n]) => n > 0);
  if (reasons.length === 0) return;
  const all = reasons.reduce((sum, [, n]) => sum + n, 0);
  const words = reasons.map(([reason, n]) => `${n} ${REASONS[reason]}`);
  yield {
    complaint: `${file.name}: ${all} row${all > 1 ? "s" : ""} skipped: ` +
      words.join(", "),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  notPermanent: "not permanent",
  noLinkLayerAddress: "without a link-layer address",
  multicast: "multicast",
  broadcast: "broadcast",
  proxy: "proxy",
};

/** An application's error with its place; anything unforeseen as it is. */
export function explain(job: Job, error: unknown): unknown {
  if (!(error instanceof NeighborError)) return error;
  const { name } = job.file;
  if (!(error instanceof NeighborApplyError)) {
    return refuseEntry(error, name, placeOf(job, error.entry));
  }
  const first = error.report.entries.find(({ outcome }) =>
    outcome === "refused"
  );
  const code = job.signal.aborted ? INTERRUPTED : undefined;
  return refuseEntry(error, name, placeOf(job, first?.entry), code);
}
