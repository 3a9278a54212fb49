/**
 * Reads the protocol of an entry as `ip` prints and takes it. Pure.
 *
 * @module
 */

import { NO_PROTOCOL } from "../../ffi/parse/protocol.ts";
import { invalid, quote } from "../../ffi/types/error.ts";

/**
 * `RTPROT_*` of linux/rtnetlink.h, by the names that `ip` prints. The names that
 * a computer adds in /etc/iproute2/rt_protos mean nothing on another one.
 */
const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries({
  ...{ unspec: NO_PROTOCOL, redirect: 1, kernel: 2, boot: 3, static: 4 },
  ...{ gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12, dnrouted: 13 },
  ...{ xorp: 14, ntk: 15, dhcp: 16, mrouted: 17, keepalived: 18 },
  ...{ babel: 42, openr: 99, bgp: 186, isis: 187, ospf: 188, rip: 189 },
  ...{ eigrp: 192 },
}));

/** The protocol of an entry: its number, or its name where that is not known. */
export interface ReadProtocol {
  readonly protocol?: number;
  readonly unknownProtocol?: string;
}

/**
 * The protocol of a word; neither member for none.
 *
 * @throws {NeighborError} Where it is a number beyond 255.
 */
export function readProtocol(word: string | undefined): ReadProtocol {
  if (word === undefined) return {};
  const protocol = numberOf(word) ?? NUMBERS.get(word);
  if (protocol === undefined) return { unknownProtocol: word };
  if (protocol > 255) {
    throw invalid(
      `The protocol ${quote(word)} is not a number from 0 to 255`,
    );
  }
  return protocol === NO_PROTOCOL ? {} : { protocol };
}

/** The number of a word, in the notations of C, as `ip` reads it. */
function numberOf(word: string): number | undefined {
  if (/^0[0-7]*$/.test(word)) return parseInt(word, 8);
  const isNumber = /^(0x[0-9a-f]+|[1-9][0-9]*)$/i.test(word);
  return isNumber ? Number(word) : undefined;
}
