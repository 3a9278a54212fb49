/**
 * Stands in for `jsr:@std/net@1.0.6/unstable-ip` in a checkout that cannot
 * reach JSR, over the `BlockList` of `node:net`. `deno.json` links it;
 * deleting its line there puts the real package back.
 *
 * It differs only in having less: `matchSubnets` alone, and a malformed subnet,
 * which the real one may still read somehow, matches nothing here. Both are for
 * text that a strict parser has passed, without a zone.
 *
 * @module
 */

/** The families as `node:net` names them. */
type Family = "ipv4" | "ipv6";

/**
 * Tells whether an IP address is one of the given addresses or in one of the
 * given subnets. An address without a prefix length is compared as text. Host
 * bits in a subnet do not count, and an IPv4-mapped IPv6 address is IPv6.
 *
 * @param addr The address, without a zone.
 * @param subnetOrIps Subnets in CIDR notation, or addresses.
 */
export function matchSubnets(addr: string, subnetOrIps: string[]): boolean {
  return subnetOrIps.some((subnet) => matchSubnet(addr, subnet));
}

function matchSubnet(addr: string, subnet: string): boolean {
  const [network = "", length, ...rest] = subnet.split("/");
  if (length === undefined) return addr === subnet;

  const type = family(addr);
  if (rest.length > 0 || family(network) !== type) return false;
  if (!/^\d+$/.test(length) || Number(length) > bits[type]) return false;

  // Loaded when first needed: a static import would cost every start.
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  if (!isIP(addr) || !isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length), type);
  return list.check(addr, type);
}

const bits = { ipv4: 32, ipv6: 128 } as const;

function family(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}
