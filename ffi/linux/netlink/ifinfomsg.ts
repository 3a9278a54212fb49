/**
 * Encodes requests for links, and decodes `struct ifinfomsg` with its
 * attributes. Pure: it runs on every system.
 *
 * https://www.man7.org/linux/man-pages/man7/rtnetlink.7.html
 *
 * @module
 */

import { formatLinkLayerAddress } from "../../parse/link_layer_address.ts";
import type { InterfaceType, NetworkInterface } from "../../types/interface.ts";
import {
  align,
  ARPHRD_ETHER,
  ARPHRD_IEEE80211,
  ARPHRD_IEEE80211_RADIOTAP,
  ARPHRD_INFINIBAND,
  ARPHRD_IP6GRE,
  ARPHRD_IPGRE,
  ARPHRD_LOOPBACK,
  ARPHRD_NONE,
  ARPHRD_PPP,
  ARPHRD_SIT,
  ARPHRD_TUNNEL,
  ARPHRD_TUNNEL6,
  IFF_RUNNING,
  IFF_UP,
  ifinfomsg_ifi_flags,
  ifinfomsg_ifi_index,
  ifinfomsg_ifi_type,
  IFLA_ADDRESS,
  IFLA_ALT_IFNAME,
  IFLA_BROADCAST,
  IFLA_EXT_MASK,
  IFLA_IFNAME,
  IFLA_PROP_LIST,
  IFNAMSIZ,
  MAX_ADDR_LEN,
  RTEXT_FILTER_SKIP_STATS,
  SIZEOF_ifinfomsg,
  SIZEOF_nlattr,
  SIZEOF_nlmsghdr,
} from "./layout.ts";
import { decodeName } from "./name.ts";
import {
  attributeEnd,
  attributeType,
  type Bytes,
  encodeAttribute,
  encodeHeader,
  encodeUint32Attribute,
  malformed,
} from "./message.ts";

/**
 * `ARPHRD_*`. Wireless devices have that of ethernet, unless they only monitor.
 */
const LINK_TYPE: Readonly<Record<number, InterfaceType>> = {
  [ARPHRD_ETHER]: "ethernet",
  [ARPHRD_INFINIBAND]: "infiniband",
  [ARPHRD_PPP]: "ppp",
  [ARPHRD_TUNNEL]: "tunnel",
  [ARPHRD_TUNNEL6]: "tunnel",
  [ARPHRD_LOOPBACK]: "loopback",
  [ARPHRD_SIT]: "tunnel",
  [ARPHRD_IPGRE]: "tunnel",
  [ARPHRD_IEEE80211]: "wifi",
  [ARPHRD_IEEE80211_RADIOTAP]: "wifi",
  [ARPHRD_IP6GRE]: "tunnel",
  [ARPHRD_NONE]: "tunnel", // tun, WireGuard
};

/** The decoded parts of a link. */
export interface Link {
  readonly index: number;
  /** `ARPHRD_*`. */
  readonly type: number;
  /** `IFF_*`. */
  readonly flags: number;
  readonly name: string;
  readonly altNames: readonly string[];
  /** The device's `addr_len`. For 0 the kernel leaves out the attribute. */
  readonly addressLength: number;
  readonly address: string | null;
  readonly broadcast: string | null;
}

/** Encodes a request for one link, by index or by name, or for all. */
export function encodeLinkRequest(
  bytes: Bytes,
  sequence: number,
  type: number,
  flags: number,
  index: number,
  name: Uint8Array | null,
): number {
  const { array, view } = bytes;
  const start = SIZEOF_nlmsghdr;
  array.fill(0, start, start + SIZEOF_ifinfomsg);
  view.setInt32(start + ifinfomsg_ifi_index, index, true);
  let end = start + SIZEOF_ifinfomsg;
  if (name !== null) {
    // Both find names and alternative names; IFLA_ALT_IFNAME is newer, and
    // longer
    const attribute = name.length < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME;
    const terminated = new Uint8Array(name.length + 1);
    terminated.set(name);
    end = encodeAttribute(bytes, end, attribute, terminated);
  }
  end = encodeUint32Attribute(
    bytes,
    end,
    IFLA_EXT_MASK,
    RTEXT_FILTER_SKIP_STATS,
  );
  encodeHeader(bytes, 0, end, type, flags, sequence);
  return end;
}

/** Decodes the payload of a link message, from `start` to `end`. */
export function decodeLink(bytes: Bytes, start: number, end: number): Link {
  const { array, view } = bytes;
  if (start + SIZEOF_ifinfomsg > end) {
    throw malformed(
      "ifinfomsg",
      `it has ${end - start} of ${SIZEOF_ifinfomsg} bytes`,
    );
  }
  let name: string | null = null;
  let address: Uint8Array | null = null;
  let broadcast: Uint8Array | null = null;
  let altNames = NO_NAMES;
  for (let at = start + SIZEOF_ifinfomsg; at < end;) {
    const stop = attributeEnd(bytes, at, end, "ifinfomsg");
    const value = array.subarray(at + SIZEOF_nlattr, stop);
    switch (attributeType(bytes, at)) {
      case IFLA_IFNAME:
        name = readName(value);
        break;
      case IFLA_PROP_LIST:
        altNames = readAltNames(bytes, at + SIZEOF_nlattr, stop);
        break;
      case IFLA_ADDRESS:
        address = checkAddress("IFLA_ADDRESS", value);
        break;
      case IFLA_BROADCAST:
        broadcast = checkAddress("IFLA_BROADCAST", value);
        break;
    }
    at += align(stop - at);
  }
  if (name === null) throw malformed("ifinfomsg", "it has no IFLA_IFNAME");
  return {
    index: view.getInt32(start + ifinfomsg_ifi_index, true),
    type: view.getUint16(start + ifinfomsg_ifi_type, true),
    flags: view.getUint32(start + ifinfomsg_ifi_flags, true),
    name,
    altNames,
    addressLength: address?.length ?? 0,
    address: format(address),
    broadcast: format(broadcast),
  };
}

// Shared, because most devices have none
const NO_NAMES: readonly string[] = Object.freeze([]);

/** The nested attributes of `IFLA_PROP_LIST`. */
function readAltNames(bytes: Bytes, start: number, end: number): string[] {
  const names: string[] = [];
  for (let at = start; at < end;) {
    const stop = attributeEnd(bytes, at, end, "ifinfomsg");
    if (attributeType(bytes, at) === IFLA_ALT_IFNAME) {
      names.push(readName(bytes.array.subarray(at + SIZEOF_nlattr, stop)));
    }
    at += align(stop - at);
  }
  return names;
}

function readName(value: Uint8Array): string {
  const nul = value.indexOf(0);
  return decodeName(nul < 0 ? value : value.subarray(0, nul));
}

function checkAddress(attribute: string, value: Uint8Array): Uint8Array {
  if (value.length <= MAX_ADDR_LEN) return value;
  throw malformed("ifinfomsg", `its ${attribute} has ${value.length} bytes`);
}

function format(address: Uint8Array | null): string | null {
  return address === null || address.length === 0
    ? null
    : formatLinkLayerAddress(address);
}

/** The public form of a link. */
export function toInterface(link: Link): NetworkInterface {
  const running = IFF_UP | IFF_RUNNING;
  return {
    interfaceAlias: link.name,
    altNames: link.altNames,
    interfaceIndex: link.index,
    interfaceLuid: null,
    linkLayerAddress: link.address,
    type: LINK_TYPE[link.type] ?? "other",
    isUp: (link.flags & running) === running,
  };
}
