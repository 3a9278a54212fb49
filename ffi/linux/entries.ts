/**
 * Requests about rows: look up one, write one, dump a family.
 *
 * @module
 */

import { type AddressKey, keyOfOctets } from "../address_key.ts";
import type { ScanFilter } from "../backend.ts";
import type { RowVisitor } from "../raw_row.ts";
import type { EntryList } from "../entry_list.ts";
import type { NeighborError } from "../types/error.ts";
import { ENOENT } from "./netlink/errno.ts";
import { type Attempt, failure, unknownOutcome } from "./netlink/failure.ts";
import { AF_INET, AF_INET6, NLM_F_DUMP } from "./netlink/layout.ts";
import type { Answer, Bytes } from "./netlink/message.ts";
import {
  type DecodedNeighbor,
  decodeNeighbor,
  encodeNeighbor,
  encodeNeighborDump,
} from "./netlink/ndmsg.ts";
import type { DumpReader } from "./netlink/replies.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import { GET, type NamedRequest } from "./request.ts";
import type { LinuxRow } from "./row.ts";

/** The attempt, for errors. */
export function attemptOf(
  entries: EntryList,
  position: number,
  verb: string,
  operation: string,
): Attempt {
  return {
    operation,
    what: `${verb} neighbor ${entries.describe(position)}`,
    entry: entries.given[position],
  };
}

/** Makes one write; throws if it is refused. */
export function write(
  socket: NetlinkSocket,
  request: NamedRequest,
  verb: string,
  entries: EntryList,
  position: number,
): void {
  const sequence = socket.reserve(1);
  const length = encodeEntry(
    socket.request,
    0,
    sequence,
    request,
    entries,
    position,
  );
  const answer = socket.tell(length, sequence);
  if (answer?.status === 0) return;
  const attempt = attemptOf(entries, position, verb, request.operation);
  throw answer === null ? unknownOutcome(attempt) : failure(answer, attempt);
}

/**
 * Encodes a request about an entry at `at`; returns where the next one begins.
 */
export function encodeEntry(
  bytes: Bytes,
  at: number,
  sequence: number,
  request: NamedRequest,
  entries: EntryList,
  position: number,
): number {
  return encodeNeighbor(
    bytes,
    at,
    sequence,
    request,
    entries.on(position).index,
    entries.addresses,
    entries.addressAt(position),
    entries.addressLengths[position]!,
    entries.linkLayerAddresses,
    entries.linkLayerAt(position),
    request.hasLinkLayerAddress ? entries.linkLayerLengths[position]! : 0,
    // A look-up with a protocol would be refused
    (request.hasLinkLayerAddress && entries.protocols[position]) ||
      request.protocol,
  );
}

/** Reads one row; `undefined` where there is none. */
export function read(
  socket: NetlinkSocket,
  entries: EntryList,
  position: number,
): DecodedNeighbor | undefined {
  const sequence = socket.reserve(1);
  const length = encodeEntry(
    socket.request,
    0,
    sequence,
    GET,
    entries,
    position,
  );
  const { answer, row } = socket.ask(length, sequence, decodeNeighbor);
  if (row !== undefined || answer?.status === ENOENT) return row;
  const attempt = attemptOf(entries, position, "get", GET.operation);
  throw answer === null ? unknownOutcome(attempt) : failure(answer, attempt);
}

/** Visits the rows of one family. */
export function scan(
  socket: NetlinkSocket,
  filter: ScanFilter,
  row: LinuxRow,
  visitor: RowVisitor,
): void {
  const reader = filter.mayRepeat
    ? new Rows(row, visitor)
    : new DistinctRows(row, visitor);
  const answer = socket.dump(
    GET.operation,
    (sequence) => encodeScan(socket, filter, sequence),
    reader,
  );
  if (answer.status !== 0) throw dumpFailure(answer, filter);
}

/** Encodes the request for the rows of a filter; returns its length. */
export function encodeScan(
  socket: NetlinkSocket,
  { family, on, proxy }: ScanFilter,
  sequence: number,
): number {
  return encodeNeighborDump(
    socket.request,
    sequence,
    GET.type,
    GET.flags | NLM_F_DUMP,
    family === "ipv4" ? AF_INET : AF_INET6,
    on?.index ?? 0,
    proxy,
  );
}

/** The error of a dump that the kernel refused. */
export function dumpFailure(
  answer: Answer,
  { family, given }: ScanFilter,
): NeighborError {
  return failure(answer, {
    operation: GET.operation,
    what: `list ${family} neighbors`,
    entry: given,
  });
}

/** Visits every row as the kernel sends them. */
class Rows implements DumpReader {
  readonly #row: LinuxRow;
  readonly #visitor: RowVisitor;

  constructor(row: LinuxRow, visitor: RowVisitor) {
    this.#row = row;
    this.#visitor = visitor;
  }

  begin(): void {
    this.#visitor.begin();
  }

  read(bytes: Bytes, start: number, end: number): void {
    this.#row.read(bytes, start, end);
    this.#visitor.row(this.#row);
  }
}

/**
 * Visits each row once. A dump is not a snapshot: while the kernel's hash table
 * grows, it may send a row twice. Only the first is visited.
 */
class DistinctRows implements DumpReader {
  readonly #row: LinuxRow;
  readonly #visitor: RowVisitor;
  #seen = new SeenRows();

  constructor(row: LinuxRow, visitor: RowVisitor) {
    this.#row = row;
    this.#visitor = visitor;
  }

  begin(): void {
    this.#seen = new SeenRows();
    this.#visitor.begin();
  }

  read(bytes: Bytes, start: number, end: number): void {
    const row = this.#row;
    row.read(bytes, start, end);
    if (this.#seen.add(row)) this.#visitor.row(row);
  }
}

/** The addresses that were seen, by their interfaces. */
export class SeenRows {
  readonly #seen = new Map<number, Set<AddressKey>>();
  #last: number | undefined;
  #keys = new Set<AddressKey>();

  /** Adds a row; false if it was seen before. */
  add(row: LinuxRow): boolean {
    const { interfaceIndex } = row.parts;
    if (interfaceIndex !== this.#last) {
      this.#last = interfaceIndex;
      this.#keys = this.#seen.get(interfaceIndex) ?? new Set();
      this.#seen.set(interfaceIndex, this.#keys);
    }
    const before = this.#keys.size;
    this.#keys.add(keyOfOctets(row.octets, row.addressStart, row.addressEnd));
    return this.#keys.size > before;
  }
}
