import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isIP } from "node:net";
import { formatAddress, parseAddress } from "../../ffi/parse/address.ts";
import {
  ADDRESS_BYTES,
  ADDRESS_TEXT,
  attempt,
  property,
} from "./arbitraries.ts";

/**
 * RFC 5952 as the URL standard has it, which knows no mixed notation: an
 * IPv4-mapped address (section 5) is put into it here.
 */
function canonical(address: string): string {
  if (!address.includes(":")) return address;
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(text);
  if (mapped === null) return text;
  const [high, low] = mapped.slice(1).map((group) => parseInt(group, 16));
  return `::ffff:${high! >> 8}.${high! & 255}.${low! >> 8}.${low! & 255}`;
}

Deno.test("parseAddress() refuses any text or converts it to RFC 5952 form", () => {
  property(ADDRESS_TEXT, (text) => {
    const parsed = attempt(() => parseAddress(text));
    if ("refused" in parsed) {
      assertEquals(parsed.refused, "INVALID_PARAMETER");
      return;
    }
    const { family, bytes, zone } = parsed.value;
    const written = formatAddress(bytes);
    assertEquals(written, canonical(text.split("%")[0]!));
    assertEquals(parseAddress(written), { family, bytes, zone: null });
    assertEquals(text.slice(text.indexOf("%") + 1), zone ?? text);
  });
});

Deno.test("formatAddress() writes any bytes as the URL standard does", () => {
  property(ADDRESS_BYTES, (bytes) => {
    const text = formatAddress(bytes);
    assertEquals(text, canonical(text));
    assertEquals(parseAddress(text).bytes, bytes);
  });
});

Deno.test("parseAddress() agrees with node:net on what an address is", () => {
  property(ADDRESS_TEXT, (text) => {
    const [address = "", ...zone] = text.split("%");
    // The one difference is the zone, see below
    const isOne = zone.length === 0
      ? isIP(address) !== 0
      : isIP(address) === 6 && zone.join("%") !== "";
    assertEquals("value" in attempt(() => parseAddress(text)), isOne);
  });
});

Deno.test("ADDRESS_TEXT draws valid and invalid addresses, with and without zones", () => {
  const drawn = { address: 0, zoned: 0, refused: 0 };
  property(ADDRESS_TEXT, (text) => {
    const parsed = attempt(() => parseAddress(text));
    if ("refused" in parsed) drawn.refused++;
    else if (parsed.value.zone === null) drawn.address++;
    else drawn.zoned++;
  });
  for (const count of Object.values(drawn)) assert(count > 100);
});

Deno.test("parseAddress() gives each address octets of its own", () => {
  // More than fit into any memory that addresses may share
  const drawn = fc.sample(ADDRESS_BYTES, 5000).map(formatAddress);
  const parsed = drawn.map((text) => parseAddress(text).bytes);
  assertEquals(parsed.map(formatAddress), drawn);
  parsed.forEach((bytes, i) => i % 2 === 0 && bytes.fill(0xff));
  parsed.forEach((bytes, i) =>
    assertEquals(
      formatAddress(bytes),
      i % 2 === 1 ? drawn[i] : formatAddress(bytes.slice().fill(0xff)),
    )
  );
});

// A zone is an interface alias: node:net takes [0-9a-zA-Z-.:] alone, while
// Windows calls an adapter "Ethernet 2" and anything else its owner likes
for (
  const text of [
    "fe80::1%Ethernet 2",
    "fe80::1%vEthernet (WSL)",
    "fe80::1%br_lan",
    "fe80::1%WLAN%2",
    "fe80::1%以太网",
  ]
) {
  Deno.test(`parseAddress() takes "${text}", which node:net does not`, () => {
    assertEquals(isIP(text), 0);
    assertEquals(formatAddress(parseAddress(text).bytes), "fe80::1");
  });
}

// And where other parsers are lenient, node:net is as strict
for (
  const text of [
    "192.0.2",
    "0xc0.0.2.7",
    "0300.0.2.7",
    "192.0.2.7.",
    "3221225991",
  ]
) {
  Deno.test(`parseAddress() refuses "${text}", which a URL takes`, () => {
    assertEquals(isIP(text), 0);
    assert(isIP(new URL(`http://${text}/`).hostname.replace(/\.$/, "")) === 4);
    assertEquals(attempt(() => parseAddress(text)), {
      refused: "INVALID_PARAMETER",
    });
  });
}
