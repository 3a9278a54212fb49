import { assert, assertEquals, assertRejects } from "@std/assert";
import { metricLines } from "../../cli/stats/metrics.ts";
import { stats } from "../../cli/stats/stats.ts";
import type { RunCommand } from "../../cli/args.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import { runCli } from "../helpers/child.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { runOnFake } from "../helpers/fake_windows.ts";
import { neighborBytes } from "../helpers/golden/rows.ts";
import { checkMetrics, promtoolMissing } from "../helpers/promtool.ts";
import { skip } from "../helpers/skipped.ts";

const ETH0 = interfaceOf(2, "eth0");
const ETH1 = interfaceOf(3, "eth1");
const [A, B] = ["02:fc:00:00:00:0a", "02:fc:00:00:00:0b"] as const;

/** Names that a label has to escape, as Linux or Windows may have them. */
const NAMES = [
  'quote"d',
  "back\\slash",
  "\\",
  "new\nline",
  "caf\u00e9",
  "raw\udcff",
  "bidi\u202e",
  "\\u0041",
  "{}=,",
];

Deno.test("metricLines() escapes every name so that it can be told apart", () => {
  const tables = [{
    family: "ipv4",
    entries: 8,
    thresholds: [1, 2, 3],
  }] as const;
  const entries = NAMES.map((interfaceAlias, interfaceIndex) => ({
    ...{ family: "ipv4", state: "stale" } as const,
    ...{ interfaceAlias, interfaceIndex, entries: 1 },
  }));
  const lines = metricLines({ entries, tables, pins: null });
  const labels = lines.filter((one) => one.startsWith("neighbor_entries"))
    .map((one) => /interface="(.*)",state/s.exec(one)![1]);
  assertEquals(labels, [
    'quote\\"d',
    "back\\\\slash",
    "\\\\",
    "new\\\\u000aline",
    "caf\u00e9",
    "raw\\\\udcff",
    "bidi\\\\u202e",
    "\\\\u005cu0041",
    "{}=,",
  ]);
  assert(!lines.some((line) => line.includes("\n")));
  assertEquals(lines.at(-1), "# EOF");
  const pins = {
    ...{ inSync: 1, missing: 2, dynamic: 3, conflicting: 4 },
    otherProtocol: 5,
  };
  assertEquals(metricLines({ entries: [], tables, pins }), [
    "# HELP neighbor_entries Rows of the neighbor table, by address family, interface and state.",
    "# TYPE neighbor_entries gauge",
    "# HELP neighbor_table_entries Entries that the kernel counts, in all network namespaces (Linux).",
    "# TYPE neighbor_table_entries gauge",
    'neighbor_table_entries{family="ipv4"} 8',
    "# HELP neighbor_gc_threshold_entries gc_thresh1, gc_thresh2 and gc_thresh3, which limit the entries (Linux).",
    "# TYPE neighbor_gc_threshold_entries gauge",
    'neighbor_gc_threshold_entries{family="ipv4",threshold="1"} 1',
    'neighbor_gc_threshold_entries{family="ipv4",threshold="2"} 2',
    'neighbor_gc_threshold_entries{family="ipv4",threshold="3"} 3',
    "# HELP neighbor_pins Pins of the file, by how the table agrees with them.",
    "# TYPE neighbor_pins gauge",
    'neighbor_pins{status="in_sync"} 1',
    'neighbor_pins{status="missing"} 2',
    'neighbor_pins{status="dynamic"} 3',
    'neighbor_pins{status="conflicting"} 4',
    'neighbor_pins{status="other_protocol"} 5',
    "# EOF",
  ]);
});

const JUDGED = "promtool check metrics accepts every name, and no metric";
if (promtoolMissing) skip(JUDGED, promtoolMissing);
Deno.test({
  name: JUDGED,
  ignore: promtoolMissing !== undefined,
  async fn() {
    const entries = NAMES.map((interfaceAlias, interfaceIndex) => ({
      ...{ family: "ipv4", state: "stale" } as const,
      ...{ interfaceAlias, interfaceIndex, entries: 1 },
    }));
    // The index of one that has gone, and an interface of that name
    const gone = { ...entries[0]!, interfaceAlias: null, interfaceIndex: 7 };
    const twin = { ...gone, interfaceAlias: "7", interfaceIndex: 8 };
    const pins = {
      ...{ inSync: 1, missing: 2, dynamic: 3, conflicting: 4 },
      otherProtocol: 5,
    };
    for (const list of [[...entries, gone, twin], []]) {
      const lines = metricLines({ entries: list, tables: [], pins });
      assertEquals(await checkMetrics(lines.join("\n") + "\n"), "");
    }
    // It does judge: a repeated sample is refused
    const said = await checkMetrics("# TYPE a gauge\na 1\na 2\n");
    assert(said !== "", said);
  },
});

