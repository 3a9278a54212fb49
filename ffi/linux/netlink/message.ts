/**
 * Netlink framing: headers, attributes, and what the kernel answers with. Pure:
 * it runs on every system. Lengths are checked before anything is read, so any
 * bytes at all are either understood or refused with a `NeighborError`.
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

/** Bytes with both views over them, so that no message makes one of its own. */
export interface Bytes {
  readonly array: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/** Puts both views over fresh or given bytes. */
export function bytesOf(source: number | Uint8Array<ArrayBuffer>): Bytes {
  const array = typeof source === "number" ? new Uint8Array(source) : source;
  return {
    array,
    view: new DataView(array.buffer, array.byteOffset, array.byteLength),
  };
}

/** Where one message lies and what its header says. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Where the payload begins. */
  readonly start: number;
  /** Where the message ends, without its padding. */
  readonly end: number;
}

/** One message after the other, so that none makes an object of its own. */
export type MessageSlot = { -readonly [Member in keyof Message]: number };

/** A slot for the messages of one socket. */
export function messageSlot(): MessageSlot {
  return { type: 0, flags: 0, sequence: 0, start: 0, end: 0 };
}

/**
 * Reads the header at `at` of the first `length` bytes into a slot; refuses a
 * cut message.
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

/** Writes a header once the message's end is known; the sender's port stays 0. */
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
 * The end of the attribute at `at`, its header and value without padding.
 * Refuses one that is cut or reaches over `end`.
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

/** The type of the attribute at `at`, without the nested and byte order bits. */
export function attributeType({ view }: Bytes, at: number): number {
  return view.getUint16(at + nlattr_nla_type, true) & NLA_TYPE_MASK;
}

/**
 * Writes one attribute, whose value is that of `source` from `from` to `to`, and
 * its padding; answers where the next begins.
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

/** Writes an attribute of one `__u8` and its padding; answers where the next begins. */
export function encodeUint8Attribute(
  { view }: Bytes,
  at: number,
  type: number,
  value: number,
): number {
  view.setUint16(at + nlattr_nla_len, SIZEOF_nlattr + 1, true);
  view.setUint16(at + nlattr_nla_type, type, true);
  // One store clears the padding behind the value too
  view.setUint32(at + SIZEOF_nlattr, value, true);
  return at + SIZEOF_nlattr + 4;
}

/** Writes an attribute of one `__u32`; answers where the next begins. */
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

/** What an `NLMSG_ERROR` or `NLMSG_DONE` says. */
export interface Answer {
  /** An errno, or 0 for an acknowledgement. */
  readonly status: number;
  /** The kernel's own words (`NLMSGERR_ATTR_MSG`), or `null`. */
  readonly text: string | null;
}

const ACKNOWLEDGED: Answer = { status: 0, text: null };

/** Reads the payload of an `NLMSG_ERROR`, or the status a dump ends with. */
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
    // The whole request stands before the attributes
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

/** The error for bytes that no kernel sends. */
export function malformed(structure: string, what: string): NeighborError {
  return new NeighborError("OTHER", `Cannot decode ${structure}: ${what}`);
}
