import { assertEquals } from "@std/assert";
import {
  formatAddress,
  isIpv4Mapped,
  isLimitedBroadcast,
  isLoopback,
  isMulticast,
  isUnspecified,
  parseAddress,
} from "../../ffi/parse/address.ts";

for (
  const [hex, text] of [
    // RFC 5952 section 4.1: no leading zeros
    ["20010db8 00000000 00000000 00000001", "2001:db8::1"],
    ["20010db8 0001000a 0bcd0123 00100001", "2001:db8:1:a:bcd:123:10:1"],
    // 4.2.1: shorten as much as possible
    ["20010db8 00000000 00000000 00020001", "2001:db8::2:1"],
    // 4.2.2: never one group
    ["20010db8 00000001 00010001 00010001", "2001:db8:0:1:1:1:1:1"],
    ["00000001 00020003 00040005 00060007", "0:1:2:3:4:5:6:7"],
    ["00010002 00030004 00050006 00070000", "1:2:3:4:5:6:7:0"],
    // 4.2.3: the longest run, the first of equals
    ["20010000 00000001 00000000 00000001", "2001:0:0:1::1"],
    ["20010db8 00000000 00010000 00000001", "2001:db8::1:0:0:1"],
    ["00000000 00010000 00000000 00010000", "0:0:1::1:0"],
    ["00010000 00000002 00000000 00030000", "1::2:0:0:3:0"],
    // 4.3: lower case
    [
      "abcdef01 23456789 abcdef01 23456789",
      "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
    ],
    // 5: an address that embeds IPv4 under a well-known prefix
    ["00000000 00000000 0000ffff c0000201", "::ffff:192.0.2.1"],
    ["00000000 00000000 0000ffff 00000000", "::ffff:0.0.0.0"],
    // Ends and all
    ["00000000 00000000 00000000 00000000", "::"],
    ["00000000 00000000 00000000 00000001", "::1"],
    ["00010000 00000000 00000000 00000000", "1::"],
    ["00010002 00030004 00050006 00000000", "1:2:3:4:5:6::"],
    ["00000000 00030004 00050006 00070008", "::3:4:5:6:7:8"],
    ["fe800000 00000000 00fc00ff fe000005", "fe80::fc:ff:fe00:5"],
    ["ff020000 00000000 00000000 00000123", "ff02::123"],
    ["00000000 00000000 0001ffff c0000201", "::1:ffff:c000:201"],
    ["c0000207", "192.0.2.7"],
    ["00000000", "0.0.0.0"],
    ["ffffffff", "255.255.255.255"],
  ] as const
) {
  Deno.test(`formatAddress() writes ${text}`, () => {
    const bytes = Uint8Array.fromHex(hex.replaceAll(" ", ""));
    assertEquals(formatAddress(bytes), text);
    assertEquals(parseAddress(text).bytes, bytes);
  });
}

/** RFC 5952 by counting, without a thought for speed. */
function slowFormat(groups: readonly number[]): string {
  const texts = groups.map((group) => group.toString(16));
  for (let length = 8; length >= 2; length--) {
    for (let start = 0; start + length <= 8; start++) {
      if (groups.slice(start, start + length).some((group) => group !== 0)) {
        continue;
      }
      return texts.slice(0, start).join(":") + "::" +
        texts.slice(start + length).join(":");
    }
  }
  return texts.join(":");
}

Deno.test("formatAddress() agrees with a simple implementation for every pattern of zeros", () => {
  for (let pattern = 0; pattern < 256; pattern++) {
    const groups = Array.from(
      { length: 8 },
      (_, i) => (pattern >> i) & 1 ? 0x1000 >> (4 * (i % 4)) : 0,
    );
    const bytes = Uint8Array.from(groups.flatMap((g) => [g >> 8, g & 0xff]));
    assertEquals(formatAddress(bytes), slowFormat(groups));
    assertEquals(parseAddress(slowFormat(groups)).bytes, bytes);
  }
});

// [text, isUnspecified, isLoopback, isLimitedBroadcast, isMulticast, isIpv4Mapped]
for (
  const [text, ...truths] of [
    ["0.0.0.0", true, false, false, false, false],
    ["0.0.0.1", false, false, false, false, false],
    ["1.0.0.0", false, false, false, false, false],
    ["126.255.255.255", false, false, false, false, false],
    ["127.0.0.0", false, true, false, false, false],
    ["127.255.255.255", false, true, false, false, false],
    ["128.0.0.1", false, false, false, false, false],
    ["223.255.255.255", false, false, false, false, false],
    ["224.0.0.0", false, false, false, true, false],
    ["239.255.255.255", false, false, false, true, false],
    ["240.0.0.0", false, false, false, false, false],
    ["255.255.255.254", false, false, false, false, false],
    ["255.255.255.255", false, false, true, false, false],
    ["::", true, false, false, false, false],
    ["::1", false, true, false, false, false],
    ["::2", false, false, false, false, false],
    ["::1:0:0:1", false, false, false, false, false],
    ["1::1", false, false, false, false, false],
    ["::127.0.0.1", false, false, false, false, false],
    ["::ffff:127.0.0.1", false, false, false, false, true],
    ["::ffff:0.0.0.0", false, false, false, false, true],
    ["::fffe:192.0.2.1", false, false, false, false, false],
    ["::ff:192.0.2.1", false, false, false, false, false],
    ["::ffff:0:c000:201", false, false, false, false, false],
    ["1::ffff:192.0.2.1", false, false, false, false, false],
    ["100::ffff:c000:201", false, false, false, false, false],
    ["100::1", false, false, false, false, false],
    ["100::", false, false, false, false, false],
    ["fe00::", false, false, false, false, false],
    ["ff00::", false, false, false, true, false],
    [
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      ...[false, false, false, true, false],
    ],
  ] as const
) {
  Deno.test(`isUnspecified() and the other predicates classify ${text}`, () => {
    const { bytes } = parseAddress(text as string);
    assertEquals(
      [isUnspecified, isLoopback, isLimitedBroadcast, isMulticast, isIpv4Mapped]
        .map((is) => is(bytes)),
      truths as readonly boolean[] as boolean[],
    );
  });
}
