/**
 * Numbers with their nouns.
 *
 * @module
 */

/** A number with its noun, such as `1 row` and `2 rows`. */
export function counted(
  count: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A number of entries. */
export function entryCount(count: number): string {
  return counted(count, "entry", "entries");
}
