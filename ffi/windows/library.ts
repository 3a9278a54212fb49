/**
 * Loads the system's libraries when they are first needed, by absolute path
 * from System32. Windows searches for a bare name in the program's own folder
 * first, where an attacker may have put an iphlpapi.dll, and unless the FFI
 * grant is full Deno even takes it from the current folder.
 *
 * @module
 */

import {
  askForAll,
  canAsk,
  howToGrant,
  isFullyGranted,
  isGranted,
  isPartlyGranted,
  isRefusal,
} from "../permission.ts";
import { NeighborError } from "../types/error.ts";
import {
  IPHLPAPI,
  type IphlpapiName,
  KERNEL32,
  KERNEL32_FOLDER,
  NTDLL,
} from "./iphlpapi.ts";

type Iphlpapi = Deno.DynamicLibrary<typeof IPHLPAPI>;

/** The libraries of one open table, each loaded when first needed. */
export class WindowsLibrary {
  readonly #iphlpapi: Iphlpapi;
  readonly #folder: string;
  #ntdll: Deno.DynamicLibrary<typeof NTDLL> | undefined;
  #pending = 0;
  #isClosing = false;

  /** Loads iphlpapi.dll, or throws `PERMISSION_REQUIRED`. */
  constructor() {
    this.#folder = systemFolder();
    this.#iphlpapi = open(this.#folder, "iphlpapi.dll", IPHLPAPI);
  }

  /** An export; throws `NOT_SUPPORTED` if the library lacks it. */
  call<Name extends IphlpapiName>(
    name: Name,
  ): NonNullable<Iphlpapi["symbols"][Name]> {
    const symbol = this.#iphlpapi.symbols[name];
    if (symbol !== null) return symbol;
    throw new NeighborError(
      "NOT_SUPPORTED",
      `The iphlpapi.dll of this system has no ${name}`,
      { operation: name },
    );
  }

  /** Copies `target.byteLength` bytes from a native address. */
  copy(target: Uint8Array<ArrayBuffer>, address: bigint): void {
    this.#ntdll ??= open(this.#folder, "ntdll.dll", NTDLL);
    this.#ntdll.symbols.RtlMoveMemory(
      target,
      address,
      BigInt(target.byteLength),
    );
  }

  /**
   * The system's text for a code; `null` if it has none or may not be loaded.
   */
  formatMessage(status: number): string | null {
    let kernel32;
    try {
      kernel32 = open(this.#folder, "kernel32.dll", KERNEL32);
    } catch (error) {
      // A scoped grant may leave out kernel32.dll: then only the number is
      // known
      if (error instanceof NeighborError) return null;
      throw error;
    }
    try {
      const FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;
      const FORMAT_MESSAGE_IGNORE_INSERTS = 0x0200;
      const text = new Uint16Array(1024);
      const length = kernel32.symbols.FormatMessageW(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
        0n,
        status,
        0,
        text,
        text.length,
        0n,
      );
      return decodeWide(text, length).trim().replace(/\.$/, "") || null;
    } finally {
      kernel32.close();
    }
  }

  /** Keeps the libraries loaded until a call on another thread has settled. */
  async hold<T>(call: () => Promise<T>): Promise<T> {
    this.#pending++;
    try {
      return await call();
    } finally {
      this.#pending--;
      if (this.#isClosing) this.close();
    }
  }

  /** Unloads the libraries once no call is pending. */
  close(): void {
    this.#isClosing = true;
    if (this.#pending > 0) return;
    this.#ntdll?.close();
    this.#iphlpapi.close();
  }
}

/** Decodes UTF-16 text of a known length, or up to its NUL. */
export function decodeWide(text: Uint16Array, length?: number): string {
  const nul = length ?? text.indexOf(0);
  return String.fromCharCode(...text.subarray(0, nul < 0 ? undefined : nul));
}

function open<Symbols extends Deno.ForeignLibraryInterface>(
  folder: string,
  name: string,
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> {
  const path = `${folder}\\${name}`;
  try {
    return Deno.dlopen(path, symbols);
  } catch (error) {
    if (isRefusal(error)) {
      const what = `Deno may not load ${path}`;
      throw permissionRequired(what, folder, error);
    }
    const what = `Cannot load ${path}: ${
      error instanceof Error ? error.message.trim() : error
    }`;
    if (!isFullyGranted()) {
      const hint = "; where Windows is in another folder";
      throw permissionRequired(what + hint, folder, error);
    }
    throw new NeighborError("NOT_SUPPORTED", what, {
      operation: "LoadLibrary",
      cause: error,
    });
  }
}

/** Where System32 is on nearly every computer. */
const USUAL_FOLDER = "C:\\Windows\\System32";

/**
 * Finds System32. Windows can be asked only under a full grant. Under a scoped
 * grant the drives are tried by querying the permission, which loads nothing. A
 * path that no flag grants may still be allowed by a broker or by the user.
 */
function systemFolder(): string {
  const granted = folderByGrant();
  if (granted !== undefined) return granted;
  // Without a terminal there is no prompt, but a broker may allow the path
  if (!canAsk()) return USUAL_FOLDER;
  askForAll();
  const answered = folderByGrant();
  if (answered !== undefined) return answered;
  const what = `Deno may not load ${USUAL_FOLDER}\\iphlpapi.dll`;
  throw permissionRequired(what, USUAL_FOLDER);
}

/** Finds the folder by what is granted; `undefined` if nothing is. */
function folderByGrant(): string | undefined {
  if (isFullyGranted()) return folderByWindows() ?? USUAL_FOLDER;
  // Then every drive is granted, which does not tell where Windows is
  if (isPartlyGranted()) return USUAL_FOLDER;
  return grantedFolder();
}

/**
 * The first System32 whose iphlpapi.dll is granted: C: first, then all others.
 */
function grantedFolder(): string | undefined {
  for (let code = 0; code < 26; code++) {
    const drive = String.fromCharCode(65 + (code + 2) % 26);
    const folder = `${drive}:\\Windows\\System32`;
    if (isGranted(`${folder}\\iphlpapi.dll`)) return folder;
  }
}

/**
 * The folder that GetSystemDirectoryW returns; `undefined` if that cannot be
 * called. For it kernel32.dll is loaded by its bare name. LoadLibrary then
 * returns the one that every process has loaded already, which is safe. But
 * under a permission broker, which `Deno.permissions` does not show, Deno first
 * resolves the name in the current folder. So a NUL and a random name follow:
 * Windows stops reading at the NUL, and Deno resolves the whole to a path that
 * cannot exist.
 */
function folderByWindows(): string | undefined {
  const name = `kernel32.dll\0\\..\\${crypto.randomUUID()}`;
  let kernel32;
  try {
    kernel32 = Deno.dlopen(name, KERNEL32_FOLDER);
  } catch {
    return undefined;
  }
  try {
    const text = new Uint16Array(260); // MAX_PATH
    const length = kernel32.symbols.GetSystemDirectoryW(text, text.length);
    if (length === 0 || length >= text.length) {
      throw new NeighborError(
        "OTHER",
        "Cannot find the Windows system folder",
        { operation: "GetSystemDirectoryW" },
      );
    }
    return decodeWide(text, length);
  } finally {
    kernel32.close();
  }
}

function permissionRequired(
  what: string,
  folder: string,
  cause?: unknown,
): NeighborError {
  const paths = ["iphlpapi.dll", "ntdll.dll", "kernel32.dll"]
    .map((dll) => `${folder}\\${dll}`);
  return new NeighborError(
    "PERMISSION_REQUIRED",
    `${what}: ${howToGrant(paths.join())}`,
    { cause },
  );
}
