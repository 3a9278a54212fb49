/**
 * Stands in for `jsr:@std/cli@1.0.32/unicode-width` in a checkout that cannot
 * reach JSR, over npm's `get-east-asian-width` (the version whose Unicode is
 * nearest to the real one's). `deno.json` links it; deleting its line there
 * puts the real package back.
 *
 * It differs in a few dozen characters that came to Unicode after 15.0.
 *
 * @module
 */
import { eastAsianWidth } from "npm:get-east-asian-width@1.2.0";

/** Controls, marks, and what only steers the characters around it. */
const INVISIBLE = /^[\p{Cc}\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

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
  return eastAsianWidth(character.codePointAt(0)!);
}
