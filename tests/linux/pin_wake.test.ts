import { assert, assertEquals } from "@std/assert";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { Command, MOD, script, words } from "../helpers/linux/process.ts";
import { pause } from "../helpers/pause.ts";

/** The example of reconcile/pin.ts. */
function example(): string {
  const file = Deno.readTextFileSync(
    new URL("../../reconcile/pin.ts", import.meta.url),
  );
  const [, behind] = file.split("@example Wake a host");
  const code = behind?.match(/```ts no-eval\n(.*?)```/s)?.[1];
  assert(code !== undefined, "There is no such example");
  return code.replaceAll(/^ \* ?/gm, "")
    .replace('"@ipnet/neighbor"', JSON.stringify(MOD))
    .replace('"Ethernet"', JSON.stringify(DEVICE));
}

networkTest("docs/api.md has the same example", () => {
  const text = Deno.readTextFileSync(
    new URL("../../docs/api.md", import.meta.url),
  );
  const code = example()
    .replace(JSON.stringify(MOD), '"@ipnet/neighbor"')
    .replace(JSON.stringify(DEVICE), '"Ethernet"');
  assert(text.includes(code), code);
});

/** Prints each datagram received on the port of Wake-on-LAN. */
const SLEEPER = `
  import { createSocket } from "node:dgram";
  const socket = createSocket("udp4");
  socket.on("message", (bytes) => console.log(bytes.toString("hex")));
  socket.bind(9, () => console.log("asleep"));`;

networkTest(
  "the example of pinNeighbor() wakes a host that does not answer ARP",
  async ({ there, far }) => {
    ip(`addr add 192.0.2.1/24 dev ${DEVICE}`);
    there("addr add 192.0.2.7/24 dev vb");
    // No other host has that address, so only the intended one receives the frame
    there("link set vb address 02:fc:00:00:00:05");
    there("link set vb arp off");
    const [nsenter, ...options] = far;
    await using sleeper = new Command(
      nsenter,
      ...options,
      Deno.execPath(),
      ...words("--allow-net"),
      `data:application/typescript,${encodeURIComponent(SLEEPER)}`,
    );
    assertEquals(await sleeper.line(), "asleep");
    const wake = example();
    await script(wake, "--allow-net");
    const octets = "02fc00000005";
    assertEquals(
      await sleeper.line(),
      "ff".repeat(6) + octets.repeat(16),
    );
    const entries = () => ip(`-j neigh show to 192.0.2.7 nud all`).trim();
    assertEquals(entries(), "[]");

    // What it was pinned for: without it there is nothing to hear
    const unpinned = wake.replace(
      "pinNeighbor(host)",
      "{ [Symbol.dispose]() {} }",
    );
    assert(unpinned !== wake);
    await script(unpinned, "--allow-net");
    const heard = await Promise.race([sleeper.line(), pause(300)]);
    assertEquals(heard, undefined);
  },
);
