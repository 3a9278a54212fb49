/**
 * Caches the results of a function by key. Pure.
 *
 * @module
 */

/**
 * Calls `ask` once for each key. The last key is compared first, because rows
 * of one interface follow each other.
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
