/**
 * Characters that must never reach a terminal unescaped.
 *
 * @module
 */

/** Moves the cursor, reorders the line, or is invisible. */
export function isInvisible(character: string): boolean {
  return /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{DI}\u2800]$/u
    .test(character);
}

/** The character as JSON escapes it. */
export function escapes(character: string): string {
  const units = Array.from(
    { length: character.length },
    (_, i) => character.charCodeAt(i).toString(16).padStart(4, "0"),
  );
  return units.map((unit) => `\\u${unit}`).join("");
}
