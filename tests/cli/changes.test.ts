import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  COLUMNS,
  findingLines,
  resyncLine,
} from "../../cli/changes/finding_lines.ts";
import { readKnown } from "../../cli/changes/known.ts";
import { watchChanges } from "../../cli/changes/changes.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { Finding } from "../../reconcile/stations.ts";
import { runCli } from "../helpers/child.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { runOnFake } from "../helpers/fake_windows.ts";
import { neighborBytes, routeBytes } from "../helpers/golden/rows.ts";

const ETH0 = interfaceOf(2, "eth0");
const [A, B] = ["02:fc:00:00:00:0a", "02:fc:00:00:00:0b"] as const;
const LONG_ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666";
const LONG_NAME = "fifteen-letters";
// In the zone of this computer, as the lines are
const TIME = new Date(2026, 0, 2, 3, 4, 5, 67);

const STATION = {
  family: "ipv4",
  address: "192.0.2.7",
  linkLayerAddress: B,
  previous: A,
  isGateway: false,
  interfaceIndex: 2,
  interfaceAlias: "eth0",
} as const;
const GATEWAY = {
  family: "ipv4",
  address: "192.0.2.1",
  interfaceIndex: 2,
  interfaceAlias: "eth0",
} as const;

const TEXTS: readonly [Finding, ...string[]][] = [
  [
    { ...STATION, type: "new", previous: null },
    `+ 01-02 03:04:05 new station 192.0.2.7 ${B} eth0`,
  ],
  [
    { ...STATION, type: "changed", isGateway: true },
    `~ 01-02 03:04:05 changed 192.0.2.7 ${B} eth0 was ${A}`,
    "    default gateway",
  ],
  [
    {
      ...STATION,
      type: "flip-flop",
      address: LONG_ADDRESS,
      interfaceAlias: LONG_NAME,
    },
    `~ 01-02 03:04:05 flip flop ${LONG_ADDRESS}`,
    `    ${B} ${LONG_NAME} was ${A}`,
  ],
  [
    {
      type: "shared",
      family: "ipv4",
      linkLayerAddress: A,
      count: 9,
      addresses: ["192.0.2.7", "192.0.2.8"],
      interfaceIndex: 2,
      interfaceAlias: null,
    },
    `= 01-02 03:04:05 shared ${A} 2 9 IPv4 addresses: 192.0.2.7`,
    "    192.0.2.8 and 7 more",
  ],
  [
    { type: "gateway", family: "ipv4", gateways: [GATEWAY], previous: [] },
    "> 01-02 03:04:05 default gateway 192.0.2.1 eth0 was none",
  ],
  [
    {
      type: "gateway",
      family: "ipv4",
      gateways: [],
      previous: [{ ...GATEWAY, address: null }],
    },
    "> 01-02 03:04:05 default gateway none was on eth0",
  ],
  [
    { type: "full", stations: 262144 },
    "! 01-02 03:04:05 full 262144 stations are known;",
    "    those not seen for longest are forgotten",
  ],
];

for (const [finding, ...texts] of TEXTS) {
  Deno.test(`findingLines() writes ${texts[0]}`, () => {
    const lines = findingLines(finding, TIME, COLUMNS);
    assertEquals(lines.map(({ text }) => text), texts);
    const json = { time: TIME.toISOString(), ...finding };
    assertEquals<unknown>(lines.map(({ json }) => json), [
      json,
      ...texts.slice(1).map(() => undefined),
    ]);
    // Where no terminal reads it, a finding is one line
    const [first, ...more] = texts;
    const text = [first, ...more.map((one) => one.trimStart())].join(" ");
    const [whole, ...others] = findingLines(finding, TIME, Infinity);
    assertEquals([whole!.text, whole!.json as unknown], [text, json]);
    assertEquals(others, []);
  });
}

Deno.test("every line of the longest names and addresses has at most 80 columns", () => {
  const mac = "02:fc:00:00:00:0a";
  const infiniband = Array.from({ length: 20 }, () => "fe").join(":");
  const on = { interfaceIndex: 2, interfaceAlias: LONG_NAME };
  const gateway = { ...on, family: "ipv6", address: LONG_ADDRESS } as const;
  for (const linkLayerAddress of [mac, infiniband]) {
    for (
      const interfaceAlias of [LONG_NAME, "\u202e".repeat(5), "漢".repeat(5)]
    ) {
      const station = {
        ...{ ...STATION, ...on, interfaceAlias, address: LONG_ADDRESS },
        ...{ linkLayerAddress, previous: linkLayerAddress, isGateway: true },
      };
      const addresses = Array.from({ length: 8 }, () => LONG_ADDRESS);
      const findings: Finding[] = [
        { ...station, type: "new" },
        { ...station, type: "changed" },
        { ...station, type: "flip-flop" },
        { ...station, type: "shared", count: 300_000, addresses },
        { type: "full", stations: 2 ** 30 },
        {
          type: "gateway",
          family: "ipv6",
          gateways: [gateway, gateway],
          previous: [gateway],
        },
      ];
      const lines = findings.flatMap((one) => findingLines(one, TIME, COLUMNS));
      for (const { text } of [...lines, resyncLine(TIME)]) {
        const columns = text!.replaceAll("\u202e", "\\u202e")
          .replaceAll("漢", "xx").length;
        assert(columns <= 80, `${columns}: ${text}`);
      }
    }
  }
});

