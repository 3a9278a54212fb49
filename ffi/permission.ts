/**
 * Queries of Deno's FFI permission before a library is loaded.
 *
 * A query does not settle it. Only `Deno.dlopen` asks a permission broker, so a
 * path that is not granted here may still be allowed. Unless the grant is full,
 * Deno looks for a library without a path in the current folder, where anyone
 * may have put one.
 *
 * @module
 */

const FFI = { name: "ffi" } as const;

/** Whether FFI is granted for every path, without a `--deny-ffi=PATH`. */
export function isFullyGranted(): boolean {
  const { state, partial } = Deno.permissions.querySync(FFI);
  return state === "granted" && !partial;
}

/** Whether FFI is granted for all paths but those of `--deny-ffi=PATH`. */
export function isPartlyGranted(): boolean {
  const { state, partial } = Deno.permissions.querySync(FFI);
  return state === "granted" && partial;
}

/** Whether FFI is granted for this path. */
export function isGranted(path: string): boolean {
  return Deno.permissions.querySync({ ...FFI, path }).state === "granted";
}

/**
 * Whether Deno would prompt the user, once for each path that is not granted.
 */
export function canAsk(): boolean {
  return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
}

/** Prompts the user once, for all paths. */
export function askForAll(): void {
  Deno.permissions.requestSync(FFI);
}

/** Whether `Deno.dlopen` was refused by Deno, not by the system. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
}

/** How to grant the permission, given the paths for `--allow-ffi=PATHS`. */
export function howToGrant(paths: string): string {
  if (isFullyGranted()) return `the permission broker has to allow ${paths}`;
  const { state } = Deno.permissions.querySync(FFI);
  // On a terminal the user may have denied it at the prompt
  const isFlag = isPartlyGranted() || state === "denied" && !canAsk();
  const denial = isFlag ? " and without --deny-ffi" : "";
  return `run with --allow-ffi${denial}, or with --allow-ffi=${paths}`;
}
