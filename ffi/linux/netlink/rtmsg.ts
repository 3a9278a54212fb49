/**
 * Encodes the request for the routes of the main table, and decodes `struct
 * rtmsg` with the attributes that tell a default gateway. Pure: it runs on every
 * system.
 *
 * https://www.man7.org/linux/man-pages/man7/rtnetlink.7.html
 *
 * @module
 */

import type { AddressFamily } from "../../types/neighbor.ts";
import { formatAddress } from "../../parse/address.ts";
import {
  AF_INET,
  AF_INET6,
  align,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  RT_TABLE_MAIN,
  RTA_GATEWAY,
  RTA_MULTIPATH,
  RTA_OIF,
  RTA_PRIORITY,
  RTA_VIA,
  RTM_GETROUTE,
  rtmsg_rtm_dst_len,
  rtmsg_rtm_family,
  rtmsg_rtm_flags,
  rtmsg_rtm_src_len,
  rtmsg_rtm_table,
  rtmsg_rtm_type,
  RTN_UNICAST,
  rtnexthop_rtnh_flags,
  rtnexthop_rtnh_ifindex,
  rtnexthop_rtnh_len,
  RTNH_F_DEAD,
  SIZEOF_nlattr,
  SIZEOF_nlmsghdr,
  SIZEOF_rtmsg,
  SIZEOF_rtnexthop,
  SIZEOF_rtvia,
} from "./layout.ts";
import {
  attributeEnd,
  attributeType,
  type Bytes,
  encodeHeader,
  malformed,
} from "./message.ts";

/** A next hop of a route. */
export interface NextHop {
  /** `null` where the destination is on the link itself. */
  readonly address: string | null;
  /** 0 where the route does not name one. */
  readonly interfaceIndex: number;
}

/** A default route. */
export interface DefaultRoute {
  readonly family: AddressFamily;
  /** The kernel uses the route with the lowest one. */
  readonly metric: number;
  /** Those that are up; several where the kernel spreads the packets. */
  readonly hops: readonly NextHop[];
}

/** Encodes the request for the unicast routes of the main table. */
export function encodeRouteDump(
  bytes: Bytes,
  sequence: number,
  family: AddressFamily,
): number {
  const { array, view } = bytes;
  const start = SIZEOF_nlmsghdr;
  const end = start + SIZEOF_rtmsg;
  array.fill(0, start, end);
  const number = family === "ipv4" ? AF_INET : AF_INET6;
  view.setUint8(start + rtmsg_rtm_family, number);
  view.setUint8(start + rtmsg_rtm_table, RT_TABLE_MAIN);
  view.setUint8(start + rtmsg_rtm_type, RTN_UNICAST);
  encodeHeader(
    bytes,
    0,
    end,
    RTM_GETROUTE,
    NLM_F_REQUEST | NLM_F_DUMP,
    sequence,
  );
  return end;
}

/**
 * Whether the payload from `start` to `end` is about a default route of the main
 * table, of any type.
 */
export function isDefaultRoute(
  { view }: Bytes,
  start: number,
  end: number,
): boolean {
  checkLength(start, end);
  return view.getUint8(start + rtmsg_rtm_dst_len) === 0 &&
    view.getUint8(start + rtmsg_rtm_src_len) === 0 &&
    view.getUint8(start + rtmsg_rtm_table) === RT_TABLE_MAIN;
}

/**
 * Decodes the payload of a route message, from `start` to `end`. `undefined` for
 * any route but a default route of the main table to a next hop.
 */
export function decodeDefaultRoute(
  bytes: Bytes,
  start: number,
  end: number,
): DefaultRoute | undefined {
  const { view } = bytes;
  if (!isDefaultRoute(bytes, start, end)) return undefined;
  if (view.getUint8(start + rtmsg_rtm_type) !== RTN_UNICAST) return undefined;
  const number = view.getUint8(start + rtmsg_rtm_family);
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  let metric = 0;
  let hops: NextHop[] | undefined;
  for (let at = start + SIZEOF_rtmsg; at < end;) {
    const stop = attributeEnd(bytes, at, end, "rtmsg");
    switch (attributeType(bytes, at)) {
      case RTA_PRIORITY:
        metric = uint32("RTA_PRIORITY", bytes, at, stop);
        break;
      case RTA_MULTIPATH:
        hops = readHops(bytes, at + SIZEOF_nlattr, stop);
        break;
    }
    at += align(stop - at);
  }
  const isDead =
    (view.getUint32(start + rtmsg_rtm_flags, true) & RTNH_F_DEAD) !== 0;
  hops ??= isDead ? [] : [readHop(bytes, start + SIZEOF_rtmsg, end)];
  return { family: number === AF_INET ? "ipv4" : "ipv6", metric, hops };
}

/** The `struct rtnexthop` of `RTA_MULTIPATH`, each with attributes of its own. */
function readHops(bytes: Bytes, start: number, end: number): NextHop[] {
  const { view } = bytes;
  const hops: NextHop[] = [];
  for (let at = start; at < end;) {
    const left = end - at;
    if (left < SIZEOF_rtnexthop) {
      throw malformed(
        "rtnexthop",
        `it has ${left} of ${SIZEOF_rtnexthop} bytes`,
      );
    }
    const length = view.getUint16(at + rtnexthop_rtnh_len, true);
    if (length < SIZEOF_rtnexthop || length > left) {
      throw malformed(
        "rtnexthop",
        `its rtnh_len is ${length}, of ${left} bytes`,
      );
    }
    const index = view.getInt32(at + rtnexthop_rtnh_ifindex, true);
    const hop = readHop(bytes, at + SIZEOF_rtnexthop, at + length, index);
    const flags = view.getUint8(at + rtnexthop_rtnh_flags);
    if ((flags & RTNH_F_DEAD) === 0) hops.push(hop);
    at += align(length);
  }
  return hops;
}

/** The next hop of the attributes from `start` to `end`. */
function readHop(
  bytes: Bytes,
  start: number,
  end: number,
  interfaceIndex = 0,
): NextHop {
  let address: string | null = null;
  for (let at = start; at < end;) {
    const stop = attributeEnd(bytes, at, end, "rtmsg");
    const value = at + SIZEOF_nlattr;
    switch (attributeType(bytes, at)) {
      case RTA_OIF:
        interfaceIndex = uint32("RTA_OIF", bytes, at, stop);
        break;
      case RTA_GATEWAY:
        address = readAddress("RTA_GATEWAY", bytes, value, stop);
        break;
      case RTA_VIA:
        // The address of another family than the route's
        address = readAddress("RTA_VIA", bytes, value + SIZEOF_rtvia, stop);
        break;
    }
    at += align(stop - at);
  }
  return { address, interfaceIndex };
}

function readAddress(
  attribute: string,
  { array }: Bytes,
  start: number,
  end: number,
): string {
  const octets = end - start;
  if (octets === 4 || octets === 16) {
    return formatAddress(array.subarray(start, end));
  }
  throw malformed("rtmsg", `its ${attribute} has ${octets} octets of address`);
}

function uint32(
  attribute: string,
  { view }: Bytes,
  at: number,
  stop: number,
): number {
  if (stop - at === SIZEOF_nlattr + 4) {
    return view.getUint32(at + SIZEOF_nlattr, true);
  }
  throw malformed("rtmsg", `its ${attribute} has ${stop - at} bytes`);
}

function checkLength(start: number, end: number): void {
  if (start + SIZEOF_rtmsg <= end) return;
  throw malformed("rtmsg", `it has ${end - start} of ${SIZEOF_rtmsg} bytes`);
}
