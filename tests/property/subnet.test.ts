import { assert, assertEquals } from "@std/assert";
import { matchSubnets } from "@std/net/unstable-ip";
import fc from "fast-check";
import { isIP } from "node:net";
import { formatAddress } from "../../ffi/parse/address.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { RawRow } from "../../ffi/raw_row.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import {
  ADDRESS_BYTES,
  ADDRESS_TEXT,
  attempt,
  property,
} from "./arbitraries.ts";

/** An address as one number, so that a prefix is a shift. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => number << 8n | BigInt(byte), 0n);
}

function bytesOf(number: bigint, length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, i) => Number(number >> BigInt(8 * (length - 1 - i)) & 0xffn),
  );
}

function rowOf(bytes: Uint8Array): Neighbor {
  return {
    address: formatAddress(bytes),
    family: bytes.length === 4 ? "ipv4" : "ipv6",
    interfaceAlias: "eth0",
    interfaceIndex: 1,
    interfaceLuid: null,
    isRouter: false,
    isUnreachable: false,
    linkLayerAddress: null,
    reachabilityTime: null,
    state: "stale",
  };
}

function rawOf(octets: Uint8Array): RawRow {
  const row = { octets, addressStart: 0, addressEnd: octets.length };
  return { ...row, isProxy: false } as RawRow;
}

const SUBNET = fc.tuple(ADDRESS_BYTES, fc.nat(128)).map(([bytes, drawn]) => {
  const bits = 8 * bytes.length;
  const length = drawn % (bits + 1);
  return { bytes, bits, length, host: BigInt(bits - length) };
});

Deno.test("parseFilter() takes a subnet without host bits, refuses one with", () => {
  property(SUBNET, ({ bytes, length, host }) => {
    const subnet = `${formatAddress(bytes)}/${length}`;
    const number = numberOf(bytes);
    const answer = attempt(() => parseFilter({ subnet }));
    assertEquals("value" in answer, number >> host << host === number);
    if ("refused" in answer) assertEquals(answer.refused, "INVALID_PARAMETER");
    else assertEquals(answer.value.families, [rowOf(bytes).family]);
  });
});

Deno.test("parseFilter() accepts the rows whose first bits are the subnet's", () => {
  const wanted = { true: 0, false: 0 };
  // The row differs from the subnet in one bit, or in what is drawn for all
  const BIT = fc.option(fc.nat(127));
  property(
    SUBNET,
    BIT,
    ADDRESS_BYTES,
    ({ bytes, bits, length, host }, bit, other) => {
      const number = numberOf(bytes);
      const network = number >> host << host;
      const row = bit === null ? other : bytesOf(
        number ^ 1n << BigInt(bit % bits),
        bytes.length,
      );
      const subnet = `${
        formatAddress(bytesOf(network, bytes.length))
      }/${length}`;
      const { wants, matches } = parseFilter({ subnet });
      const isInside = row.length === bytes.length &&
        numberOf(row) >> host === network >> host;
      assertEquals(wants(rowOf(row)), isInside);
      assertEquals(matches(rawOf(row)), isInside);
      assertEquals(matchSubnets(formatAddress(row), [subnet]), isInside);
      wanted[`${isInside}`]++;
    },
  );
  assert(wanted.true > 500 && wanted.false > 500);
});

Deno.test("parseFilter() of several subnets accepts what one of them does", () => {
  const wanted = { true: 0, false: 0 };
  const SUBNETS = fc.array(fc.oneof(SUBNET, SUBNET.map(whole)), {
    minLength: 1,
    maxLength: 5,
  });
  property(SUBNETS, ADDRESS_BYTES, fc.nat(8), (drawn, other, which) => {
    const subnet = drawn.map(({ bytes, length, host }) => {
      const network = numberOf(bytes) >> host << host;
      const text = formatAddress(bytesOf(network, bytes.length));
      return host === 0n ? text : `${text}/${length}`;
    });
    // An address of one of them, or any other
    const row = drawn[which]?.bytes ?? other;
    const { wants, matches } = parseFilter({ subnet });
    const isInside = subnet.some((one) =>
      parseFilter({ subnet: one }).wants(rowOf(row))
    );
    assertEquals(wants(rowOf(row)), isInside);
    assertEquals(matches(rawOf(row)), isInside);
    wanted[`${isInside}`]++;
  });
  assert(wanted.true > 100 && wanted.false > 100, JSON.stringify(wanted));
});

/** The same address with its full length, which is written without one. */
function whole({ bytes, bits }: { bytes: Uint8Array; bits: number }) {
  return { bytes, bits, length: bits, host: 0n };
}

Deno.test("parseFilter() refuses any other text for a subnet", () => {
  const PREFIX = fc.oneof(
    fc.nat(140).map(String),
    fc.stringMatching(/^[0-9 +.ex-]{0,3}$/),
  );
  property(ADDRESS_TEXT, PREFIX, (text, prefix) => {
    const answer = attempt(() => parseFilter({ subnet: `${text}/${prefix}` }));
    if ("refused" in answer) assertEquals(answer.refused, "INVALID_PARAMETER");
    else {
      assert(/^[0-9]{1,3}$/.test(prefix));
      assert(Number(prefix) <= { 4: 32, 6: 128, 0: -1 }[isIP(text)]!);
      assert(!text.includes("%"));
    }
  });
});
