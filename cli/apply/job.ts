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
import { errorJson, interruptCode, type Line } from "../output/answer.ts";
import type { Place, Problem } from "../pins/lines.ts";
import type { PinsFile } from "../pins/file.ts";
import { describeInterface, type EntryList } from "../../ffi/entry_list.ts";
import { cellsOfRow, interfaceCell, isRow } from "../output/entry_lines.ts";
import { inFile, Refusal, type Told } from "../output/refusal.ts";

/** How to do it. */
export interface JobOptions {
  readonly prune: boolean;
  readonly keepGoing: boolean;
  /** Aborted by an interrupt, with the signal's name. */
  readonly signal: AbortSignal;
}

/** A file of entries and the table they are for. */
export class Job {
  readonly table: NeighborTable;
  readonly file: PinsFile;
  readonly options: JobOptions;
  /** The desired entries. */
  readonly entries: EntryList;
  /** What the file warns of; what the interfaces tell is added. */
  readonly warnings: Problem[];
  readonly #positions: ReadonlyMap<unknown, number>;

  /** Takes the pins of a file. */
  constructor(table: NeighborTable, file: PinsFile, options: JobOptions) {
    this.table = table;
    this.file = file;
    this.options = options;
    this.entries = file.entries;
    this.warnings = [...file.warnings];
    this.#positions = new Map(
      file.entries.given.map((entry, position) => [entry, position]),
    );
  }

  /**
   * Where the file has an entry, or the member of it that an error is about; a
   * row that was to go is in no file.
   */
  placeOf(entry: unknown, error?: NeighborError): Place | undefined {
    const position = this.#positions.get(entry);
    if (position === undefined) return undefined;
    return this.file.placeOf(position, error?.member);
  }

  /** The cells of an entry or a row: address, link-layer address, interface. */
  readonly cellsOf = (entry: NeighborEntry | Neighbor): string[] => {
    if (isRow(entry)) return cellsOfRow(entry);
    const { entries } = this;
    const position = this.#positions.get(entry)!;
    return [
      entries.address(position),
      entries.linkLayerAddress(position),
      interfaceCell(entries.named(position)),
    ];
  };

  /** What the entry calls its interface, in words. */
  interfaceWords(entry: NeighborEntry): string {
    const { entries } = this;
    return describeInterface(entries.named(this.#positions.get(entry)!));
  }

  /** What was refused, with its place. */
  wordsOf(entry: NeighborEntry | Neighbor, error: NeighborError): string {
    return inFile(this.file.name, this.placeOf(entry, error)) + error.message;
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
    return { ...errorJson(error), entry, ...this.placeOf(entry, error) };
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
    const { aborted, reason } = this.options.signal;
    const refused = entries.filter((one) => one.error !== null);
    // Where it was stopped no entry is to blame
    const first = refused.find((one) => one.error === cause);
    const isOne = refused.length === 1 && first !== undefined;
    return this.refuse(first?.entry, error, {
      // Several are told in their order, with how it ended behind them
      before: isOne
        ? []
        : refused.map((one) => this.wordsOf(one.entry, one.error!)),
      ...(!isOne && first !== undefined && { ending: endingOf(error) }),
      details: { entries: entries.map((one) => this.appliedJson(one)) },
      ...(aborted && { code: interruptCode(reason) }),
    });
  }

  /** A refusal with the file, and the place of the entry that it is about. */
  refuse(entry: unknown, error: NeighborError, told: Told = {}): Refusal {
    const { name } = this.file;
    const place = this.placeOf(entry, error);
    return new Refusal(error, {
      ...told,
      message: inFile(name, place) + error.message,
      ...(told.ending !== undefined && { ending: `${name}: ${told.ending}` }),
      details: {
        ...(entry !== undefined && { entry }),
        file: name,
        ...place,
        ...told.details,
      },
    });
  }
}

/** The error of an application without that of the first entry. */
function endingOf({ message, cause }: NeighborApplyError): string {
  const first = cause instanceof Error ? `${cause.message}; ` : "";
  return message.startsWith(first) ? message.slice(first.length) : message;
}

const REASONS: Readonly<Record<string, string>> = {
  notPermanent: "not permanent",
  noLinkLayerAddress: "without a link-layer address",
  multicast: "multicast",
  broadcast: "broadcast",
  proxy: "proxy",
  notWritable: "of an address that cannot be written",
};
