import { assert, assertEquals, assertMatch } from "@std/assert";
import { Layout, lineOf } from "../../cli/watch.ts";
import type { NeighborEvent } from "../../ffi/types/watch.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import { runCli } from "../helpers/child.ts";
import { type FakeWindows, runOnFake } from "../helpers/fake_windows.ts";
import { neighborBytes } from "../helpers/golden/rows.ts";

const TIME = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 67));
const STAMP = "2026-01-02T03:04:05.067Z";

const ROW: Neighbor = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceIndex: 12,
  interfaceLuid: "0x0006008000000000",
  interfaceAlias: "Ethernet",
  linkLayerAddress: "02:fc:00:00:00:05",
  state: "permanent",
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: null,
};
const BARE: Neighbor = {
  ...ROW,
  state: "failed",
  linkLayerAddress: null,
  interfaceAlias: null,
  isRouter: true,
};

const START = `${STAMP} 192.0.2.7       02:fc:00:00:00:05 permanent  Ethernet`;

for (
  const [event, text, color] of [
    [
      { type: "added", neighbor: ROW, previous: null, initial: true },
      `+ ${START} initial`,
      "green",
    ],
    [
      { type: "added", neighbor: ROW, previous: null, initial: false },
      `+ ${START}`,
      "green",
    ],
    [
      { type: "changed", neighbor: ROW, previous: BARE },
      `~ ${START} was - failed 12 router`,
      "yellow",
    ],
    [
      { type: "changed", neighbor: BARE, previous: ROW },
      `~ ${STAMP} 192.0.2.7       -                 failed     12 router ` +
      "was 02:fc:00:00:00:05 permanent Ethernet no router",
      "yellow",
    ],
    [
      {
        type: "changed",
        neighbor: { ...ROW, protocol: 42 },
        previous: { ...ROW, protocol: null },
      },
      `~ ${START} protocol 42 was no protocol`,
      "yellow",
    ],
    [
      {
        type: "changed",
        neighbor: { ...ROW, protocol: null },
        previous: { ...ROW, protocol: 42 },
      },
      `~ ${START} was protocol 42`,
      "yellow",
    ],
    [
      { type: "removed", neighbor: null, previous: ROW },
      `- ${START}`,
      "red",
    ],
    [
      {
        type: "added",
        neighbor: { ...ROW, protocol: 42 },
        ...{ previous: null, initial: true },
      },
      `+ ${START} protocol 42 initial`,
      "green",
    ],
    [
      { type: "resync", neighbor: null, previous: null },
      `! ${STAMP} events were lost, the differences follow`,
      "magenta",
    ],
  ] as const satisfies readonly [NeighborEvent, string, string][]
) {
  Deno.test(`lineOf() writes ${text}`, () => {
    const json = { time: STAMP, ...event };
    assertEquals<unknown>(
      lineOf(event, TIME, new Layout()),
      { json, text, color },
    );
  });
}

Deno.test("Layout: columns grow for longer cells, and keep that width", () => {
  const layout = new Layout();
  const long = { ...ROW, address: "2001:db8:1234:5678::7" };
  const [first] = layout.cells(long);
  assertEquals(layout.cells(ROW)[0]?.length, first?.length);
});

/** The interrupt comes when the second reading is over. */
const INTERRUPTED = `
  let interrupt;
  const listeners = new Map();
  Deno.addSignalListener = (signal, fn) => {
    // What Deno hears of on Windows
    if (!["SIGINT", "SIGBREAK", "SIGHUP"].includes(signal)) {
      throw new Error(signal);
    }
    listeners.set(signal, fn);
    if (signal === "SIGINT") interrupt = fn;
  };
  Deno.removeSignalListener = (signal, fn) => {
    if (fn !== listeners.get(signal)) throw new Error("another listener");
    listeners.delete(signal);
  };
  let readings = 0;
  const { GetIpNetTable2 } = calls;
  calls.GetIpNetTable2 = (family, out) => {
    if (family === 2 && ++readings === 2) {
      neighbors.push(neighbors.shift().replace("02fc00000005", "02fc00000006"));
      setTimeout(() => interrupt(), 50);
    }
    return GetIpNetTable2(family, out);
  };`;

