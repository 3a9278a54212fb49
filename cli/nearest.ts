/**
 * Finds the known word that is nearest to a mistyped one.
 *
 * @module
 */

/**
 * The word that begins with the typed text, or differs from it by the fewest
 * changes of letters; `undefined` where none is near.
 */
export function nearest(
  typed: string,
  words: readonly string[],
): string | undefined {
  const text = typed.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const word of words) {
    const isStart = text.length > 1 && word.startsWith(text);
    const most = word.length > 4 ? 2 : 1;
    // Bounds the cost of the comparison for long input
    if (!isStart && Math.abs(word.length - text.length) > most) continue;
    const changes = isStart ? 0.5 : distance(text, word);
    if (changes > most && !isStart) continue;
    if (changes >= least) continue;
    best = word;
    least = changes;
  }
  return best;
}

/** The number of letters removed, added, replaced or swapped between two words. */
function distance(from: string, to: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= from.length; i++) {
    const row = rows[i] = [i];
    for (let j = 1; j <= to.length; j++) {
      if (i === 0) {
        row[j] = j;
        continue;
      }
      const above = rows[i - 1]!;
      const isSame = from[i - 1] === to[j - 1];
      row[j] = Math.min(
        above[j]! + 1,
        row[j - 1]! + 1,
        above[j - 1]! + (isSame ? 0 : 1),
      );
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] &&
        from[i - 2] === to[j - 1];
      if (isSwapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[from.length]![to.length]!;
}
