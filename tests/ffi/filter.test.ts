import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { NeighborError } from "../../ffi/types/error.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type {
  Neighbor,
  NeighborFilter,
  NeighborState,
} from "../../ffi/types/neighbor.ts";

function row(address: string, state: Neighbor["state"] = "stale"): Neighbor {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    interfaceIndex: 12,
    interfaceLuid: "0x0006008000000000",
    interfaceAlias: "Ethernet",
    linkLayerAddress: null,
    state,
    isRouter: false,
    isUnreachable: false,
    reachabilityTime: 0,
  };
}

// A record, so that the compiler reports a missing state
const STATES = Object.keys(
  {
    unreachable: 0,
    incomplete: 0,
    probe: 0,
    delay: 0,
    stale: 0,
    reachable: 0,
    permanent: 0,
    none: 0,
    noarp: 0,
    failed: 0,
  } satisfies Record<NeighborState, 0>,
) as NeighborState[];

function refuse(given: unknown, message: string): void {
  const error = assertThrows(
    () => parseFilter(given as NeighborFilter),
    NeighborError,
  );
  assertEquals(error.message, message);
  assertEquals(error.code, "INVALID_PARAMETER");
  assertEquals(error.status, null);
  assertEquals(error.operation, null);
  assertStrictEquals(error.entry, given);
}

Deno.test("parseFilter() accepts every row when the filter is empty", () => {
  const { families, interface: named, wants, isProxyGiven } = parseFilter({});
  assertEquals(isProxyGiven, false);
  assertEquals(families, ["ipv4", "ipv6"]);
  assertEquals(named, null);
  for (const state of STATES) {
    assertEquals(wants(row("192.0.2.7", state)), true);
    assertEquals(wants(row("2001:db8::7", state)), true);
  }
});

Deno.test("parseFilter() takes every member of its type at once", () => {
  // The compiler reports a missing member
  const filter: Required<NeighborFilter> = {
    family: "ipv4",
    state: "stale",
    subnet: "192.0.2.0/24",
    linkLayerAddress: "02:",
    protocol: 42,
    interfaceLuid: null,
    interfaceIndex: 12,
    interfaceAlias: null,
    proxy: false,
  };
  const given = row("192.0.2.7");
  const { wants, isProxyGiven } = parseFilter(filter);
  assertEquals([wants(given), isProxyGiven], [false, true]);
  const linkLayerAddress = "02:fc:00:00:00:05";
  assertEquals(wants({ ...given, linkLayerAddress, protocol: 42 }), true);
});

Deno.test("parseFilter() ignores undefined members", () => {
  const given = { family: undefined, state: undefined, subnet: undefined };
  const { families, wants } = parseFilter(given as unknown as NeighborFilter);
  assertEquals(families, ["ipv4", "ipv6"]);
  assertEquals(wants(row("192.0.2.7")), true);
});

for (const family of ["ipv4", "ipv6"] as const) {
  Deno.test(`parseFilter() asks for one family when it is ${family}`, () => {
    assertEquals(parseFilter({ family }).families, [family]);
  });
}

for (const state of STATES) {
  Deno.test(`parseFilter() wants one state when it is ${state}`, () => {
    for (const given of [state, [state]]) {
      const { wants } = parseFilter({ state: given });
      assertEquals(
        STATES.filter((one) => wants(row("192.0.2.7", one))),
        [state],
      );
    }
  });
}

Deno.test("parseFilter() accepts any of several states", () => {
  const { wants } = parseFilter({ state: ["stale", "permanent", "stale"] });
  assertEquals(
    STATES.filter((one) => wants(row("192.0.2.7", one))),
    ["stale", "permanent"],
  );
});

Deno.test("parseFilter() is not affected by later changes of its argument", () => {
  const state: Neighbor["state"][] = ["stale"];
  const { wants } = parseFilter({ state });
  state.push("permanent");
  assertEquals(wants(row("192.0.2.7", "permanent")), false);
});

