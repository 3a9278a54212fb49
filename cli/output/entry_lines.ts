/**
 * Entries as lines for people: what is to be done or was done to each, in the
 * manner of a diff.
 *
 * @module
 */

import type {
  AppliedEntry,
  ApplyOutcome,
} from "../../reconcile/apply_report.ts";
import type { ParsedInterface } from "../../ffi/entry_list.ts";
import type { Neighbor, NeighborEntry } from "../../ffi/types/neighbor.ts";
import type { NeighborPlan } from "../../reconcile/plan.ts";
import type { Color, Line } from "./answer.ts";
import { nameText } from "./text.ts";

const COLORS: Readonly<Record<string, Color>> = {
  "+": "green",
  "~": "yellow",
  "-": "red",
  "=": "magenta",
  "!": "red",
};

/** Makes the cells of an entry, or of a row that was to go. */
export type CellsOf = (entry: NeighborEntry | Neighbor) => string[];

/** Columns that cannot know what is to come: they only ever grow. */
export class EntryLines {
  readonly #widths: number[];

  /** Begins as wide as most addresses are. */
  constructor(
    likely: readonly string[] = ["255.255.255.255", "00:00:00:00:00:00"],
  ) {
    this.#widths = likely.map((text) => text.length);
  }

  /** A line of a sign, perhaps the time, padded cells, words behind them. */
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

  /** Cells, padded to where those before them ended; not the last. */
  pad(cells: readonly string[]): string[] {
    return cells.map((cell, i) => {
      if (i >= this.#widths.length) return cell;
      this.#widths[i] = Math.max(this.#widths[i]!, cell.length);
      return cell.padEnd(this.#widths[i]!);
    });
  }

  /** What a plan of these entries would do, in their order. */
  *ofPlan(
    entries: readonly NeighborEntry[],
    { create, change, remove }: NeighborPlan,
    cellsOf: CellsOf,
  ): Generator<Line> {
    const created = new Set(create);
    const changed = new Map(change.map((one) => [one.entry, one.current]));
    for (const entry of entries) {
      const current = changed.get(entry);
      if (current) yield this.line("~", cellsOf(entry), [was(current)]);
      else if (created.has(entry)) yield this.line("+", cellsOf(entry));
    }
    for (const row of remove) yield this.line("-", cellsOf(row));
  }

  /** What was done; nothing for what was left as it was. */
  *ofApplied(
    entries: readonly AppliedEntry[],
    cellsOf: CellsOf,
  ): Generator<Line> {
    for (const { entry, outcome, previous } of entries) {
      const isChange = outcome === "changed" && previous !== null;
      const words = isChange ? [was(previous)] : [];
      const sign = SIGNS[outcome];
      if (sign !== undefined) yield this.line(sign, cellsOf(entry), words);
      else if (outcome in PUT_BACK) {
        yield this.line("=", cellsOf(entry), [wordsOf(outcome, previous)]);
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

/** What stood there. */
export function was(row: Neighbor): string {
  return `was ${row.linkLayerAddress ?? "-"} ${row.state}`;
}

/** Whether an entry is the row that was to go. */
export function isRow(entry: NeighborEntry | Neighbor): entry is Neighbor {
  return "state" in entry;
}

/** The cells of a row. */
export function cellsOfRow(row: Neighbor): string[] {
  return [
    row.address,
    row.linkLayerAddress ?? "-",
    nameText(row.interfaceAlias ?? `${row.interfaceIndex}`),
  ];
}

/** What the entry calls its interface. */
export function interfaceCell({ luid, index, alias }: ParsedInterface): string {
  if (luid !== 0n) return `0x${luid.toString(16).padStart(16, "0")}`;
  return index === 0 ? nameText(alias ?? "") : `${index}`;
}
