import { assertEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { Neighbor, NeighborFilter } from "../../ffi/types/neighbor.ts";

function wants(subnet: string, address: string): boolean {
  return parseFilter({ subnet }).wants({ address } as Neighbor);
}

for (
  const [subnet, inside, outside] of [
    ["192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], [
      "192.0.1.255",
      "192.0.3.0",
    ]],
    ["192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]],
    ["192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]],
    [
      "192.0.2.64/26",
      ["192.0.2.64", "192.0.2.127"],
      ["192.0.2.63", "192.0.2.128"],
    ],
    ["128.0.0.0/1", ["128.0.0.0", "255.255.255.255"], ["127.255.255.255"]],
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], [
      "9.255.255.255",
      "11.0.0.0",
    ]],
    ["0.0.0.0/0", ["0.0.0.1", "255.255.255.255"], []],
    ["224.0.0.0/4", ["239.1.2.3"], ["223.255.255.255", "240.0.0.0"]],
    ["::/0", ["::1", "ffff::"], []],
    ["2001:db8::/32", ["2001:db8::7", "2001:db8:ffff::"], ["2001:db9::"]],
    ["2001:DB8:0:0::/64", ["2001:db8::ffff"], ["2001:db8:0:1::"]],
    ["fe80::/10", ["fe80::1", "febf::1"], ["fec0::1", "fe7f::1"]],
    ["2001:db8::7/128", ["2001:db8::7"], ["2001:db8::6", "2001:db8::8"]],
    ["2001:db8::6/127", ["2001:db8::7"], ["2001:db8::5", "2001:db8::8"]],
    ["ff02::1:ff00:0/104", ["ff02::1:ffab:cdef"], ["ff02::1:fe00:0"]],
  ] as const
) {
  Deno.test(`parseFilter() wants what lies in ${subnet}`, () => {
    for (const address of inside) {
      assertEquals(wants(subnet, address), true, address);
    }
    for (const address of outside) {
      assertEquals(wants(subnet, address), false, address);
    }
  });
}

Deno.test("parseFilter() asks for the subnet's family alone", () => {
  assertEquals(parseFilter({ subnet: "0.0.0.0/0" }).families, ["ipv4"]);
  assertEquals(parseFilter({ subnet: "::/0" }).families, ["ipv6"]);
  assertEquals(
    parseFilter({ subnet: "192.0.2.0/24", family: "ipv4" }).families,
    ["ipv4"],
  );
});

Deno.test("parseFilter() takes every prefix length of its own network", () => {
  for (let length = 0; length <= 32; length++) {
    const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
    const text = [24, 16, 8, 0].map((bit) => (mask >>> bit) & 255).join(".");
    assertEquals(wants(`${text}/${length}`, text), true);
    // One bit behind the prefix
    if (length === 32) continue;
    const bit = (mask | (0x80000000 >>> length)) >>> 0;
    const host = [24, 16, 8, 0].map((at) => (bit >>> at) & 255).join(".");
    refuse(`${host}/${length}`, hostBits(`${text}/${length}`, host));
  }
});

function refuse(subnet: unknown, rule: string): void {
  const given = { subnet } as NeighborFilter;
  const error = assertThrows(() => parseFilter(given), NeighborError);
  assertEquals(error.message, `Cannot parse subnet "${subnet}": ${rule}`);
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals(error.entry, given);
}

/** The rule that names the subnet, and the address alone. */
function hostBits(subnet: string, address: string): string {
  const [, length] = subnet.split("/");
  return `bits are set behind the first ${length}; the subnet is ${subnet}, ` +
    `the address alone ${address}`;
}

const length = (text: string, most: number) =>
  `the prefix length "${text}" is not 0 to ${most}`;

