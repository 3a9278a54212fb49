import { assert, assertEquals, assertMatch } from "@std/assert";
import { type FakeWindows, runOnFake } from "../helpers/fake_windows.ts";
import { interfaceBytes, neighborBytes } from "../helpers/golden/rows.ts";

const SYSTEM: FakeWindows = {
  neighbors: [neighborBytes("IPV4_PERMANENT"), neighborBytes("IPV4_PROBE")],
  interfaces: [interfaceBytes("ETHERNET"), interfaceBytes("FILTER")],
};
const ON = ["--interface", "12"] as const;
const MAC = "02-fc-00-00-00-05";
const SET = ["set", "192.0.2.7", MAC, ...ON] as const;

const NEIGHBOR = {
  address: "192.0.2.7",
  family: "ipv4",
  interfaceIndex: 12,
  interfaceLuid: "0x0006008000000000",
  interfaceAlias: "Ethernet",
  linkLayerAddress: "02:fc:00:00:00:05",
  state: "permanent",
  isRouter: false,
  isUnreachable: false,
  reachabilityTime: 0,
};

Deno.test("list prints an aligned table without colour to a pipe", async () => {
  assertEquals(await runOnFake(SYSTEM, "list"), {
    code: 0,
    stdout: "ADDRESS        LINK-LAYER-ADDRESS       STATE      INTERFACE\n" +
      "192.0.2.7      02:fc:00:00:00:05        permanent  Ethernet\n" +
      "203.0.113.254  80:81:82:83:84:85:86:87  probe      Ethernet\n",
    stderr: "",
  });
});

Deno.test("list --json prints an array, indented by two", async () => {
  const only = { ...SYSTEM, neighbors: [neighborBytes("IPV4_PERMANENT")] };
  const { code, stdout, stderr } = await runOnFake(only, "list", "--json");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout, JSON.stringify([NEIGHBOR], null, 2) + "\n");
});

Deno.test("list --json prints an empty array where no row matches", async () => {
  const { code, stdout } = await runOnFake(
    SYSTEM,
    ...["list", "--json", "--state", "stale"],
  );
  assertEquals([code, stdout], [0, "[]\n"]);
});

Deno.test("list shows rows that match both state and subnet", async () => {
  const { code, stdout } = await runOnFake(
    SYSTEM,
    ...["list", "--state", "probe,permanent", "--subnet", "203.0.113.0/24"],
    ...["--json", "--family", "ipv4"],
  );
  assertEquals(code, 0);
  assertEquals(
    JSON.parse(stdout).map(({ address }: { address: string }) => address),
    ["203.0.113.254"],
  );
});

Deno.test("list escapes control characters of an alias", async () => {
  const alias = "\x1b[2J\u202eX";
  const text = await runOnFake({ ...SYSTEM, alias }, "list");
  assert(text.stdout.includes("\\u001b[2J\\u202eX"));
  assert(!text.stdout.includes("\x1b") && !text.stdout.includes("\u202e"));
  const json = await runOnFake({ ...SYSTEM, alias }, "list", "--json");
  assert(!json.stdout.includes("\x1b") && !json.stdout.includes("\u202e"));
  assertEquals(JSON.parse(json.stdout)[0].interfaceAlias, alias);
});

Deno.test("interfaces prints all but packet filters", async () => {
  const text = await runOnFake(SYSTEM, "interfaces");
  assertEquals(text.code, 0);
  assertMatch(
    text.stdout,
    /^ALIAS .*\nEthernet +12 +0x0006008000000000 +02:fc:00:00:00:09 +ethernet +up\n$/,
  );
  const json = await runOnFake(SYSTEM, "interfaces", "--json");
  assertEquals(JSON.parse(json.stdout), [{
    interfaceAlias: "Ethernet",
    altNames: [],
    interfaceIndex: 12,
    interfaceLuid: "0x0006008000000000",
    linkLayerAddress: "02:fc:00:00:00:09",
    type: "ethernet",
    isUp: true,
  }]);
});

for (
  const [words, shape] of [
    [["get", "192.0.2.7", ...ON], NEIGHBOR],
    [SET, { result: "changed", neighbor: NEIGHBOR }],
    [["add", ...SET.slice(1)], { result: "created", neighbor: NEIGHBOR }],
    [
      ["delete", "192.0.2.7", ...ON],
      { result: "deleted", neighbor: NEIGHBOR },
    ],
  ] as const
) {
  Deno.test(`${words[0]} --json prints its documented shape`, async () => {
    const { code, stdout, stderr } = await runOnFake(
      SYSTEM,
      ...[...words, "--json"],
    );
    assertEquals([code, stderr], [0, ""]);
    assertEquals(JSON.parse(stdout), shape);
  });

  Deno.test(`${words[0]} prints the entry for people`, async () => {
    const { code, stdout, stderr } = await runOnFake(SYSTEM, ...words);
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.includes("192.0.2.7") && stdout.includes("permanent"));
    assert(stdout.endsWith("\n") && !stdout.endsWith("\n\n"));
  });
}

for (
  const [call, status, words, code] of [
    ["SetIpNetEntry2", 1168, SET, 3],
    ["SetIpNetEntry2", 5, SET, 4],
    ["SetIpNetEntry2", 87, SET, 1],
    ["SetIpNetEntry2", 50, SET, 1],
    ["SetIpNetEntry2", 8, SET, 1],
    ["SetIpNetEntry2", 31, SET, 1],
    ["CreateIpNetEntry2", 5010, ["add", ...SET.slice(1)], 1],
    ["DeleteIpNetEntry2", 1168, ["delete", "192.0.2.7", ...ON], 3],
    ["GetIpNetEntry2", 1168, ["get", "192.0.2.7", ...ON], 3],
    ["GetIpNetEntry2", 50, ["get", "192.0.2.7", ...ON], 1],
    ["ConvertInterfaceAliasToLuid", 87, ["get", "::2%nowhere"], 3],
    ["GetIfEntry2", 2, ["list", ...ON], 3],
    ["GetIpNetTable2", 8, ["list"], 1],
  ] as const
) {
  Deno.test(`cli.ts ends with ${code} when ${call} answers ${status}`, async () => {
    const system = { ...SYSTEM, statuses: { [call]: status } };
    const text = await runOnFake(system, ...words);
    assertEquals([text.code, text.stdout], [code, ""]);
    assertMatch(text.stderr, /^neighbor: [^\n]+\n$/);
    const json = await runOnFake(system, ...words, "--json");
    assertEquals([json.code, json.stdout], [code, ""]);
    const { error } = JSON.parse(json.stderr);
    // A miss of get is its answer, not a failed call
    if (call === "GetIpNetEntry2" && status === 1168) {
      assertEquals(error.code, "NOT_FOUND");
    } else assertEquals([error.status, error.operation], [status, call]);
  });
}

Deno.test("a protocol is refused on Windows before any call", async () => {
  const system = {
    ...SYSTEM,
    prelude: `const { dlopen } = Deno;
      Deno.dlopen = (...words) => {
        const { symbols, close } = dlopen(...words);
        for (const name of Object.keys(symbols)) {
          if (name === "GetSystemDirectoryW") continue;
          symbols[name] = () => { throw new Error(name); };
        }
        return { symbols, close };
      };`,
  };
  const { code, stdout, stderr } = await runOnFake(
    system,
    ...[...SET, "--protocol", "42"],
  );
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    "neighbor: Cannot write 192.0.2.7 on interface 12 with the " +
      "protocol 42: only Linux keeps one\n",
  );
});
