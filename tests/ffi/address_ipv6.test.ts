import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseAddress, parseAddressInto } from "../../ffi/parse/address.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { assertEndsSoon } from "../helpers/often.ts";

/** 16 bytes from 32 hexadecimal digits with spaces. */
function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

for (
  const [text, hex] of [
    // RFC 4291 section 2.2
    [
      "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
      "abcd ef01 2345 6789 abcd ef01 2345 6789",
    ],
    ["2001:DB8:0:0:8:800:200C:417A", "20010db8 00000000 00080800 200c417a"],
    ["2001:DB8::8:800:200C:417A", "20010db8 00000000 00080800 200c417a"],
    ["FF01:0:0:0:0:0:0:101", "ff010000 00000000 00000000 00000101"],
    ["FF01::101", "ff010000 00000000 00000000 00000101"],
    ["0:0:0:0:0:0:0:1", "00000000 00000000 00000000 00000001"],
    ["::1", "00000000 00000000 00000000 00000001"],
    ["0:0:0:0:0:0:0:0", "00000000 00000000 00000000 00000000"],
    ["::", "00000000 00000000 00000000 00000000"],
    ["0:0:0:0:0:0:13.1.68.3", "00000000 00000000 00000000 0d014403"],
    ["::13.1.68.3", "00000000 00000000 00000000 0d014403"],
    ["0:0:0:0:0:FFFF:129.144.52.38", "00000000 00000000 0000ffff 81903426"],
    ["::FFFF:129.144.52.38", "00000000 00000000 0000ffff 81903426"],
    // RFC 4291 section 2.3, the full address of the examples
    [
      "2001:0DB8:0:CD30:123:4567:89AB:CDEF",
      "20010db8 0000cd30 01234567 89abcdef",
    ],
    // RFC 5952 section 2: one address, many spellings
    ["2001:db8:0:0:1:0:0:1", "20010db8 00000000 00010000 00000001"],
    ["2001:0db8:0:0:1:0:0:1", "20010db8 00000000 00010000 00000001"],
    ["2001:db8::1:0:0:1", "20010db8 00000000 00010000 00000001"],
    ["2001:db8::0:1:0:0:1", "20010db8 00000000 00010000 00000001"],
    ["2001:0db8::1:0:0:1", "20010db8 00000000 00010000 00000001"],
    ["2001:db8:0:0:1::1", "20010db8 00000000 00010000 00000001"],
    ["2001:db8:0000:0:1::1", "20010db8 00000000 00010000 00000001"],
    ["2001:DB8:0:0:1::1", "20010db8 00000000 00010000 00000001"],
    // "::" for one group, RFC 4291: "one or more groups"
    ["2001:db8:aaaa:bbbb:cccc:dddd::1", "20010db8 aaaabbbb ccccdddd 00000001"],
    ["1:2:3:4:5:6:7::", "00010002 00030004 00050006 00070000"],
    ["::2:3:4:5:6:7:8", "00000002 00030004 00050006 00070008"],
    ["1:2:3::5:6:7:8", "00010002 00030000 00050006 00070008"],
    ["1::", "00010000 00000000 00000000 00000000"],
    ["1:2:3:4:5:6:192.0.2.7", "00010002 00030004 00050006 c0000207"],
    ["1::6:192.0.2.7", "00010000 00000000 00000006 c0000207"],
    ["fe80::fc:ff:fe00:5", "fe800000 00000000 00fc00ff fe000005"],
    ["ff02::123", "ff020000 00000000 00000000 00000123"],
  ] as const
) {
  Deno.test(`parseAddress() reads ${text}`, () => {
    const expected = { family: "ipv6", bytes: bytesOf(hex) } as const;
    assertEquals(parseAddress(text), { ...expected, zone: null });
    // Case says nothing, and a zone nothing about the bytes
    assertEquals(parseAddress(`${text.toLowerCase()}%7`), {
      ...expected,
      zone: "7",
    });
  });
}

for (
  const zone of [
    "Ethernet",
    "1",
    "0",
    "a b",
    "以太网",
    "a%b",
    "1:2",
    "25",
    "::",
  ]
) {
  Deno.test(`parseAddress() reads the zone "${zone}" as it stands`, () => {
    // RFC 4007 section 11: all of what follows the first "%"
    assertEquals(parseAddress(`fe80::1%${zone}`).zone, zone);
  });
}

const EIGHT = "IPv6 is eight groups";
const TWICE = '"::" stands more than once';
const NONE = '"::" stands for no group at all';
const TAIL = "an IPv4 part can only stand at the end";
const FOUR = "IPv4 is four decimal octets with dots between";
const group = (text: string) =>
  `group "${text}" is not 1 to 4 hexadecimal digits`;

