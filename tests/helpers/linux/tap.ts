/**
 * A tap, whose kind of link can be changed while it is there: what its
 * link-layer addresses are, and how long, changes with it.
 *
 * @module
 */

import { ip, run } from "./network.ts";
import { works } from "./namespace.ts";
import { type Cause, notInstalled } from "../skipped.ts";

/** `ARPHRD_*`: the types of a device and the octets of its addresses. */
export const ARPHRD = {
  /** 6 octets. */
  ETHER: 1,
  /** 4 octets: tunnels have IPv4 addresses. */
  IPGRE: 778,
} as const;

/** The reason why no tap can be created; `undefined` where it can. */
export function tapMissing(): Cause | undefined {
  return works("python3", "-c", "import fcntl")
    ? tunMissing()
    : notInstalled("python3");
}

/** The reason why no tun device can be created; `undefined` where it can. */
export function tunMissing(): Cause | undefined {
  try {
    Deno.openSync("/dev/net/tun", { read: true, write: true }).close();
    return undefined;
  } catch (error) {
    return {
      missing: `/dev/net/tun cannot be opened: ${(error as Error).message}`,
      remedy: error instanceof Deno.errors.NotFound
        ? "as root: modprobe tun, or give the container --device /dev/net/tun"
        : "as root: chmod 666 /dev/net/tun",
    };
  }
}

/** A tap that is up, until the end of the block. */
export class Tap implements Disposable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    ip(`tuntap add ${name} mode tap`);
    // The kernel makes no rows on it, and none are lost but those of tests
    Deno.writeTextFileSync(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, "1");
    ip(`link set ${name} up`);
  }

  /** Changes the type; index and name stay, the rows are removed. */
  become(type: number): void {
    ip(`link set ${this.name} down`);
    run("python3", "-c", SCRIPT, this.name, `${type}`);
    ip(`link set ${this.name} up`);
  }

  [Symbol.dispose](): void {
    ip(`link del ${this.name}`);
  }
}

// TUNSETIFF with IFF_TAP | IFF_NO_PI attaches to the one that is there
const SCRIPT = `
import fcntl, struct, sys
tap = open("/dev/net/tun", "r+b", buffering=0)
request = struct.pack("16sH22x", sys.argv[1].encode(), 0x1002)
fcntl.ioctl(tap, 0x400454ca, request)
fcntl.ioctl(tap, 0x400454cd, int(sys.argv[2]))
`;
