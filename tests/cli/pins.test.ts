import { assert, assertEquals, assertThrows } from "@std/assert";
import { parsePins } from "../../cli/pins/file.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { Neighbor, NeighborState } from "../../ffi/types/neighbor.ts";
import { interfaceOf, rowOf } from "../helpers/fake_table.ts";

const WINDOWS = interfaceOf(12, "Ethernet", "0x0006008000000000");
const LINUX = interfaceOf(3, "eth0");
const MAC = "02:fc:00:00:00:05";
const PIN = '{"address": "192.0.2.7", "linkLayerAddress": "02-fc-00-00-00-05"';

function listing(...rows: Neighbor[]): string {
  return JSON.stringify(rows, null, 2);
}

Deno.test("parsePins() takes a file of pins, with where each stands", () => {
  const { pins, skipped, warnings } = parsePins(
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
  const [address, linkLayerAddress] = ["192.0.2.7", "02-fc-00-00-00-05"];
  assertEquals(pins, [
    {
      entry: { address, linkLayerAddress, interfaceAlias: "Ethernet" },
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
      } as never,
      place: { line: 7, column: 5 },
    },
  ]);
  assertEquals(warnings, []);
  assertEquals(Object.values(skipped).some((count) => count > 0), false);
});

Deno.test("parsePins() takes a listing: what is permanent, by the name that lasts", () => {
  for (
    const [on, name] of [
      [WINDOWS, { interfaceLuid: "0x0006008000000000" }],
      [LINUX, { interfaceAlias: "eth0" }],
    ] as const
  ) {
    const rows = [rowOf(on, "192.0.2.7", MAC), rowOf(on, "fe80::1", MAC)];
    const text = listing(...rows);
    for (const file of [text, `{"neighbors": ${text}}`]) {
      const { pins, warnings } = parsePins(file, "-");
      assertEquals<unknown>(pins.map(({ entry }) => entry), [
        { address: "192.0.2.7", linkLayerAddress: MAC, ...name },
        { address: "fe80::1", linkLayerAddress: MAC, ...name },
      ]);
      assertEquals(warnings, []);
    }
  }
});

Deno.test("parsePins() skips and counts the rows that are no pins", () => {
  const others: NeighborState[] = [
    ...["unreachable", "incomplete", "probe", "delay", "stale"] as const,
    ...["reachable", "none", "noarp", "failed"] as const,
  ];
  const { pins, skipped } = parsePins(
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
  assertEquals(pins.map(({ entry }) => entry.address), ["192.0.2.10"]);
  assertEquals(skipped, {
    notPermanent: others.length,
    noLinkLayerAddress: 1,
    multicast: 2,
    broadcast: 2,
    proxy: 1,
  });
});

Deno.test("parsePins() makes a pin of what was written as one, multicast too", () => {
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
    [[2, PIN.length + 23], [3, 3]],
  );
  assert(warnings[0]!.message.includes("does not outlive a reboot"));
});

for (
  const [text, place, words] of [
    ["12", "1:1", "The file is a number: it takes"],
    ['"x"', "1:1", "The file is a text"],
    ["null", "1:1", "The file is null"],
    ["{}", "1:1", 'The file has no member "neighbors"'],
    ['{"Neighbors": []}', "1:2", 'A pins file has no member "Neighbors"'],
    ['{"neighbors": {}}', "1:15", "takes an array, not an object"],
    ['{"neighbors": [], "neighbors": []}', "1:19", '"neighbors" stands twice'],
    ["[1]", "1:2", "A pin is an object, not a number"],
    ["[[]]", "1:2", "A pin is an object, not an array"],
    ["[{}]", "1:2", "The member address is missing"],
    [`[${PIN}}]`, "1:2", "No interface given for 192.0.2.7"],
    [`[${PIN}, "interfaceAlias": ""}]`, "1:86", "alias is empty"],
    [`[${PIN}, "interfaceIndex": -1}]`, "1:86", "index -1 is not a whole"],
    [`[${PIN}, "interfaceIndex": "3"}]`, "1:86", "takes a number"],
    [`[${PIN}, "interfaceLuid": 3}]`, "1:85", 'takes a bigint or "0x…" text'],
    [`[${PIN}, "interfacealias": "a"}]`, "1:68", 'no member "interfacealias"'],
    [
      `[${PIN}, "interfaceAlias": "a", "interfaceIndex": 1}]`,
      "1:2",
      "more than once, by interfaceIndex and interfaceAlias: keep one",
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
    [`[${PIN}, "state": ["stale"]}]`, "1:77", "The state takes text"],
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
  ] as const
) {
  Deno.test(`parsePins() refuses ${text} at ${place}`, () => {
    const error = assertThrows(() => parsePins(text, "pins.json"), Refusal);
    const start = `pins.json:${place}: `;
    assertEquals(error.message.slice(0, start.length), start, error.message);
    assert(error.message.includes(words), error.message);
    assert(error.message.endsWith("; nothing was changed"));
    assertEquals([error.code, error.error.code], [2, "INVALID_PARAMETER"]);
  });
}

Deno.test("parsePins() tells every mistake, in the order of the file", () => {
  const text = `[
  ${PIN.replace("192.0.2.7", "192.0.2.777")}, "interfaceAlias": "a"},
  3,
  ${PIN}, "interfaceAlias": "a", "address": "x", "who": 1},
  ${PIN}, "interfaceAlias": "a"}
]`;
  const error = assertThrows(() => parsePins(text, "p"), Refusal);
  assertEquals(error.message, "p: 4 mistakes; nothing was changed");
  assert(error.before[0]!.startsWith("p:2:15: Cannot parse IP address"));
  const { file, problems } = error.details as {
    file: string;
    problems: { line: number; column: number; message: string }[];
  };
  assertEquals(file, "p");
  assertEquals(problems.map(({ line }) => line), [2, 3, 4, 4]);
  assertEquals(error.before.length, 4);
});

Deno.test("parsePins() does not fill the screen with mistakes", () => {
  const error = assertThrows(
    () => parsePins(JSON.stringify(Array(100).fill(3)), "p"),
    Refusal,
  );
  assertEquals([error.before.length, error.before.at(-1)], [21, "and 80 more"]);
  assertEquals(error.message, "p: 100 mistakes; nothing was changed");
});
