import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  decoyDeno,
  ip,
  kernelIndex,
  kernelNeighbors,
} from "../helpers/wine/witness.ts";
import { neighbor } from "../helpers/windows/command.ts";
import { ETHERNET, wineTest } from "../helpers/windows/under_wine.ts";

const ON_ETHERNET = ["--interface", ETHERNET];

wineTest(
  "cli add, set, get and delete change the kernel and print JSON",
  async () => {
    const index = await kernelIndex(ETHERNET);
    const row = (linkLayerAddress: string, reachabilityTime: unknown) => ({
      address: "192.0.2.7",
      family: "ipv4",
      interfaceIndex: index,
      interfaceLuid: `0x0006${index.toString(16).padStart(6, "0")}000000`,
      interfaceAlias: ETHERNET,
      linkLayerAddress,
      state: "permanent",
      isRouter: false,
      isUnreachable: false,
      reachabilityTime,
    });
    const steps = [
      [
        ["add", "192.0.2.7", "02-fc-00-00-00-05"],
        "created",
        "02:fc:00:00:00:05",
      ],
      [["set", "192.0.2.7", "02e000000005"], "changed", "02:e0:00:00:00:05"],
      [["set", "192.0.2.7", "020000000005"], "changed", "02:00:00:00:00:05"],
      [["get", "192.0.2.7"], undefined, "02:00:00:00:00:05"],
      [["delete", "192.0.2.7"], "deleted", "02:00:00:00:00:05"],
    ] as const;
    for (const [words, result, lladdr] of steps) {
      const ran = await neighbor([...words, ...ON_ETHERNET, "--json"]);
      assertEquals([ran.code, ran.stderr], [0, ""], words.join(" "));
      const answer = JSON.parse(ran.stdout);
      const neighborRow = result === undefined ? answer : answer.neighbor;
      assertEquals(answer.result, result);
      assertEquals(neighborRow, row(lladdr, neighborRow.reachabilityTime));
      const kernel = await kernelNeighbors("192.0.2.7");
      assertEquals(
        kernel[0]?.lladdr,
        result === "deleted" ? undefined : lladdr,
      );
    }
  },
);

const REFUSED: [
  string,
  string[],
  Record<string, string>,
  number,
  string,
  string,
][] = [
  [
    "missing entry",
    ["set", "192.0.2.7", "02fc00000005", ...ON_ETHERNET],
    {},
    3,
    "NOT_FOUND",
    "",
  ],
  [
    "missing interface",
    ["get", "192.0.2.7", "--interface", "Nope"],
    {},
    3,
    "INTERFACE_NOT_FOUND",
    "",
  ],
  [
    "not elevated",
    ["add", "192.0.2.7", "02fc00000005", ...ON_ETHERNET],
    {
      NEIGHBOR_TEST: "elevated=0",
    },
    4,
    "ACCESS_DENIED",
    "run elevated",
  ],
  [
    "refused by the system",
    ["add", "192.0.2.7", "02fc00000005", ...ON_ETHERNET],
    {
      NEIGHBOR_TEST: "fail=CreateIpNetEntry2:50",
    },
    1,
    "NOT_SUPPORTED",
    "",
  ],
  [
    "loopback",
    ["set", "127.0.0.1", "02fc00000005", ...ON_ETHERNET],
    {},
    2,
    "INVALID_PARAMETER",
    "loopback",
  ],
  [
    "too long",
    ["set", "192.0.2.7", "02fc0000000506", ...ON_ETHERNET],
    {},
    2,
    "INVALID_PARAMETER",
    "takes 6",
  ],
  [
    "no interface",
    ["set", "192.0.2.7", "02fc00000005"],
    {},
    2,
    "INVALID_PARAMETER",
    "--interface",
  ],
];

for (const [what, words, env, code, name, part] of REFUSED) {
  wineTest(
    `cli exits ${code} when ${what}, with one object on stderr`,
    async () => {
      const ran = await neighbor([...words, "--json"], { env });
      assertEquals([ran.code, ran.stdout], [code, ""], ran.stderr);
      const { error } = JSON.parse(ran.stderr);
      assertEquals(error.code, name);
      assertStringIncludes(error.message, part);
      assertEquals(await kernelNeighbors("192.0.2.7"), []);

      const text = await neighbor(words, { env });
      assertEquals([text.code, text.stdout], [code, ""]);
      assertEquals(text.stderr, `neighbor: ${error.message}\n`);
    },
  );
}

wineTest(
  "cli exits 4 and names --allow-ffi when Deno does not permit it",
  async () => {
    const ran = await neighbor(["list"], { permission: ["--no-prompt"] });
    assertEquals([ran.code, ran.stdout], [4, ""]);
    assertStringIncludes(ran.stderr, "--allow-ffi");
    assertEquals(ran.stderr.trimEnd().split("\n").length, 1);
  },
);

