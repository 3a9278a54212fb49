/**
 * Loading: lazily, and by absolute path from System32 alone. A bare name would
 * be searched for in the program's own folder first, so that a planted
 * iphlpapi.dll would win; under a scoped grant Deno would even take it from
 * the current folder.
 *
 * @module
 */

import { NeighborError } from "../types/error.ts";
import {
  IPHLPAPI,
  type IphlpapiName,
  KERNEL32,
  KERNEL32_FOLDER,
  NTDLL,
} from "./iphlpapi.ts";

type Iphlpapi = Deno.DynamicLibrary<typeof IPHLPAPI>;

/** The libraries behind one open table, each loaded when first needed. */
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

  /** One export, or an error that names it: the library itself loads without. */
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

  /** The system's text for a code; `null` where it has none or may not be asked. */
  formatMessage(status: number): string | null {
    let kernel32;
    try {
      kernel32 = open(this.#folder, "kernel32.dll", KERNEL32);
    } catch (error) {
      // A scoped grant may leave kernel32.dll out: the number must do
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

  /** Unloads what was loaded, once nothing is under way any more. */
  close(): void {
    this.#isClosing = true;
    if (this.#pending > 0) return;
    this.#ntdll?.close();
    this.#iphlpapi.close();
  }
}

/** UTF-16 text of a known length, or up to its NUL. */
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
    if (isPermissionError(error)) throw permissionRequired(path, error);
    throw new NeighborError(
      "NOT_SUPPORTED",
      `Cannot load ${path}: ${error instanceof Error ? error.message : error}`,
      { operation: "LoadLibrary", cause: error },
    );
  }
}

/**
 * Where System32 is. Windows is asked where it may be; a scoped grant leaves
 * only its own paths to go by, so there the drives are tried by what is
 * granted, and nothing is loaded to find out.
 */
function systemFolder(): string {
  const full = { name: "ffi" } as const;
  if (Deno.permissions.querySync(full).state !== "granted") {
    for (let code = 0; code < 26; code++) {
      // C: first, then all the others
      const drive = String.fromCharCode(65 + (code + 2) % 26);
      const folder = `${drive}:\\Windows\\System32`;
      const path = `${folder}\\iphlpapi.dll`;
      if (
        Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
      ) {
        return folder;
      }
    }
    // On a terminal Deno asks here, once, for all of what follows
    if (Deno.permissions.requestSync(full).state !== "granted") {
      throw permissionRequired("C:\\Windows\\System32\\iphlpapi.dll");
    }
  }
  // The bare name is safe for kernel32.dll alone: it is in every process
  // already, and LoadLibrary answers with the one that is
  const kernel32 = Deno.dlopen("kernel32.dll", KERNEL32_FOLDER);
  try {
    const text = new Uint16Array(260); // MAX_PATH
    const length = kernel32.symbols.GetSystemDirectoryW(text, text.length);
    if (length === 0 || length >= text.length) {
      throw new NeighborError(
        "OTHER",
        "Cannot find the Windows system folder",
        {
          operation: "GetSystemDirectoryW",
        },
      );
    }
    return decodeWide(text, length);
  } finally {
    kernel32.close();
  }
}

function isPermissionError(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
}

function permissionRequired(path: string, cause?: unknown): NeighborError {
  return new NeighborError(
    "PERMISSION_REQUIRED",
    `Deno may not load ${path}: run with --allow-ffi`,
    { cause },
  );
}
