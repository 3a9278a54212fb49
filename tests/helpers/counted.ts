/**
 * What a caller hands over, watched: how often each member was read, and
 * members that answer something else the next time.
 *
 * @module
 */

/** An object with counts of the reads of its members. */
export interface Counted<T> {
  readonly object: T;
  /** The counts by member, since the last call. */
  taken(): Record<string, number>;
}

/** Counts the reads of an object's members. */
export function counted<T extends object>(target: T): Counted<T> {
  let counts: Record<string, number> = {};
  const object = new Proxy(target, {
    get(target, member, receiver) {
      if (typeof member === "string") {
        counts[member] = (counts[member] ?? 0) + 1;
      }
      return Reflect.get(target, member, receiver);
    },
  });
  return {
    object,
    taken() {
      const taken = counts;
      counts = {};
      return taken;
    },
  };
}

/**
 * The members that were not read just once; of those that are not given, the
 * ones that were read more than once.
 */
export function notOnce(
  given: object,
  counts: Readonly<Record<string, number>>,
): string[] {
  const members = new Set([...Object.keys(given), ...Object.keys(counts)]);
  return [...members].filter((member) => {
    const count = counts[member] ?? 0;
    return member in given ? count !== 1 : count > 1;
  }).map((member) => `${member}: ${counts[member] ?? 0}`).toSorted();
}

/** An object whose members are those of `first` once, then those of `then`. */
export function fickle<T extends object>(first: T, then: T): T {
  const read = new Set<PropertyKey>();
  return new Proxy(first, {
    get(_target, member) {
      const isFirst = !read.has(member);
      read.add(member);
      return Reflect.get(isFirst ? first : then, member);
    },
  });
}
