/**
 * What Deno says of its FFI permission before a library is loaded.
 *
 * It is not the last word: a permission broker is asked by `Deno.dlopen` alone,
 * so a path that is not granted here may still be allowed. And unless the grant
 * is really full, Deno looks for a library without a path in the current
 * folder, where anybody may have put one.
 *
 * @module
 */

const FFI = { name: "ffi" } as const;

/** Whether FFI is granted for every path: not with `--deny-ffi=PATH` beside it. */
export function isFullyGranted(): boolean {
  const { state, partial } = Deno.permissions.querySync(FFI);
  return state === "granted" && !partial;
}

/** Whether FFI is granted for all paths but those of `--deny-ffi=PATH`. */
export function isPartlyGranted(): boolean {
  const { state, partial } = Deno.permissions.querySync(FFI);
  return state === "granted" && partial;
}

/** Whether FFI is granted for this path, though it may be for few others. */
export function isGranted(path: string): boolean {
  return Deno.permissions.querySync({ ...FFI, path }).state === "granted";
}

/** Whether Deno would ask the user: then each refused path is a question. */
export function canAsk(): boolean {
  return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
}

/** Asks the user, once for all paths. */
export function askForAll(): void {
  Deno.permissions.requestSync(FFI);
}

/** Whether `Deno.dlopen` was refused by Deno, not by the system. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
}

/** What can be done about a refusal, for the paths of `--allow-ffi=PATHS`. */
export function howToGrant(paths: string): string {
  if (isFullyGranted()) return `the permission broker has to allow ${paths}`;
  const { state } = Deno.permissions.querySync(FFI);
  // On a terminal it may be the user who denied it
  const isFlag = isPartlyGranted() || state === "denied" && !canAsk();
  const denial = isFlag ? " and without --deny-ffi" : "";
  return `run with --allow-ffi${denial}, or with --allow-ffi=${paths}`;
}
