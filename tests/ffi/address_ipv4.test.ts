import { assertEquals, assertThrows } from "@std/assert";
import { parseAddress } from "../../ffi/parse/address.ts";
import { NeighborError } from "../../ffi/types/error.ts";

for (
  const [text, ...bytes] of [
    ["0.0.0.0", 0, 0, 0, 0],
    ["192.0.2.7", 192, 0, 2, 7],
    ["255.255.255.255", 255, 255, 255, 255],
    ["10.20.30.40", 10, 20, 30, 40],
    ["1.0.0.10", 1, 0, 0, 10],
    ["239.1.2.3", 239, 1, 2, 3],
    ["100.200.99.9", 100, 200, 99, 9],
  ] as const
) {
  Deno.test(`parseAddress() reads ${text}`, () => {
    assertEquals(parseAddress(text), {
      family: "ipv4",
      bytes: Uint8Array.from(bytes),
      zone: null,
    });
  });
}

Deno.test("parseAddress() reads every octet and refuses 256", () => {
  for (let octet = 0; octet < 256; octet++) {
    const { bytes } = parseAddress(`${octet}.${255 - octet}.${octet}.1`);
    assertEquals(bytes, Uint8Array.of(octet, 255 - octet, octet, 1));
  }
  for (const text of ["256.0.0.1", "1.256.0.1", "1.0.256.1", "1.0.0.256"]) {
    refuse(text, "an octet is over 255");
  }
});

const FOUR = "IPv4 is four decimal octets with dots between";
const NEITHER = "it is neither IPv4 nor IPv6";
const ZERO = "an octet has a leading zero";

function refuse(text: string, rule: string): void {
  const error = assertThrows(
    () => parseAddress(text),
    NeighborError,
    `Cannot parse IP address "${text}": ${rule}`,
  );
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals(error.status, null);
  assertEquals(error.operation, null);
}

for (
  const [text, rule] of [
    ["", FOUR],
    [".", FOUR],
    ["...", FOUR],
    ["1", FOUR],
    ["16909060", "an octet is over 255"],
    ["1.2", FOUR],
    ["1.2.3", FOUR],
    ["1.2.3.", FOUR],
    [".1.2.3", FOUR],
    ["1.2.3.4.", FOUR],
    [".1.2.3.4", FOUR],
    ["1...1", FOUR],
    ["1..2.3", FOUR],
    ["1.2.3.4.5", FOUR],
    ["1.2.3.4.5.6", FOUR],
    ["0x10.1e1.1.1", NEITHER],
    ["1e1.1.1.1", NEITHER],
    ["0xc0000207", NEITHER],
    ["1.2.3.a", NEITHER],
    ["-1.2.3.4", NEITHER],
    ["+1.2.3.4", NEITHER],
    ["1.2.3.-4", NEITHER],
    ["1.2.3.4/24", NEITHER],
    ["1,2,3,4", NEITHER],
    ["1.2.3.4\0", NEITHER],
    ["1.2.3.4\0.5", NEITHER],
    [" 1.2.3.4", NEITHER],
    ["1.2.3.4 ", NEITHER],
    ["1. 2.3.4", NEITHER],
    ["1.2.3.4\n", NEITHER],
    ["\t1.2.3.4", NEITHER],
    ["\u00a01.2.3.4", NEITHER],
    ["１.２.３.４", NEITHER],
    ["1.2.3.٤", NEITHER],
    ["1.2.3.²", NEITHER],
    ["1。2。3。4", NEITHER],
    ["localhost", NEITHER],
    ["00.0.0.0", ZERO],
    ["01.2.3.4", ZERO],
    ["1.2.3.04", ZERO],
    ["1.2.3.007", ZERO],
    ["010.0.0.1", ZERO],
    ["192.000.2.7", ZERO],
    ["1.2.3.999", "an octet is over 255"],
    ["4294967297.0.0.1", "an octet is over 255"],
    ["192.0.2.7%Ethernet", "only an IPv6 address has a zone"],
    ["192.0.2.7%", "only an IPv6 address has a zone"],
  ] as const
) {
  Deno.test(`parseAddress() refuses ${JSON.stringify(text)}`, () => {
    refuse(text, rule);
  });
}

Deno.test("parseAddress() quotes the start of a text when it is very long", () => {
  for (const text of ["1.".repeat(500_000), "9".repeat(1_000_000)]) {
    const error = assertThrows(() => parseAddress(text), NeighborError);
    assertEquals(
      error.message.startsWith(
        `Cannot parse IP address "${text.slice(0, 40)}`,
      ),
      true,
    );
    assertEquals(error.message.length < 200, true);
  }
});
