/**
 * Opens this computer's neighbor table, and keeps the table that the functions
 * of this package share. No system library is loaded before the first call.
 *
 * @module
 */

import type { SystemBackend } from "./backend.ts";
import { NeighborError } from "./types/error.ts";
import { SystemTable } from "./system_table.ts";
import type { NeighborTable } from "./types/table.ts";

/**
 * Opens a neighbor table of its own, which can be closed. Its first call loads
 * the system's library, and throws `PERMISSION_REQUIRED` without `--allow-ffi`.
 *
 * @returns The table; close it, or declare it with `using`.
 * @throws {NeighborError} `UNSUPPORTED_PLATFORM` where there is no backend.
 *
 * @example Close it when the block ends
 * ```ts no-eval
 * import { openNeighborTable } from "@ipnet/neighbor";
 *
 * using table = openNeighborTable();
 * console.table(table.list());
 * ```
 */
export function openNeighborTable(): NeighborTable {
  return openSystemTable();
}

/** The same, as the class that has what the command needs. */
export function openSystemTable(): SystemTable {
  if (load !== undefined) return new SystemTable(load);
  throw new NeighborError(
    "UNSUPPORTED_PLATFORM",
    os === undefined
      ? "This package needs Deno: no other runtime has Deno.dlopen"
      : `There is no neighbor table backend for ${os} yet`,
  );
}

/** `undefined` in Node and Bun, where a bundle of this can be imported. */
const os: string | undefined = globalThis.Deno?.build.os;

/** Imports the backend of this system only: the other one costs 3 ms a start. */
const load = await loader();

async function loader(): Promise<(() => SystemBackend) | undefined> {
  if (os === "windows") {
    const { WindowsBackend } = await import("./windows/backend.ts");
    return () => new WindowsBackend();
  }
  if (os === "linux") {
    const { LinuxBackend } = await import("./linux/backend.ts");
    return () => new LinuxBackend();
  }
}

let shared: NeighborTable | undefined;

/** The table behind the functions. The first call opens it; it stays open. */
export function sharedTable(): NeighborTable {
  return shared ??= openNeighborTable();
}