function command(pins?: string): RunCommand {
  const values = pins === undefined ? {} : { pins };
  return { kind: "run", verb: "stats", operands: [], values, flags: new Set() };
}

/** What stats prints of a table with these pins. */
async function statsOf(table: FakeTable, pins: unknown): Promise<unknown> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, JSON.stringify(pins));
    return (await stats(table, command(path))).json;
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("stats counts rows by family, state and interface, and each pin once", async () => {
  const table = new FakeTable([ETH0, ETH1], [
    rowOf(ETH0, "192.0.2.1", A),
    rowOf(ETH0, "192.0.2.2", A),
    rowOf(ETH0, "192.0.2.3", A, "stale"),
    rowOf(ETH0, "192.0.2.4", A, "reachable"),
    rowOf(ETH0, "192.0.2.5", null, "failed"),
    rowOf(ETH1, "fe80::1", B, "stale"),
    rowOf(ETH1, "192.0.2.1", B, "stale"),
  ]);
  const limits = { family: "ipv4", entries: 7, thresholds: [1, 2, 3] } as const;
  table.fake.limits_ = [limits];
  // A dump may lack a row: a pin is missing only where a look-up finds none
  table.fake.loses = ({ address }) => address === "192.0.2.1";
  const pin = (
    address: string,
    linkLayerAddress = A as string,
    on = "eth0",
  ) => ({
    ...{ address, linkLayerAddress, interfaceAlias: on },
  });
  const json = await statsOf(table, {
    neighbors: [
      pin("192.0.2.1"),
      pin("192.0.2.2", B),
      pin("192.0.2.3"),
      pin("192.0.2.4", B),
      pin("192.0.2.5"),
      pin("192.0.2.6"),
      pin("192.0.2.1", A, "eth9"),
    ],
  });
  table.fake.loses = () => false;
  const row = (
    index: number,
    family: string,
    state: string,
    entries: number,
  ) => ({
    ...{ family, state, interfaceAlias: `eth${index - 2}` },
    ...{ interfaceIndex: index, entries },
  });
  assertEquals<unknown>(json, {
    entries: [
      row(2, "ipv4", "failed", 1),
      row(2, "ipv4", "permanent", 1),
      row(2, "ipv4", "reachable", 1),
      row(2, "ipv4", "stale", 1),
      row(3, "ipv6", "stale", 1),
    ],
    tables: [limits],
    pins: {
      ...{ inSync: 1, missing: 3, dynamic: 1, conflicting: 2 },
      otherProtocol: 0,
    },
    skipped: {
      ...{ notPermanent: 0, noLinkLayerAddress: 0, multicast: 0 },
      ...{ broadcast: 0, proxy: 0, notWritable: 0 },
    },
    warnings: [],
  });
  const { json: whole } = await stats(table, command());
  assertEquals<unknown>(whole, {
    entries: [
      row(2, "ipv4", "failed", 1),
      row(2, "ipv4", "permanent", 2),
      row(2, "ipv4", "reachable", 1),
      row(2, "ipv4", "stale", 1),
      row(3, "ipv4", "stale", 1),
      row(3, "ipv6", "stale", 1),
    ],
    tables: [limits],
    pins: null,
  });
});

Deno.test("stats refuses a pins file with a mistake or a repeated pin", async () => {
  const table = new FakeTable([ETH0]);
  const pin = {
    address: "192.0.2.1",
    linkLayerAddress: A,
    interfaceAlias: "eth0",
    comment: "printer",
  };
  for (
    const [pins, message] of [
      [{ neighbors: [pin, pin] }, "192.0.2.1"],
      [{ neighbors: [pin, pin] }, "(first at 1:15) # printer"],
      [{ neighbors: [{ ...pin, address: "192.0.2" }] }, "192.0.2"],
    ] as const
  ) {
    const error = await assertRejects(() => statsOf(table, pins), Refusal);
    assertEquals(error.code, 2);
    assert(error.message.includes(message), error.message);
    assert(!error.message.includes("nothing was changed"), error.message);
  }
});

