/**
 * Formats text for people: aligned columns, and escapes for characters of names
 * that could mislead a terminal.
 *
 * @module
 */

/**
 * Characters that move the cursor, reorder the line or are invisible: controls,
 * format characters (bidirectional marks, zero-width characters, tags), line and
 * paragraph separators, characters that are ignorable by default (fillers,
 * variation selectors), the Braille blank, and lone surrogates.
 */
export const INVISIBLE: RegExp =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\p{Cs}]/gu;

/** Most names are plain ASCII, for which this test is ten times as fast. */
const IS_PLAIN = /^[\x20-\x7e]*$/;

/** Escapes the characters of `INVISIBLE`. */
export function escapeText(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(INVISIBLE, escapeUnits);
}

/**
 * Prepares the name of an interface for `escapeText`: escapes a backslash of the
 * name that would look like the start of an escape. Otherwise a device named
 * `eth\u0030` could not be told from eth0.
 */
export function nameText(name: string): string {
  return name.replace(/\\(?=u[0-9a-fA-F]{4})/g, "\\u005c");
}

/** Escapes a character as JSON does; one beyond U+FFFF becomes two escapes. */
export function escapeUnits(character: string): string {
  return character.split("").map((unit) =>
    "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")
  ).join("");
}

const [RED, GREEN, YELLOW] = [31, 32, 33] as const;

/** A text in a colour of the terminal. */
function painted(text: string, color: number): string {
  return `\x1b[${color}m${text}\x1b[39m`;
}

function bold(text: string): string {
  return `\x1b[1m${text}\x1b[22m`;
}

/** Rows in one piece. */
const ROWS = 256;

/** Options of {@linkcode columns}. */
export interface ColumnOptions {
  /** Leave out the first row, the heading. */
  readonly noHeader?: boolean;
  /** For a terminal: the heading is bold, and states have colours. */
  readonly isColored?: boolean;
}

/** The colours of states: usable, to be confirmed, and without an answer. */
const STATE_COLORS: Readonly<Record<string, number>> = {
  reachable: GREEN,
  permanent: GREEN,
  stale: YELLOW,
  delay: YELLOW,
  probe: YELLOW,
  incomplete: RED,
  unreachable: RED,
  failed: RED,
};

/**
 * Aligns cells in columns; yields pieces of many lines. Trailing blanks are
 * removed. `rows` is called twice, so that only the widths are kept in memory.
 * Its first row is the heading.
 */
export async function* columns(
  rows: () => Iterable<readonly string[]>,
  { noHeader = false, isColored = false }: ColumnOptions = {},
): AsyncGenerator<string> {
  let width = (text: string) => text.length;
  const widths: number[] = [];
  let isHeading = true;
  /** The column of states, which is known once the heading has been read. */
  let states = -1;
  for (const row of rows()) {
    const isLeftOut = isHeading && noHeader;
    if (isHeading && isColored) states = row.indexOf("STATE");
    isHeading = false;
    if (isLeftOut) continue;
    for (const [i, cell] of row.entries()) {
      const escaped = escapeText(cell);
      if (!IS_PLAIN.test(escaped)) {
        // Only text beyond ASCII needs the tables of Unicode
        width = (await import("@std/cli/unicode-width")).unicodeWidth;
      }
      widths[i] = Math.max(widths[i] ?? 0, width(escaped));
    }
  }
  let lines: string[] = [];
  isHeading = true;
  for (const row of rows()) {
    const wasHeading = isHeading;
    isHeading = false;
    if (wasHeading && noHeader) continue;
    const cells = row.map((cell, i) => {
      const escaped = escapeText(cell);
      const color = i === states ? STATE_COLORS[cell] : undefined;
      const shown = color === undefined ? escaped : painted(escaped, color);
      return shown + " ".repeat(widths[i]! - width(escaped));
    });
    const line = cells.join("  ").trimEnd();
    lines.push((wasHeading && isColored ? bold(line) : line) + "\n");
    if (lines.length < ROWS) continue;
    yield lines.join("");
    lines = [];
  }
  if (lines.length > 0) yield lines.join("");
}
