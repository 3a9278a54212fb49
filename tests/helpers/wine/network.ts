/** Builds the network that cables.ts describes, with `ip`, inside the session's own namespaces. */
import { cables } from "./cables.ts";
import { run } from "./tools.ts";

/** Builds the network in the namespace that this process is in; the peer lives until the PID namespace ends. */
export async function buildNetwork(): Promise<void> {
  const peer = new Deno.Command("unshare", {
    args: ["-n", "sleep", "infinity"],
    stdin: "null",
  }).spawn();
  peer.unref();
  await leftNetworkOf(peer.pid);
  const atPeer = (...args: string[]) =>
    run("nsenter", ["-t", `${peer.pid}`, "-n", "ip", ...args]);

  // No duplicate address detection and no router solicitation: addresses work at once and the table stays quiet.
  for (const setting of ["accept_dad", "router_solicitations"]) {
    await Deno.writeTextFile(`/proc/sys/net/ipv6/conf/default/${setting}`, "0")
      .catch(() => {});
  }
  await run("ip", ["link", "set", "lo", "up"]);
  for (const [index, cable] of cables.entries()) {
    const far = `peer${index + 1}`;
    await run("ip", [
      ...[
        "link",
        "add",
        cable.name,
        "address",
        cable.linkLayerAddress,
        "type",
        "veth",
      ],
      ...["peer", "name", far, "address", cable.peerLinkLayerAddress],
    ]);
    await run("ip", ["link", "set", far, "netns", `${peer.pid}`]);
    for (const address of cable.addresses) {
      await addAddress((...args) => run("ip", args), address, cable.name);
    }
    for (const address of cable.peerAddresses) {
      await addAddress(atPeer, address, far);
    }
    await run("ip", ["link", "set", cable.name, "up"]);
    await atPeer("link", "set", far, "up");
  }
}

async function addAddress(
  ip: (...args: string[]) => Promise<string>,
  address: string,
  name: string,
): Promise<void> {
  await ip(
    "address",
    "add",
    address,
    "dev",
    name,
    ...(address.includes(":") ? ["nodad"] : []),
  );
}

/** Waits until a process is in another network namespace than this one. */
async function leftNetworkOf(pid: number): Promise<void> {
  const mine = await Deno.readLink("/proc/self/ns/net");
  for (;;) {
    if (await Deno.readLink(`/proc/${pid}/ns/net`) !== mine) return;
    await new Promise((done) => setTimeout(done, 1));
  }
}
