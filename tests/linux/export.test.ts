import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { neighbor } from "../helpers/linux/command.ts";
import { works } from "../helpers/linux/namespace.ts";
import {
  attempt,
  DEVICE,
  ip,
  networkTest,
  run,
} from "../helpers/linux/network.ts";
import { Networkd, NO_NETWORKD } from "../helpers/linux/networkd.ts";
import { notInstalled } from "../helpers/skipped.ts";

/** The permanent entries by `ip`, in an order of their own. */
function permanent(): string[] {
  const rows = ["-4", "-6"].flatMap((family) =>
    JSON.parse(ip(`-j ${family} neigh show nud permanent`) || "[]")
  );
  return rows.map(({ dst, dev, lladdr, protocol }) =>
    [dst, lladdr, ...protocol === undefined ? [] : [protocol], dev].join(" ")
  ).sort();
}

function flush(): void {
  ip("-4 neigh flush nud permanent");
  ip("-6 neigh flush nud permanent");
  assertEquals(permanent(), []);
}

/** Runs a program with text on its standard input; returns its error text. */
async function feed(text: string, program: string, ...args: string[]) {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stderr } = await child.output();
  return [code, new TextDecoder().decode(stderr)];
}

function addEntries(device = DEVICE): void {
  for (
    const [address, end] of [
      ["10.0.0.7", "07"],
      ["10.200.0.1", "01"],
      ["2001:db8::7", "07"],
      ["fe80::7", "07"],
    ]
  ) {
    const entry = `${address} lladdr 02:fc:00:00:00:${end}`;
    ip(`neigh replace ${entry} dev ${device} nud permanent`);
  }
}

/** Names that ip allows, each of which would break a careless quotation. */
const NAMES = [
  ...['a"b', "'x", "q'q", '"y', "a;b", "$(reboot)", "`x`", "a\\"],
  ...["a&b|c", "以太网", "--help", "nud", "(x)"],
];
/** A name with a byte that is not UTF-8, as a word of sh. */
const ODD = "$(printf 'c\\351')";
/** What ip -batch cannot read, with the reason. */
const REFUSED: readonly (readonly [name: string, reason: string])[] = [
  ["h#h", "has #, which starts a comment in ip -batch"],
  ["'\"x", "has both quotation marks, which ip -batch cannot escape"],
];

networkTest(
  "export --to ip-batch: the real ip restores the table, whatever an interface is called",
  async () => {
    run("sh", "-c", `ip link add "${ODD}" type veth peer name cz`);
    const devices = [...NAMES, ...REFUSED.map(([name]) => name)];
    try {
      for (const [i, name] of devices.entries()) {
        const peer = ["peer", "name", `p${i}`];
        run("ip", "link", "add", "name", name, "type", "veth", ...peer);
        run("ip", "link", "set", "dev", name, "up");
        const entry = [`10.9.0.${i}`, "lladdr", `02:fc:00:00:00:${10 + i}`];
        run("ip", "neigh", "add", ...entry, "dev", name, "nud", "permanent");
      }
      run("sh", "-c", `ip link set dev "${ODD}" up`);
      const entry = "10.9.1.1 lladdr 02:fc:00:00:00:01";
      run("sh", "-c", `ip neigh add ${entry} dev "${ODD}"`);
      addEntries();
      ip(`neigh change 10.0.0.7 protocol 44 dev ${DEVICE} nud permanent`);
      const refused = await neighbor(["export", "--to", "ip-batch"]);
      assertEquals([refused.code, refused.stdout], [2, ""]);
      const { code, stdout, stderr } = await neighbor(
        ["export", "--to", "ip-batch", "--keep-going"],
      );
      assertEquals(code, 2);
      for (const [name, reason] of REFUSED) {
        assertStringIncludes(
          stderr,
          `on ${name} is on an interface whose name ${reason}\n`,
        );
      }
      assertStringIncludes(
        stderr,
        "on c\\udce9 is on an interface whose name is not UTF-8\n",
      );
      assertStringIncludes(stderr, "3 entries left out");
      // ip prints the byte as it is
      const isRefused = (row: string) => / (c\ufffd|h#h|'"x)$/.test(row);
      const before = permanent().filter((row) => !isRefused(row));
      assertEquals(before.length, NAMES.length + 4);
      assert(before.includes(`10.0.0.7 02:fc:00:00:00:07 44 ${DEVICE}`));
      flush();
      assertEquals(await feed(stdout, "ip", "-batch", "-"), [0, ""]);
      assertEquals(permanent(), before);
    } finally {
      for (const i of devices.keys()) attempt("ip", "link", "del", `p${i}`);
      attempt("ip", "link", "del", "cz");
    }
  },
);

networkTest(
  "export: apply restores the table from a pins file, and a listing on stdin is a source",
  async () => {
    addEntries();
    const before = permanent();
    const { code, stdout, stderr } = await neighbor(["export"]);
    assertEquals([code, stderr], [0, ""]);
    flush();
    assertEquals((await neighbor(["apply", "-"], stdout)).code, 0);
    assertEquals(permanent(), before);
    const listing = await neighbor(["list", "--json", "--state", "permanent"]);
    // No permission at all: nothing is loaded and no file is opened
    const again = await neighbor(
      ["export", "-", "--to", "ip-batch"],
      listing.stdout,
      [],
    );
    assertEquals(again.code, 0, again.stderr);
    flush();
    assertEquals(await feed(again.stdout, "ip", "-batch", "-"), [0, ""]);
    assertEquals(permanent(), before);
  },
);

networkTest("export --learnt takes what was learnt, and warns", async () => {
  ip(`neigh add 10.0.0.7 lladdr 02:fc:00:00:00:07 dev ${DEVICE} nud stale`);
  ip(`neigh add 10.0.0.8 lladdr 02:fc:00:00:00:07 dev ${DEVICE} nud reachable`);
  ip(`neigh add 10.0.0.9 dev ${DEVICE} nud incomplete`);
  const none = await neighbor(["export", "--to", "ip-batch"]);
  assertEquals([none.code, none.stdout], [0, ""]);
  assertEquals(none.stderr, "neighbor: warning: There is no entry to export\n");
  const { code, stdout, stderr } = await neighbor(
    ["export", "--to", "ip-batch", "--learnt"],
  );
  assertEquals(code, 0);
  assertStringIncludes(
    stderr,
    "neighbor: warning: 2 entries were learnt, and become permanent where this is applied, forged or not\n",
  );
  assertStringIncludes(
    stderr,
    `02:fc:00:00:00:07 has 2 IPv4 addresses on ${DEVICE}: 10.0.0.7, 10.0.0.8\n`,
  );
  assertEquals(await feed(stdout, "ip", "-batch", "-"), [0, ""]);
  assertEquals(permanent(), [
    `10.0.0.7 02:fc:00:00:00:07 ${DEVICE}`,
    `10.0.0.8 02:fc:00:00:00:07 ${DEVICE}`,
  ]);
  const asJson = await neighbor(["export", "--json", "-i", DEVICE, "-6"]);
  assertEquals(asJson.code, 0);
  assertEquals(JSON.parse(asJson.stderr), {
    warnings: [{ message: "There is no entry to export" }],
  });
});

networkTest(
  "export --to ethers: arp -f restores the IPv4 entries",
  async () => {
    addEntries();
    const words = ["export", "--to", "ethers", "--interface", DEVICE];
    const refused = await neighbor(words);
    assertEquals([refused.code, refused.stdout], [2, ""]);
    const { code, stdout } = await neighbor([...words, "--family", "ipv4"]);
    assertEquals(code, 0);
    const before = permanent().filter((row) => row.startsWith("10."));
    assertEquals(before.length, 2);
    flush();
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, stdout);
      run("arp", "-f", file);
    } finally {
      await Deno.remove(file);
    }
    assertEquals(permanent(), before);
  },
  works("arp", "--version") || works("arp", "-V")
    ? undefined
    : notInstalled("arp", "net-tools"),
);

