/**
 * From work that calls back to lines that are asked for.
 *
 * @module
 */

/** How many pushes wait at the most where what is too much may be dropped. */
const MOST_WAITING = 4096;

/**
 * Yields what `work` pushes, in the order in which it pushes it; answers or
 * throws what the work does, once all that it pushed was yielded. Who no longer
 * asks does not end the work: what it pushes then is dropped.
 *
 * With `lost` no more than 4096 pushes wait. What is pushed then is dropped, and
 * in its place stands what `lost` makes of the count.
 */
export async function* pushed<T, R>(
  work: (push: (items: Iterable<T>) => void) => Promise<R>,
  lost?: (count: number) => T,
): AsyncGenerator<T, R> {
  // A ReadableStream would do, and cost 3 ms at its first use
  const waiting: Iterable<T>[] = [];
  let dropped = 0;
  let [isWanted, isOver] = [true, false];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    if (dropped > 0) waiting.push([lost!(dropped)]);
    dropped = 0;
  };
  const result = work((items) => {
    if (!isWanted) return;
    if (lost !== undefined && waiting.length >= MOST_WAITING) {
      dropped++;
      return;
    }
    tell();
    waiting.push(items);
    changed.resolve();
  });
  const end = () => {
    tell();
    isOver = true;
    changed.resolve();
  };
  // An error must not overtake what was pushed before it
  result.then(end, end);
  try {
    while (!isOver || waiting.length > 0) {
      if (waiting.length === 0) await changed.promise;
      changed = Promise.withResolvers();
      const items = waiting.shift();
      if (items !== undefined) yield* items;
    }
  } finally {
    isWanted = false;
    waiting.length = 0;
  }
  return await result;
}
