/**
 * From work that calls back to lines that are asked for.
 *
 * @module
 */

/**
 * Yields what `work` pushes, as it pushes it; answers or throws what the work
 * does, once all that it pushed was yielded.
 */
export async function* pushed<T, R>(
  work: (push: (item: T) => void) => Promise<R>,
): AsyncGenerator<T, R> {
  let result: Promise<R> | undefined;
  const items = new ReadableStream<T>({
    start(controller) {
      result = work((item) => controller.enqueue(item));
      // An error must not overtake what was pushed before it
      void result.catch(() => {}).finally(() => controller.close());
    },
  });
  yield* items;
  return await result!;
}
