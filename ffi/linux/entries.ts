/**
 * Requests about entries: one write, one look-up, one dump.
 *
 * @module
 */

import {
  describeKey,
  type ParsedEntry,
  type ParsedKey,
} from "../parse/entry.ts";
import { NeighborError } from "../types/error.ts";
import type { AddressFamily } from "../types/neighbor.ts";
import { failure, unknownOutcome } from "./netlink/failure.ts";
import {
  AF_INET,
  AF_INET6,
  NDA_DST,
  NLM_F_DUMP,
  SIZEOF_ndmsg,
  SIZEOF_nlattr,
} from "./netlink/layout.ts";
import {
  type DecodedNeighbor,
  decodeNeighbor,
  encodeNeighbor,
  encodeNeighborDump,
} from "./netlink/ndmsg.ts";
import { acknowledge, attributeType, type Bytes } from "./netlink/message.ts";
import { GET, type NamedRequest, WRITES } from "./request.ts";
import type { NetlinkSocket } from "./netlink/socket.ts";
import { ENOENT } from "./netlink/errno.ts";
import type { Decoder } from "./netlink/replies.ts";

/**
 * Makes a request that answers with nothing but how it went; `verb` is for the
 * error.
 */
export function write(
  socket: NetlinkSocket,
  request: NamedRequest,
  verb: string,
  parsed: ParsedKey | ParsedEntry,
  index: number,
): void {
  const sequence = socket.reserve(1);
  const length = encodeNeighbor(
    socket.request,
    0,
    sequence,
    request,
    index,
    parsed.address,
    request.hasLinkLayerAddress && "linkLayerAddress" in parsed
      ? parsed.linkLayerAddress
      : null,
  );
  acknowledge(socket.request, 0);
  const { answer } = socket.ask(length, sequence);
  if (answer !== null && answer.status === 0) return;
  const attempt = {
    operation: request.operation,
    what: `${verb} neighbor ${describeKey(parsed)}`,
    entry: parsed.given,
  };
  throw answer === null ? unknownOutcome(attempt) : failure(answer, attempt);
}

/** Removes one entry; that there is none is as good. */
export function deleteIfThere(
  socket: NetlinkSocket,
  parsed: ParsedKey,
  index: number,
): void {
  try {
    write(socket, WRITES.delete, "delete", parsed, index);
  } catch (error) {
    if (!(error instanceof NeighborError)) throw error;
    if (error.code !== "NOT_FOUND") throw error;
  }
}

const ROW: Decoder<DecodedNeighbor> = { decode: decodeNeighbor };

/** Reads one entry; `undefined` where there is none. */
export function read(
  socket: NetlinkSocket,
  parsed: ParsedKey,
  index: number,
): DecodedNeighbor | undefined {
  const sequence = socket.reserve(1);
  const length = encodeNeighbor(
    socket.request,
    0,
    sequence,
    GET,
    index,
    parsed.address,
    null,
  );
  const { answer, row } = socket.ask(length, sequence, ROW);
  if (row !== undefined || answer?.status === ENOENT) return row;
  const attempt = {
    operation: GET.operation,
    what: `get neighbor ${describeKey(parsed)}`,
    entry: parsed.given,
  };
  throw answer === null ? unknownOutcome(attempt) : failure(answer, attempt);
}

/** Which rows to dump: the kernel looks at these itself. */
export interface DumpFilter {
  readonly family: AddressFamily;
  /** 0 is every interface. */
  readonly index: number;
  readonly proxy: boolean;
  /** What the caller gave, for errors. */
  readonly given: unknown;
}

/** Reads the rows of one family, each of them once. */
export function dump(
  socket: NetlinkSocket,
  filter: DumpFilter,
): DecodedNeighbor[] {
  return dumpBy(socket, filter, () => new WithoutRepeats());
}

/** Reads what the decoders that `begin` makes, one for each try, answer. */
export function dumpBy<Row>(
  socket: NetlinkSocket,
  { family, index, proxy, given }: DumpFilter,
  begin: () => Decoder<Row>,
): Row[] {
  const { answer, rows } = socket.dump(
    GET.operation,
    (sequence) =>
      encodeNeighborDump(
        socket.request,
        sequence,
        GET.type,
        GET.flags | NLM_F_DUMP,
        family === "ipv4" ? AF_INET : AF_INET6,
        index,
        proxy,
      ),
    begin,
  );
  if (answer.status !== 0) {
    throw failure(answer, {
      operation: GET.operation,
      what: `list ${family} neighbors`,
      entry: given,
    });
  }
  return rows;
}

/**
 * A dump is no snapshot: while the kernel's hash table grows it hands out rows
 * twice. The first of each stays.
 */
class WithoutRepeats implements Decoder<DecodedNeighbor> {
  readonly #seen = new Map<number, Set<number | string>>();
  #last = -1;
  #keys = new Set<number | string>();

  decode(
    bytes: Bytes,
    start: number,
    end: number,
  ): DecodedNeighbor | undefined {
    const row = decodeNeighbor(bytes, start, end);
    if (row.interfaceIndex !== this.#last) {
      this.#last = row.interfaceIndex;
      this.#keys = this.#seen.get(this.#last) ?? new Set();
      this.#seen.set(this.#last, this.#keys);
    }
    const before = this.#keys.size;
    this.#keys.add(keyOf(row, bytes, start + SIZEOF_ndmsg));
    return this.#keys.size === before ? undefined : row;
  }
}

/** The address; as a number where it is one, for that costs a fifth. */
function keyOf(row: DecodedNeighbor, bytes: Bytes, at: number) {
  return row.family === "ipv4" && attributeType(bytes, at) === NDA_DST
    ? bytes.view.getInt32(at + SIZEOF_nlattr)
    : row.address;
}
