/**
 * Reads a FILE operand: a file, or `-` for standard input.
 *
 * @module
 */

import { NeighborError, quote } from "../ffi/types/error.ts";
import { UsageError } from "./args.ts";

/** The most bytes that are read, also from a source without an end. */
export const MAX_INPUT = 256 * 2 ** 20;

/** The name of a FILE operand in messages. */
export function inputName(operand: string): string {
  return operand === "-" ? "<stdin>" : operand;
}

/**
 * Reads a whole FILE as text: UTF-8, or UTF-16 with a byte order mark. `warn` is
 * called with a message where others than the owner may change the file.
 *
 * @throws {UsageError} Where it cannot be read, is too large, or is not text.
 * @throws {NeighborError} `PERMISSION_REQUIRED` where Deno may not read it.
 */
export async function readInput(
  operand: string,
  warn: (message: string) => void,
): Promise<string> {
  const name = operand === "-" ? inputName(operand) : quote(operand);
  const bytes = operand === "-"
    ? await readStdin(name)
    : await readFile(operand, name, warn);
  // PowerShell redirects into UTF-16 files; the decoder removes the mark
  const marks = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]] as const;
  const [encoding = "utf-8"] =
    marks.find(([, first, second]) =>
      bytes[0] === first && bytes[1] === second
    ) ?? [];
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const line = encoding === "utf-8" ? brokenLine(bytes) : undefined;
    const where = line === undefined ? "" : `, from line ${line} on`;
    throw new UsageError(`Cannot read ${name}: it is not UTF-8 text${where}`);
  }
}

/** The number of the first line that is not UTF-8; no character spans two. */
function brokenLine(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, at);
    const to = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(at, to));
    } catch {
      return line;
    }
    at = to + 1;
  }
}

async function readStdin(name: string): Promise<Uint8Array> {
  const bytes = await readAll(Deno.stdin, name, 0);
  if (bytes.length === 0 && !Deno.stdin.isTerminal() && await isDevice()) {
    throw new UsageError(
      `Cannot read ${name}: it is closed, or the null device`,
    );
  }
  return bytes;
}

/** Whether standard input is a device: Deno opens the null device for a closed one. */
async function isDevice(): Promise<boolean> {
  const { fstatSync } = await import("node:fs");
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    return true; // fstat succeeds for every file and pipe
  }
}

async function readFile(
  operand: string,
  name: string,
  warn: (message: string) => void,
): Promise<Uint8Array> {
  try {
    using file = await Deno.open(operand);
    // Of the open file, because its name may mean another file by now
    const info = await file.stat();
    const warning = await sharedWarning(operand, info);
    if (warning !== undefined) warn(warning);
    return await readAll(file, name, info.isFile ? info.size : 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      // Deno needs --allow-all to read /dev, /proc and /sys
      const grant = error.message.startsWith("Requires all access")
        ? "--allow-all"
        : `--allow-read=${operand}`;
      throw new NeighborError(
        "PERMISSION_REQUIRED",
        `Deno may not read ${name}: run with ${grant}, ` +
          "or give it on standard input, as -",
        { cause: error },
      );
    }
    throw error instanceof UsageError ? error : unreadable(name, error);
  }
}

const [GROUP_WRITES, OTHERS_WRITE, STICKY] = [0o020, 0o002, 0o1000];

/**
 * A warning where users other than the owner may write the file: whoever may
 * controls the table. Whether we are root is not asked, because that needs
 * `--allow-sys`. The mode that Deno reports on Windows says nothing of this.
 */
async function sharedWarning(
  operand: string,
  file: Deno.FileInfo,
): Promise<string | undefined> {
  if (!file.isFile || Deno.build.os === "windows") return undefined;
  const writers = writersOf(file);
  if (writers !== undefined) {
    return `The file may be written by ${writers}: so may what is made of it`;
  }
  const folder = await folderOf(operand);
  // In a sticky folder only the owner can remove or replace a file
  if (folder === undefined || ((folder.mode ?? 0) & STICKY) !== 0) {
    return undefined;
  }
  const replacers = writersOf(folder);
  if (replacers === undefined) return undefined;
  return `The file may be replaced by ${replacers}, who may write its folder`;
}

function writersOf({ mode, uid, gid }: Deno.FileInfo): string | undefined {
  if (mode === null) return undefined;
  if ((mode & OTHERS_WRITE) !== 0) return "every user";
  // A group with the number of the user usually has no other member
  const isShared = (mode & GROUP_WRITES) !== 0 && (uid === 0 || gid !== uid);
  return isShared ? `the group ${gid}` : undefined;
}

/** The folder of a file, where Deno may read it without a prompt. */
async function folderOf(operand: string): Promise<Deno.FileInfo | undefined> {
  const { dirname } = await import("node:path");
  const path = dirname(operand);
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    return await Deno.stat(path);
  } catch {
    return undefined; // the warning is optional
  }
}

/** A file or standard input. */
interface Source {
  read(into: Uint8Array): Promise<number | null>;
}

/** Reads to the end, up to the limit; `size` is the expected number of bytes. */
async function readAll(
  source: Source,
  name: string,
  size: number,
): Promise<Uint8Array> {
  if (size > MAX_INPUT) throw tooLarge(name);
  // One more byte, so that the end of the file is found without growing
  let bytes = new Uint8Array(Math.max(size + 1, 65_536));
  let length = 0;
  for (;;) {
    const count = await readSome(source, bytes.subarray(length), name);
    if (count === null) return bytes.subarray(0, length);
    length += count;
    if (length > MAX_INPUT) throw tooLarge(name);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * length, MAX_INPUT + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

/** Milliseconds between two reads of a descriptor that is non-blocking. */
const PAUSE = 10;

async function readSome(
  source: Source,
  into: Uint8Array,
  name: string,
): Promise<number | null> {
  for (;;) {
    try {
      return await source.read(into);
    } catch (error) {
      // The parent process may have set O_NONBLOCK: no data yet
      if (!(error instanceof Deno.errors.WouldBlock)) {
        throw unreadable(name, error);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function tooLarge(name: string): UsageError {
  const limit = MAX_INPUT / 2 ** 20;
  return new UsageError(
    `Cannot read ${name}: it is larger than the limit of ${limit} MiB`,
  );
}

/** An error with the system's message, without the call that Deno appends. */
function unreadable(name: string, error: unknown): UsageError {
  const why = error instanceof Error
    ? error.message.replace(/: open '.*$/s, "")
    : String(error);
  return new UsageError(`Cannot read ${name}: ${why}`);
}
