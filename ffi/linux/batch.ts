/**
 * Many changes, 128 requests to a `send`. Errors come back one by one and are
 * matched by sequence number; only the last request of a send asks for an
 * acknowledgement, because one for each would cost twice the time.
 *
 * @module
 */

import type { ChangeResult } from "../types/change.ts";
import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
} from "../parse/entry.ts";
import { NeighborError } from "../types/error.ts";
import { DONE, isPinned, type WriteVerb } from "../parse/change.ts";
import { type Attempt, failure, unknownOutcome } from "./netlink/failure.ts";
import { NLMSG_ERROR } from "./netlink/layout.ts";
import {
  type DecodedNeighbor,
  decodeNeighbor,
  encodeNeighbor,
  MAX_NEIGHBOR_REQUEST,
} from "./netlink/ndmsg.ts";
import {
  acknowledge,
  type Bytes,
  bytesOf,
  decodeAnswer,
  type Message,
} from "./netlink/message.ts";
import { GET, type NamedRequest, WRITES } from "./request.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import type { Visitor } from "./netlink/replies.ts";

/**
 * Errors of 128 requests are half of what the default receive buffer holds:
 * from 256 on they would be lost.
 */
const MAX_REQUESTS = 128;

/** A change under way: where its result belongs and what it is. */
interface Slot {
  readonly position: number;
  readonly verb: WriteVerb;
  readonly parsed: ParsedKey | ParsedEntry;
  /** Which request of this send is the write. */
  readonly write: number;
}

// One for all: a batch is sent before anybody begins another
const requests = bytesOf(MAX_REQUESTS * MAX_NEIGHBOR_REQUEST);

/** Collects changes and sends them; results stand at the positions given. */
export class Batch implements Visitor {
  readonly #socket: NetlinkSocket;
  readonly #requests = requests;
  readonly #results: (ChangeResult | undefined)[] = [];
  /** The slot of each request, and the row that came back for it. */
  readonly #owners: Slot[] = [];
  #rows: (DecodedNeighbor | undefined)[] = [];
  #end = 0;
  #lastStart = 0;
  #first = 0;

  /** Sends over the table's own socket. */
  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  /** Puts in a result that needs no sending. */
  refuse(position: number, error: NeighborError): void {
    this.#results[position] = { outcome: "refused", error };
  }

  /** Adds a change; sends what is there where it would not fit. */
  add(
    position: number,
    verb: WriteVerb,
    interfaceIndex: number,
    parsed: ParsedKey | ParsedEntry,
  ): void {
    const needed = verb === "replace" ? 3 : 1;
    if (this.#owners.length + needed > MAX_REQUESTS) this.#send();
    const write = this.#owners.length + (verb === "replace" ? 1 : 0);
    const slot: Slot = { position, verb, parsed, write };
    // A replacement is told from a creation by what stood there before
    if (verb === "replace") this.#encode(slot, GET, interfaceIndex);
    this.#encode(slot, WRITES[verb], interfaceIndex);
    if (verb === "replace") this.#encode(slot, GET, interfaceIndex);
  }

  /** Sends the rest; answers the results, in order. */
  finish(): ChangeResult[] {
    this.#send();
    return this.#results as ChangeResult[];
  }

  #encode(slot: Slot, request: NamedRequest, interfaceIndex: number): void {
    const { parsed } = slot;
    const offset = this.#owners.length;
    if (offset === 0) this.#first = this.#socket.reserve(MAX_REQUESTS);
    this.#lastStart = this.#end;
    this.#end = encodeNeighbor(
      this.#requests,
      this.#end,
      this.#first + offset,
      request,
      interfaceIndex,
      parsed.address,
      request.hasLinkLayerAddress && "linkLayerAddress" in parsed
        ? parsed.linkLayerAddress
        : null,
    );
    this.#owners.push(slot);
  }

  #send(): void {
    const count = this.#owners.length;
    if (count === 0) return;
    // A look-up answers anyway
    if (this.#owners[count - 1]!.verb !== "replace") {
      acknowledge(this.#requests, this.#lastStart);
    }
    const status = this.#socket.send(this.#requests, this.#end);
    const isComplete = status === 0 &&
      this.#socket.receive(this.#first, count, this);
    for (let offset = 0; offset < count; offset++) {
      const slot = this.#owners[offset]!;
      if (slot.write !== offset) continue;
      if (status !== 0) {
        this.refuse(
          slot.position,
          failure({ status, text: null }, attempt(slot)),
        );
      } else {
        this.#results[slot.position] ??= isComplete
          ? this.#done(slot)
          : { outcome: "unknown", error: unknownOutcome(attempt(slot)) };
      }
    }
    this.#owners.length = 0;
    this.#rows = [];
    this.#end = 0;
  }

  visit(message: Message, replies: Bytes): boolean {
    const offset = message.sequence - this.#first;
    const slot = this.#owners[offset]!;
    if (message.type !== NLMSG_ERROR) {
      this.#rows[offset] = decodeNeighbor(replies, message.start, message.end);
    } else if (offset === slot.write) {
      const answer = decodeAnswer(replies, message);
      if (answer.status !== 0) {
        this.refuse(slot.position, failure(answer, attempt(slot)));
      }
    }
    // A look-up that found nothing needs no word: the row is not there
    return offset === this.#owners.length - 1;
  }

  #done(slot: Slot): ChangeResult {
    if (slot.verb !== "replace") return DONE[slot.verb];
    const before = this.#rows[slot.write - 1];
    const after = this.#rows[slot.write + 1];
    const wanted = slot.parsed as ParsedEntry;
    if (!isPinned(after, wanted)) {
      return { outcome: "refused", error: disagreement(slot, after) };
    }
    if (before === undefined) return { outcome: "done", result: "created" };
    const result = isPinned(before, wanted) ? "unchanged" : "changed";
    return { outcome: "done", result, previous: before };
  }
}

function disagreement(
  slot: Slot,
  row: DecodedNeighbor | undefined,
): NeighborError {
  const { what, entry } = attempt(slot);
  const found = row === undefined
    ? "no entry"
    : `${row.linkLayerAddress ?? "no link-layer address"}, ${row.state}`;
  return new NeighborError(
    "OTHER",
    `Cannot ${what}: the kernel took it, but the table now has ${found}`,
    { operation: GET.operation, entry },
  );
}

function attempt({ verb, parsed }: Slot): Attempt {
  return {
    operation: WRITES[verb].operation,
    what: `${verb} neighbor ${describeKey(parsed)}`,
    entry: parsed.given,
  };
}
