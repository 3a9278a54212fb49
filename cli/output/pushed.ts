/**
 * From work that calls back to lines that are asked for.
 *
 * @module
 */

/**
 * Yields what `work` pushes, as it pushes it; answers or throws what the work
 * does, once all that it pushed was yielded. Who no longer asks does not end
 * the work: what it pushes then is dropped.
 */
export async function* pushed<T, R>(
  work: (push: (item: T) => void) => Promise<R>,
): AsyncGenerator<T, R> {
  let result: Promise<R> | undefined;
  let isWanted = true;
  const items = new ReadableStream<T>({
    start(controller) {
      result = work((item) => {
        if (isWanted) controller.enqueue(item);
      });
      const close = () => {
        if (isWanted) controller.close();
      };
      // An error must not overtake what was pushed before it
      result.then(close, close);
    },
    cancel() {
      isWanted = false;
    },
  });
  yield* items;
  return await result!;
}