Deno.test("parseFilter() accepts a row only where state and subnet match", () => {
  const { wants } = parseFilter({ state: "stale", subnet: "192.0.2.0/24" });
  assertEquals(wants(row("192.0.2.7", "stale")), true);
  assertEquals(wants(row("192.0.2.7", "probe")), false);
  assertEquals(wants(row("192.0.3.7", "stale")), false);
  assertEquals(wants(row("192.0.3.7", "probe")), false);
});

const OURS = "02:fc:00:00:00:05";

for (
  const [linkLayerAddress, matching, others] of [
    [OURS, [OURS], ["02:fc:00:00:00:06", `${OURS}:00`, null]],
    ["02-FC-00-00-00-05", [OURS], [null]],
    ["02fc.0000.0005", [OURS], ["02:fc"]],
    ["2:fc:0:0:0:5", [OURS], []],
    ["02:fc", ["02:fc"], [OURS]],
    ["02:fc:", [OURS, "02:fc"], ["02:fd:00:00:00:05", "02", "20:2f:c0", null]],
    ["2:FC:", [OURS], ["20:fc:00:00:00:05"]],
    ["02-fc-", [OURS], ["00:02:fc"]],
    ["2:", [OURS], ["22:fc", null]],
  ] as const
) {
  Deno.test(`parseFilter() wants the link-layer address ${linkLayerAddress}`, () => {
    const { wants } = parseFilter({ linkLayerAddress });
    const of = (linkLayerAddress: string | null) =>
      wants({ ...row("192.0.2.7"), linkLayerAddress } as Neighbor);
    for (const one of matching) assertEquals(of(one), true, one);
    for (const one of others) assertEquals(of(one), false, String(one));
  });
}

Deno.test("parseFilter() wants one protocol, which a row of Windows never has", () => {
  const { wants } = parseFilter({ protocol: 42 });
  const of = (protocol: number | null) =>
    wants({ ...row("192.0.2.7"), protocol });
  assertEquals([of(42), of(41), of(null)], [true, false, false]);
  assertEquals(wants(row("192.0.2.7")), false);
});

Deno.test("parseFilter() names the interface when one is given", () => {
  assertEquals(parseFilter({ interfaceIndex: 12 }).interface, {
    luid: 0n,
    index: 12,
    alias: null,
  });
  assertEquals(parseFilter({ interfaceLuid: "0x1" }).interface, {
    luid: 1n,
    index: 0,
    alias: null,
  });
  assertEquals(parseFilter({ interfaceAlias: "以太网" }).interface, {
    luid: 0n,
    index: 0,
    alias: "以太网",
  });
});

for (
  const [given, what] of [
    [null, "null"],
    ["stale", '"stale"'],
    [12, "the number 12"],
    [() => {}, "a Function"],
  ] as const
) {
  Deno.test(`parseFilter() refuses ${what} for a filter`, () => {
    refuse(given, `No filter given: it is an object, not ${what}`);
  });
}

for (const given of [[], ["stale"], new Map([["state", "stale"]])]) {
  Deno.test(`parseFilter() refuses ${Deno.inspect(given)}, or it would be all rows`, () => {
    const error = assertThrows(
      () => parseFilter(given as NeighborFilter),
      NeighborError,
    );
    assertEquals(error.code, "INVALID_PARAMETER");
  });
}

const ALL = STATES.join(", ");
const EMPTY = "The link-layer address is empty, it takes 1 to 32 octets";
/** One octet more than a prefix takes. */
const LONGEST = "02:".repeat(32);
function notPrefix(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return `Cannot parse link-layer prefix "${shown}": it is 1 to 31 octets, ` +
    'each followed by ":", or each by "-", such as 02:fc:';
}