Deno.test("stats tells a pin that differs in the protocol alone from one with another address", async () => {
  const owned = (address: string, protocol: number | null, mac = A as string) =>
    ({ ...rowOf(ETH0, address, mac), protocol }) as const;
  const table = new FakeTable([ETH0], [
    owned("192.0.2.1", 44),
    owned("192.0.2.2", null),
    owned("192.0.2.3", 43),
    owned("192.0.2.4", 44, B),
    owned("192.0.2.5", 45),
  ]);
  const pin = (address: string, others = {}) => ({
    ...{ address, linkLayerAddress: A, interfaceAlias: "eth0" },
    ...others,
  });
  const json = await statsOf(table, {
    protocol: 44,
    neighbors: [
      pin("192.0.2.1"),
      pin("192.0.2.2"),
      pin("192.0.2.3"),
      pin("192.0.2.4"),
      pin("192.0.2.5", { protocol: 45 }),
    ],
  });
  assertEquals((json as { pins: unknown }).pins, {
    ...{ inSync: 2, missing: 0, dynamic: 0, conflicting: 1 },
    otherProtocol: 2,
  });
});

Deno.test("stats tells the rows that are no pins, and the warnings of the file, as apply does", async () => {
  const table = new FakeTable([ETH0]);
  const stale = rowOf(ETH0, "192.0.2.9", A, "stale");
  const path = await Deno.makeTempFile();
  try {
    const pin = { address: "192.0.2.1", linkLayerAddress: A };
    const by = (index: number) => ({ ...pin, interfaceIndex: index });
    await Deno.writeTextFile(path, JSON.stringify([by(2), by(9), stale]));
    const { json, complaints, remark } = await stats(table, command(path));
    const message = "An interface index may change at a reboot, or when an " +
      "adapter is re-enabled: name the interface by interfaceAlias or " +
      "interfaceLuid";
    assertEquals(complaints, [
      `warning: ${path}:1:81: ${message} (and 1 more)`,
    ]);
    assertEquals(remark, `${path}: 1 row skipped: 1 not permanent`);
    const { skipped, warnings } = json as Record<string, unknown>;
    assertEquals((skipped as Record<string, number>).notPermanent, 1);
    assertEquals(warnings, [
      { line: 1, column: 81, message },
      { line: 1, column: 163, message },
    ]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("stats without thresholds, as on Windows, has no sample of them", async () => {
  const system = { neighbors: [neighborBytes("IPV4_PERMANENT")] };
  const { code, stdout, stderr } = await runOnFake(system, "stats");
  assertEquals([code, stderr], [0, ""]);
  const samples = stdout.split("\n").filter((one) => /^[^#]/.test(one));
  assertEquals(samples, [
    'neighbor_entries{family="ipv4",interface="Ethernet",state="permanent"} 1',
  ]);
  const json = await runOnFake(system, "stats", "--json");
  assertEquals(JSON.parse(json.stdout).tables, []);
});

Deno.test("stats takes no operand, and needs --allow-ffi", async () => {
  for (
    const [words, code, message] of [
      [["pins.json"], 2, "one word too many"],
      [["--pins", ""], 2, 'The option "--pins" needs a value'],
      [["--quiet"], 2, 'takes no option "--quiet"'],
      [[], 4, "--allow-ffi"],
    ] as const
  ) {
    const ended = await runCli("stats", ...words);
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assert(ended.stderr.includes(message), ended.stderr);
  }
});

Deno.test("stats names the first of two pins for one address, and the comment", async () => {
  const pin = {
    ...{ address: "192.0.2.1", linkLayerAddress: A, interfaceAlias: "eth0" },
    comment: "printer",
  };
  const { message } = await assertRejects(
    () => statsOf(new FakeTable([ETH0]), { neighbors: [pin, pin] }),
    Refusal,
  );
  assert(message.endsWith("(first at 1:15) # printer"), message);
});