networkTest(
  "export --to networkd: systemd-networkd restores the table from a drop-in",
  async () => {
    addEntries();
    const before = permanent();
    const { code, stdout } = await neighbor(
      ["export", "--to", "networkd", "--interface", DEVICE],
    );
    assertEquals(code, 0);
    flush();
    await using networkd = new Networkd(DEVICE, stdout);
    const end = performance.now() + 60_000;
    while (permanent().length < before.length && performance.now() < end) {
      await new Promise((done) => setTimeout(done, 100));
    }
    const after = permanent();
    const log = await networkd.end();
    assertEquals(after, before, log);
    // It warns of a line that it does not know
    assert(!/neighbors\.conf/.test(log), log);
  },
  NO_NETWORKD,
);

const PAGE = Deno.readTextFileSync(
  new URL("../../docs/export.md", import.meta.url),
);

networkTest(
  "docs/export.md: every command works as it is written",
  async () => {
    const blocks = [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)].map((one) =>
      one[1]!
    );
    assertEquals(blocks.length, 7);
    const cwd = await Deno.makeTempDir();
    try {
      const cli = new URL("../../cli.ts", import.meta.url).pathname;
      const shell =
        `neighbor() { "${Deno.execPath()}" run --quiet --no-prompt ` +
        `--allow-ffi --allow-read "${cli}" "$@"; }\nset -e\n`;
      for (const block of blocks) {
        addEntries();
        const script = block.replaceAll("eth0", DEVICE)
          .replaceAll("/etc/systemd", "./systemd")
          .replaceAll("192.0.2.0/24", "10.0.0.0/8");
        await Deno.writeTextFile(
          `${cwd}/pins.json`,
          JSON.stringify([{
            address: "192.0.2.7",
            linkLayerAddress: "02:fc:00:00:00:07",
            interfaceAlias: "Ethernet",
          }]),
        );
        const { code, stderr } = await new Deno.Command("sh", {
          args: ["-c", shell + script],
          cwd,
          env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
          stdin: "null",
        }).output();
        assertEquals([code, new TextDecoder().decode(stderr)], [0, ""], block);
      }
      const made = [...Deno.readDirSync(cwd)].map(({ name }) => name).sort();
      assertEquals(made, [
        ...[
          "ethers",
          "pins.cmd",
          "pins.csv",
          "pins.ip",
          "pins.json",
          "pins.ps1",
          "systemd",
        ],
      ]);
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
  works("arp", "--version") || works("arp", "-V")
    ? undefined
    : notInstalled("arp", "net-tools"),
);
