/**
 * The network of a session, as data (network.ts builds it):
 *
 * - `Ethernet` 192.0.2.1/24, 2001:db8::1/64, a cable to a peer 192.0.2.2 and 2001:db8::2 that answers ARP and
 *   neighbor discovery (from a network namespace of its own);
 * - `以太网` 198.51.100.1/24, 2001:db8:1::1/64, the same with 198.51.100.2 and 2001:db8:1::2.
 *
 * Hardware addresses are fixed: 02:00:00:00:0N:01 here and 02:00:00:00:0N:02 at the peer, N = 1 and 2.
 */
/** One cable of the session's network. */
export interface Cable {
  /** Linux name, which is also the alias that Wine shows. */
  readonly name: string;
  /** Hardware address of this end. */
  readonly linkLayerAddress: string;
  /** IPv4 and IPv6 address of this end, with prefix lengths. */
  readonly addresses: readonly string[];
  /** Hardware address of the peer's end. */
  readonly peerLinkLayerAddress: string;
  /** The peer's addresses, with prefix lengths. */
  readonly peerAddresses: readonly string[];
}

/** The session's cables. */
export const cables: readonly Cable[] = [
  {
    name: "Ethernet",
    linkLayerAddress: "02:00:00:00:01:01",
    addresses: ["192.0.2.1/24", "2001:db8::1/64"],
    peerLinkLayerAddress: "02:00:00:00:01:02",
    peerAddresses: ["192.0.2.2/24", "2001:db8::2/64"],
  },
  {
    name: "以太网",
    linkLayerAddress: "02:00:00:00:02:01",
    addresses: ["198.51.100.1/24", "2001:db8:1::1/64"],
    peerLinkLayerAddress: "02:00:00:00:02:02",
    peerAddresses: ["198.51.100.2/24", "2001:db8:1::2/64"],
  },
];
