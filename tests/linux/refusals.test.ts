import { assert, assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
} from "../helpers/linux/network.ts";
import { tunMissing } from "../helpers/linux/tap.ts";
import { ENTRY, FIRST, refused } from "../helpers/linux/refused.ts";

networkTest(
  "no link-layer address: refused, and no row is left",
  (network) => {
    const { linkLayerAddress: _, ...key } = ENTRY;
    refused(
      network,
      key as NeighborEntry,
      "INVALID_PARAMETER",
      "linkLayerAddress",
    );
    network.table.create(ENTRY);
  },
);

for (const octets of [1, 5, 7, 8, 32]) {
  networkTest(
    `a link-layer address of ${octets} octets: refused`,
    (network) => {
      refused(
        network,
        { ...ENTRY, linkLayerAddress: new Uint8Array(octets).fill(2) },
        "INVALID_PARAMETER",
        `has ${octets} octet${octets === 1 ? "" : "s"}, ` +
          `interface "${DEVICE}" takes 6`,
        "linkLayerAddress",
      );
    },
  );
}

networkTest(
  "an address length read earlier is read anew before a refusal",
  ({ table }) => {
    const { interfaceAlias: _, ...entry } = ENTRY;
    ip("tuntap add tun0 mode tun");
    const [tun] = JSON.parse(ip("-j link show dev tun0"));
    const key = { ...entry, interfaceIndex: tun.ifindex };
    assertThrows(() => table.create(key), NeighborError, "takes none");
    ip("link del tun0");
    ip(`link add again index ${tun.ifindex} type veth peer name other`);
    try {
      table.create(key);
      assertEquals(table.get(key)?.linkLayerAddress, FIRST);
    } finally {
      ip("link del again");
    }
  },
  tunMissing(),
);

networkTest("IPv4 on the loopback device: refused, not 0.0.0.0", (network) => {
  refused(
    network,
    { ...ENTRY, interfaceAlias: "lo" },
    "INVALID_PARAMETER",
    'There are no IPv4 neighbors on interface "lo"',
  );
  assertEquals(ip("-4 neigh show nud all dev lo"), "");
});

networkTest("IPv4 on a tun device: refused, not 0.0.0.0", (network) => {
  ip("tuntap add tun0 mode tun");
  try {
    refused(
      network,
      { ...ENTRY, interfaceAlias: "tun0" },
      "INVALID_PARAMETER",
      "takes none",
    );
    assertEquals(ip("-4 neigh show nud all dev tun0"), "");
  } finally {
    ip("link del tun0");
  }
}, tunMissing());

const ADDRESSES = [
  ["0.0.0.0", "the unspecified address"],
  ["::", "the unspecified address"],
  ["127.0.0.1", "a loopback address"],
  ["::1", "a loopback address"],
  ["255.255.255.255", "the broadcast address"],
  // 16 bytes that mean four: the kernel would cut them
  ["::ffff:10.0.0.7", "an IPv4-mapped address"],
] as const;

for (const [address, what] of ADDRESSES) {
  networkTest(`${address} is refused: it is ${what}`, (network) => {
    refused(network, { ...ENTRY, address }, "INVALID_PARAMETER", what);
  });
}

for (const address of ["224.0.0.7", "ff02::7"]) {
  networkTest(`multicast ${address} is accepted`, ({ table }) => {
    const entry = { ...ENTRY, address };
    table.create(entry);
    assertEquals(table.get(entry)?.linkLayerAddress, FIRST);
    table.delete(entry);
  });
}

networkTest(
  "a written entry has the state permanent and no other bit",
  ({ table }) => {
    ip(`neigh add ${ENTRY.address} lladdr ${FIRST} dev ${DEVICE} nud noarp`);
    table.set(ENTRY);
    assertEquals(ipNeighbor(ENTRY.address)?.state, ["PERMANENT"]);
  },
);

networkTest(
  "IPv6 disabled on the device: NOT_SUPPORTED, with the kernel's text",
  (network) => {
    Deno.writeTextFileSync(
      `/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`,
      "1",
    );
    const entry = { ...ENTRY, address: "2001:db8::7" };
    const error = assertThrows(
      () => network.table.create(entry),
      NeighborError,
      "IPv6 is disabled on this device",
    );
    assertEquals(error.code, "NOT_SUPPORTED");
    assertEquals(error.symbol, "EINVAL");
  },
);

networkTest(
  "the kernel leaves a row behind when it refuses such a request",
  ({ table }) => {
    // What refusing protects from, seen with ip
    const made = new Deno.Command("ip", {
      args: ["neigh", "add", "10.0.0.8", "dev", DEVICE, "nud", "permanent"],
    }).outputSync();
    assert(!made.success);
    const error = assertThrows(
      () => table.create({ ...ENTRY, address: "10.0.0.8" }),
      NeighborError,
    );
    assertEquals(error.code, "ALREADY_EXISTS");
  },
);
