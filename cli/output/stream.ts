/**
 * Writes texts completely to standard output and standard error, also where the
 * descriptor is non-blocking. The parent process may have set O_NONBLOCK, which
 * belongs to the open file and not to the process. Deno then throws `WouldBlock`
 * where there is no room, and this module waits and retries.
 *
 * Deno writes standard output through Rust's line buffer and flushes it. Where
 * the flush fails, the number of bytes written is unknown. Standard output is
 * therefore written in parts that a pipe, a local socket or a terminal takes
 * completely or not at all, see `partsOf`. A non-blocking TCP socket may take
 * less, and then up to 4096 bytes may be written twice. Standard error has no
 * such buffer.
 *
 * @module
 */

/** A stream with synchronous writes. */
export interface SyncStream {
  writeSync(bytes: Uint8Array): number;
}

/** A stream with asynchronous writes, which another thread makes. */
export interface AsyncStream {
  write(bytes: Uint8Array): Promise<number>;
}

/** The answer could not be written. */
export class WriteError extends Error {
  override readonly name = "WriteError";

  /** Takes the reason and the exit code of the command. */
  constructor(message: string, readonly code: number = 1) {
    super(message);
  }
}

/** PIPE_BUF of Linux: a pipe takes this many bytes completely or not at all. */
const ATOMIC = 4096;
/**
 * The capacity of Rust's line buffer in bytes. A shorter text without a newline
 * is kept in the buffer; a longer one is written directly.
 */
const BUFFER = 1024;
const NEWLINE = 10;
/** Milliseconds to wait for room: the first time, and the longest. */
const [FIRST_WAIT, LONGEST_WAIT] = [1, 32];

/**
 * Writes every piece, synchronously.
 *
 * @throws {Deno.errors.BrokenPipe} Where the reader has closed the stream.
 * @throws {WriteError} For any other failure, such as a full disk.
 */
export async function writeAll(
  stream: SyncStream,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const isBuffered = stream === Deno.stdout;
  for await (const piece of pieces) {
    await write(piece, isBuffered, (bytes) => stream.writeSync(bytes));
  }
}

/** Writes a text asynchronously, so that signals are handled meanwhile. */
export async function writeAsync(
  stream: AsyncStream,
  text: string,
): Promise<void> {
  const isBuffered = stream === Deno.stdout;
  await write(text, isBuffered, (bytes) => stream.write(bytes));
}

type WriteSome = (bytes: Uint8Array) => number | Promise<number>;

async function write(
  text: string,
  isBuffered: boolean,
  writeSome: WriteSome,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  if (!isBuffered) return await writePart(bytes, false, writeSome);
  // A terminal may take part of a line; on Windows it always blocks
  const isTerminal = Deno.build.os !== "windows" && Deno.stdout.isTerminal();
  for (const part of partsOf(bytes, isTerminal ? 1 : ATOMIC)) {
    const isKept = part.length < BUFFER && part.at(-1) !== NEWLINE;
    await writePart(part, isKept, writeSome);
  }
}

/**
 * Splits bytes into parts: whole lines of at most `most` bytes together, which
 * end with a newline, and parts without a newline of at most 4096 bytes.
 */
export function* partsOf(
  bytes: Uint8Array,
  most: number,
): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const last = bytes.lastIndexOf(NEWLINE, at + most - 1);
    let end = last + 1;
    if (last < at) {
      const next = bytes.indexOf(NEWLINE, at);
      end = Math.min(next < 0 ? bytes.length : next, at + ATOMIC);
    }
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Writes a part; `isKept` where Rust's buffer keeps it until the next flush. */
async function writePart(
  part: Uint8Array,
  isKept: boolean,
  writeSome: WriteSome,
): Promise<void> {
  let pause = FIRST_WAIT;
  for (let rest = part, isDone = part.length === 0; !isDone;) {
    const written = await attempt(rest, writeSome);
    const isTaken = written === undefined && isKept;
    rest = rest.subarray(isTaken ? rest.length : written ?? 0);
    // What Rust's buffer has kept is flushed by an empty write
    isDone = written !== undefined && rest.length === 0;
    if (isDone) return;
    // A full non-blocking pipe of Windows takes 0 bytes without an error
    if (!written) await new Promise((go) => setTimeout(go, pause));
    pause = written ? FIRST_WAIT : Math.min(2 * pause, LONGEST_WAIT);
  }
}

/** The number of bytes written; `undefined` where the write would block. */
async function attempt(
  bytes: Uint8Array,
  writeSome: WriteSome,
): Promise<number | undefined> {
  try {
    const written = writeSome(bytes);
    return typeof written === "number" ? written : await written;
  } catch (error) {
    if (error instanceof Deno.errors.WouldBlock) return undefined;
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    throw new WriteError(error instanceof Error ? error.message : `${error}`);
  }
}
