import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseKey } from "../../ffi/parse/entry.ts";
import { parseResolve } from "../../ffi/parse/resolve.ts";
import { NeighborError } from "../../ffi/types/error.ts";

function keyOf(address: string): EntryList {
  const entries = new EntryList();
  parseKey(entries, { address, interfaceAlias: "va" });
  return entries;
}

const IPV4 = keyOf("10.0.0.7");
const IPV6 = keyOf("fe80::7");

Deno.test("parseResolve() without options waits five seconds, from no source", () => {
  assertEquals(parseResolve({}, IPV4), {
    source: null,
    timeout: 5000,
    signal: undefined,
  });
});

Deno.test("parseResolve() takes a timeout, a signal and a source of the entry's family", () => {
  const signal = AbortSignal.abort();
  for (const timeout of [1, 2, 0x7fff_ffff]) {
    const parsed = parseResolve({ timeout, signal }, IPV4);
    assertEquals([parsed.timeout, parsed.source], [timeout, null]);
    assertStrictEquals(parsed.signal, signal);
  }
  const { source } = parseResolve({ sourceAddress: "10.0.0.1" }, IPV4);
  assertEquals(source, Uint8Array.of(10, 0, 0, 1));
  const six = parseResolve({ sourceAddress: "fe80::1" }, IPV6).source;
  assertEquals([six?.length, six?.[0], six?.[15]], [16, 0xfe, 1]);
});

for (
  const [options, entries, message] of [
    [{ timeout: 0 }, IPV4, "The timeout the number 0 is not a whole number"],
    [{ timeout: -1 }, IPV4, "The timeout the number -1 is not"],
    [{ timeout: 1.5 }, IPV4, "The timeout the number 1.5 is not"],
    [{ timeout: NaN }, IPV4, "The timeout the number NaN is not"],
    [{ timeout: 0x8000_0000 }, IPV4, "from 1 to 2147483647"],
    [{ timeout: "5" }, IPV4, 'The timeout "5" is not'],
    [{ timeout: null }, IPV4, "The timeout null is not"],
    [{ signal: {} }, IPV4, "The option signal takes an AbortSignal"],
    [{ bogus: 1 }, IPV4, 'There is no option "bogus"'],
    [null, IPV4, "No options given"],
    [
      { sourceAddress: 7 },
      IPV4,
      "The sourceAddress takes text, not the number 7",
    ],
    [{ sourceAddress: "" }, IPV4, "Cannot parse IP address"],
    [
      { sourceAddress: "fe80::1" },
      IPV4,
      '"fe80::1" is no ipv4 address without a zone',
    ],
    [{ sourceAddress: "10.0.0.1" }, IPV6, '"10.0.0.1" is no ipv6 address'],
    [
      { sourceAddress: "239.0.0.1" },
      IPV4,
      'The sourceAddress "239.0.0.1" is a multicast address',
    ],
    [{ sourceAddress: "FF02::1" }, IPV6, '"FF02::1" is a multicast address'],
    [
      { sourceAddress: "fe80::1%va" },
      IPV6,
      '"fe80::1%va" is no ipv6 address without a zone',
    ],
  ] as [unknown, EntryList, string][]
) {
  Deno.test(`parseResolve() refuses ${Deno.inspect(options)} for ${entries.address(0)}`, () => {
    const error = assertThrows(
      () => parseResolve(options as never, entries),
      NeighborError,
      message,
    );
    assertEquals([error.code, error.status], ["INVALID_PARAMETER", null]);
    assertStrictEquals(error.entry, entries.given[0]);
  });
}
