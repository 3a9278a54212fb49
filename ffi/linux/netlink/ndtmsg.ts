/**
 * Encodes the request for the kernel's neighbor tables, and decodes `struct
 * ndtmsg` with the attributes that tell how full a table is. Pure: it runs on
 * every system.
 *
 * https://www.man7.org/linux/man-pages/man7/rtnetlink.7.html
 *
 * @module
 */

import type { AddressFamily } from "../../types/neighbor.ts";
import {
  AF_INET,
  AF_INET6,
  align,
  ndt_config_ndtc_entries,
  NDTA_CONFIG,
  NDTA_THRESH1,
  NDTA_THRESH2,
  NDTA_THRESH3,
  ndtmsg_ndtm_family,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  RTM_GETNEIGHTBL,
  SIZEOF_ndt_config,
  SIZEOF_ndtmsg,
  SIZEOF_nlattr,
  SIZEOF_nlmsghdr,
} from "./layout.ts";
import {
  attributeEnd,
  attributeType,
  type Bytes,
  encodeHeader,
  malformed,
} from "./message.ts";

/** How full a table of the kernel is. */
export interface DecodedTable {
  readonly family: AddressFamily;
  /** `ndtc_entries`, of all network namespaces. */
  readonly entries: number;
  /** `gc_thresh1`, `gc_thresh2`, `gc_thresh3`. */
  readonly thresholds: readonly [number, number, number];
}

/** Encodes the request for all tables. */
export function encodeTableDump(bytes: Bytes, sequence: number): number {
  const end = SIZEOF_nlmsghdr + SIZEOF_ndtmsg;
  bytes.array.fill(0, SIZEOF_nlmsghdr, end);
  const flags = NLM_F_REQUEST | NLM_F_DUMP;
  encodeHeader(bytes, 0, end, RTM_GETNEIGHTBL, flags, sequence);
  return end;
}

/**
 * Decodes the payload of a table message, from `start` to `end`. `undefined`
 * where it is about an interface of a table, or about a table of another family.
 */
export function decodeTable(
  bytes: Bytes,
  start: number,
  end: number,
): DecodedTable | undefined {
  const { view } = bytes;
  if (start + SIZEOF_ndtmsg > end) {
    throw malformed(
      "ndtmsg",
      `it has ${end - start} of ${SIZEOF_ndtmsg} bytes`,
    );
  }
  const number = view.getUint8(start + ndtmsg_ndtm_family);
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  const thresholds: [number, number, number] = [0, 0, 0];
  let entries: number | undefined;
  for (let at = start + SIZEOF_ndtmsg; at < end;) {
    const stop = attributeEnd(bytes, at, end, "ndtmsg");
    const value = at + SIZEOF_nlattr;
    switch (attributeType(bytes, at)) {
      case NDTA_THRESH1:
        thresholds[0] = uint32("NDTA_THRESH1", bytes, value, stop, 4);
        break;
      case NDTA_THRESH2:
        thresholds[1] = uint32("NDTA_THRESH2", bytes, value, stop, 4);
        break;
      case NDTA_THRESH3:
        thresholds[2] = uint32("NDTA_THRESH3", bytes, value, stop, 4);
        break;
      case NDTA_CONFIG: {
        const at = value + ndt_config_ndtc_entries;
        const least = SIZEOF_ndt_config - ndt_config_ndtc_entries;
        entries = uint32("NDTA_CONFIG", bytes, at, stop, least);
        break;
      }
    }
    at += align(stop - at);
  }
  if (entries === undefined) return undefined;
  const family = number === AF_INET ? "ipv4" : "ipv6";
  return { family, entries, thresholds };
}

/** The `__u32` at `at`, of a value that has at least `least` bytes from there. */
function uint32(
  attribute: string,
  { view }: Bytes,
  at: number,
  stop: number,
  least: number,
): number {
  if (stop - at >= least) return view.getUint32(at, true);
  throw malformed("ndtmsg", `its ${attribute} is ${least - (stop - at)} short`);
}
