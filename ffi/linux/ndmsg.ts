/**
 * `struct ndmsg` and its attributes ↔ neighbor, in the order of the structure.
 * Pure: it runs on every system.
 *
 * https://www.man7.org/linux/man-pages/man7/rtnetlink.7.html
 *
 * @module
 */

import { formatAddress, formatIpv4 } from "../address.ts";
import { formatLinkLayerAddress } from "../link_layer_address.ts";
import type { NeighborFlag, NeighborState } from "../neighbor.ts";
import {
  AF_INET,
  AF_INET6,
  align,
  MAX_ADDR_LEN,
  MILLISECONDS_PER_TICK,
  NDA_CACHEINFO,
  nda_cacheinfo_ndm_confirmed,
  nda_cacheinfo_ndm_updated,
  NDA_DST,
  NDA_FLAGS_EXT,
  NDA_IFINDEX,
  NDA_LLADDR,
  NDA_PROTOCOL,
  ndmsg_ndm_family,
  ndmsg_ndm_flags,
  ndmsg_ndm_ifindex,
  ndmsg_ndm_state,
  NTF_PROXY,
  NTF_ROUTER,
  SIZEOF_nda_cacheinfo,
  SIZEOF_ndmsg,
  SIZEOF_nlattr,
  SIZEOF_nlmsghdr,
} from "./layout.ts";
import {
  attributeEnd,
  attributeType,
  type Bytes,
  encodeAttribute,
  encodeHeader,
  encodeUint32Attribute,
  malformed,
} from "./netlink.ts";
import { decodeFlags, STATES } from "./state.ts";

/** A request about one entry. */
export interface NeighborRequest {
  /** `RTM_NEWNEIGH`, `RTM_DELNEIGH` or `RTM_GETNEIGH`. */
  readonly type: number;
  /** `NLM_F_*` beside `NLM_F_REQUEST`. */
  readonly flags: number;
  /** `NUD_*`. */
  readonly state: number;
  /** `NTF_*`. */
  readonly ndmFlags: number;
}

/** The most bytes that {@linkcode encodeNeighbor} writes. */
export const MAX_NEIGHBOR_REQUEST = SIZEOF_nlmsghdr + SIZEOF_ndmsg +
  SIZEOF_nlattr + 16 + SIZEOF_nlattr + MAX_ADDR_LEN;

/** Writes a request at `at`; answers where the next begins. */
export function encodeNeighbor(
  bytes: Bytes,
  at: number,
  sequence: number,
  request: NeighborRequest,
  interfaceIndex: number,
  address: Uint8Array,
  linkLayerAddress: Uint8Array | null,
): number {
  let end = encodeNdmsg(
    bytes,
    at,
    address.length === 4 ? AF_INET : AF_INET6,
    interfaceIndex,
    request.state,
    request.ndmFlags,
  );
  end = encodeAttribute(bytes, end, NDA_DST, address);
  if (linkLayerAddress !== null) {
    end = encodeAttribute(bytes, end, NDA_LLADDR, linkLayerAddress);
  }
  encodeHeader(bytes, at, end, request.type, request.flags, sequence);
  return end;
}

/** Writes a request for all rows of a family, of one interface where not 0. */
export function encodeNeighborDump(
  bytes: Bytes,
  sequence: number,
  type: number,
  flags: number,
  family: number,
  interfaceIndex: number,
  proxy: boolean,
): number {
  // The header's own ndm_ifindex is refused under strict checking
  let end = encodeNdmsg(bytes, 0, family, 0, 0, proxy ? NTF_PROXY : 0);
  if (interfaceIndex !== 0) {
    end = encodeUint32Attribute(bytes, end, NDA_IFINDEX, interfaceIndex);
  }
  encodeHeader(bytes, 0, end, type, flags, sequence);
  return end;
}

function encodeNdmsg(
  { view }: Bytes,
  at: number,
  family: number,
  interfaceIndex: number,
  state: number,
  flags: number,
): number {
  const start = at + SIZEOF_nlmsghdr;
  // One store clears the padding behind the family too
  view.setUint32(start + ndmsg_ndm_family, family, true);
  view.setInt32(start + ndmsg_ndm_ifindex, interfaceIndex, true);
  view.setUint16(start + ndmsg_ndm_state, state, true);
  // And this one ndm_type
  view.setUint16(start + ndmsg_ndm_flags, flags, true);
  return start + SIZEOF_ndmsg;
}

