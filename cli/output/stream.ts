/**
 * Writes to standard output and standard error, whole, also where a descriptor
 * does not wait: whoever handed it down may have set O_NONBLOCK, which belongs
 * to the open file and not to the process. Deno then throws `WouldBlock` where
 * there is no room, so the wait is here.
 *
 * Deno writes standard output through Rust's line buffer and flushes it. Where
 * the flush fails, nobody learns how much was written. So standard output is
 * written in parts of which a pipe, a socket of this computer and a terminal take
 * all or nothing, see `partsOf`. A TCP socket may take less: where it is standard
 * output and does not wait, up to 4096 bytes may come twice. Standard error has
 * no such buffer.
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

/** PIPE_BUF of Linux: a pipe takes so many bytes together or not at all. */
const ATOMIC = 4096;
/**
 * The capacity of Rust's line buffer. Of what has no newline, what is shorter
 * goes into it whole, and what is as long goes past it.
 */
const BUFFER = 1024;
const NEWLINE = 10;
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
  const isBuffered = stream === Deno.stdout;
  for await (const piece of pieces) {
    await write(piece, isBuffered, (bytes) => stream.writeSync(bytes));
  }
}

/** The same by another thread, so that signals are heard meanwhile. */
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
  // A terminal may take a part of a line; that of Windows always waits
  const isTerminal = Deno.build.os !== "windows" && Deno.stdout.isTerminal();
  for (const part of partsOf(bytes, isTerminal ? 1 : ATOMIC)) {
    const isKept = part.length < BUFFER && part.at(-1) !== NEWLINE;
    await writePart(part, isKept, writeSome);
  }
}

/**
 * Cuts bytes into lines of `most` bytes together, each part with a newline at
 * its end, and into parts without any newline.
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

/** `isKept`: where there is no room Rust keeps it, for the next flush. */
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
    // Of what Rust has kept an empty write is the flush
    isDone = written !== undefined && rest.length === 0;
    if (isDone) return;
    // A Windows pipe that does not block takes nothing, and that is no error
    if (!written) await new Promise((go) => setTimeout(go, pause));
    pause = written ? FIRST_WAIT : Math.min(2 * pause, LONGEST_WAIT);
  }
}

/** How many bytes were written; undefined where the descriptor does not wait. */
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
