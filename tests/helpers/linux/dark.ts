/**
 * A device that the kernel has no IPv6 neighbors on, which nobody knows before
 * it is asked to make one.
 *
 * @module
 */

import type { NeighborEntry } from "../../../ffi/types/neighbor.ts";
import { ip } from "./network.ts";

/** The device, until the end of the block, and a pin that is refused there. */
export class Dark implements Disposable {
  readonly pin: NeighborEntry = {
    address: "2001:db8::dd",
    linkLayerAddress: "02:fc:00:00:00:dd",
    interfaceAlias: "dark",
  };

  constructor() {
    ip("link add dark type bridge");
    Deno.writeTextFileSync("/proc/sys/net/ipv6/conf/dark/disable_ipv6", "1");
    ip("link set dark up");
  }

  [Symbol.dispose](): void {
    ip("link del dark");
  }
}
