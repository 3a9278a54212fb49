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
  let result: Promise<R> | undefined;
  let isWanted = true;
  let dropped = 0;
  const waiting = new ReadableStream<Iterable<T>>({
    start(controller) {
      const tell = () => {
        if (dropped > 0) controller.enqueue([lost!(dropped)]);
        dropped = 0;
      };
      result = work((items) => {
        if (!isWanted) return;
        if (lost !== undefined && controller.desiredSize! <= 0) {
          dropped++;
          return;
        }
        tell();
        controller.enqueue(items);
      });
      const close = () => {
        if (!isWanted) return;
        tell();
        controller.close();
      };
      // An error must not overtake what was pushed before it
      result.then(close, close);
    },
    cancel() {
      isWanted = false;
    },
  }, { highWaterMark: MOST_WAITING });
  for await (const items of waiting) yield* items;
  return await result!;
}
