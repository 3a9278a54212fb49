import { assertEquals } from "@std/assert";
import { matchSubnets } from "@std/net/unstable-ip";

const cases: ReadonlyArray<[string, string[], boolean]> = [
  ["192.0.2.7", ["192.0.2.0/24"], true],
  ["192.0.3.7", ["192.0.2.0/24"], false],
  ["192.0.2.7", ["192.0.2.6/31"], true],
  ["192.0.2.8", ["192.0.2.6/31"], false],
  ["255.0.0.1", ["128.0.0.0/1"], true],
  ["127.0.0.1", ["128.0.0.0/1"], false],
  // The shortest and the longest prefix.
  ["203.0.113.9", ["0.0.0.0/0"], true],
  ["192.0.2.7", ["192.0.2.7/32"], true],
  ["192.0.2.8", ["192.0.2.7/32"], false],
  ["2001:db8::1", ["::/0"], true],
  ["2001:db8::1", ["2001:db8::1/128"], true],
  ["2001:db8::2", ["2001:db8::1/128"], false],
  // IPv6, on and off the octets.
  ["2001:db8::ffff", ["2001:db8::/64"], true],
  ["2001:db8:0:1::1", ["2001:db8::/64"], false],
  ["fe80::1", ["fe80::/10"], true],
  ["febf::1", ["fe80::/10"], true],
  ["fec0::1", ["fe80::/10"], false],
  ["2001:db8::7", ["2001:db8::6/127"], true],
  ["2001:db8::8", ["2001:db8::6/127"], false],
  // Host bits do not count.
  ["192.0.2.200", ["192.0.2.7/24"], true],
  ["2001:db8::ffff", ["2001:db8::1/64"], true],
  // The families never meet.
  ["192.0.2.7", ["::/0"], false],
  ["2001:db8::1", ["0.0.0.0/0"], false],
  ["192.0.2.7", ["::ffff:0:0/96"], false],
  ["192.0.2.7", ["::ffff:192.0.2.0/120"], false],
  ["::ffff:192.0.2.7", ["192.0.2.0/24"], false],
  ["::ffff:192.0.2.7", ["::ffff:0:0/96"], true],
  ["::ffff:192.0.2.7", ["::ffff:192.0.2.0/120"], true],
  ["::ffff:192.0.3.7", ["::ffff:192.0.2.0/120"], false],
  // Without a prefix length: that address.
  ["192.0.2.7", ["192.0.2.7"], true],
  ["192.0.2.7", ["192.0.2.8"], false],
  ["2001:db8::1", ["2001:db8::1"], true],
  // Any one of them is enough.
  ["192.0.2.7", [], false],
  ["192.0.2.7", ["::/0", "198.51.100.0/24", "192.0.2.0/24"], true],
  // No prefix length of that family.
  ["192.0.2.7", ["192.0.2.0/33"], false],
  ["2001:db8::1", ["2001:db8::/129"], false],
  ["192.0.2.7", ["192.0.2.0/"], false],
];

for (const [address, subnets, expected] of cases) {
  const verb = expected ? "finds" : "does not find";
  Deno.test(`matchSubnets() ${verb} ${address} in [${subnets}]`, () => {
    assertEquals(matchSubnets(address, subnets), expected);
  });
}
