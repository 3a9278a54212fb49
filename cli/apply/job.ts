/**
 * The job of `neighbor apply`: the parsed file, the table and the options.
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
import {
  errorJson,
  interruptCode,
  type Line,
  protocolCells,
} from "../output/answer.ts";
import { inFile, type Place } from "../pins/lines.ts";
import type { PinsFile } from "../pins/file.ts";
import { skippedText } from "../pins/rules.ts";
import { describeInterface, type EntryList } from "../../ffi/entry_list.ts";
import { withComment } from "../output/comment.ts";
import { cellsOfRow, interfaceCell, isRow } from "../output/entry_lines.ts";
import { Refusal, type RefusalParts } from "../output/refusal.ts";
import { type Warning, warningLines } from "../output/warning.ts";

/** Options of a job. */
export interface JobOptions {
  readonly prune: boolean;
  /** Only rows of this protocol are removed; 0 stands for every one. */
  readonly owner: number;
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
  /** The warnings of the file, of reading it, and of looking up its interfaces. */
  readonly warnings: Warning[];
  readonly #positions: ReadonlyMap<unknown, number>;

  /** Indexes the entries of a file by the objects that reports contain. */
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
   * The place of an entry in the file, or of the member that an error is about.
   * `undefined` for a row to remove, which is not in the file.
   */
  placeOf(entry: unknown, error?: NeighborError): Place | undefined {
    const position = this.#positions.get(entry);
    if (position === undefined) return undefined;
    return this.file.placeOf(position, error?.member);
  }

  /**
   * The cells of an entry or a row: address, link-layer address, interface, and
   * the protocol where there is one.
   */
  readonly cellsOf = (entry: NeighborEntry | Neighbor): string[] => {
    if (isRow(entry)) return cellsOfRow(entry);
    const { entries } = this;
    const position = this.#positions.get(entry)!;
    return [
      entries.address(position),
      entries.linkLayerAddress(position),
      interfaceCell(entries.named(position)),
      ...protocolCells(entries.protocols[position]!),
    ];
  };

  /** The interface of an entry in words, as the entry names it. */
  interfaceWords(entry: NeighborEntry): string {
    const { entries } = this;
    return describeInterface(entries.named(this.#positions.get(entry)!));
  }

  /** A refusal in words, with its place and the entry's comment. */
  wordsOf(entry: NeighborEntry | Neighbor, error: NeighborError): string {
    const words = withComment(error.message, entry);
    return inFile(this.file.name, this.placeOf(entry, error)) + words;
  }

  /** An entry of a report for `--json`, with the place of its error. */
  appliedJson({ error, ...one }: AppliedEntry): Record<string, unknown> {
    if (error === null) return { ...one, error };
    return { ...one, error: this.errorJson(one.entry, error) };
  }

  /** An error for `--json`, with the entry as given and its place. */
  errorJson(
    entry: NeighborEntry | Neighbor,
    error: NeighborError,
  ): Record<string, unknown> {
    return { ...errorJson(error), entry, ...this.placeOf(entry, error) };
  }

  /** The warnings and the skipped rows, before anything else. */
  *fileLines(): Generator<Line> {
    const { file: { name, skipped }, warnings } = this;
    for (const complaint of warningLines(warnings, name)) yield { complaint };
    const rows = skippedText(skipped);
    if (rows !== undefined) yield { complaint: `${name}: ${rows}` };
  }

  /** A `NeighborError` with its place in the file; any other error unchanged. */
  explain(error: unknown): unknown {
    if (!(error instanceof NeighborError)) return error;
    if (!(error instanceof NeighborApplyError)) {
      return this.refuse(error.entry, error);
    }
    const { report: { entries }, cause } = error;
    const { aborted, reason } = this.options.signal;
    const refused = entries.filter((one) => one.error !== null);
    // Undefined after an interrupt, which no entry caused
    const first = refused.find((one) => one.error === cause);
    const isOne = refused.length === 1 && first !== undefined;
    return this.refuse(first?.entry, error, {
      // Several refusals are printed in order, then the result of the rollback
      before: isOne
        ? []
        : refused.map((one) => this.wordsOf(one.entry, one.error!)),
      ...(!isOne && first !== undefined && { ending: endingOf(error) }),
      details: { entries: entries.map((one) => this.appliedJson(one)) },
      ...(aborted && { code: interruptCode(reason) }),
    });
  }

  /** The refusal of an entry, with the file and the place of the entry. */
  refuse(
    entry: unknown,
    error: NeighborError,
    parts: RefusalParts = {},
  ): Refusal {
    const { name } = this.file;
    const place = this.placeOf(entry, error);
    return new Refusal(error, {
      ...parts,
      message: inFile(name, place) + withComment(error.message, entry),
      ...(parts.ending !== undefined && { ending: `${name}: ${parts.ending}` }),
      details: {
        ...(entry !== undefined && { entry }),
        file: name,
        ...place,
        ...parts.details,
      },
    });
  }
}

/** The message of a failed application without that of the first refusal. */
function endingOf({ message, cause }: NeighborApplyError): string {
  const first = cause instanceof Error ? `${cause.message}; ` : "";
  return message.startsWith(first) ? message.slice(first.length) : message;
}
