import { assertEquals, assertStringIncludes } from "@std/assert";
import { neighbor } from "../helpers/linux/command.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  ipNeighbors,
  networkTest,
} from "../helpers/linux/network.ts";

const ON = ["--interface", DEVICE];
const LLADDR = "02:fc:00:00:00:05";

/** The addresses of the device's entries, without the kernel's own. */
const addresses = () =>
  ipNeighbors().filter((row) => !row.state.includes("NOARP"))
    .map((row) => row.dst).toSorted();

networkTest(
  "cli set, add, replace, get and delete change the kernel",
  async () => {
    const missing = await neighbor(["set", "10.0.0.7", LLADDR, ...ON]);
    assertEquals([missing.code, missing.stdout], [3, ""]);
    const steps = [
      [["add", "10.0.0.7", LLADDR], "created", LLADDR],
      [["set", "10.0.0.7", "02e000000005"], "changed", "02:e0:00:00:00:05"],
      [
        ["replace", "10.0.0.7", "02e000000005"],
        "unchanged",
        "02:e0:00:00:00:05",
      ],
      [["replace", "10.0.0.7", LLADDR], "changed", LLADDR],
      [["delete", "10.0.0.7"], "deleted", undefined],
      [["replace", "10.0.0.7", LLADDR], "created", LLADDR],
    ] as const;
    for (const [words, result, lladdr] of steps) {
      const ran = await neighbor([...words, ...ON, "--json"]);
      assertEquals([ran.code, ran.stderr], [0, ""], words.join(" "));
      assertEquals(JSON.parse(ran.stdout).result, result);
      assertEquals(ipNeighbor("10.0.0.7")?.lladdr, lladdr);
    }
    const again = await neighbor(["add", "10.0.0.7", LLADDR, ...ON]);
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, "EEXIST");
  },
);

networkTest(
  "cli resolve asks the network, and exits 1 without an answer",
  async () => {
    const ran = await neighbor(["resolve", "10.0.0.2", ...ON, "--json"]);
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(JSON.parse(ran.stdout).linkLayerAddress, "02:fc:00:00:00:02");
    const dead = await neighbor(["resolve", "10.0.0.99", ...ON, "--json"]);
    assertEquals([dead.code, dead.stdout], [1, ""]);
    assertEquals(JSON.parse(dead.stderr).error.code, "UNREACHABLE");
  },
);

networkTest("cli flush removes nothing without a filter or --all", async () => {
  ip(`neigh add 10.0.0.7 lladdr ${LLADDR} nud stale dev ${DEVICE}`);
  ip(`neigh add 10.0.0.8 lladdr ${LLADDR} nud permanent dev ${DEVICE}`);
  const refused = [
    ["flush"],
    ["flush", "--permanent"],
    ["flush", "--dry-run"],
    ["flush", "--interface", ""],
    ["flush", "--interface="],
    ["flush", "--state", ""],
    ["flush", "--all", ...ON],
    ["flush", "--subnet", "10.0.0.7/24"],
    ["flush", "10.0.0.7/24"],
    ["flush", ""],
    ["flush", "10.0.0.7", "--all"],
    ["flush", "10.0.0.7", "--subnet", "10.1.0.0/16"],
    ["flush", "--link-layer-address", "02:fc:00:00:00:0g"],
    ["flush", "--link-layer-address="],
  ];
  for (const words of refused) {
    const ran = await neighbor(words);
    assertEquals([ran.code, ran.stdout], [2, ""], words.join(" "));
  }
  assertEquals(addresses(), ["10.0.0.7", "10.0.0.8"]);
});

networkTest(
  "cli flush removes rows that match, permanent ones only with --permanent",
  async () => {
    for (const [last, nud] of [[7, "stale"], [8, "permanent"], [9, "stale"]]) {
      ip(`neigh add 10.0.0.${last} lladdr ${LLADDR} nud ${nud} dev ${DEVICE}`);
    }
    const dry = await neighbor(["flush", ...ON, "--dry-run", "--json"]);
    const { result, neighbors } = JSON.parse(dry.stdout);
    assertEquals([result, neighbors.length], ["dry-run", 2]);
    assertEquals(addresses().length, 3);

    const other = ["flush", "10.0.0.0/16", "--link-layer-address", "02:fd:"];
    await neighbor(other);
    assertEquals(addresses().length, 3);
    const narrow = ["10.0.0.9", "10.1.0.0/16", "--link-layer-address"];
    await neighbor(["flush", ...narrow, LLADDR.slice(0, 6)]);
    assertEquals(addresses(), ["10.0.0.7", "10.0.0.8"]);
    const ran = await neighbor(["flush", "--all", "--json"]);
    assertEquals(JSON.parse(ran.stdout).neighbors[0].address, "10.0.0.7");
    assertEquals(addresses(), ["10.0.0.8"]);
    await neighbor(["flush", "--state", "permanent", "--permanent"]);
    assertEquals(addresses(), []);
  },
);

networkTest(
  "cli names CAP_NET_ADMIN where it is missing, and reads without it",
  async () => {
    ip(`neigh add 10.0.0.7 lladdr ${LLADDR} dev ${DEVICE}`);
    const words = [
      "deno",
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-ffi",
      "cli.ts",
    ];
    const drop = (args: string[]) =>
      new Deno.Command("setpriv", {
        args: [
          "--bounding-set=-all",
          "--inh-caps=-all",
          "--no-new-privs",
          Deno.execPath(),
          ...words.slice(1),
          ...args,
        ],
      }).output();
    const denied = await drop(["delete", "10.0.0.7", ...ON]);
    const text = new TextDecoder().decode(denied.stderr);
    assertEquals(denied.code, 4, text);
    assertStringIncludes(text, "CAP_NET_ADMIN");
    const read = await drop(["get", "10.0.0.7", ...ON]);
    assertEquals(read.code, 0);
  },
);

networkTest("cli list shows proxy entries only when asked", async () => {
  ip(`neigh add proxy 10.0.0.50 dev ${DEVICE}`);
  ip(`neigh add 10.0.0.7 lladdr ${LLADDR} dev ${DEVICE}`);
  const shown = async (...words: string[]) => {
    const { stdout } = await neighbor([
      "list",
      "--family",
      "ipv4",
      ...words,
      "--json",
    ]);
    return JSON.parse(stdout).map((row: { address: string }) => row.address);
  };
  assertEquals(await shown(), ["10.0.0.7"]);
  assertEquals(await shown("--proxy"), ["10.0.0.50"]);
  const text = await neighbor(["list", "--proxy"]);
  assertStringIncludes(text.stdout, "proxy");
});

networkTest(
  "cli escapes control characters of an interface name",
  async () => {
    const name = "a\x1b[31m\u202eb";
    ip(`link set ${DEVICE} down`);
    new Deno.Command("ip", { args: ["link", "add", name, "type", "veth"] })
      .outputSync();
    const text = await neighbor(["interfaces"]);
    assertStringIncludes(text.stdout, "a\\u001b[31m\\u202eb");
    const json = await neighbor(["interfaces", "--json"]);
    assertEquals(
      json.stdout.includes("\x1b") || json.stdout.includes("\u202e"),
      false,
    );
    const names = JSON.parse(json.stdout).map((
      one: { interfaceAlias: string },
    ) => one.interfaceAlias);
    assertEquals(names.includes(name), true);
    const error = await neighbor([
      "get",
      "10.0.0.7",
      "--interface",
      `${name}x`,
    ]);
    assertEquals(error.stderr.includes("\x1b"), false);
    new Deno.Command("ip", { args: ["link", "del", name] }).outputSync();
  },
);
