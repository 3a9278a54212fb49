/**
 * Stands in for `jsr:@std/cli@1.0.32/unicode-width` in a checkout that cannot
 * reach JSR. `deno.json` links it; deleting its line there puts the real
 * package back.
 *
 * It needs no package, so that the command fetches none: one npm package in
 * what a program imports makes Deno fetch every package of the lock file. The
 * ranges are compared with npm's `get-east-asian-width` by the test.
 *
 * @module
 */

/** Controls, marks and format characters, which have no width. */
const INVISIBLE = /^[\p{Cc}\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** The characters that are Wide or Fullwidth by Unicode's East_Asian_Width. */
const WIDE = new RegExp(
  `^(?:[${
    [
      "\\u1100-\\u115f", // Hangul Jamo
      "\\u2329\\u232a", // angle brackets
      "\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\u4dbf", // CJK, Kana, Hangul
      "\\u4e00-\\ua4cf", // Han, Yi
      "\\ua960-\\ua97f\\uac00-\\ud7a3", // Hangul
      "\\uf900-\\ufaff", // Han
      "\\ufe10-\\ufe19\\ufe30-\\ufe6f", // vertical and small forms
      "\\uff01-\\uff60\\uffe0-\\uffe6", // fullwidth forms
      "\\u{16fe0}-\\u{1b2ff}", // Tangut, Khitan, Kana, Nushu
      "\\u{1f200}-\\u{1f2ff}", // enclosed ideographs
      "\\u{20000}-\\u{3fffd}", // Han
    ].join("")
  }]|(?![\\u{1f1e6}-\\u{1f1ff}])\\p{Emoji_Presentation})$`,
  "u",
);

/**
 * Counts the columns a terminal needs for a text, character by character: two
 * for wide ones, none for combining and control characters.
 */
export function unicodeWidth(str: string): number {
  let width = 0;
  for (const character of str) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character === "\u00ad") return 1; // soft hyphen
  if (INVISIBLE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