for (
  const [subnet, rule] of [
    ["192.0.2.7/24", hostBits("192.0.2.0/24", "192.0.2.7")],
    ["192.0.2.128/24", hostBits("192.0.2.0/24", "192.0.2.128")],
    ["192.0.2.1/31", hostBits("192.0.2.0/31", "192.0.2.1")],
    ["192.0.2.0/0", hostBits("0.0.0.0/0", "192.0.2.0")],
    ["2001:db8::1/127", hostBits("2001:db8::/127", "2001:db8::1")],
    ["2001:db8::1/64", hostBits("2001:db8::/64", "2001:db8::1")],
    ["fe80:1::/10", hostBits("fe80::/10", "fe80:1::")],
    ["192.0.2.0/", length("", 32)],
    ["192.0.2.0/33", length("33", 32)],
    ["192.0.2.0/128", length("128", 32)],
    ["2001:db8::/129", length("129", 128)],
    ["2001:db8::/999", length("999", 128)],
    ["192.0.2.0/-1", length("-1", 32)],
    ["192.0.2.0/+24", length("+24", 32)],
    ["192.0.2.0/024", length("024", 32)],
    ["192.0.2.0/00", length("00", 32)],
    ["192.0.2.0/24.0", length("24.0", 32)],
    ["192.0.2.0/2e1", length("2e1", 32)],
    ["192.0.2.0/0x18", length("0x18", 32)],
    ["192.0.2.0/ 24", length(" 24", 32)],
    ["192.0.2.0/24 ", length("24 ", 32)],
    ["192.0.2.0/24\n", length("24\n", 32)],
    ["192.0.2.0/24/24", length("24/24", 32)],
    ["192.0.2.0/255.255.255.0", length("255.255.255.0", 32)],
    ["192.0.2.0/２４", length("２４", 32)],
    ["2001:DB8:0::1/64", hostBits("2001:db8::/64", "2001:db8::1")],
    ["fe80::1%12", "a subnet has no zone: name the interface beside it"],
    ["fe80::%12/64", "a subnet has no zone: name the interface beside it"],
    ["fe80::/64%12", length("64%12", 128)],
  ] as const
) {
  Deno.test(`parseFilter() refuses the subnet ${JSON.stringify(subnet)}`, () => {
    refuse(subnet, rule);
  });
}

for (
  const subnet of [
    "",
    "/24",
    "192.0.2/24",
    "1...1/8",
    "0x10.1e1.1.1/32",
    "g::/16",
    " 192.0.2.0/24",
  ]
) {
  Deno.test(`parseFilter() refuses ${JSON.stringify(subnet)}, no address`, () => {
    assertThrows(
      () => parseFilter({ subnet }),
      NeighborError,
      `Cannot parse IP address "${subnet.split("/")[0]}"`,
    );
  });
}

for (const subnet of [null, 24, ["192.0.2.0/24", 24], new Array(1)]) {
  Deno.test(`parseFilter() refuses the subnet ${Deno.inspect(subnet)}`, () => {
    const given = { subnet } as unknown as NeighborFilter;
    const error = assertThrows(() => parseFilter(given), NeighborError);
    assertEquals(
      error.message,
      "The subnet takes an address or CIDR notation, as text",
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  });
}

Deno.test("parseFilter() refuses a family that the subnet contradicts", () => {
  for (
    const [family, subnet] of [
      ["ipv6", "192.0.2.0/24"],
      ["ipv4", "2001:db8::/32"],
      ["ipv4", "::ffff:192.0.2.0/120"],
    ] as const
  ) {
    const error = assertThrows(
      () => parseFilter({ family, subnet }),
      NeighborError,
    );
    assertEquals(
      error.message,
      `The subnet "${subnet}" is not of the family "${family}"`,
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  }
});

Deno.test("parseFilter() takes an address for the subnet of that address", () => {
  assertEquals(wants("192.0.2.7", "192.0.2.7"), true);
  assertEquals(wants("192.0.2.7", "192.0.2.6"), false);
  assertEquals(wants("2001:DB8:0::7", "2001:db8::7"), true);
  assertEquals(wants("2001:db8::7", "2001:db8::8"), false);
  assertEquals(parseFilter({ subnet: "2001:db8::7" }).families, ["ipv6"]);
});

Deno.test("parseFilter() wants what lies in any of several subnets", () => {
  const subnet = ["192.0.2.0/25", "192.0.2.200", "2001:db8::/32", "fe80::1"];
  const { wants, families } = parseFilter({ subnet });
  assertEquals(families, ["ipv4", "ipv6"]);
  for (
    const [address, isWanted] of [
      ["192.0.2.127", true],
      ["192.0.2.128", false],
      ["192.0.2.200", true],
      ["2001:db8::1", true],
      ["fe80::1", true],
      ["fe80::2", false],
    ] as const
  ) assertEquals(wants({ address } as Neighbor), isWanted, address);
});

Deno.test("parseFilter() is not affected by a later change of the subnets", () => {
  const subnet = ["192.0.2.0/24"];
  const { wants } = parseFilter({ subnet });
  subnet.push("10.0.0.0/8");
  assertEquals(wants({ address: "10.0.0.1" } as Neighbor), false);
});

Deno.test("parseFilter() reads one family of several subnets, and needs one of it", () => {
  const subnet = ["192.0.2.0/24", "192.0.3.1"];
  const { families } = parseFilter({ family: "ipv4", subnet });
  assertEquals(families, ["ipv4"]);
  const both = parseFilter({ family: "ipv6", subnet: [...subnet, "fe80::1"] });
  assertEquals(both.families, ["ipv6"]);
  assertThrows(
    () => parseFilter({ family: "ipv6", subnet }),
    NeighborError,
    'None of the 2 subnets is of the family "ipv6"',
  );
  assertThrows(
    () => parseFilter({ subnet: [] }),
    NeighborError,
    "The list of subnets is empty",
  );
});
