/**
 * Reads the rows of a filter.
 *
 * @module
 */

import type { Backend } from "./backend.ts";
import type { BoundInterface } from "./bound_interface.ts";
import type { ParsedFilter } from "./parse/filter.ts";
import type { RawRow, RowVisitor } from "./raw_row.ts";
import type { Neighbor } from "./types/neighbor.ts";

/** The rows of a filter; `on` is the interface that it names, or `null`. */
export function listRows(
  backend: Pick<Backend, "scan">,
  filter: ParsedFilter,
  on: BoundInterface | null,
): Neighbor[] {
  const { families, proxy, given } = filter;
  const rows: Neighbor[] = [];
  for (const family of families) {
    const collector = new Collector(rows, filter);
    backend.scan({ family, on, proxy, mayRepeat: false, given }, collector);
  }
  return rows;
}

/** Collects the rows of one family after those of the families before it. */
class Collector implements RowVisitor {
  readonly #rows: Neighbor[];
  readonly #start: number;
  readonly #filter: ParsedFilter;

  constructor(rows: Neighbor[], filter: ParsedFilter) {
    this.#rows = rows;
    this.#start = rows.length;
    this.#filter = filter;
  }

  begin(): void {
    this.#rows.length = this.#start;
  }

  row(row: RawRow): void {
    if (this.#filter.matches(row)) this.#rows.push(row.neighbor());
  }
}
