/**
 * Who is handed the replies of a socket. Objects and not functions made for the
 * occasion: what the compiler has learnt of such a function is thrown away with
 * the garbage, and 10,000 rows are read before it has learnt it again. Pure.
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

/** Reads rows. */
export interface Decoder<Row> {
  /** Reads one from the payload between; `undefined` leaves it out. */
  decode(replies: Bytes, start: number, end: number): Row | undefined;
}

const DONE: Answer = { status: 0, text: null };

/** The one thing that comes back for a request: a row or an answer. */
export class Asking<Row> implements Visitor {
  readonly #decoder: Decoder<Row> | undefined;
  answer: Answer = DONE;
  row: Row | undefined;

  /** Without a decoder nothing but an answer is expected. */
  constructor(decoder?: Decoder<Row>) {
    this.#decoder = decoder;
  }

  visit(message: Message, replies: Bytes): boolean {
    if (message.type === NLMSG_ERROR) {
      this.answer = decodeAnswer(replies, message);
    } else {
      this.row = this.#decoder?.decode(replies, message.start, message.end);
    }
    return true;
  }
}

/** The rows of a dump, and the answer behind the last of them. */
export class Dumping<Row> implements Visitor {
  readonly #decoder: Decoder<Row>;
  readonly rows: Row[] = [];
  answer: Answer = DONE;
  /** The kernel says that the table changed in between. */
  isInterrupted = false;

  /** Leaves out what the decoder leaves out. */
  constructor(decoder: Decoder<Row>) {
    this.#decoder = decoder;
  }

  visit(message: Message, replies: Bytes): boolean {
    const { type, flags, start, end } = message;
    if (flags & NLM_F_DUMP_INTR) this.isInterrupted = true;
    if (type === NLMSG_DONE || type === NLMSG_ERROR) {
      this.answer = decodeAnswer(replies, message);
      return true;
    }
    const row = this.#decoder.decode(replies, start, end);
    if (row !== undefined) this.rows.push(row);
    return false;
  }
}
