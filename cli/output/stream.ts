/**
 * Writes to standard output and standard error, whole, in pieces of bounded
 * size.
 *
 * A descriptor may be in non-blocking mode, set by the process that handed it
 * down: the mode belongs to the open file, not to the process. Deno then throws
 * `WouldBlock` where there is no room, so the wait is here.
 *
 * @module
 */

/** A stream that is written to at once. */
export interface SyncStream {
  writeSync(bytes: Uint8Array): number;
}

/** A stream that is written to by another thread. */
export interface AsyncStream {
  write(bytes: Uint8Array): Promise<number>;
}

/** The answer could not be written. */
export class WriteError extends Error {
  override readonly name = "WriteError";

  /** Says why, and what the command is to end with. */
  constructor(message: string, readonly code: number = 1) {
    super(message);
  }
}

/** How long to wait for room, in milliseconds: at first, and at most. */
const [FIRST_WAIT, LONGEST_WAIT] = [1, 32];

/**
 * Writes every piece.
 *
 * @throws {Deno.errors.BrokenPipe} Where the reader has gone.
 * @throws {WriteError} For any other failure, such as a full disk.
 */
export async function writeAll(
  stream: SyncStream,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  for await (const piece of pieces) {
    await write(piece, (bytes) => stream.writeSync(bytes));
  }
}

/** The same by another thread, so that signals are heard meanwhile. */
export async function writeAsync(
  stream: AsyncStream,
  text: string,
): Promise<void> {
  await write(text, (bytes) => stream.write(bytes));
}

async function write(
  text: string,
  writeSome: (bytes: Uint8Array) => number | Promise<number>,
): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  let pause = FIRST_WAIT;
  while (bytes.length > 0) {
    let written = 0;
    try {
      const answer = writeSome(bytes);
      written = typeof answer === "number" ? answer : await answer;
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw error;
      if (!(error instanceof Deno.errors.WouldBlock)) {
        throw new WriteError(
          error instanceof Error ? error.message : `${error}`,
        );
      }
    }
    // A Windows pipe that does not block takes nothing, and that is no error
    if (written === 0) {
      await new Promise((go) => setTimeout(go, pause));
      pause = Math.min(2 * pause, LONGEST_WAIT);
    } else pause = FIRST_WAIT;
    bytes = bytes.subarray(written);
  }
}
