/**
 * Writes the name of an interface as a word of another program, by the rules of
 * that program. A name that the program has no form for is refused with a
 * reason: a word that reads back as anything else could name another interface,
 * or be a command. Pure.
 *
 * @module
 */

import { escapeText, INVISIBLE } from "../output/text.ts";

/** A name as a word, or the reason why the program has no form for it. */
export type Quoted =
  | { readonly word: string; readonly reason?: undefined }
  | { readonly reason: string };

/**
 * A name as a word of `ip -batch` (`makeargs` of iproute2). A word that begins
 * with `"` or `'` ends at the next such mark, any other at white space. Nothing
 * can be escaped, and `#` starts a comment even between quotation marks.
 */
export function ipWord(name: string): Quoted {
  const reason = invisibleReason(name);
  if (reason !== undefined) return { reason };
  if (name.includes("#")) {
    return { reason: "has #, which starts a comment in ip -batch" };
  }
  if (!/^["']| /.test(name)) return { word: name };
  const mark = ['"', "'"].find((one) => !name.includes(one));
  if (mark !== undefined) return { word: mark + name + mark };
  return { reason: "has both quotation marks, which ip -batch cannot escape" };
}

/** The characters that cmd or netsh read as more than a letter of a name. */
const NETSH_SPECIAL = /["%!=]/;

/**
 * A name as a word of netsh in a batch file of cmd. Between quotation marks cmd
 * still expands `%` and, where delayed expansion is on, `!`; netsh takes a word
 * of digits as an index and a word with `=` as a tag with its value.
 */
export function netshWord(name: string): Quoted {
  const reason = invisibleReason(name);
  if (reason !== undefined) return { reason };
  const [special] = NETSH_SPECIAL.exec(name) ?? [];
  if (special !== undefined) {
    return { reason: `has ${special}, which cmd and netsh cannot escape` };
  }
  if (name.endsWith("\\")) {
    return { reason: "ends with \\, which would escape the quotation mark" };
  }
  if (/^[0-9]+$/.test(name)) {
    return { reason: "looks like a number, which netsh takes as an index" };
  }
  return { word: `"${name}"` };
}

/** The characters that `Set-NetNeighbor -InterfaceAlias` may take as a pattern. */
const POWERSHELL_PATTERN = /[*?[\]`]/;

/**
 * A name as an argument of PowerShell: text in single quotation marks, where a
 * mark is doubled. Windows PowerShell reads a file without a byte order mark in
 * the code page of the system, in which a byte of UTF-8 can be a typographic
 * quotation mark, which ends the text. So other characters are written by their
 * number.
 */
export function powershellWord(name: string): Quoted {
  if (/\p{Cs}/u.test(name)) return { reason: "is not UTF-8" };
  const [pattern] = POWERSHELL_PATTERN.exec(name) ?? [];
  if (pattern !== undefined) {
    return { reason: `has ${pattern}, which PowerShell takes as a pattern` };
  }
  const parts = name.match(/[\x20-\x7e]+|[^\x20-\x7e]/g) ?? [];
  const words = parts.map((part) =>
    /^[\x20-\x7e]/.test(part)
      ? `'${part.replaceAll("'", "''")}'`
      : `[char]0x${part.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
  // A sum is text only where it begins with text
  if (!words[0]?.startsWith("'")) words.unshift("''");
  return { word: words.length === 1 ? words[0]! : `(${words.join(" + ")})` };
}

/** A name as a cell of CSV (RFC 4180). Import removes blanks around a cell. */
export function csvWord(name: string): Quoted {
  const reason = invisibleReason(name);
  if (reason !== undefined) return { reason };
  if (name !== name.trim()) return { reason: "begins or ends with a blank" };
  return { word: csvCell(name) };
}

/**
 * A text as a cell of CSV. Quotation marks keep line breaks; other characters
 * that could mislead a terminal are escaped as elsewhere.
 */
export function csvCell(text: string): string {
  const shown = text.split(/\r?\n/).map(escapeText).join("\n");
  return /[",;\n]|^\s|\s$/.test(shown)
    ? `"${shown.replaceAll('"', '""')}"`
    : shown;
}

/** The reason to refuse a character that moves a line, a cursor or a reader. */
function invisibleReason(name: string): string | undefined {
  const at = name.search(INVISIBLE);
  if (at < 0) return undefined;
  const character = String.fromCodePoint(name.codePointAt(at)!);
  if (/\p{Cs}/u.test(character)) return "is not UTF-8";
  return `has ${escapeText(character)}, which is invisible here and cannot ` +
    "be escaped";
}