wineTest(
  "cli list keeps its columns aligned when an alias is 以太网",
  async () => {
    await ip(
      "neigh",
      "add",
      "192.0.2.7",
      "lladdr",
      "02:fc:00:00:00:05",
      "dev",
      ETHERNET,
    );
    await ip(
      "neigh",
      "add",
      "198.51.100.7",
      "lladdr",
      "02:fc:00:00:00:06",
      "dev",
      "以太网",
    );
    const { code, stdout } = await neighbor(["interfaces"]);
    assertEquals(code, 0);
    const [heading, ...lines] = stdout.trimEnd().split("\n");
    const wide = lines.find((line) => line.startsWith("以太网"))!;
    // Three characters of two columns each
    assertEquals(wide.indexOf("0x") + 3, heading!.indexOf("LUID"));
    const list = await neighbor([
      "list",
      "--state",
      "permanent",
      "--family",
      "ipv4",
    ]);
    assertStringIncludes(
      list.stdout,
      "02:fc:00:00:00:06   permanent  以太网\n",
    );
  },
);

wineTest(
  "cli --dry-run reads, never writes, and says what it would call",
  async () => {
    await ip(
      "neigh",
      "add",
      "192.0.2.7",
      "lladdr",
      "02:fc:00:00:00:05",
      "dev",
      ETHERNET,
    );
    const before = await kernelNeighbors("192.0.2.7");
    const set = [
      "set",
      "192.0.2.7",
      "02fc00000006",
      ...ON_ETHERNET,
      "--dry-run",
    ];
    const ran = await neighbor(set);
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(ran.stdout, "Would call SetIpNetEntry2");
    const json = JSON.parse((await neighbor([...set, "--json"])).stdout);
    assertEquals([json.result, json.operation], ["dry-run", "SetIpNetEntry2"]);
    const del = await neighbor([
      "delete",
      "192.0.2.7",
      ...ON_ETHERNET,
      "--dry-run",
    ]);
    assertStringIncludes(del.stdout, "Would call DeleteIpNetEntry2");
    const add = await neighbor([
      "add",
      "192.0.2.7",
      "02fc00000006",
      ...ON_ETHERNET,
      "--dry-run",
    ]);
    assertEquals(add.code, 1);
    assertEquals(await kernelNeighbors("192.0.2.7"), before);
  },
);

wineTest(
  "a planted DLL in the current folder or beside the program is never loaded",
  async () => {
    const mark = await Deno.makeTempFile();
    await Deno.remove(mark);
    const folder = decoyDeno.slice(0, decoyDeno.lastIndexOf("\\"));
    await Deno.stat(`${folder}\\iphlpapi.dll`);
    const options = {
      deno: decoyDeno,
      cwd: folder,
      env: { NEIGHBOR_DECOY_MARK: mark },
    };
    const ran = await neighbor([
      "add",
      "192.0.2.7",
      "02fc00000005",
      ...ON_ETHERNET,
    ], options);
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(
      (await kernelNeighbors("192.0.2.7"))[0]?.lladdr,
      "02:fc:00:00:00:05",
    );
    assertEquals(
      await Deno.stat(mark).then(() => "loaded", () => "not loaded"),
      "not loaded",
    );
  },
);

wineTest("cli replace, flush and resolve do what the API does", async () => {
  const run = async (...words: string[]) => {
    const ran = await neighbor([...words, "--json"]);
    return [
      ran.code,
      ran.code === 0 ? JSON.parse(ran.stdout) : JSON.parse(ran.stderr).error,
    ];
  };
  const replace = ["replace", "192.0.2.7", "02fc00000005", ...ON_ETHERNET];
  assertEquals((await run(...replace))[1].result, "created");
  assertEquals((await run(...replace))[1].result, "unchanged");
  assertEquals((await run(...replace, "--dry-run"))[1].operation, null);

  const [, found] = await run("resolve", "192.0.2.2", ...ON_ETHERNET);
  assertEquals(found.linkLayerAddress, "02:00:00:00:01:02");
  const [code, error] = await run("resolve", "192.0.2.99", ...ON_ETHERNET);
  assertEquals([code, error.code, error.status], [1, "UNREACHABLE", 67]);

  const flush = ["flush", "--subnet", "192.0.2.7/32"];
  assertEquals((await run(...flush))[1].neighbors, []);
  assertEquals((await run("flush"))[0], 2);
  const [, gone] = await run(...flush, "--permanent");
  assertEquals(gone.neighbors.length, 1);
  assertEquals(await kernelNeighbors("192.0.2.7"), []);
});

wineTest(
  "cli without any grant and without a terminal does not hang at a prompt",
  async () => {
    const ran = await neighbor(["list"], { permission: [] });
    assertEquals([ran.code, ran.stdout], [4, ""]);
    assertStringIncludes(ran.stderr, "--allow-ffi");
  },
);

wineTest(
  "cli finds the interface for get, and names it for delete",
  async () => {
    const words = ["-i", ETHERNET, "-q"];
    assertEquals(
      await neighbor([
        "create",
        "192.0.2.7",
        "2:fc:0:0:0:5",
        ...words,
      ]),
      {
        code: 0,
        stdout: "",
        stderr: "",
      },
    );
    const found = await neighbor(["get", "192.0.2.7", "-j"]);
    assertEquals([found.code, found.stderr], [0, ""]);
    const row = JSON.parse(found.stdout);
    assertEquals(row.interfaceAlias, ETHERNET);
    assertEquals(row.linkLayerAddress, "02:fc:00:00:00:05");
    const refused = await neighbor(["rm", "192.0.2.7"]);
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertStringIncludes(
      refused.stderr,
      "neighbor delete 192.0.2.7 --interface",
    );
    assertEquals((await neighbor(["rm", "192.0.2.7", ...words])).code, 0);
  },
);
