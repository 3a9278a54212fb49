/**
 * A function that is asked once for each key. Pure.
 *
 * @module
 */

/**
 * Remembers what `ask` answered, for as long as the result is kept. Rows of one
 * interface come one after the other, so the last is at hand.
 */
export function memo<Key, Value>(
  ask: (key: Key) => Value,
): (key: Key) => Value {
  const known = new Map<Key, { readonly value: Value }>();
  let lastKey: Key | undefined;
  let last: { readonly value: Value } | undefined;
  return (key) => {
    if (key === lastKey && last !== undefined) return last.value;
    last = known.get(key) ?? { value: ask(key) };
    known.set(key, last);
    lastKey = key;
    return last.value;
  };
}
