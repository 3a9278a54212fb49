/**
 * Turns work that calls a callback into an async iterator.
 *
 * @module
 */

/** The most pushes that are queued where further ones may be dropped. */
const MOST_WAITING = 4096;

/**
 * Yields the items that `work` pushes, in order, and then returns or throws the
 * result of `work`. Where the consumer stops early, the work continues and its
 * further items are dropped.
 *
 * With `lost` at most 4096 pushes are queued. Further ones are dropped, and the
 * item that `lost` makes of their number takes their place.
 */
export async function* pushed<T, R>(
  work: (push: (items: Iterable<T>) => void) => Promise<R>,
  lost?: (count: number) => T,
): AsyncGenerator<T, R> {
  // Not a ReadableStream, whose first use takes 3 ms
  const waiting: Iterable<T>[] = [];
  let dropped = 0;
  let [isWanted, isOver] = [true, false];
  let changed = Promise.withResolvers<void>();
  const pushLost = () => {
    if (dropped > 0) waiting.push([lost!(dropped)]);
    dropped = 0;
  };
  const result = work((items) => {
    if (!isWanted) return;
    if (lost !== undefined && waiting.length >= MOST_WAITING) {
      dropped++;
      return;
    }
    pushLost();
    waiting.push(items);
    changed.resolve();
  });
  const end = () => {
    pushLost();
    isOver = true;
    changed.resolve();
  };
  // An error must come after the items that were pushed before it
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
