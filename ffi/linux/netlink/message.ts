/**
 * Encodes and decodes netlink headers, attributes and answers. Pure: it runs on
 * every system. Lengths are checked before anything is read, so any bytes are
 * either decoded or refused with a `NeighborError`.
 *
 * @module
 */

import { NeighborError } from "../../types/error.ts";
import {
  align,
  NLA_TYPE_MASK,
  nlattr_nla_len,
  nlattr_nla_type,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSGERR_ATTR_MSG,
  nlmsgerr_error,
  nlmsgerr_msg,
  nlmsghdr_nlmsg_flags,
  nlmsghdr_nlmsg_len,
  nlmsghdr_nlmsg_pid,
  nlmsghdr_nlmsg_seq,
  nlmsghdr_nlmsg_type,
  SIZEOF_nlattr,
  SIZEOF_nlmsgerr,
  SIZEOF_nlmsghdr,
} from "./layout.ts";

/** Bytes with both views over them, so that no message has to create a view. */
export interface Bytes {
  readonly array: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/** Creates both views over new or given bytes. */
export function bytesOf(source: number | Uint8Array<ArrayBuffer>): Bytes {
  const array = typeof source === "number" ? new Uint8Array(source) : source;
  return {
    array,
    view: new DataView(array.buffer, array.byteOffset, array.byteLength),
  };
}

/** The header of a message, and the offsets of its payload. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Where the payload begins. */
  readonly start: number;
  /** Where the message ends, without its padding. */
  readonly end: number;
}

/** A message that is reused, so that none allocates an object. */
export type MessageSlot = { -readonly [Member in keyof Message]: number };

/** Creates a slot, one for each socket. */
export function messageSlot(): MessageSlot {
  return { type: 0, flags: 0, sequence: 0, start: 0, end: 0 };
}

/**
 * Decodes the header at `at` into a slot; throws if the message reaches beyond
 * `length`.
 */
export function decodeHeader(
  { view }: Bytes,
  at: number,
  length: number,
  message = messageSlot(),
): Message {
  if (at + SIZEOF_nlmsghdr > length) {
    throw malformed("nlmsghdr", `it has ${length - at} bytes`);
  }
  const size = view.getUint32(at + nlmsghdr_nlmsg_len, true);
  if (size < SIZEOF_nlmsghdr || at + size > length) {
    throw malformed(
      "nlmsghdr",
      `its nlmsg_len is ${size}, of ${length - at} bytes`,
    );
  }
  message.type = view.getUint16(at + nlmsghdr_nlmsg_type, true);
  message.flags = view.getUint16(at + nlmsghdr_nlmsg_flags, true);
  message.sequence = view.getUint32(at + nlmsghdr_nlmsg_seq, true);
  message.start = at + SIZEOF_nlmsghdr;
  message.end = at + size;
  return message;
}

/**
 * Writes the header of a message that ends at `end`. The sender's port is 0.
 */
export function encodeHeader(
  { view }: Bytes,
  at: number,
  end: number,
  type: number,
  flags: number,
  sequence: number,
): void {
  view.setUint32(at + nlmsghdr_nlmsg_len, end - at, true);
  view.setUint16(at + nlmsghdr_nlmsg_type, type, true);
  view.setUint16(at + nlmsghdr_nlmsg_flags, flags, true);
  view.setUint32(at + nlmsghdr_nlmsg_seq, sequence, true);
  view.setUint32(at + nlmsghdr_nlmsg_pid, 0, true);
}

/**
 * The end of the attribute at `at`, without padding. Throws if it is cut short
 * or reaches beyond `end`.
 */
export function attributeEnd(
  { view }: Bytes,
  at: number,
  end: number,
  what: string,
): number {
  if (at + SIZEOF_nlattr > end) {
    throw malformed(what, `an attribute has ${end - at} of 4 bytes of header`);
  }
  const size = view.getUint16(at + nlattr_nla_len, true);
  if (size < SIZEOF_nlattr || at + size > end) {
    throw malformed(
      what,
      `an attribute's nla_len is ${size}, of ${end - at} bytes`,
    );
  }
  return at + size;
}

/**
 * The type of the attribute at `at`, without the nested and byte order bits.
 */
