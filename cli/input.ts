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

/** Reads all of it as text: UTF-8, or UTF-16 that says so. */
export async function readInput(operand: string): Promise<string> {
  const name = operand === "-" ? inputName(operand) : quote(operand);
  const bytes = operand === "-"
    ? await readStdin(name)
    : await readFile(operand, name);
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

async function readFile(operand: string, name: string): Promise<Uint8Array> {
  try {
    using file = await Deno.open(operand);
    const { isFile, size } = await file.stat();
    return await readAll(file, name, isFile ? size : 0);
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
