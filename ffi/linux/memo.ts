/**
 * A function that is asked once for each key. Pure.
 *
 * @module
 */

/** Remembers what `ask` answered, for as long as the result is kept. */
export function memo<Key, Value>(
  ask: (key: Key) => Value,
): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, ask(key));
    return known.get(key) as Value;
  };
}
