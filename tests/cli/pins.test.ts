import { assert, assertEquals } from "@std/assert";
import { parsePins, type PinsFile } from "../../cli/pins/file.ts";
import type { EntryList } from "../../ffi/entry_list.ts";
import type { EntryMember } from "../../ffi/types/error.ts";
import type { Neighbor, NeighborState } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const WINDOWS = interfaceOf(12, "Ethernet", "0x0006008000000000");
const LINUX = interfaceOf(3, "eth0");
const MAC = "02:fc:00:00:00:05";
const PIN = '{"address": "192.0.2.7", "linkLayerAddress": "02-fc-00-00-00-05"';

/** What a file has wrong, as compilers say it. */
function mistakesOf(text: string): string[] {
  return parsePins(text, "p").problems
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** The entries, and the place of each. */
function entriesOf(file: PinsFile): unknown[] {
  assertEquals(file.pins.length, file.entries.length);
  return file.entries.given.map((entry, position) => ({
    entry,
    place: file.placeOf(position),
  }));
}

function addressesOf(entries: EntryList): string[] {
  return entries.given.map((_, position) => entries.address(position));
}

function listing(...rows: Neighbor[]): string {
  return JSON.stringify(rows, null, 2);
}

Deno.test("parsePins() parses a file of pins, with the place of each", () => {
  const file = parsePins(
    `{
  "$schema": "./pins.schema.json",
  "comment": ["office", 3],
  "neighbors": [
    ${PIN}, "interfaceAlias": "Ethernet", "comment": "printer"},
    ${PIN}, "interfaceLuid": "0x6008000000000", "interfaceIndex": null},
    {"address": "fe80::1%Ethernet", "linkLayerAddress": "02fc.0000.0005"}
  ]
}`,
    "pins.json",
  );
  const { skipped, warnings, problems } = file;
  assertEquals(problems, []);
  const [address, linkLayerAddress] = ["192.0.2.7", "02-fc-00-00-00-05"];
  assertEquals(entriesOf(file), [
    {
      entry: {
        ...{ address, linkLayerAddress, interfaceAlias: "Ethernet" },
        comment: "printer",
      },
      place: { line: 5, column: 5 },
    },
    {
      entry: { address, linkLayerAddress, interfaceLuid: "0x6008000000000" },
      place: { line: 6, column: 5 },
    },
    {
      entry: {
        address: "fe80::1%Ethernet",
        linkLayerAddress: "02fc.0000.0005",
      },
      place: { line: 7, column: 5 },
    },
  ]);
  assertEquals(warnings, []);
  assertEquals(Object.values(skipped).some((count) => count > 0), false);
});

Deno.test("parsePins() parses a listing: permanent rows, by their most lasting interface name", () => {
  for (
    const [on, name] of [
      [WINDOWS, { interfaceLuid: "0x0006008000000000" }],
      [LINUX, { interfaceAlias: "eth0" }],
    ] as const
  ) {
    const rows = [rowOf(on, "192.0.2.7", MAC), rowOf(on, "fe80::1", MAC)];
    const text = listing(...rows);
    for (const file of [text, `{"neighbors": ${text}}`]) {
      const { entries, warnings } = parsePins(file, "-");
      assertEquals<unknown>(entries.given, [
        { address: "192.0.2.7", linkLayerAddress: MAC, ...name },
        { address: "fe80::1", linkLayerAddress: MAC, ...name },
      ]);
      assertEquals(warnings, []);
    }
  }
});

Deno.test("parsePins() skips and counts rows that are not pins", () => {
  const others: NeighborState[] = [
    ...["unreachable", "incomplete", "probe", "delay", "stale"] as const,
    ...["reachable", "none", "noarp", "failed"] as const,
  ];
  const { entries, pins, skipped } = parsePins(
    listing(
      ...others.map((state) => rowOf(LINUX, "192.0.2.7", MAC, state)),
      rowOf(LINUX, "192.0.2.8", null),
      rowOf(LINUX, "239.1.2.3", "01:00:5e:01:02:03"),
      rowOf(LINUX, "ff02::1", "33:33:00:00:00:01"),
      rowOf(LINUX, "255.255.255.255", "ff:ff:ff:ff:ff:ff"),
      rowOf(LINUX, "192.0.2.255", "FF:FF:FF:FF:FF:FF"),
      { ...rowOf(LINUX, "192.0.2.9", MAC), flags: ["proxy"] },
      rowOf(LINUX, "192.0.2.10", MAC),
    ),
    "-",
  );
  assertEquals([addressesOf(entries), pins.length], [["192.0.2.10"], 1]);
  assertEquals(skipped, {
    notPermanent: others.length,
    noLinkLayerAddress: 1,
    multicast: 2,
    broadcast: 2,
    proxy: 1,
    notWritable: 0,
  });
});

Deno.test("parsePins() skips and counts rows that this package cannot write", () => {
  const { entries, pins, skipped, problems } = parsePins(
    listing(
      rowOf(LINUX, "127.0.0.2", MAC),
      rowOf(LINUX, "0.0.0.0", MAC),
      rowOf(LINUX, "::1", MAC),
      rowOf(LINUX, "::", MAC),
      rowOf(LINUX, "::ffff:192.0.2.7", MAC),
      rowOf(LINUX, "255.255.255.255", MAC),
      rowOf(LINUX, "127.0.0.3", MAC, "noarp"),
      rowOf(LINUX, "192.0.2.10", MAC),
    ),
    "-",
  );
  assertEquals(problems, []);
  assertEquals([addressesOf(entries), pins.length], [["192.0.2.10"], 1]);
  assertEquals(
    [skipped.notWritable, skipped.broadcast, skipped.notPermanent],
    [5, 1, 1],
  );
});

Deno.test("parsePins() treats an unreachable row with a zero address as one without an address", () => {
  const zero = "00:00:00:00:00:00";
  const { pins, problems } = parsePins(
    listing(
      rowOf(WINDOWS, "192.0.2.7", zero, "unreachable"),
      rowOf(WINDOWS, "192.0.2.8", zero, "incomplete"),
    ),
    "-",
  );
  assertEquals([pins, problems], [[], []]);
});

Deno.test("parsePins() accepts a pin written by hand, multicast too", () => {
  const text = `[{"address": "239.1.2.3", "linkLayerAddress": "${MAC}",
    "interfaceAlias": "eth0"}]`;
  assertEquals(parsePins(text, "-").pins.length, 1);
});

Deno.test("parsePins() warns of an index, at its place", () => {
  const { pins, warnings } = parsePins(
    `[
  ${PIN}, "interfaceIndex": 12},
  {"address": "fe80::1%12", "linkLayerAddress": "${MAC}"},
  {"address": "fe80::1%12a", "linkLayerAddress": "${MAC}"}
]`,
    "-",
  );
  assertEquals(pins.length, 3);
  assertEquals(
    warnings.map(({ line, column }) => [line, column]),
    [[2, PIN.length + 23], [3, 15]],
  );
  assert(warnings[0]!.message.includes("may change at a reboot"));
});

for (
  const [text, place, words] of [
    ["12", "1:1", "The file is a number: it takes"],
    ['"x"', "1:1", "The file is a text"],
    ["null", "1:1", "The file is null"],
    ["{}", "1:1", 'The file has no member "neighbors"'],
    [
      '{"address": "192.0.2.7", "interfaceAlias": "va"}',
      "1:1",
      "The file has the members of a pin: a pin stands in a list, " +
      '{"neighbors": [{…}]}',
    ],
    ['{"Neighbors": []}', "1:2", 'A pins file has no member "Neighbors"'],
    ['{"neighbors": {}}', "1:15", "takes an array, not an object"],
    ['{"neighbors": [], "neighbors": []}', "1:19", '"neighbors" stands twice'],
    ["[1]", "1:2", "A pin is an object, not a number"],
    ["[[]]", "1:2", "A pin is an object, not an array"],
    [`[${PIN}}]`, "1:2", "No interface given for 192.0.2.7: name"],
    [`[${PIN}, "interfaceIndex": 0}]`, "1:86", "No interface given"],
    [
      '[{"linkLayerAddress": "02", "interfaceIndex": 1}]',
      "1:2",
      "The member address is missing",
    ],
    [
      '[{"address": "192.0.2.7", "linkLayerAddress": "02", "flags": []}]'
        .replace("flags", 'interfaceIndex": 1, "flags'),
      "1:74",
      'A pin has no member "flags"',
    ],
    [`[${PIN}, "interfaceAlias": ""}]`, "1:86", "alias is empty"],
    [`[${PIN}, "interfaceIndex": -1}]`, "1:86", "index -1 is not a whole"],
    [`[${PIN}, "interfaceIndex": "3"}]`, "1:86", "takes a number"],
    [`[${PIN}, "interfaceLuid": 3}]`, "1:85", 'takes a bigint or "0x…" text'],
    [
      `[${PIN}, "interfaceIndex": 1, "interfacealias": "a"}]`,
      "1:89",
      'no member "interfacealias"',
    ],
    [
      `[${PIN}, "interfaceAlias": "a", "interfaceIndex": 1}]`,
      "1:2",
      "more than once, by interfaceAlias and interfaceIndex: keep one",
    ],
    [
      '[{"address": 7, "linkLayerAddress": "02", "interfaceIndex": 1}]',
      "1:14",
      "The member address takes text",
    ],
    [
      '[\n{"address": "127.0.0.1", "linkLayerAddress": "02", "interfaceIndex": 1}]',
      "2:13",
      "is a loopback address",
    ],
    [
      '[{"address": "192.0.2.7", "linkLayerAddress": "0g", "interfaceIndex": 1}]',
      "1:47",
      'octet 1 is "0g"',
    ],
    [
      '[{"address": "192.0.2.7", "linkLayerAddress": null, "interfaceIndex": 1}]',
      "1:47",
      "The member linkLayerAddress is missing",
    ],
    [`[${PIN}, "state": "permanent"}]`, "1:2", "No interface given"],
    [`[${PIN}, "state": "pinned"}]`, "1:77", 'The state "pinned" is none of'],
    [`[${PIN}, "state": ["stale"]}]`, "1:77", "The state an Array is none of"],
    [
      `[${PIN}, "state": "stale", "nud": 1}]`,
      "1:86",
      'A row has no member "nud"',
    ],
    [
      `[${PIN}, "state": "stale", "family": "ipv6"}]`,
      "1:14",
      'is ipv4, the row\'s family is "ipv6"',
    ],
    ['[{"address": "1.2.3", "state": "stale"}]', "1:14", "Cannot parse IP"],
    ['[{"address": 7, "state": "stale"}]', "1:14", "The address takes text"],
    [
      '[{"address": "::1", "linkLayerAddress": 7, "state": "stale"}]',
      "1:41",
      "The link-layer address takes text or null",
    ],
    [
      '[{"address": "::1", "interfaceIndex": -1, "state": "stale"}]',
      "1:39",
      "The interface index -1 is not a whole number",
    ],
  ] as const
) {
  Deno.test(`parsePins() refuses ${text} at ${place}`, () => {
    const { problems, pins } = parsePins(text, "pins.json");
    assertEquals([problems.length, pins.length], [1, 0]);
    const { line, column, message } = problems[0]!;
    assertEquals(`${line}:${column}`, place, message);
    assert(message.includes(words), message);
  });
}

Deno.test("parsePins() reports every mistake, in the order of the file", () => {
  const found = mistakesOf(`[
  ${PIN.replace("192.0.2.7", "192.0.2.777")}, "interfaceAlias": "a"},
  3,
  ${PIN}, "interfaceAlias": "", "address": "x", "who": 1},
  {},
  {"linkLayerAddress": "0g", "address": 7, "interfaceIndex": -1},
  ${PIN}, "interfaceAlias": "a"}
]`);
  assertEquals(found.map((one) => one.slice(0, one.indexOf(" "))), [
    ...["2:15:", "3:3:", "4:87:", "4:91:", "4:107:", "5:3:", "5:3:", "5:3:"],
    ...["6:24:", "6:41:", "6:62:"],
  ]);
  for (
    const [i, words] of [
      "an octet is over 255",
      "A pin is an object, not a number",
      "The interface alias is empty",
      '"address" stands twice',
      'no member "who"',
      "The member address is missing",
      "The member linkLayerAddress is missing",
      "No interface given",
      'octet 1 is "0g"',
      "The member address takes text",
      "index -1 is not a whole number",
    ].entries()
  ) assert(found[i]!.includes(words), found[i]);
});

Deno.test("parsePins() reports a syntax error alone", () => {
  const { pins, problems, warnings } = parsePins(
    `[3, {"address": "x"}, ${PIN}, "interfaceIndex": 3}, yes]`,
    "p",
  );
  assertEquals([pins, warnings, problems.length], [[], [], 1]);
  assert(problems[0]!.message.includes('"yes" is no JSON value'));
});

Deno.test("parsePins() keeps the pins beside refused ones", () => {
  const { entries, pins, problems } = parsePins(
    `[${PIN}, "interfaceAlias": "a"}, {}, ${PIN}, "interfaceAlias": "b"}]`,
    "p",
  );
  assertEquals(
    pins.map((_, position) => entries.named(position).alias),
    ["a", "b"],
  );
  assertEquals(entries.length, 2);
  assertEquals(problems.length, 3);
});

Deno.test("parsePins() knows the place of each member of a pin", () => {
  const file = parsePins(
    `[
  {"linkLayerAddress": "${MAC}",
   "interfaceAlias": "eth0",
   "address": "192.0.2.7"},
  {"address": "fe80::1%eth0", "linkLayerAddress": "${MAC}"},
  {"address": "192.0.2.8", "interfaceIndex": 3, "linkLayerAddress": "${MAC}",
   "protocol": 42}
]`,
    "p",
  );
  const placesOf = (i: number) =>
    ([
      undefined,
      "address",
      "linkLayerAddress",
      "interface",
      "protocol",
      null,
    ] satisfies (EntryMember | null | undefined)[]).map((member) =>
      Object.values(file.placeOf(i, member)).join(":")
    );
  assertEquals(placesOf(0), ["2:3", "4:15", "2:24", "3:22", "2:3", "2:3"]);
  // The zone is part of the address
  assertEquals(placesOf(1), ["5:3", "5:15", "5:51", "5:15", "5:3", "5:3"]);
  assertEquals(placesOf(2), ["6:3", "6:15", "6:69", "6:46", "7:16", "6:3"]);
});

Deno.test("parsePins() names the limit of nesting, in a comment too", () => {
  const nested = "[".repeat(3000) + "]".repeat(3000);
  const found = mistakesOf(
    `[${PIN}, "interfaceAlias": "a", "comment": ${nested}}]`,
  );
  assertEquals(found.length, 1);
  assert(found[0]!.includes("deeper than the limit of 64"), found[0]);
  const shallow = "[".repeat(60) + "]".repeat(60);
  assertEquals(
    mistakesOf(`[${PIN}, "interfaceAlias": "a", "comment": ${shallow}}]`),
    [],
  );
});
