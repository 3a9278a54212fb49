/**
 * The interface of a foreign format, and how a format of lines reads a text.
 *
 * @module
 */

import { type Item, refused } from "./item.ts";

/** A foreign format. */
export interface Format {
  /** Reads a text from start to end; yields an item for each line or record. */
  read(text: string): Iterable<Item>;
}

/** The mistake of a line with a carriage return that does not end it. */
export const STRAY_RETURN = "A carriage return stands inside the line: " +
  "lines end with LF or CR LF";

/** A line without blanks at its ends, and its number from 1. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

/** Reads one line; `undefined` where it says nothing, such as a rule of dashes. */
export type LineReader = (line: TextLine) => Item | undefined;

/** The most characters of a line, so that one cannot hold the reader up. */
export const LONGEST_LINE = 2 ** 20;

/**
 * A format of lines. `start` makes a reader for each text, since some lines
 * mean something to those behind them. Blank lines and lines that begin with
 * `#` are comments in every format.
 */
export function lineFormat(start: () => LineReader): Format {
  return {
    *read(text) {
      const read = start();
      for (const one of linesOf(text)) {
        // Also in a comment: what follows would be lost with it
        if (one.text.includes("\r")) {
          yield refused(one.line, STRAY_RETURN);
          continue;
        }
        if (isBlank(one.text) || one.text.startsWith("#")) continue;
        if (one.text.length > LONGEST_LINE) {
          yield refused(
            one.line,
            `The line has ${one.text.length} characters, ` +
              `more than the limit of ${LONGEST_LINE}`,
          );
          continue;
        }
        const item = read(one);
        if (item !== undefined) yield item;
      }
    },
  };
}

/** The lines of a text, without blanks at their ends. */
export function* linesOf(text: string): Generator<TextLine> {
  let line = 0;
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf("\n", at);
    const to = end < 0 ? text.length : end;
    line++;
    yield { line, text: withoutBlanks(text, at, to) };
    at = to + 1;
  }
}

/** Whether a line has nothing but blanks, also such as are beyond ASCII. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** The blanks of ASCII. Others may be in the name of an interface of Linux. */
const BLANKS = " \t\r\f\v";

/** A part of a text without the blanks at its ends. */
function withoutBlanks(text: string, from: number, to: number): string {
  while (from < to && BLANKS.includes(text[from]!)) from++;
  while (from < to && BLANKS.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}

/** What stands before the first `#` of a line, and behind it where there is one. */
export function splitComment(text: string): [string, string | undefined] {
  const [, before = "", comment] = /^([^#]*)(?:#(.*))?$/s.exec(text)!;
  return [before, comment?.trim()];
}

/** The words of a line. */
export function wordsOf(text: string): string[] {
  return text.split(/[ \t\r\f\v]+/);
}

/** Whether a word can only be meant as an IP address, right or wrong. */
export function looksLikeAddress(word: string): boolean {
  return /^[0-9]{1,4}(\.[0-9]{1,4}){3}$/.test(word) ||
    /^[0-9a-f]*:[0-9a-f:.]*(%.*)?$/i.test(word);
}

/** Whether a word can only be meant as a link-layer address with dashes. */
export function looksLikeDashed(word: string): boolean {
  return /^[0-9a-f]{1,3}(-[0-9a-f]{0,3})+$/i.test(word);
}