const SYSTEM: FakeWindows = {
  neighbors: [neighborBytes("IPV4_PERMANENT")],
  prelude: INTERRUPTED,
};

Deno.test("watch prints what is there, what changes, and ends with 0 by SIGINT", async () => {
  const words = ["watch", "--interval", "20"];
  const text = await runOnFake(SYSTEM, ...words);
  assertEquals([text.code, text.stderr], [0, ""]);
  const lines = text.stdout.split("\n");
  assertEquals(lines.length, 3);
  assertMatch(lines[0]!, /^\+ \S+Z 192\.0\.2\.7 .* Ethernet initial$/);
  assertMatch(lines[1]!, /^~ .*00:06 .* was 02:fc:00:00:00:05$/);

  const json = await runOnFake(SYSTEM, ...words, "--json");
  assertEquals([json.code, json.stderr], [0, ""]);
  const objects = json.stdout.trimEnd().split("\n").map((one) =>
    JSON.parse(one)
  );
  assertEquals(objects.map(({ type }) => type), ["added", "changed"]);
  assertEquals(Object.keys(objects[0]), [
    ...["time", "type", "neighbor", "previous", "initial"],
  ]);
  assertEquals(objects[1].previous, objects[0].neighbor);
  for (const { time } of objects) {
    assertEquals(new Date(time).toISOString(), time);
  }
});

for (
  const [isTerminal, noColor] of [[true, false], [true, true], [false, false]]
) {
  Deno.test(`watch has colour on a terminal alone: ${isTerminal}, NO_COLOR ${noColor}`, async () => {
    const prelude = `${INTERRUPTED}
      Deno.stdout.isTerminal = () => ${isTerminal};
      Object.defineProperty(Deno, "noColor", { value: ${noColor} });`;
    const system = { ...SYSTEM, prelude };
    const words = ["watch", "--interval", "20"];
    const { stdout } = await runOnFake(system, ...words);
    const isColored = isTerminal && !noColor;
    assertEquals(stdout.includes("\x1b"), isColored);
    if (isColored) assert(stdout.startsWith("\x1b[32m+\x1b[39m 2"), stdout);
    const json = await runOnFake(system, ...words, "--json");
    assert(!json.stdout.includes("\x1b"));
  });
}

Deno.test("watch escapes control characters of a name", async () => {
  const system = { ...SYSTEM, alias: "Eth\x1b[2J\u202e" };
  const { stdout } = await runOnFake(system, "watch", "--interval", "20");
  assert(stdout.includes("Eth\\u001b[2J\\u202e"), stdout);
});

Deno.test("watch ends with 0 when its reader closes the pipe", async () => {
  const prelude = `${INTERRUPTED}
    Deno.stdout.write = () =>
      Promise.reject(new Deno.errors.BrokenPipe("enough"));`;
  assertEquals(await runOnFake({ ...SYSTEM, prelude }, "watch"), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

Deno.test("watch ends with the error of a reading", async () => {
  // The first reading is over when the second family was asked for
  const prelude = `${INTERRUPTED}
    const read = calls.GetIpNetTable2;
    calls.GetIpNetTable2 = (family, out) => {
      if (family === 23) statuses.GetIpNetTable2 = 8;
      return read(family, out);
    };`;
  const { code, stdout, stderr } = await runOnFake(
    { ...SYSTEM, prelude },
    ...["watch", "--interval", "20", "--json"],
  );
  assertEquals([code, stdout.split("\n").length], [1, 2]);
  assertEquals(JSON.parse(stderr).error.code, "NO_MEMORY");
});

for (
  const [words, code, message] of [
    [["--interval", "1s"], 2, 'The interval "1s" is not a number'],
    [["--interval", "5"], 2, "The interval 5 is not a whole"],
    [["--interval", "99999999999"], 2, "is not a whole number of milliseconds"],
    [["--subnet", "192.0.2.1/24"], 2, "bits are set"],
    [["--state", "gone"], 2, 'The state "gone"'],
    [[], 4, "--allow-ffi"],
  ] as const
) {
  Deno.test(`watch ${words.join(" ")} ends with ${code} at once`, async () => {
    const ended = await runCli("watch", ...words);
    assertEquals([ended.code, ended.stdout], [code, ""]);
    assert(ended.stderr.includes(message), ended.stderr);
  });
}
