/**
 * Formats planned and applied entries as lines for people, like a diff.
 *
 * @module
 */

import type {
  AppliedEntry,
  ApplyOutcome,
} from "../../reconcile/apply_report.ts";
import { formatLuid, type ParsedInterface } from "../../ffi/entry_list.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { NeighborPlan } from "../../reconcile/plan.ts";
import { type Color, type Line, protocolCells } from "./answer.ts";
import { commentWords } from "./comment.ts";
import { nameText } from "./text.ts";

const COLORS: Readonly<Record<string, Color>> = {
  "+": "green",
  "~": "yellow",
  "-": "red",
  "=": "magenta",
};

/** Makes the cells of an entry, or of a row to remove. */
export type CellsOf = (entry: NeighborEntry | Neighbor) => string[];

/** Lines in columns. Later lines are not known, so a column only ever grows. */
export class EntryLines {
  readonly #widths: number[];

  /** Starts with the widths of these texts. */
  constructor(
    likely: readonly string[] = ["255.255.255.255", "00:00:00:00:00:00"],
  ) {
    this.#widths = likely.map((text) => text.length);
  }

  /** A line: the sign, the time if given, the padded cells, the words. */
  line(
    sign: string,
    cells: readonly string[],
    words: readonly string[] = [],
    time?: string,
  ): Line {
    const color = COLORS[sign];
    const start = time === undefined ? [sign] : [sign, time];
    return {
      text: [...start, ...this.pad(cells), ...words].join(" "),
      ...(color !== undefined && { color }),
    };
  }

  /** Pads the cells to the widths of earlier lines, except cells beyond them. */
  pad(cells: readonly string[]): string[] {
    return cells.map((cell, i) => {
      if (i >= this.#widths.length) return cell;
      this.#widths[i] = Math.max(this.#widths[i]!, cell.length);
      return cell.padEnd(this.#widths[i]!);
    });
  }

  /** The lines of a plan, in the order of the entries. */
  *ofPlan(
    entries: readonly NeighborEntry[],
    { create, change, remove }: NeighborPlan,
    cellsOf: CellsOf,
  ): Generator<Line> {
    const created = new Set(create);
    const changed = new Map(change.map((one) => [one.entry, one.current]));
    for (const entry of entries) {
      const current = changed.get(entry);
      const words = commentWords(entry);
      if (current) {
        yield this.line("~", cellsOf(entry), [was(current), ...words]);
      } else if (created.has(entry)) {
        yield this.line("+", cellsOf(entry), words);
      }
    }
    for (const row of remove) yield this.line("-", cellsOf(row));
  }

  /** The lines of applied entries; none for unchanged ones. */
  *ofApplied(
    entries: readonly AppliedEntry[],
    cellsOf: CellsOf,
  ): Generator<Line> {
    for (const { entry, outcome, previous } of entries) {
      const isChange = outcome === "changed" && previous !== null;
      const comment = commentWords(entry);
      const words = isChange ? [was(previous), ...comment] : comment;
      const sign = SIGNS[outcome];
      if (sign !== undefined) yield this.line(sign, cellsOf(entry), words);
      else if (outcome in PUT_BACK) {
        const result = wordsOf(outcome, previous);
        yield this.line("=", cellsOf(entry), [result, ...comment]);
      }
    }
  }
}

const SIGNS: Readonly<Partial<Record<ApplyOutcome, string>>> = {
  created: "+",
  changed: "~",
  removed: "-",
};

const PUT_BACK: Readonly<Partial<Record<ApplyOutcome, string>>> = {
  restored: "put back",
  forgotten: "removed, to be learnt again",
  foreign: "left as somebody else made it",
  lost: "could not be put back",
};

function wordsOf(outcome: ApplyOutcome, previous: Neighbor | null): string {
  if (outcome === "restored" && previous === null) return "removed again";
  return PUT_BACK[outcome]!;
}

/** The row before, in words. */
export function was(row: Neighbor): string {
  return [
    "was",
    row.linkLayerAddress ?? "-",
    row.state,
    ...protocolCells(row.protocol),
  ]
    .join(" ");
}

/** Whether an entry of a report is a row to remove. */
export function isRow(entry: NeighborEntry | Neighbor): entry is Neighbor {
  return "state" in entry;
}

/** The cells of a row. */
export function cellsOfRow(row: Neighbor): string[] {
  return [
    row.address,
    row.linkLayerAddress ?? "-",
    nameText(row.interfaceAlias ?? `${row.interfaceIndex}`),
    ...protocolCells(row.protocol),
  ];
}

/** The cell of an interface, as the entry names it. */
export function interfaceCell({ luid, index, alias }: ParsedInterface): string {
  if (luid !== 0n) return formatLuid(luid);
  return index === 0 ? nameText(alias ?? "") : `${index}`;
}