export function attributeType({ view }: Bytes, at: number): number {
  return view.getUint16(at + nlattr_nla_type, true) & NLA_TYPE_MASK;
}

/**
 * Writes an attribute with its padding; the value is `source` from `from` to
 * `to`. Returns where the next one begins.
 */
export function encodeAttribute(
  { array, view }: Bytes,
  at: number,
  type: number,
  source: Uint8Array,
  from = 0,
  to: number = source.length,
): number {
  const length = to - from;
  view.setUint16(at + nlattr_nla_len, SIZEOF_nlattr + length, true);
  view.setUint16(at + nlattr_nla_type, type, true);
  const start = at + SIZEOF_nlattr;
  // A loop: TypedArray.set costs more than these few bytes
  for (let i = 0; i < length; i++) array[start + i] = source[from + i]!;
  const next = start + align(length);
  for (let i = start + length; i < next; i++) array[i] = 0;
  return next;
}

/** Writes an attribute of one `__u8`; returns where the next one begins. */
export function encodeUint8Attribute(
  { view }: Bytes,
  at: number,
  type: number,
  value: number,
): number {
  view.setUint16(at + nlattr_nla_len, SIZEOF_nlattr + 1, true);
  view.setUint16(at + nlattr_nla_type, type, true);
  // One store clears the padding after the value too
  view.setUint32(at + SIZEOF_nlattr, value, true);
  return at + SIZEOF_nlattr + 4;
}

/** Writes an attribute of one `__u32`; returns where the next one begins. */
export function encodeUint32Attribute(
  { view }: Bytes,
  at: number,
  type: number,
  value: number,
): number {
  view.setUint16(at + nlattr_nla_len, SIZEOF_nlattr + 4, true);
  view.setUint16(at + nlattr_nla_type, type, true);
  view.setUint32(at + SIZEOF_nlattr, value, true);
  return at + SIZEOF_nlattr + 4;
}

/** The content of an `NLMSG_ERROR` or `NLMSG_DONE`. */
export interface Answer {
  /** An errno, or 0 for an acknowledgement. */
  readonly status: number;
  /** The kernel's text (`NLMSGERR_ATTR_MSG`), or `null`. */
  readonly text: string | null;
}

const ACKNOWLEDGED: Answer = { status: 0, text: null };

/** Decodes an `NLMSG_ERROR`, or the status at the end of a dump. */
export function decodeAnswer(bytes: Bytes, message: Message): Answer {
  const { type, flags, start, end } = message;
  const isDone = type === NLMSG_DONE;
  const what = isDone ? "NLMSG_DONE" : "nlmsgerr";
  const least = isDone ? 4 : SIZEOF_nlmsgerr;
  if (start + least > end) {
    throw malformed(what, `it has ${end - start} of ${least} bytes`);
  }
  const error = bytes.view.getInt32(start + nlmsgerr_error, true);
  if (error > 0) throw malformed(what, `its error is ${error}`);
  if ((flags & NLM_F_ACK_TLVS) === 0) {
    return error === 0 ? ACKNOWLEDGED : { status: -error, text: null };
  }
  let at = start + least;
  if (!isDone && error !== 0 && (flags & NLM_F_CAPPED) === 0) {
    // The attributes follow the whole request
    const request = bytes.view.getUint32(start + nlmsgerr_msg, true);
    if (request < SIZEOF_nlmsghdr || request > end - start) {
      throw malformed(what, `its request's nlmsg_len is ${request}`);
    }
    at = start + nlmsgerr_msg + align(request);
  }
  return { status: -error, text: readText(bytes, at, end, what) };
}

const UTF8 = new TextDecoder();

function readText(
  bytes: Bytes,
  from: number,
  end: number,
  what: string,
): string | null {
  let text: string | null = null;
  for (let at = from; at < end;) {
    const stop = attributeEnd(bytes, at, end, what);
    if (attributeType(bytes, at) === NLMSGERR_ATTR_MSG) {
      text = UTF8.decode(bytes.array.subarray(at + SIZEOF_nlattr, stop));
    }
    at += align(stop - at);
  }
  return text?.replace(/[.\0]+$/, "") || null;
}

/** Creates the error of bytes that cannot be decoded. */
export function malformed(structure: string, what: string): NeighborError {
  return new NeighborError("OTHER", `Cannot decode ${structure}: ${what}`);
}