for (
  const [text, rule] of [
    [":", group("")],
    [":::", group("")],
    ["::::", TWICE],
    ["1::2::3", TWICE],
    ["::1::", TWICE],
    ["1:::2", group("")],
    [":1", group("")],
    ["1:", group("")],
    [":1:2:3:4:5:6:7", group("")],
    ["1:2:3:4:5:6:7:", group("")],
    ["1:2:3:4:5:6:7:8:", EIGHT],
    [":1:2:3:4:5:6:7:8", group("")],
    ["1:2:3:4:5:6:7", EIGHT],
    ["1:2:3:4:5:6:7:8:9", EIGHT],
    ["1:2:3:4:5:6:7:8::", NONE],
    ["::1:2:3:4:5:6:7:8", NONE],
    ["1:2:3:4::5:6:7:8", NONE],
    ["1:2:3:4:5:6:7:8:9::", EIGHT],
    ["::1:2:3:4:5:6:7:8:9", EIGHT],
    ["1zz::2", group("1zz")],
    ["g::", group("g")],
    ["12345::", group("12345")],
    ["00001::", group("00001")],
    ["0x1::", group("0x1")],
    ["-1::", group("-1")],
    ["+1::", group("+1")],
    ["fe80::1 ", group("1 ")],
    [" fe80::1", group(" fe80")],
    ["fe80::1\n", group("1\n")],
    ["fe80:: 1", group(" 1")],
    ["fe80::1\0", group("1\0")],
    ["ｆｅ80::1", group("ｆｅ80")],
    ["fe80::１", group("１")],
    ["fe80::1/64", group("1/64")],
    ["[fe80::1]", group("[fe80")],
    ["::1.2.3.4.5", FOUR],
    ["::1.2.3", FOUR],
    ["::1.2.3.4.", FOUR],
    ["::.1.2.3.4", FOUR],
    ["::1.2.3.04", "an octet has a leading zero"],
    ["::1.2.3.256", "an octet is over 255"],
    ["::1.2.3.0x4", "it is neither IPv4 nor IPv6"],
    ["1.2.3.4::", TAIL],
    ["::1.2.3.4:5", TAIL],
    ["::1.2.3.4:1.2.3.4", TAIL],
    ["1:2:3:4:5:1.2.3.4", EIGHT],
    ["1:2:3:4:5:6:7:1.2.3.4", EIGHT],
    ["1:2:3:4:5:6::1.2.3.4", NONE],
    ["fe80::1%", 'the zone after "%" is empty'],
    ["::%", 'the zone after "%" is empty'],
    ["fe80%1::", EIGHT],
    ["%1::", EIGHT],
  ] as const
) {
  Deno.test(`parseAddress() refuses ${JSON.stringify(text)}`, () => {
    const error = assertThrows(
      () => parseAddress(text),
      NeighborError,
      `Cannot parse IP address "${text}": ${rule}`,
    );
    assertEquals(error.code, "INVALID_PARAMETER");
    assertEquals(error.status, null);
  });
}

Deno.test("parseAddress() refuses a text when it is very long", () => {
  for (
    const text of [
      ":".repeat(99_999),
      "1:".repeat(99_999),
      "f:" + "f".repeat(99_999),
    ]
  ) {
    const error = assertThrows(() => parseAddress(text), NeighborError);
    assertEquals(error.message.includes(`"${text.slice(0, 40)}`), true);
    assertEquals(error.message.length < 300, true);
  }
});

Deno.test("parseAddress() splits no text that is longer than an address", () => {
  for (const text of ["1:".repeat(8_000_000), "0".repeat(8_000_000) + ":"]) {
    assertEndsSoon(() => {
      const { message } = assertThrows(
        () => parseAddress(text),
        NeighborError,
        "IPv6 is at most 45 characters",
      );
      assert(message.length < 200, message);
    }, "it was parsed whole");
  }
});

Deno.test("parseAddress() names a mistake in a text four times as long as an address, and no further", () => {
  const text = ":".padStart(180, "0");
  assertThrows(
    () => parseAddress(text),
    NeighborError,
    "is not 1 to 4 hexadecimal digits",
  );
  assertThrows(
    () => parseAddress("0" + text),
    NeighborError,
    "IPv6 is at most 45 characters",
  );
});

Deno.test("parseAddressInto() returns the length, and writes no further", () => {
  for (
    const [text, length] of [["192.0.2.1", 4], ["2001:db8::1", 16]] as const
  ) {
    const out = new Uint8Array(20).fill(7);
    assertEquals(parseAddressInto(text, out, 2), length);
    assertEquals(out.subarray(2, 2 + length), parseAddress(text).bytes);
    assertEquals([...out.subarray(2 + length)], Array(18 - length).fill(7));
  }
});