/** What a message says; the interface's alias is not in it. */
export interface DecodedNeighbor {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly interfaceIndex: number;
  readonly interfaceLuid: null;
  /** Filled in by who can ask for it. */
  interfaceAlias: string | null;
  readonly linkLayerAddress: string | null;
  readonly state: NeighborState;
  readonly isRouter: boolean;
  readonly isUnreachable: boolean;
  readonly reachabilityTime: number | null;
  readonly protocol: number | null;
  readonly flags: readonly NeighborFlag[];
}

/** Reads the payload from `start` to `end` of a neighbor message. */
export function decodeNeighbor(
  bytes: Bytes,
  start: number,
  end: number,
): DecodedNeighbor {
  const { array, view } = bytes;
  if (start + SIZEOF_ndmsg > end) {
    throw malformed("ndmsg", `it has ${end - start} of ${SIZEOF_ndmsg} bytes`);
  }
  const family = view.getUint8(start + ndmsg_ndm_family);
  if (family !== AF_INET && family !== AF_INET6) {
    throw malformed("ndmsg", `its address family is ${family}`);
  }
  const state = STATES[view.getUint16(start + ndmsg_ndm_state, true) & 0xff]!;
  const flags = view.getUint8(start + ndmsg_ndm_flags);
  let address = -1;
  let linkLayer = -1;
  let linkLayerEnd = -1;
  let cacheInfo = -1;
  let protocol = 0;
  let extended = 0;
  for (let at = start + SIZEOF_ndmsg; at < end;) {
    const stop = attributeEnd(bytes, at, end, "ndmsg");
    const value = at + SIZEOF_nlattr;
    switch (attributeType(bytes, at)) {
      case NDA_DST:
        expect("NDA_DST", stop - value, family === AF_INET ? 4 : 16);
        address = value;
        break;
      case NDA_LLADDR:
        if (stop - value > MAX_ADDR_LEN) {
          throw malformed("ndmsg", `its NDA_LLADDR has ${stop - value} bytes`);
        }
        linkLayer = value;
        linkLayerEnd = stop;
        break;
      case NDA_CACHEINFO:
        expect("NDA_CACHEINFO", stop - value, SIZEOF_nda_cacheinfo);
        cacheInfo = value;
        break;
      case NDA_PROTOCOL:
        expect("NDA_PROTOCOL", stop - value, 1);
        protocol = array[value]!;
        break;
      case NDA_FLAGS_EXT:
        expect("NDA_FLAGS_EXT", stop - value, 4);
        extended = view.getUint32(value, true);
        break;
    }
    at += align(stop - at);
  }
  if (address < 0) throw malformed("ndmsg", "it has no NDA_DST");
  return {
    address: family === AF_INET
      ? formatIpv4(array, address)
      : formatAddress(array.subarray(address, address + 16)),
    family: family === AF_INET ? "ipv4" : "ipv6",
    interfaceIndex: view.getUint32(start + ndmsg_ndm_ifindex, true),
    interfaceLuid: null,
    interfaceAlias: null,
    linkLayerAddress: linkLayer === linkLayerEnd
      ? null
      : formatLinkLayerAddress(array, linkLayer, linkLayerEnd),
    state,
    isRouter: (flags & NTF_ROUTER) !== 0,
    isUnreachable: state === "failed",
    reachabilityTime: cacheInfo < 0
      ? null
      : reachabilityTime(view, cacheInfo, state),
    // RTPROT_UNSPEC
    protocol: protocol === 0 ? null : protocol,
    flags: decodeFlags(flags, extended),
  };
}

function expect(attribute: string, length: number, wanted: number): void {
  if (length === wanted) return;
  throw malformed("ndmsg", `its ${attribute} has ${length} bytes`);
}

/** Since when the state holds that the row is in, where time says anything. */
function reachabilityTime(
  view: DataView<ArrayBuffer>,
  at: number,
  state: NeighborState,
): number | null {
  switch (state) {
    case "reachable":
    case "stale":
    case "delay":
    case "probe":
      return MILLISECONDS_PER_TICK *
        view.getUint32(at + nda_cacheinfo_ndm_confirmed, true);
    case "failed":
      return MILLISECONDS_PER_TICK *
        view.getUint32(at + nda_cacheinfo_ndm_updated, true);
    default:
      // Never confirmed, or (permanent, noarp) by nobody
      return null;
  }
}
