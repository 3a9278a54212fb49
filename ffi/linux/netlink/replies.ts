/**
 * Receives the replies of a socket. Pure.
 *
 * @module
 */

import { NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR } from "./layout.ts";
import {
  type Answer,
  type Bytes,
  decodeAnswer,
  type Message,
} from "./message.ts";

/** Receives the replies to a request. */
export interface Visitor {
  /**
   * Receives one reply; returns whether it was the last. The message is reused
   * for the next call.
   */
  visit(message: Message, replies: Bytes): boolean;
}

/** Reads the rows of a dump. */
export interface DumpReader {
  /** A dump begins or restarts: drop the rows read so far. */
  begin(): void;
  /** Reads a row from the payload, from `start` to `end`. */
  read(replies: Bytes, start: number, end: number): void;
}

const DONE: Answer = { status: 0, text: null };

/** The reply to one request: a row, an error, or none. */
export class Reply<Row> implements Visitor {
  readonly #decode:
    | ((replies: Bytes, start: number, end: number) => Row)
    | undefined;
  answer: Answer = DONE;
  row: Row | undefined;

  /** Without a decoder only an error is expected. */
  constructor(decode?: (replies: Bytes, start: number, end: number) => Row) {
    this.#decode = decode;
  }

  visit(message: Message, replies: Bytes): boolean {
    if (message.type === NLMSG_ERROR) {
      this.answer = decodeAnswer(replies, message);
    } else {
      this.row = this.#decode?.(replies, message.start, message.end);
    }
    return true;
  }
}

/** Passes the rows of a dump to its reader; the answer follows the last row. */
export class Dump implements Visitor {
  readonly #reader: DumpReader;
  answer: Answer = DONE;
  /** The kernel reports that the table changed during the dump. */
  isInterrupted = false;

  /** Passes rows on as they arrive. */
  constructor(reader: DumpReader) {
    this.#reader = reader;
    reader.begin();
  }

  visit(message: Message, replies: Bytes): boolean {
    const { type, flags, start, end } = message;
    if (flags & NLM_F_DUMP_INTR) this.isInterrupted = true;
    if (type === NLMSG_DONE || type === NLMSG_ERROR) {
      this.answer = decodeAnswer(replies, message);
      return true;
    }
    this.#reader.read(replies, start, end);
    return false;
  }
}
