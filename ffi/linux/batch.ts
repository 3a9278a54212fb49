/**
 * Makes many writes, up to 128 requests in one `send`. The kernel replies only
 * to requests that it refuses; replies are matched by sequence number.
 *
 * @module
 */

import {
  CHANGED,
  CREATE,
  CREATED,
  DELETE,
  DELETED,
  type EntryList,
  NONE,
  PENDING,
  REPLACE,
  SET,
  UNCHANGED,
  UNKNOWN,
  VERBS,
} from "../entry_list.ts";
import { isInSync } from "../parse/change.ts";
import { mismatch, unconfirmed } from "../unconfirmed.ts";
import { differences } from "../row_difference.ts";
import { attemptOf, encodeEntry } from "./entries.ts";
import { type Attempt, failure, unknownOutcome } from "./netlink/failure.ts";
import { NLMSG_ERROR } from "./netlink/layout.ts";
import {
  type Bytes,
  bytesOf,
  decodeAnswer,
  type Message,
} from "./netlink/message.ts";
import {
  type DecodedNeighbor,
  decodeNeighbor,
  MAX_NEIGHBOR_REQUEST,
} from "./netlink/ndmsg.ts";
import type { Visitor } from "./netlink/replies.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import { GET, type NamedRequest, WRITES_BY_NUMBER } from "./request.ts";

/**
 * The errors of 128 requests fill half of the default receive buffer. From 256
 * requests on some would be lost.
 */
const MAX_REQUESTS = 128;

/** Makes the writes of a list; reused for the next list. */
export class Batch implements Visitor {
  readonly #socket: NetlinkSocket;
  readonly #alias: (index: number) => string | null;
  readonly #requests = bytesOf(MAX_REQUESTS * MAX_NEIGHBOR_REQUEST);
  /** The position of the entry of each request; -1 - position for a look-up. */
  readonly #owners = new Int32Array(MAX_REQUESTS);
  /** The row returned for each look-up. */
  readonly #rows: (DecodedNeighbor | undefined)[] = [];
  #entries: EntryList | undefined;
  #count = 0;
  #end = 0;
  #first = 0;

  /** Uses the socket of the table; `alias` looks up the names of interfaces. */
  constructor(
    socket: NetlinkSocket,
    alias: (index: number) => string | null,
  ) {
    this.#socket = socket;
    this.#alias = alias;
  }

  /** Makes the pending writes; the outcomes go into the list. */
  write(entries: EntryList, from: number, to: number): void {
    this.#entries = entries;
    try {
      this.#writeAll(entries, from, to);
    } finally {
      // Also where a reply could not be decoded
      this.#entries = undefined;
      this.#reset();
    }
  }

  #writeAll(entries: EntryList, from: number, to: number): void {
    const { verbs, outcomes } = entries;
    for (let position = from; position < to; position++) {
      const verb = verbs[position]!;
      if (verb === NONE || outcomes[position] !== PENDING) continue;
      const isReplace = verb === REPLACE;
      if (this.#count + (isReplace ? 3 : 1) > MAX_REQUESTS) this.#send();
      // The row before tells whether a replace creates or changes the entry
      if (isReplace) this.#encode(position, GET, true);
      this.#encode(position, WRITES_BY_NUMBER[verb]!, false);
      if (isReplace) this.#encode(position, GET, true);
    }
    this.#send();
  }

  #encode(position: number, request: NamedRequest, isLookUp: boolean): void {
    if (this.#count === 0) this.#first = this.#socket.reserve(MAX_REQUESTS);
    this.#owners[this.#count] = isLookUp ? -1 - position : position;
    this.#end = encodeEntry(
      this.#requests,
      this.#end,
      this.#first + this.#count++,
      request,
      this.#entries!,
      position,
    );
  }

  #send(): void {
    const count = this.#count;
    if (count === 0) return;
    const status = this.#socket.send(this.#requests, this.#end);
    const isComplete = status === 0 &&
      this.#socket.receive(this.#first, count, this) !== "lost";
    for (let offset = 0; offset < count; offset++) {
      const position = this.#owners[offset]!;
      if (position >= 0) this.#settle(position, offset, status, isComplete);
    }
    this.#reset();
  }

  #reset(): void {
    this.#count = this.#end = 0;
    // To set the length of an empty array costs 2 % of a single write
    if (this.#rows.length > 0) this.#rows.length = 0;
  }

  visit(message: Message, replies: Bytes): boolean {
    const offset = message.sequence - this.#first;
    const position = this.#owners[offset]!;
    if (message.type !== NLMSG_ERROR) {
      const { start, end } = message;
      this.#rows[offset] = decodeNeighbor(replies, start, end);
    } else if (position >= 0) {
      const answer = decodeAnswer(replies, message);
      if (answer.status !== 0) {
        this.#entries!.fail(position, failure(answer, this.#attempt(position)));
      }
    }
    // A look-up that was refused found no row
    return false;
  }

  /** Sets the outcome of an entry that was not refused. */
  #settle(
    position: number,
    offset: number,
    status: number,
    isComplete: boolean,
  ): void {
    const entries = this.#entries!;
    if (entries.outcomes[position] !== PENDING) return;
    if (status !== 0) {
      const answer = { status, text: null };
      entries.fail(position, failure(answer, this.#attempt(position)));
    } else if (!isComplete) {
      const error = unknownOutcome(this.#attempt(position));
      entries.fail(position, error, UNKNOWN);
    } else {
      const verb = entries.verbs[position]!;
      if (verb === REPLACE) this.#settleReplace(position, offset);
      else entries.outcomes[position] = DONE[verb]!;
    }
  }

  #settleReplace(position: number, offset: number): void {
    const entries = this.#entries!;
    const before = this.#rows[offset - 1];
    const after = this.#rows[offset + 1];
    if (!isInSync(after, entries, position)) {
      const { what, entry } = this.#attempt(position);
      const wanted = `${entries.wanted(position)},`;
      const finding = mismatch(after, wanted);
      const { operation } = GET;
      const error = unconfirmed(what, finding, { operation, entry });
      entries.fail(position, error);
      return;
    }
    if (before === undefined) {
      entries.outcomes[position] = CREATED;
      return;
    }
    before.interfaceAlias = this.#alias(before.interfaceIndex);
    entries.previous.set(position, before);
    const isSame = differences(after!, before).length === 0;
    entries.outcomes[position] = isSame ? UNCHANGED : CHANGED;
  }

  #attempt(position: number): Attempt {
    const entries = this.#entries!;
    const verb = entries.verbs[position]!;
    const { operation } = WRITES_BY_NUMBER[verb]!;
    return attemptOf(entries, position, VERBS[verb]!, operation);
  }
}

/**
 * The outcome of each verb that succeeded; a `replace` compares rows instead.
 */
const DONE: Readonly<Record<number, number>> = {
  [CREATE]: CREATED,
  [DELETE]: DELETED,
  [SET]: CHANGED,
};
