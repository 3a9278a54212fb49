/**
 * A caller's own table: an object that has the methods of `NeighborTable` and
 * nothing else of this package.
 *
 * @module
 */

import type { NeighborTable } from "../../ffi/types/table.ts";

/** The methods of a table. */
const METHODS = [
  ...["set", "create", "replace", "delete", "get", "list", "read"],
  ...["change", "flush"],
  ...["resolve", "watch", "restore", "listInterfaces", "preview"],
  ...["previewFlush", "close"],
] as const;

/** A caller's own table, with counts of the calls of its methods. */
export interface OwnTable {
  readonly table: NeighborTable;
  readonly calls: Record<string, number>;
}

/** Wraps a table; its errors are passed through `thrown`. */
export function ownTableOver(
  real: NeighborTable,
  thrown: (error: unknown) => unknown = (error) => error,
): OwnTable {
  const calls: Record<string, number> = {};
  const methods = METHODS.map((name) => [
    name,
    (...words: unknown[]) => {
      calls[name] = (calls[name] ?? 0) + 1;
      const method = Reflect.get(real, name);
      try {
        return Reflect.apply(method, real, words);
      } catch (error) {
        throw thrown(error);
      }
    },
  ]);
  const table = {
    ...Object.fromEntries(methods),
    [Symbol.dispose]: () => real.close(),
  } as NeighborTable;
  return { table, calls };
}
