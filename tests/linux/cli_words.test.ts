import { assertEquals, assertStringIncludes } from "@std/assert";
import { neighbor } from "../helpers/linux/command.ts";
import {
  DEVICE,
  ip,
  ipNeighbor,
  networkTest,
  run,
} from "../helpers/linux/network.ts";

const IP = "10.0.0.7";
const LLADDR = "02:fc:00:00:00:05";
const ON = ["-i", DEVICE];
/** The device's own, as network.ts gives it. */
const OWN = "02:fc:00:00:00:01";

networkTest(
  "cli get without --interface shows the one row, or names all",
  async () => {
    const none = await neighbor(["get", IP]);
    assertEquals([none.code, none.stdout], [3, ""]);
    assertStringIncludes(none.stderr, IP);
    ip(`neigh add ${IP} lladdr ${LLADDR} dev ${DEVICE}`);
    const one = await neighbor(["get", IP, "-j"]);
    assertEquals([one.code, one.stderr], [0, ""]);
    assertEquals(JSON.parse(one.stdout).interfaceAlias, DEVICE);

    ip("link add other type veth peer name rehto");
    try {
      ip(`neigh add ${IP} lladdr ${LLADDR} nud stale dev other`);
      const two = await neighbor(["get", IP]);
      assertEquals([two.code, two.stdout], [2, ""]);
      for (const name of [DEVICE, "other"]) {
        const command = `neighbor get ${IP} --interface ${name}`;
        assertStringIncludes(two.stderr, command);
      }
    } finally {
      ip("link del other");
    }
  },
);

networkTest(
  "cli set without --interface changes nothing and names a command that does",
  async () => {
    ip(`neigh add ${IP} lladdr ${LLADDR} dev ${DEVICE}`);
    const words = ["set", IP, "2:fc:0:0:0:9"];
    const refused = await neighbor(words);
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertEquals(ipNeighbor(IP)?.lladdr, LLADDR);
    const [, command] = /: neighbor (set [^\n]*)\n$/.exec(refused.stderr)!;
    const made = await neighbor(command!.split(" "));
    assertEquals([made.code, made.stderr], [0, ""]);
    assertEquals(ipNeighbor(IP)?.lladdr, "02:fc:00:00:00:09");
    // Nor is anything written where one interface could be meant
    for (const verb of ["add", "replace"]) {
      const ran = await neighbor([verb, "10.0.0.8", LLADDR]);
      assertEquals(ran.code, 2);
    }
    assertEquals((await neighbor(["rm", IP])).code, 2);
    assertEquals(ipNeighbor("10.0.0.8"), undefined);
    assertEquals(ipNeighbor(IP)?.lladdr, "02:fc:00:00:00:09");
  },
);

networkTest("cli --quiet prints nothing and does the same", async () => {
  const pins = JSON.stringify([
    { address: IP, linkLayerAddress: LLADDR, interfaceAlias: DEVICE },
  ]);
  const change = JSON.stringify({
    verb: "delete",
    address: IP,
    interfaceAlias: DEVICE,
  });
  const steps = [
    [["create", IP, LLADDR, ...ON], "", LLADDR],
    [["change", IP, "02e000000005", ...ON], "", "02:e0:00:00:00:05"],
    [["replace", IP, LLADDR, ...ON], "", LLADDR],
    [["del", IP, ...ON], "", undefined],
    [["apply", "-"], pins, LLADDR],
    [["apply", "-", "--check"], pins, LLADDR],
    [["flush", ...ON, "--permanent"], "", undefined],
    [["apply", "-"], pins, LLADDR],
    [["batch", "-"], change, undefined],
  ] as const;
  for (const [words, stdin, lladdr] of steps) {
    const ran = await neighbor([...words, "-q"], stdin);
    assertEquals(ran, { code: 0, stdout: "", stderr: "" }, words.join(" "));
    assertEquals(ipNeighbor(IP)?.lladdr, lladdr, words.join(" "));
  }
  const differs = await neighbor(["apply", "-", "--check", "-q"], pins);
  assertEquals(differs, { code: 5, stdout: "", stderr: "" });
  const refused = await neighbor(["set", IP, LLADDR, ...ON, "-q"]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  assertStringIncludes(refused.stderr, "ENOENT");
});

networkTest(
  "cli --interface takes the escape that interfaces prints",
  async () => {
    // Latin-1 for u with two dots, as a byte of a name that is not UTF-8
    const octal = "b\\374r";
    const sh = (line: string) =>
      run("sh", "-c", `n=$(printf '${octal}'); ${line}`);
    sh('ip link add "$n" type veth peer name peer0');
    try {
      const { stdout } = await neighbor(["interfaces"]);
      const name = stdout.split(/\s+/).find((one) => one.startsWith("b\\"));
      assertEquals(name, "b\\udcfcr");
      const made = await neighbor(["add", IP, LLADDR, "--interface", name!]);
      assertEquals([made.code, made.stderr], [0, ""]);
      assertStringIncludes(sh('ip neigh show dev "$n"'), `${IP} lladdr`);
      // The command that an error names finds it too
      const refused = await neighbor(["delete", IP]);
      const [, word] = /--interface '([^']+)'\n$/.exec(refused.stderr)!;
      const gone = await neighbor(["delete", IP, "--interface", word!]);
      assertEquals([gone.code, gone.stderr], [0, ""]);
      assertEquals(sh('ip neigh show dev "$n"').includes(IP), false);
    } finally {
      ip("link del peer0");
    }
  },
);

networkTest("cli warns of the interface's own link-layer address", async () => {
  const warned = `neighbor: warning: ${OWN} is the link-layer address of ` +
    `${DEVICE} itself\n`;
  const dry = await neighbor(["add", IP, OWN, ...ON, "--dry-run"]);
  assertEquals([dry.code, dry.stderr], [0, warned]);
  const text = await neighbor(["add", IP, OWN, ...ON, "-q"]);
  assertEquals(text, { code: 0, stdout: "", stderr: warned });
  assertEquals(ipNeighbor(IP)?.lladdr, OWN);
  const json = await neighbor(["replace", IP, OWN, ...ON, "-j"]);
  assertEquals([json.code, json.stderr], [0, ""]);
  assertEquals(JSON.parse(json.stdout).warnings.length, 1);
  const other = await neighbor(["replace", IP, LLADDR, ...ON, "-j"]);
  assertEquals(JSON.parse(other.stdout).warnings, undefined);
});

networkTest(
  "cli ls -4j and states in any case filter like the long forms",
  async () => {
    ip(`neigh add ${IP} lladdr ${LLADDR} dev ${DEVICE}`);
    ip(`neigh add 2001:db8::7 lladdr ${LLADDR} nud stale dev ${DEVICE}`);
    const addresses = async (...words: string[]) => {
      const { stdout } = await neighbor([...words, ...ON]);
      return JSON.parse(stdout).map((row: { address: string }) => row.address);
    };
    assertEquals(await addresses("ls", "-4j"), [IP]);
    const long = await addresses("list", "--family", "ipv6", "--json");
    assertEquals(await addresses("show", "-6j"), long);
    assertEquals(await addresses("list", "-j", "--state", "PERMANENT"), [IP]);
  },
);
