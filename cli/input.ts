/**
 * What a FILE operand holds: a file, or `-` for standard input.
 *
 * @module
 */

import { NeighborError, quote } from "../ffi/types/error.ts";
import { UsageError } from "./args.ts";

/** Reads all of it as text: UTF-8, or UTF-16 that says so. */
export async function readInput(name: string): Promise<string> {
  const bytes = name === "-"
    ? await new Response(Deno.stdin.readable).bytes()
    : await readFile(name);
  // What PowerShell redirects into a file; the mark itself is left out
  const marks = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]] as const;
  const [encoding = "utf-8"] =
    marks.find(([, first, second]) =>
      bytes[0] === first && bytes[1] === second
    ) ?? [];
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`Cannot read ${quote(name)}: it is not UTF-8 text`);
  }
}

async function readFile(name: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new NeighborError(
        "PERMISSION_REQUIRED",
        `Deno may not read ${quote(name)}: run with --allow-read=${name}, ` +
          "or give it on standard input, as -",
        { cause: error },
      );
    }
    // The system's words, without Deno's own name for the call behind them
    const why = error instanceof Error
      ? error.message.replace(/: readfile '.*$/s, "")
      : String(error);
    throw new UsageError(`Cannot read ${quote(name)}: ${why}`);
  }
}
