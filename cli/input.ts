/**
 * What a FILE operand holds: a file, or `-` for standard input.
 *
 * @module
 */

import { NeighborError, quote } from "../ffi/types/error.ts";
import { UsageError } from "./args.ts";

/** What is larger than this is not read, whether or not it ends. */
export const MAX_INPUT = 256 * 2 ** 20;

/** What a FILE operand is called in messages. */
export function inputName(operand: string): string {
  return operand === "-" ? "<stdin>" : operand;
}

/**
 * Reads all of it as text: UTF-8, or UTF-16 that says so. `warn` is told where
 * others than the owner may change the file.
 */
export async function readInput(
  operand: string,
  warn: (message: string) => void = () => {},
): Promise<string> {
  const name = operand === "-" ? inputName(operand) : quote(operand);
  const bytes = operand === "-"
    ? await readStdin(name)
    : await readFile(operand, name, warn);
  // What PowerShell redirects into a file; the mark itself is left out
  const marks = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]] as const;
  const [encoding = "utf-8"] =
    marks.find(([, first, second]) =>
      bytes[0] === first && bytes[1] === second
    ) ?? [];
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`Cannot read ${name}: it is not UTF-8 text`);
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

/** Deno opens the null device in the place of a standard input that is closed. */
async function isDevice(): Promise<boolean> {
  const { fstatSync } = await import("node:fs");
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    return true; // it cannot be asked what it is, and it is no file nor pipe
  }
}

async function readFile(
  operand: string,
  name: string,
  warn: (message: string) => void,
): Promise<Uint8Array> {
  try {
    using file = await Deno.open(operand);
    // Of the file that is open: its name may mean another by now
    const info = await file.stat();
    const warning = await sharedWarning(operand, info);
    if (warning !== undefined) warn(warning);
    return await readAll(file, name, info.isFile ? info.size : 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      // Deno guards /dev, /proc and /sys more than other files
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
 * Who may write the file decides what whoever runs this command does to the
 * table. Who that is needs a permission more (`--allow-sys`), so root is not
 * told from others. Windows has no such mode.
 */
async function sharedWarning(
  operand: string,
  file: Deno.FileInfo,
): Promise<string | undefined> {
  if (!file.isFile) return undefined;
  const writers = writersOf(file);
  if (writers !== undefined) {
    return `The file may be written by ${writers}: so may what is made of it`;
  }
  const folder = await folderOf(operand);
  // Nobody removes or replaces what is another's in a sticky folder
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
  // Of a user's own group, which has the user's number, nobody else is
  const isShared = (mode & GROUP_WRITES) !== 0 && (uid === 0 || gid !== uid);
  return isShared ? `the group ${gid}` : undefined;
}

/** The folder, where that may be asked without a question to the user. */
async function folderOf(operand: string): Promise<Deno.FileInfo | undefined> {
  const { dirname } = await import("node:path");
  const path = dirname(operand);
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    return await Deno.stat(path);
  } catch {
    return undefined; // a warning is not worth a failure
  }
}

/** What is read from. */
interface Source {
  read(into: Uint8Array): Promise<number | null>;
}

/** Reads to the end, or refuses what has none; `size` is a first guess. */
async function readAll(
  source: Source,
  name: string,
  size: number,
): Promise<Uint8Array> {
  if (size > MAX_INPUT) throw tooLarge(name);
  // One more, so that the end of a file of that size is met without growing
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

/** How long a descriptor that does not wait is left alone, in milliseconds. */
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
      // Whoever handed it down may have set O_NONBLOCK: there is nothing yet
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

/** The system's words, without Deno's own name for the call behind them. */
function unreadable(name: string, error: unknown): UsageError {
  const why = error instanceof Error
    ? error.message.replace(/: open '.*$/s, "")
    : String(error);
  return new UsageError(`Cannot read ${name}: ${why}`);
}