/** What is known of a file, which is called FILE in messages. */
async function knownOf(text: string) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    const table = new FakeTable([{
      ...ETH0,
      altNames: ["lan"],
      interfaceLuid: "0x06",
    }], []);
    const { rows, warnings } = await readKnown(path, table);
    return { rows, warnings: warnings.map(({ message }) => message) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const lines = error.before.length === 0 ? [error.message] : error.before;
    return lines.map((one) => one.replaceAll(path, "FILE"));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("--known takes what list --json prints, in every state", async () => {
  const rows = ["reachable", "stale", "failed", "noarp", "permanent"].map(
    (state, i) => ({
      ...rowOf(ETH0, `192.0.2.${i}`, A, state as "stale"),
      protocol: null,
    }),
  );
  const none = rowOf(ETH0, "fe80::1", null, "incomplete");
  const known = await knownOf(JSON.stringify([...rows, none]));
  assertEquals(known, { rows, warnings: [] });
  assertEquals(await knownOf("[]"), { rows: [], warnings: [] });
  const written = rowOf(ETH0, "127.0.0.2", A);
  assertEquals(await knownOf(JSON.stringify([written])), {
    rows: [],
    warnings: ["1 row skipped: 1 of an address that cannot be written"],
  });
});

Deno.test("--known takes a pins file, and knows its interfaces by their names now", async () => {
  const pin = { address: "192.0.2.7", linkLayerAddress: B };
  for (
    const names of [
      { interfaceAlias: "eth0" },
      { interfaceAlias: "lan" },
      { interfaceIndex: 2 },
      { interfaceLuid: "0x0000000000000006" },
    ]
  ) {
    const text = JSON.stringify({ neighbors: [{ ...pin, ...names }] });
    const known = await knownOf(text);
    assert(!Array.isArray(known), `${known}`);
    const [row, ...others] = known.rows;
    assertEquals(
      [row?.address, row?.linkLayerAddress, row?.interfaceAlias, others.length],
      [pin.address, pin.linkLayerAddress, "eth0", 0],
      text,
    );
  }
  // That of an interface that is gone keeps its name
  const gone = await knownOf(JSON.stringify([{ ...pin, interfaceAlias: "x" }]));
  assert(!Array.isArray(gone));
  assertEquals(gone.rows.map(({ interfaceAlias }) => interfaceAlias), ["x"]);
});

for (
  const [text, ...messages] of [
    ["", "FILE:1:1: "],
    ["{}", 'FILE:1:1: The file has no member "neighbors"'],
    ["[1]", "FILE:1:2: "],
    ["[\n {}]", "FILE:2:2: The member address is missing, it takes text"],
    ["[] []", "FILE:1:4: "],
    [
      JSON.stringify([{ ...rowOf(ETH0, "192.0.2.7", A), interfaceAlias: 5 }]),
      "FILE:1:",
    ],
    [
      JSON.stringify([{ ...rowOf(ETH0, "192.0.2.7", A), address: "192.0.2" }]),
      'FILE:1:13: Cannot parse IP address "192.0.2"',
    ],
    [
      JSON.stringify([{ ...rowOf(ETH0, "192.0.2.7", A), family: "ipv6" }]),
      'FILE:1:13: The address "192.0.2.7" is ipv4, the row\'s family is "ipv6"',
    ],
    [
      JSON.stringify([{ ...rowOf(ETH0, "fe80::1", null), family: "ipv4" }]),
      'FILE:1:13: The address "fe80::1" is ipv6, the row\'s family is "ipv4"',
    ],
    [
      JSON.stringify([{ ...rowOf(ETH0, "192.0.2.7", A), state: "odd" }]),
      "FILE:1:",
    ],
  ] as const
) {
  Deno.test(`--known refuses ${text.slice(0, 40)} with ${messages}`, async () => {
    const lines = await knownOf(text);
    assert(Array.isArray(lines), text);
    for (const [i, message] of messages.entries()) {
      assert(lines[i]?.startsWith(message), `${lines}`);
      assert(!lines[i]!.includes("nothing was changed"), lines[i]);
    }
  });
}

/** A table that has events, and the texts of the next lines of its changes. */
async function watching(known?: string) {
  const table = new FakeTable([ETH0], [rowOf(ETH0, "192.0.2.7", A, "stale")]);
  table.isTold = true;
  table.fake.gateways_ = [GATEWAY];
  const { lines, stop } = await watchChanges(
    table,
    { filter: { family: "ipv4" } },
    known,
  );
  const next = async () => {
    const { value } = await lines.next();
    return typeof value === "object" ? value.text?.slice(2).slice(15) : value;
  };
  return { table, next, stop };
}

Deno.test("watch --changes tells what was not known, and of another gateway", async () => {
  const { table, next, stop } = await watching();
  const first = next();
  table.put(rowOf(ETH0, "192.0.2.8", B));
  assertEquals(await first, `new station 192.0.2.8 ${B} eth0`);
  const second = next();
  // A link that comes or goes, or a default route
  table.fake.gateways_ = [{ ...GATEWAY, address: "192.0.2.9" }];
  table.interfaces = [ETH0];
  assertEquals(
    await second,
    "default gateway 192.0.2.9 eth0 was 192.0.2.1 eth0",
  );
  // That of the other family is not asked for
  table.fake.gateways_ = [
    ...table.fake.gateways_,
    { ...GATEWAY, family: "ipv6", address: "fe80::1" },
  ];
  table.interfaces = [ETH0];
  const third = next();
  table.put(rowOf(ETH0, "192.0.2.9", A));
  assertEquals(await third, `new station 192.0.2.9 ${A} eth0 default gateway`);
  const last = (async () => {
    let text = await next();
    // The link-layer address of 192.0.2.7
    while (typeof text === "string") text = await next();
    return text;
  })();
  stop?.();
  assertEquals(await last, 0);
});

Deno.test("watch --known needs --changes, and a file that can be read", async () => {
  for (
    const [words, code, message] of [
      [["--known", "known.json"], 2, "--known needs --changes"],
      [["--changes", "--known", "known.json"], 4, "--allow-"],
      [["--changes", "--known="], 2, 'The option "--known" needs a value'],
    ] as const
  ) {
    const ended = await runCli("watch", ...words);
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assert(ended.stderr.includes(message), ended.stderr);
  }
});

/** The interrupt comes when the second reading is over. */
const INTERRUPTED = `
  let interrupt;
  Deno.addSignalListener = (signal, fn) => {
    if (signal === "SIGINT") interrupt = fn;
  };
  Deno.removeSignalListener = () => {};
  let readings = 0;
  const { GetIpNetTable2 } = calls;
  calls.GetIpNetTable2 = (family, out) => {
    if (family === 2 && ++readings === 2) {
      neighbors.push(neighbors.shift().replace("02fc00000005", "02fc00000006"));
      setTimeout(() => interrupt(), 50);
    }
    return GetIpNetTable2(family, out);
  };`;

Deno.test("watch --changes on Windows tells of a changed address, and ends with 0", async () => {
  const system = {
    neighbors: [neighborBytes("IPV4_PERMANENT")],
    prelude: INTERRUPTED,
  };
  const words = ["watch", "--changes", "--interval", "20"];
  const text = await runOnFake(system, ...words);
  assertEquals([text.code, text.stderr], [0, ""]);
  assertMatch(
    text.stdout,
    /^~ \d\d-\d\d \d\d:\d\d:\d\d changed 192\.0\.2\.7 02:fc:00:00:00:06 Ethernet was 02:fc:00:00:00:05\n$/,
  );
  const json = await runOnFake(system, ...words, "--json");
  assertEquals(json.code, 0);
  const { time, ...finding } = JSON.parse(json.stdout);
  assertEquals(new Date(time).toISOString(), time);
  assertEquals(finding.type, "changed");
  assertEquals(finding.previous, "02:fc:00:00:00:05");
});

Deno.test("watch --changes on Windows tells of another gateway of an interface", async () => {
  // The next hop is the row's own address from the second reading on
  const prelude = `${INTERRUPTED}
    const route = "${routeBytes("DEFAULT_IPV4").toHex()}";
    const now = route.replace("c0000201", "c0000207");
    calls.GetIpForwardTable2 = (family, out) =>
      give(family === 2 ? [readings < 2 ? route : now] : [], out);`;
  const system = { neighbors: [neighborBytes("IPV4_PERMANENT")], prelude };
  const words = ["watch", "--changes", "--interval", "20"];
  const { code, stdout, stderr } = await runOnFake(system, ...words);
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.split("\n").map((line) =>
    line.replace(/^(.).{15}/, "$1")
  );
  assert(
    lines.includes(
      "> default gateway 192.0.2.7 Ethernet was 192.0.2.1 Ethernet",
    ),
    stdout,
  );
});

Deno.test("watch --changes ends with the error of reading the routes", async () => {
  const system = {
    neighbors: [neighborBytes("IPV4_PERMANENT")],
    statuses: { GetIpForwardTable2: 8 },
    prelude: INTERRUPTED,
  };
  const { code, stderr } = await runOnFake(system, "watch", "--changes", "-j");
  assertEquals(code, 1);
  const { error } = JSON.parse(stderr);
  assertEquals([error.code, error.operation], [
    "NO_MEMORY",
    "GetIpForwardTable2",
  ]);
});
