/**
 * What `neighbor apply` has to do, once its words and its file are read.
 *
 * @module
 */

import {
  type AppliedEntry,
  NeighborApplyError,
} from "../../reconcile/apply_report.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { NeighborTable } from "../../ffi/types/table.ts";
import { errorJson, type Line } from "../output/answer.ts";
import type { Place, Problem } from "../pins/json_text.ts";
import type { PinsFile } from "../pins/file.ts";
import { inFile, Refusal, type Told } from "../output/refusal.ts";

/** What a shell says of a program that SIGINT has ended. */
const INTERRUPTED = 130;

/** How to do it. */
export interface JobOptions {
  readonly prune: boolean;
  readonly keepGoing: boolean;
  /** Aborted by an interrupt. */
  readonly signal: AbortSignal;
}

/** A file of entries and the table they are for. */
export class Job {
  readonly table: NeighborTable;
  readonly file: PinsFile;
  readonly options: JobOptions;
  readonly entries: readonly NeighborEntry[];
  /** What the file warns of; what the interfaces tell is added. */
  readonly warnings: Problem[];
  readonly #places: ReadonlyMap<unknown, Place>;

  /** Takes the pins of a file. */
  constructor(table: NeighborTable, file: PinsFile, options: JobOptions) {
    this.table = table;
    this.file = file;
    this.options = options;
    this.entries = file.pins.map(({ entry }) => entry);
    this.warnings = [...file.warnings];
    this.#places = new Map(
      file.pins.map(({ entry, place }) => [entry, place]),
    );
  }

  /** Where the file has an entry; a row that was to go is in no file. */
  placeOf(entry: unknown): Place | undefined {
    return this.#places.get(entry);
  }

  /** What was refused, with its place. */
  wordsOf(entry: NeighborEntry | Neighbor, { message }: NeighborError): string {
    return inFile(this.file.name, this.placeOf(entry)) + message;
  }

  /** An entry of a report, its error as `--json` prints one, with its place. */
  appliedJson({ error, ...one }: AppliedEntry): Record<string, unknown> {
    if (error === null) return { ...one, error };
    return { ...one, error: this.errorJson(one.entry, error) };
  }

  /** An error about an entry, with the entry as given and its place. */
  errorJson(
    entry: NeighborEntry | Neighbor,
    error: NeighborError,
  ): Record<string, unknown> {
    return { ...errorJson(error), entry, ...this.placeOf(entry) };
  }

  /** What came of the file, and what will not do for long: first of all. */
  *fileLines(): Generator<Line> {
    const { file: { name, skipped, pins }, warnings } = this;
    const [first] = warnings;
    if (first !== undefined) {
      const others = warnings.length - 1;
      const more = others > 0 ? ` (and ${others} more)` : "";
      const words = `${inFile(name, first)}${first.message}${more}`;
      yield { complaint: `warning: ${words}` };
    }
    const reasons = Object.entries(skipped).filter(([, n]) => n > 0);
    if (reasons.length > 0) {
      const all = reasons.reduce((sum, [, n]) => sum + n, 0);
      const words = reasons.map(([reason, n]) => `${n} ${REASONS[reason]}`);
      const rows = `${all} row${all > 1 ? "s" : ""} skipped`;
      yield { complaint: `${name}: ${rows}: ${words.join(", ")}` };
    }
    // Which a backup of an empty table is too
    if (pins.length === 0) {
      yield {
        complaint: `warning: ${name}: it has no pin, so nothing is held`,
      };
    }
  }

  /** An application's error with its place; anything unforeseen as it is. */
  explain(error: unknown): unknown {
    if (!(error instanceof NeighborError)) return error;
    if (!(error instanceof NeighborApplyError)) {
      return this.refuse(error.entry, error);
    }
    const { report: { entries }, cause } = error;
    // Where it was stopped no entry is to blame
    const first = entries.find((one) =>
      one.error !== null && one.error === cause
    );
    const others = entries.filter((one) => one.error !== null && one !== first);
    return this.refuse(first?.entry, error, {
      before: others.map((one) => this.wordsOf(one.entry, one.error!)),
      details: { entries: entries.map((one) => this.appliedJson(one)) },
      ...(this.options.signal.aborted && { code: INTERRUPTED }),
    });
  }

  /** A refusal with the file, and the place of the entry that it is about. */
  refuse(entry: unknown, error: NeighborError, told: Told = {}): Refusal {
    const { name } = this.file;
    const place = this.placeOf(entry);
    return new Refusal(error, {
      ...told,
      message: inFile(name, place) + error.message,
      details: {
        ...(entry !== undefined && { entry }),
        file: name,
        ...place,
        ...told.details,
      },
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  notPermanent: "not permanent",
  noLinkLayerAddress: "without a link-layer address",
  multicast: "multicast",
  broadcast: "broadcast",
  proxy: "proxy",
};
