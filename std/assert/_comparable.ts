/**
 * A copy of `value` in which `node:util`'s strict comparison sees what
 * `@std/assert` sees: `0` and `-0` are the same, an object without a prototype
 * is a plain object, and an error also has its stack and every other own
 * property. Everything else is passed through.
 */
export function comparable(
  value: unknown,
  seen: Map<object, unknown> = new Map(),
): unknown {
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);

  const keep = <T>(copy: T): T => (seen.set(value, copy), copy);
  const fill = (copy: object, keys: readonly PropertyKey[]): object => {
    for (const key of keys) {
      Object.defineProperty(copy, key, {
        value: comparable(Reflect.get(value, key), seen),
        enumerable: true,
      });
    }
    return copy;
  };
  const enumerableKeys = () =>
    Reflect.ownKeys(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key)
    );

  const prototype: unknown = Object.getPrototypeOf(value);
  if (value instanceof Error) {
    return fill(
      keep(Object.create(prototype as object)),
      Reflect.ownKeys(value),
    );
  }
  if (prototype === null || prototype === Object.prototype) {
    return fill(keep({}), enumerableKeys());
  }
  if (Array.isArray(value) && prototype === Array.prototype) {
    return fill(keep(new Array(value.length)), enumerableKeys());
  }
  if (value instanceof Map && prototype === Map.prototype) {
    const copy = keep(new Map());
    for (const [key, item] of value) {
      copy.set(comparable(key, seen), comparable(item, seen));
    }
    return copy;
  }
  if (value instanceof Set && prototype === Set.prototype) {
    const copy = keep(new Set());
    for (const item of value) copy.add(comparable(item, seen));
    return copy;
  }
  return value;
}
