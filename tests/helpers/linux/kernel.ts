/**
 * What older kernels lack, as the reason why a test is skipped there.
 *
 * @module
 */

import type { Cause } from "../skipped.ts";

/** Whether the running kernel is older than a release. */
function isBefore(major: number, minor: number): boolean {
  const [own = 0, ownMinor = 0] = Deno.osRelease().split(/[.-]/).map(Number);
  return own < major || own === major && ownMinor < minor;
}

/** Where a device that is up cannot get another name: the kernel answers EBUSY. */
export function renameMissing(): Cause | undefined {
  if (!isBefore(6, 2)) return undefined;
  return {
    missing: "this kernel does not rename a device that is up",
    remedy: "Linux 6.2 or newer",
  };
}

/** {@linkcode renameMissing} where lines of `ip` rename a device. */
export function missingFor(lines: readonly string[]): Cause | undefined {
  const isRename = lines.some((line) => /^link set \S+ name /.test(line));
  return isRename ? renameMissing() : undefined;
}

/** Where the kernel ignores `managed` (NTF_EXT_MANAGED) without an error. */
export function managedMissing(): Cause | undefined {
  if (!isBefore(5, 16)) return undefined;
  return {
    missing: "this kernel has no managed neighbors",
    remedy: "Linux 5.16 or newer",
  };
}
