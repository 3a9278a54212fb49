/**
 * What a FILE operand holds: a file, or `-` for standard input.
 *
 * @module
 */

import { NeighborError, quote } from "../ffi/error.ts";
import { UsageError } from "./parse.ts";

/** Reads all of it as text. */
export async function readInput(name: string): Promise<string> {
  if (name === "-") return await new Response(Deno.stdin.readable).text();
  try {
    // Windows' own tools begin a file with a byte order mark
    return (await Deno.readTextFile(name)).replace(/^\ufeff/, "");
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
