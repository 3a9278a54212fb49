/**
 * Finds the line and the column of an offset in a text, and writes them. Pure.
 *
 * @module
 */

/** A place in a text; line and column are counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A mistake in a text, with its place. */
export interface Problem extends Place {
  readonly message: string;
}

/**
 * The prefix of a message about a file, such as `pins.json:3:5: `; without a
 * column it is about the line, without a line about the whole file.
 */
export function inFile(
  file: string,
  { line, column }: Partial<Place> = {},
): string {
  return [file, line, column].filter((one) => one !== undefined).join(":") +
    ": ";
}

/** The most mistakes that are collected; reading stops there. */
export const MOST_MISTAKES = 1_000_000;

/** The last mistake where there are so many. `Intl` would take 10 ms to start. */
export const TOO_MANY =
  "Reading stops here, at the limit of 1,000,000 mistakes";

const LINE_FEED = 0x0a;

/** The characters that are searched to find a line. */
const BLOCK = 512;

/** Finds lines and columns in a text; indexes it at the first call. */
export class Lines {
  readonly #text: string;
  #blocks: Blocks | undefined;

  /** Takes the text. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The line and the column of an offset. */
  placeOf(offset: number): Place {
    const text = this.#text;
    const { lines, starts } = this.#blocks ??= blocksOf(text);
    const block = Math.floor(offset / BLOCK);
    let line = lines[block]!;
    let start = starts[block]!;
    for (let at = block * BLOCK; at < offset; at++) {
      if (text.charCodeAt(at) !== LINE_FEED) continue;
      line++;
      start = at + 1;
    }
    return { line: line + 1, column: offset - start + 1 };
  }
}

/**
 * For the first character of each block: the number of lines that end before it,
 * and the offset where its line starts. An index of all lines could be larger
 * than the text.
 */
interface Blocks {
  readonly lines: Uint32Array;
  readonly starts: Uint32Array;
}

function blocksOf(text: string): Blocks {
  const count = Math.floor(text.length / BLOCK) + 1;
  const lines = new Uint32Array(count);
  const starts = new Uint32Array(count);
  let line = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at % BLOCK === 0) {
      lines[at / BLOCK] = line;
      starts[at / BLOCK] = start;
    }
    if (text.charCodeAt(at) !== LINE_FEED) continue;
    line++;
    start = at + 1;
  }
  return { lines, starts };
}
