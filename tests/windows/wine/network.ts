/**
 * The network of a session, made with `ip` inside its own namespace:
 *
 * - `Ethernet` 192.0.2.1/24, 2001:db8::1/64, a cable to a peer 192.0.2.2 and 2001:db8::2 that answers ARP and
 *   neighbor discovery (from a network namespace of its own);
 * - `以太网` 198.51.100.1/24, 2001:db8:1::1/64, the same with 198.51.100.2 and 2001:db8:1::2.
 *
 * Hardware addresses are fixed: 02:00:00:00:0N:01 here and 02:00:00:00:0N:02 at the peer, N = 1 and 2.
 */
import { run } from "./tools.ts";

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

/** Builds the network in the namespace that this process is in; the peer lives until the PID namespace ends. */
export async function buildNetwork(): Promise<void> {
  const peer = new Deno.Command("unshare", { args: ["-n", "sleep", "infinity"], stdin: "null" }).spawn();
  peer.unref();
  await leftNetworkOf(peer.pid);
  const atPeer = (...args: string[]) => run("nsenter", ["-t", `${peer.pid}`, "-n", "ip", ...args]);

  // No duplicate address detection and no router solicitation: addresses work at once and the table stays quiet.
  for (const setting of ["accept_dad", "router_solicitations"]) {
    await Deno.writeTextFile(`/proc/sys/net/ipv6/conf/default/${setting}`, "0").catch(() => {});
  }
  await run("ip", ["link", "set", "lo", "up"]);
  for (const [index, cable] of cables.entries()) {
    const far = `peer${index + 1}`;
    await run("ip", [
      ...["link", "add", cable.name, "address", cable.linkLayerAddress, "type", "veth"],
      ...["peer", "name", far, "address", cable.peerLinkLayerAddress],
    ]);
    await run("ip", ["link", "set", far, "netns", `${peer.pid}`]);
    for (const address of cable.addresses) await addAddress((...args) => run("ip", args), address, cable.name);
    for (const address of cable.peerAddresses) await addAddress(atPeer, address, far);
    await run("ip", ["link", "set", cable.name, "up"]);
    await atPeer("link", "set", far, "up");
  }
}

async function addAddress(ip: (...args: string[]) => Promise<string>, address: string, name: string): Promise<void> {
  await ip("address", "add", address, "dev", name, ...(address.includes(":") ? ["nodad"] : []));
}

/** Waits until a process is in another network namespace than this one. */
async function leftNetworkOf(pid: number): Promise<void> {
  const mine = await Deno.readLink("/proc/self/ns/net");
  for (;;) {
    if (await Deno.readLink(`/proc/${pid}/ns/net`) !== mine) return;
    await new Promise((done) => setTimeout(done, 1));
  }
}
