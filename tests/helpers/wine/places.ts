/** Where the Wine harness keeps its things: all of them under `build/wine/` of the checkout. */
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const checkout = fileURLToPath(new URL("../../..", import.meta.url)).replace(
  /\/+$/,
  "",
);
const build = `${checkout}/build/wine`;

/** Absolute Linux paths; none of them ends in a slash. */
export const places = {
  /** The checkout itself. */
  checkout,
  /** Everything the harness makes; delete it to start from nothing. */
  build,
  /** C sources of our DLLs. */
  dllSource: `${here}dll`,
  /** Wine, unpacked and stripped: `usr/lib/wine`, `usr/lib/x86_64-linux-gnu`, `usr/share/wine`. */
  wine: `${build}/wine`,
  /** Folder of `deno.exe`. */
  deno: `${build}/deno`,
  /** Our compiled DLLs, ready to be copied into System32. */
  dll: `${build}/dll`,
  /** A `deno.exe` with a planted `iphlpapi.dll` beside it. */
  decoy: `${build}/decoy`,
  /** The Wine prefix (`drive_c` and the registry). */
  prefix: `${build}/prefix`,
  /** Where the wineserver of a session has its socket. */
  temporary: `${build}/tmp`,
  /** `DENO_DIR` of deno.exe, filled by the Linux Deno. */
  denoDir: `${build}/deno-dir`,
} as const;

/** The Linux Deno that runs the harness; `deno` from PATH would be a guess. */
export const linuxDeno: string = Deno.execPath();

/** The same path as a Windows program under Wine sees it. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}
