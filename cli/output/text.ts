/**
 * Text for people: columns that stay aligned, and nothing that a name could do
 * to the terminal.
 *
 * @module
 */

/**
 * What moves the cursor, turns the line around, or cannot be seen: controls,
 * format characters (bidirectional marks, zero-width characters, tags), line and
 * paragraph separators, characters that Unicode lets programs ignore (fillers,
 * variation selectors), the blank of Braille, lone surrogates.
 */
export const INVISIBLE: RegExp =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\p{Cs}]/gu;

/** Names are seldom more than ASCII, and this is ten times as fast. */
const IS_PLAIN = /^[\x20-\x7e]*$/;

/** Escapes what would move the cursor, turn the line around, or not be seen. */
export function escapeText(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(INVISIBLE, escapeUnits);
}

/**
 * The name of an interface, for `escapeText`: a backslash that is the name's own,
 * and would be read as the begin of an escape, is escaped itself. Otherwise a
 * device called `eth\u0030` would be shown, and taken, for eth0.
 */
export function nameText(name: string): string {
  return name.replace(/\\(?=u[0-9a-fA-F]{4})/g, "\\u005c");
}

/** As JSON does it: a character beyond U+FFFF is two escapes. */
export function escapeUnits(character: string): string {
  return character.split("").map((unit) =>
    "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")
  ).join("");
}

/** How many rows become text at once. */
const ROWS = 256;

/**
 * Lays cells out in columns, in pieces of many lines; the last cell of a row is
 * not padded. The rows are asked for twice, so that only their widths are kept.
 */
export async function* columns(
  rows: () => Iterable<readonly string[]>,
): AsyncGenerator<string> {
  let width = (text: string) => text.length;
  const widths: number[] = [];
  for (const row of rows()) {
    for (const [i, cell] of row.entries()) {
      const escaped = escapeText(cell);
      if (!IS_PLAIN.test(escaped)) {
        // Only other text than ASCII needs the tables of Unicode
        width = (await import("@std/cli/unicode-width")).unicodeWidth;
      }
      widths[i] = Math.max(widths[i] ?? 0, width(escaped));
    }
  }
  let lines: string[] = [];
  for (const row of rows()) {
    const cells = row.map((cell, i) => {
      const escaped = escapeText(cell);
      return escaped + " ".repeat(widths[i]! - width(escaped));
    });
    lines.push(cells.join("  ").trimEnd() + "\n");
    if (lines.length < ROWS) continue;
    yield lines.join("");
    lines = [];
  }
  if (lines.length > 0) yield lines.join("");
}
