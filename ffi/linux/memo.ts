/**
 * A function that is asked once for each number. Pure.
 *
 * @module
 */

/**
 * Remembers what `ask` answered, for as long as the result is kept. Rows of one
 * interface come one after the other, so the last is at hand.
 */
export function memo<Value>(
  ask: (key: number) => Value,
): (key: number) => Value {
  const known = new Map<number, { readonly value: Value }>();
  let lastKey = NaN;
  let last: { readonly value: Value } | undefined;
  return (key) => {
    if (key === lastKey && last !== undefined) return last.value;
    last = known.get(key) ?? { value: ask(key) };
    known.set(key, last);
    lastKey = key;
    return last.value;
  };
}
