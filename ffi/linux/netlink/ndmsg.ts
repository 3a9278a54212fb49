/**
 * Encodes and decodes `struct ndmsg` with its attributes, in the order of the
 * structure. Pure: it runs on every system.
 *
 * https://www.man7.org/linux/man-pages/man7/rtnetlink.7.html
 *
 * @module
 */

import { formatAddress, formatIpv4 } from "../../parse/address.ts";
import { formatLinkLayerAddress } from "../../parse/link_layer_address.ts";
import type { NeighborFlag, NeighborState } from "../../types/neighbor.ts";
import {
  AF_INET,
  AF_INET6,
  MAX_ADDR_LEN,
  MILLISECONDS_PER_TICK,
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
  SIZEOF_ndmsg,
  SIZEOF_nlattr,
  SIZEOF_nlmsghdr,
} from "./layout.ts";
import {
  type Bytes,
  encodeAttribute,
  encodeHeader,
  encodeUint32Attribute,
  encodeUint8Attribute,
} from "./message.ts";
import { NeighborParts } from "./ndmsg_parts.ts";
import { decodeFlags, STATES } from "./state.ts";

/** A request about one entry. */
export interface NeighborRequest {
  /** `RTM_NEWNEIGH`, `RTM_DELNEIGH` or `RTM_GETNEIGH`. */
  readonly type: number;
  /** `NLM_F_*`. */
  readonly flags: number;
  /** `NUD_*`. */
  readonly state: number;
  /** `NTF_*`. */
  readonly ndmFlags: number;
  /** `NTF_EXT_*`; 0 leaves the attribute out. */
  readonly extendedFlags: number;
  /** `RTPROT_*`; 0 leaves the attribute out. */
  readonly protocol: number;
}

/** The most bytes that {@linkcode encodeNeighbor} writes. */
export const MAX_NEIGHBOR_REQUEST = SIZEOF_nlmsghdr + SIZEOF_ndmsg +
  SIZEOF_nlattr + 16 + SIZEOF_nlattr + MAX_ADDR_LEN +
  2 * (SIZEOF_nlattr + 4);

/**
 * Encodes a request at `at`; returns where the next one begins. The link-layer
 * address is left out if `linkLayerLength` is 0.
 */
export function encodeNeighbor(
  bytes: Bytes,
  at: number,
  sequence: number,
  request: NeighborRequest,
  interfaceIndex: number,
  addresses: Uint8Array,
  addressAt: number,
  addressLength: number,
  linkLayerAddresses: Uint8Array = addresses,
  linkLayerAt = 0,
  linkLayerLength = 0,
  protocol = request.protocol,
): number {
  let end = encodeNdmsg(
    bytes,
    at,
    addressLength === 4 ? AF_INET : AF_INET6,
    interfaceIndex,
    request.state,
    request.ndmFlags,
  );
  end = encodeAttribute(
    bytes,
    end,
    NDA_DST,
    addresses,
    addressAt,
    addressAt + addressLength,
  );
  if (linkLayerLength > 0) {
    end = encodeAttribute(
      bytes,
      end,
      NDA_LLADDR,
      linkLayerAddresses,
      linkLayerAt,
      linkLayerAt + linkLayerLength,
    );
  }
  if (protocol !== 0) {
    end = encodeUint8Attribute(bytes, end, NDA_PROTOCOL, protocol);
  }
  if (request.extendedFlags !== 0) {
    const { extendedFlags } = request;
    end = encodeUint32Attribute(bytes, end, NDA_FLAGS_EXT, extendedFlags);
  }
  encodeHeader(bytes, at, end, request.type, request.flags, sequence);
  return end;
}

/** Encodes a request for all rows of a family; 0 means every interface. */
export function encodeNeighborDump(
  bytes: Bytes,
  sequence: number,
  type: number,
  flags: number,
  family: number,
  interfaceIndex: number,
  proxy: boolean,
): number {
  // With strict checking the kernel refuses ndm_ifindex in a dump
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
  // One store clears the padding after the family too
  view.setUint32(start + ndmsg_ndm_family, family, true);
  view.setInt32(start + ndmsg_ndm_ifindex, interfaceIndex, true);
  view.setUint16(start + ndmsg_ndm_state, state, true);
  // This one clears ndm_type too
  view.setUint16(start + ndmsg_ndm_flags, flags, true);
  return start + SIZEOF_ndmsg;
}

/** A decoded message, without the alias, which is not part of it. */
export interface DecodedNeighbor {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly interfaceIndex: number;
  readonly interfaceLuid: null;
  /** `null` until it is filled in. */
  interfaceAlias: string | null;
  readonly linkLayerAddress: string | null;
  readonly state: NeighborState;
  readonly isRouter: boolean;
  readonly isUnreachable: boolean;
  readonly reachabilityTime: number | null;
  readonly protocol: number | null;
  readonly flags: readonly NeighborFlag[];
}

// Shared: a message is decoded completely before the next one
const parts = new NeighborParts();

/** Decodes the payload of a neighbor message, from `start` to `end`. */
export function decodeNeighbor(
  bytes: Bytes,
  start: number,
  end: number,
): DecodedNeighbor {
  parts.locate(bytes, start, end);
  return decodeParts(bytes, parts);
}

/** Decodes a message whose parts were located. */
export function decodeParts(
  bytes: Bytes,
  parts: NeighborParts,
): DecodedNeighbor {
  const { array, view } = bytes;
  const { address, linkLayer, linkLayerEnd, flags, protocol } = parts;
  const isIpv4 = parts.family === AF_INET;
  const state = STATES[parts.state & 0xff]!;
  return {
    address: isIpv4
      ? formatIpv4(array, address)
      : formatAddress(array.subarray(address, address + 16)),
    family: isIpv4 ? "ipv4" : "ipv6",
    interfaceIndex: parts.interfaceIndex,
    interfaceLuid: null,
    interfaceAlias: null,
    linkLayerAddress: linkLayer === linkLayerEnd
      ? null
      : formatLinkLayerAddress(array, linkLayer, linkLayerEnd),
    state,
    isRouter: (flags & NTF_ROUTER) !== 0,
    isUnreachable: state === "failed",
    reachabilityTime: parts.cacheInfo < 0
      ? null
      : reachabilityTime(view, parts.cacheInfo, state),
    // RTPROT_UNSPEC
    protocol: protocol === 0 ? null : protocol,
    flags: decodeFlags(flags, parts.extended),
  };
}

/**
 * Milliseconds since the row was confirmed or failed; `null` for other states.
 */
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
      // These states are not confirmed by an answer
      return null;
  }
}