for (
  const [given, message] of [
    [{ famly: "ipv4" }, 'A filter has no member "famly"'],
    [{ interface: "Ethernet" }, 'A filter has no member "interface"'],
    [{ address: "192.0.2.7" }, 'A filter has no member "address"'],
    [{ permanent: undefined }, 'A filter has no member "permanent"'],
    [{ constructor: 1 }, 'A filter has no member "constructor"'],
    [{ family: "inet" }, 'The family "inet" is neither "ipv4" nor "ipv6"'],
    [{ family: "IPv4" }, 'The family "IPv4" is neither "ipv4" nor "ipv6"'],
    [{ family: "" }, 'The family "" is neither "ipv4" nor "ipv6"'],
    [{ family: 4 }, 'The family "4" is neither "ipv4" nor "ipv6"'],
    [{ family: null }, 'The family null is neither "ipv4" nor "ipv6"'],
    [{ state: [] }, "The list of states is empty"],
    [{ state: "" }, `The state "" is none of ${ALL}`],
    [{ state: "Stale" }, `The state "Stale" is none of ${ALL}`],
    [{ state: "dead" }, `The state "dead" is none of ${ALL}`],
    [{ state: "toString" }, `The state "toString" is none of ${ALL}`],
    [{ state: "stale,probe" }, `The state "stale,probe" is none of ${ALL}`],
    [{ state: ["stale", "dead"] }, `The state "dead" is none of ${ALL}`],
    [{ state: ["stale", ""] }, `The state "" is none of ${ALL}`],
    [{ state: 6 }, `The state "6" is none of ${ALL}`],
    [{ state: null }, `The state null is none of ${ALL}`],
    [{ state: [["stale"]] }, `The state an Array is none of ${ALL}`],
    [{ linkLayerAddress: "" }, EMPTY],
    ...["02-fc:", ":", "-", "02:fc::", "02:fg:", "2-fc-", "02-:", " 2:fc:"]
      .map((text) => [{ linkLayerAddress: text }, notPrefix(text)] as const),
    [{ linkLayerAddress: LONGEST }, notPrefix(LONGEST)],
    [
      { linkLayerAddress: "02:fc*" },
      'Cannot parse link-layer address "02:fc*": octet 2 is "fc*", ' +
      "not one or two hexadecimal digits",
    ],
    [
      { linkLayerAddress: null },
      "The filter's linkLayerAddress takes text, not null",
    ],
    [
      { linkLayerAddress: Uint8Array.of(2) },
      "The filter's linkLayerAddress takes text, not a Uint8Array",
    ],
    [
      { protocol: 0 },
      "The protocol 0 is that of an entry without one: omit it",
    ],
    [
      { protocol: 256 },
      "The protocol 256 is not a whole number from 1 to 255",
    ],
    [
      { protocol: 1.5 },
      "The protocol 1.5 is not a whole number from 1 to 255",
    ],
    [
      { protocol: "42" },
      'The protocol takes a number from 1 to 255, not "42"',
    ],
    [
      { protocol: null },
      "The protocol takes a number from 1 to 255, not null",
    ],
    [
      { protocol: [42] },
      "The protocol takes a number from 1 to 255, not an Array",
    ],
    ...["yes", null, 1].map((proxy) =>
      [{ proxy }, "The filter's proxy takes true or false"] as const
    ),
    [{ interfaceIndex: 0 }, "The filter names interface 0, there is none"],
    [{ interfaceLuid: 0n }, "The filter names interface 0, there is none"],
    [{ interfaceLuid: "0x0" }, "The filter names interface 0, there is none"],
    [{ interfaceAlias: "" }, "The interface alias is empty"],
    [
      { interfaceAlias: "a\0" },
      'The interface alias "a\0" has a NUL character in it',
    ],
    [
      { interfaceIndex: NaN },
      "The interface index NaN is not a whole number from 1 to 4294967295",
    ],
    [
      { interfaceLuid: 12 },
      'The member interfaceLuid takes a bigint or "0x…" text, not the number 12',
    ],
  ] as const
) {
  Deno.test(`parseFilter() refuses ${Deno.inspect(given)}`, () => {
    refuse(given, message);
  });
}

Deno.test("parseFilter() refuses a state or family that cannot become text", () => {
  for (const value of [Object.create(null), Symbol("stale")]) {
    for (
      const given of [{ state: value }, { state: [value] }, { family: value }]
    ) {
      const error = assertThrows(
        () => parseFilter(given as NeighborFilter),
        NeighborError,
      );
      assertEquals(error.code, "INVALID_PARAMETER");
    }
  }
});
