/**
 * Reads the records of CSV by the rules of RFC 4180, with any delimiter. Strict:
 * a quote that is out of place is a mistake, never data.
 *
 * Written here because the command has no npm package in its graph, so that it
 * installs without a registry, and `@std/csv` is another package of its kind.
 * The tests compare it with one.
 *
 * @module
 */

import { LONGEST_LINE, STRAY_RETURN } from "./format.ts";

/** A record, with the number of the line where it starts. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  /** The rule that is broken; the cells end there. */
  readonly mistake?: string;
}

const QUOTE = '"';

/**
 * Yields the records. Blank lines and lines that begin with `#` are comments.
 * Behind a mistake reading continues at the next line.
 */
export function* csvRecords(
  text: string,
  delimiter: string,
): Generator<CsvRecord> {
  const reader = new RecordReader(text, delimiter);
  for (let one; (one = reader.next()) !== undefined;) {
    const { cells, mistake } = one;
    const isBlank = cells.length === 1 && cells[0] === "" && !one.isQuoted;
    if (isBlank && mistake === undefined) continue;
    yield {
      ...{ line: one.line, cells },
      ...(mistake !== undefined && { mistake }),
    };
  }
}

interface Read extends CsvRecord {
  readonly isQuoted: boolean;
}

class RecordReader {
  readonly #text: string;
  readonly #delimiter: string;
  #at = 0;
  #line = 1;
  #isQuoted = false;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  /** The next record; `undefined` at the end of the text. */
  next(): Read | undefined {
    const text = this.#text;
    while (text[this.#at] === "#") {
      const from = this.#at;
      const line = this.#line;
      this.#skipLine();
      // What follows would be lost with the comment
      if (/\r(?!\n|$)/.test(text.slice(from, this.#at))) {
        return { line, cells: [], mistake: STRAY_RETURN, isQuoted: false };
      }
    }
    const start = this.#at;
    if (start >= text.length) return undefined;
    const line = this.#line;
    const cells: string[] = [];
    this.#isQuoted = false;
    let mistake: string | undefined;
    for (;;) {
      const cell = text[this.#at] === QUOTE ? this.#quoted() : this.#bare();
      if (typeof cell !== "string") mistake = cell.mistake;
      else cells.push(cell);
      if (this.#at - start > LONGEST_LINE) {
        mistake = `The record is longer than the limit of ${LONGEST_LINE} ` +
          "characters";
      }
      if (mistake !== undefined || text[this.#at] !== this.#delimiter) break;
      this.#at++;
    }
    this.#skipLine();
    return {
      ...{ line, cells, isQuoted: this.#isQuoted },
      ...(mistake !== undefined && { mistake }),
    };
  }

  /** Reads a cell without quotes, up to the delimiter or the end of the line. */
  #bare(): string | { readonly mistake: string } {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at++) {
      const one = text[at];
      if (one === this.#delimiter || one === "\n") break;
      if (one === "\r") {
        if (this.#isLineEnd(at)) break;
        this.#at = at;
        return { mistake: STRAY_RETURN };
      }
      if (one === QUOTE) {
        this.#at = at;
        return { mistake: "A quote stands in a cell that has none around it" };
      }
    }
    this.#at = at;
    return text.slice(start, at);
  }

  /** Reads a cell in quotes; two quotes in it are one. */
  #quoted(): string | { readonly mistake: string } {
    const text = this.#text;
    const start = this.#at;
    this.#isQuoted = true;
    let cell = "";
    for (let from = start + 1;;) {
      const end = text.indexOf(QUOTE, from);
      if (end < 0) {
        this.#at = start;
        return { mistake: "A quote has no end" };
      }
      cell += text.slice(from, end);
      if (text[end + 1] !== QUOTE) {
        this.#line += lineFeeds(text, start, end);
        this.#at = end + 1;
        return this.#isAtEnd() ? cell : {
          mistake: text[end + 1] === "\r"
            ? STRAY_RETURN
            : "There is text behind the quote at the end of a cell",
        };
      }
      cell += QUOTE;
      from = end + 2;
    }
  }

  /** Whether a delimiter, the end of the line or of the text is next. */
  #isAtEnd(): boolean {
    const text = this.#text;
    const one = text[this.#at];
    return one === undefined || one === this.#delimiter || one === "\n" ||
      one === "\r" && this.#isLineEnd(this.#at);
  }

  /** Whether a carriage return is followed by a line feed, or ends the text. */
  #isLineEnd(at: number): boolean {
    const next = this.#text[at + 1];
    return next === undefined || next === "\n";
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
    this.#line++;
  }
}

function lineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (text[at] === "\n") count++;
  return count;
}
