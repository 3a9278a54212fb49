/**
 * Opens this computer's neighbor table, and keeps the one that the functions
 * of this package share. Nothing is loaded before the first call.
 *
 * @module
 */

import { NeighborError } from "./types/error.ts";
import { LinuxBackend } from "./linux/backend.ts";
import { SystemTable } from "./system_table.ts";
import type { NeighborTable } from "./types/table.ts";
import { WindowsBackend } from "./windows/backend.ts";

/**
 * Opens a neighbor table of one's own. The system's library is loaded by its
 * first call, which then throws `PERMISSION_REQUIRED` without `--allow-ffi`.
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

/** The same, with what the command needs of it. */
export function openSystemTable(): SystemTable {
  const { os } = Deno.build;
  if (os === "windows") return new SystemTable(() => new WindowsBackend());
  if (os === "linux") return new SystemTable(() => new LinuxBackend());
  throw new NeighborError(
    "UNSUPPORTED_PLATFORM",
    `There is no neighbor table backend for ${os} yet`,
  );
}

let shared: NeighborTable | undefined;

/** The table behind the functions: opened by the first of them, never closed. */
export function sharedTable(): NeighborTable {
  return shared ??= openNeighborTable();
}
