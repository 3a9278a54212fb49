/**
 * Who is handed the replies of a socket. Pure.
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

/** Takes the replies to a request. */
export interface Visitor {
  /** Takes one, which is another by the next call; whether it was the last. */
  visit(message: Message, replies: Bytes): boolean;
}

/** Reads the rows of a dump. */
export interface DumpReader {
  /** The rows begin, perhaps again: forget those before. */
  begin(): void;
  /** Reads one from the payload between. */
  read(replies: Bytes, start: number, end: number): void;
}

const DONE: Answer = { status: 0, text: null };

/** What comes back for one request: a row, an answer that refuses it, or nothing. */
export class Reply<Row> implements Visitor {
  readonly #decode:
    | ((replies: Bytes, start: number, end: number) => Row)
    | undefined;
  answer: Answer = DONE;
  row: Row | undefined;

  /** Without a decoder nothing but an answer is expected. */
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

/** The rows of a dump go to its reader; the answer stands behind the last. */
export class Dump implements Visitor {
  readonly #reader: DumpReader;
  answer: Answer = DONE;
  /** The kernel says that the table changed in between. */
  isInterrupted = false;

  /** Hands the rows over as they come. */
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
