/**
 * Text for people: columns that stay aligned, and nothing that a name could do
 * to the terminal.
 *
 * @module
 */

// C0, DEL and C1 controls, line and paragraph separators, bidirectional marks,
// embeddings, overrides and isolates, the byte order mark, lone surrogates
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex -- controls are what is looked for
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

function escapeUnit(character: string): string {
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** Escapes what would move the cursor or turn the line around. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnit);
}

/** JSON on one or many lines, with the same characters escaped in its strings. */
export function toJson(value: unknown, indent?: number): string {
  // JSON has escaped the controls already, but those between its own lines
  return JSON.stringify(value, replacer, indent)
    .split("\n").map(escapeText).join("\n");
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return "0x" + value.toString(16);
  return value instanceof Uint8Array ? Array.from(value) : value;
}

/** Lays cells out in columns; the last one is not padded. */
export async function columns(rows: readonly string[][]): Promise<string> {
  const cells = rows.map((row) => row.map(escapeText));
  const width = await widthOf(cells);
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, width(cell));
    });
  }
  return cells.map((row) =>
    row.map((cell, i) => cell + " ".repeat(widths[i]! - width(cell)))
      .join("  ").trimEnd() + "\n"
  ).join("");
}

/** Only other text than ASCII needs the tables of Unicode. */
async function widthOf(
  cells: readonly string[][],
): Promise<(text: string) => number> {
  // deno-lint-ignore no-control-regex -- ASCII is a range of code points
  if (cells.every((row) => row.every((cell) => /^[\x00-\x7f]*$/.test(cell)))) {
    return (text) => text.length;
  }
  return (await import("@std/cli/unicode-width")).unicodeWidth;
}
