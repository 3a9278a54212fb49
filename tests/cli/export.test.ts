import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseCommand, type RunCommand, UsageError } from "../../cli/args.ts";
import { exportEntries } from "../../cli/export/export.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import { sortRows } from "../../cli/output/sorted_rows.ts";
import { parsePins } from "../../cli/pins/file.ts";
import type { Neighbor } from "../../ffi/types/neighbor.ts";
import {
  exported,
  fromFile,
  MAC,
  row,
  TABLE,
  tableOf,
} from "../helpers/exported.ts";
import { importText, pinsOf } from "../helpers/import_text.ts";

Deno.test("export prints the permanent entries as a pins file, sorted, and no others", async () => {
  const { text, warnings, code } = await exported(TABLE);
  assertEquals([warnings, code], [[], 0]);
  const pin = (address: string, interfaceAlias = "eth0", end = "05") => ({
    address,
    linkLayerAddress: `02:fc:00:00:00:${end}`,
    interfaceAlias,
  });
  assertEquals(JSON.parse(text), {
    neighbors: [
      pin("192.0.2.1", "br0"),
      pin("192.0.2.9", "eth0", "09"),
      pin("192.0.2.10"),
      pin("fe80::7"),
    ],
  });
  const { entries, problems } = parsePins(text, "pins.json");
  assertEquals([entries.length, problems], [4, []]);
});

Deno.test("export has the order of the table that list prints", async () => {
  const rows = [
    row("192.0.2.1", { interfaceAlias: "eth10", interfaceIndex: 4 }),
    row("fe80::7", { interfaceAlias: "eth2", interfaceIndex: 9 }),
    row("192.0.2.9", { interfaceAlias: "eth2", interfaceIndex: 9 }),
    row("192.0.2.10", { interfaceAlias: "eth2", interfaceIndex: 8 }),
  ];
  const orders = [rows, rows.toReversed()].map(async (given) => {
    const { text } = await exported(given);
    return JSON.parse(text).neighbors.map(({ address }: Neighbor) => address);
  });
  const sorted = sortRows(rows).map(({ address }) => address);
  assertEquals(sorted, ["192.0.2.10", "192.0.2.9", "fe80::7", "192.0.2.1"]);
  assertEquals(await Promise.all(orders), [sorted, sorted]);
});

Deno.test("export --to pins takes --json, and prints the same", async () => {
  const { text } = await exported(TABLE);
  assertEquals((await exported(TABLE, "--to", "PINS", "--json")).text, text);
});

Deno.test("export chooses entries as list does", async () => {
  const addresses = async (...words: string[]) => {
    const { text } = await exported(TABLE, ...words);
    return JSON.parse(text).neighbors.map((one: Neighbor) => one.address);
  };
  assertEquals(await addresses("-i", "br0"), ["192.0.2.1"]);
  assertEquals(await addresses("-6"), ["fe80::7"]);
  assertEquals(await addresses("--link-layer-address", "02:fc:00:00:00:09"), [
    "192.0.2.9",
  ]);
  assertEquals(await addresses("--subnet", "192.0.2.8/29"), [
    "192.0.2.9",
    "192.0.2.10",
  ]);
  assertEquals(await addresses("--learnt", "--state", "stale"), ["192.0.2.20"]);
  assertEquals(await addresses("--state", "permanent", "-6"), ["fe80::7"]);
});

Deno.test("export refuses states that it never prints", async () => {
  const refused = (...words: string[]) =>
    assertRejects(() => exported(TABLE, ...words), UsageError);
  assertEquals(
    (await refused("--state", "stale")).message,
    'Entries of the state "stale" were learnt, and are exported with --learnt only',
  );
  for (const state of ["incomplete", "failed", "noarp", "permanent,none"]) {
    const { message } = await refused("--learnt", "--state", state);
    assert(message.endsWith(" are never exported"), message);
  }
});

Deno.test("export --learnt warns, and names each link-layer address of several addresses", async () => {
  const { text, warnings, code } = await exported(
    [
      ...TABLE,
      row("fe80::8", { linkLayerAddress: "02:fc:00:00:00:09" }),
      row("10.0.0.1", { interfaceAlias: "br0", interfaceIndex: 2 }),
    ],
    "--learnt",
  );
  const { neighbors } = JSON.parse(text);
  assertEquals(neighbors.length, 8);
  assertEquals(code, 0);
  assertEquals(warnings, [
    "2 entries were learnt, and become permanent where this is applied, forged or not",
    `${MAC} has 3 IPv4 addresses on eth0: 192.0.2.10, 192.0.2.20, 192.0.2.21`,
    `${MAC} has 2 IPv4 addresses on br0: 10.0.0.1, 192.0.2.1`,
  ]);
  // Nothing was learnt: what is pinned already is not suspected
  assertEquals(
    (await exported([row("192.0.2.1"), row("192.0.2.2")], "--learnt")).warnings,
    [],
  );
});

Deno.test("export --learnt names at most ten link-layer addresses, and three addresses of each", async () => {
  const rows = Array.from({ length: 48 }, (_, i) =>
    row(`192.0.2.${i + 1}`, {
      state: "stale",
      linkLayerAddress: `02:fc:00:00:00:${10 + i % 12}`,
    }));
  const { warnings } = await exported(rows, "--learnt");
  assertEquals(warnings.length, 12);
  assertEquals(
    warnings[1],
    "02:fc:00:00:00:10 has 4 IPv4 addresses on eth0: " +
      "192.0.2.1, 192.0.2.13, 192.0.2.25, and 1 more",
  );
  assertEquals(warnings.at(-1), "and 2 more such link-layer addresses");
});

Deno.test("export tells the permanent rows whose address nobody can write", async () => {
  const { text, warnings } = await exported([
    row("0.0.0.0"),
    row("127.0.0.2"),
    row("192.0.2.7"),
  ]);
  assertEquals(JSON.parse(text).neighbors.length, 1);
  assertEquals(warnings, [
    "2 rows skipped: 2 of an address that cannot be written",
  ]);
});

Deno.test("export of no entry warns, and prints an empty file", async () => {
  const none = ["There is no entry to export"];
  const pins = await exported([]);
  assertEquals([pins.text, pins.warnings, pins.code], [
    '{\n  "neighbors": []\n}\n',
    none,
    0,
  ]);
  for (
    const format of ["ip-batch", "netsh", "powershell", "networkd", "ethers"]
  ) {
    const { text, warnings, code } = await exported([], "--to", format);
    assertEquals([text, warnings, code], ["", none, 0], format);
  }
});

const TWO = [row("192.0.2.7"), row("fe80::7")];

Deno.test("export writes each format", async () => {
  const texts = {
    "ip-batch":
      `neigh replace 192.0.2.7 lladdr ${MAC} dev eth0 nud permanent\n` +
      `neigh replace fe80::7 lladdr ${MAC} dev eth0 nud permanent\n`,
    netsh: 'netsh interface ipv4 set neighbors "eth0" "192.0.2.7" ' +
      '"02-fc-00-00-00-05" store=active\r\n' +
      'netsh interface ipv6 set neighbors "eth0" "fe80::7" ' +
      '"02-fc-00-00-00-05" store=active\r\n',
    networkd: "# For the .network file of the interface eth0, or for a " +
      "drop-in of it\n" +
      `[Neighbor]\nAddress=192.0.2.7\nLinkLayerAddress=${MAC}\n\n` +
      `[Neighbor]\nAddress=fe80::7\nLinkLayerAddress=${MAC}\n\n`,
  };
  for (const [format, text] of Object.entries(texts)) {
    assertEquals((await exported(TWO, "--to", format)).text, text);
  }
  const ethers = await exported(TWO, "--to", "ethers", "-4");
  assertEquals(ethers.text, `${MAC} 192.0.2.7\n`);
});

Deno.test("export --store persistent is for netsh and powershell", async () => {
  const netsh = await exported(TWO, "--to", "netsh", "--store", "persistent");
  assertEquals(netsh.text.match(/ store=persistent\r\n/g)?.length, 2);
  const powershell = (...words: string[]) =>
    exported([TWO[0]!], "--to", "powershell", ...words);
  // Without -PolicyStore the page has both stores written
  const { text } = await powershell("--store", "persistent");
  const what = "-InterfaceAlias 'eth0' -IPAddress '192.0.2.7' " +
    "-LinkLayerAddress '02-fc-00-00-00-05'";
  assertEquals(
    text,
    `try { New-NetNeighbor ${what} -State Permanent -ErrorAction Stop } ` +
      `catch { Set-NetNeighbor ${what} }\n`,
  );
  for (const words of [[], ["--store", "active"]]) {
    const { text } = await powershell(...words);
    assertEquals(text.match(/ -PolicyStore ActiveStore /g)?.length, 2);
  }
  for (const format of ["pins", "ip-batch", "networkd", "ethers"]) {
    const { message } = await assertRejects(
      () => exported(TWO, "--to", format, "--store", "active"),
      UsageError,
    );
    assertEquals(
      message,
      'The option "--store" goes with --to netsh and --to powershell',
    );
  }
});

Deno.test("export refuses words that are no format, no store, and --json of what is no JSON", async () => {
  const refused = async (...words: string[]) =>
    (await assertRejects(() => exported(TWO, ...words), UsageError)).message;
  assertEquals(
    await refused("--to", "ethrs"),
    'The option "--to" takes pins, ip-batch, netsh, powershell, networkd, ' +
      'ethers, csv, not "ethrs", did you mean ethers?',
  );
  assertEquals(
    await refused("--to", "netsh", "--store", "both"),
    'The option "--store" takes active, persistent, not "both"',
  );
  assertEquals(
    await refused("--to", "ethers", "--json"),
    "export takes --json with --to pins only, ethers is no JSON",
  );
});

Deno.test("export to a format that does not name the interface is for one interface", async () => {
  for (const format of ["networkd", "ethers"]) {
    const { message } = await assertRejects(
      () => exported(TABLE, "--to", format, "-4"),
      UsageError,
    );
    assertEquals(
      message,
      `${format} does not name the interface, and the entries are of 2: ` +
        "br0, eth0; choose one with --interface",
    );
    const { text } = await exported(TABLE, "--to", format, "-4", "-i", "br0");
    assert(text.includes("192.0.2.1"), text);
  }
});

Deno.test("export refuses what the format cannot express, and prints nothing", async () => {
  const error = await assertRejects(
    () => exported(TWO, "--to", "ethers"),
    Refusal,
  );
  assertEquals(error.before, ["fe80::7 on eth0 is IPv6, ethers is for IPv4"]);
  assertEquals(
    error.ending,
    "ethers cannot express 1 entry; nothing was exported, --keep-going would " +
      "leave out what cannot be expressed",
  );
  assertEquals(error.code, 2);
});

Deno.test("export --keep-going leaves out what the format cannot express, says so and ends with 2", async () => {
  const { text, warnings, code } = await exported(
    TWO,
    ...["--to", "ethers", "--keep-going"],
  );
  assertEquals([text, code], [`${MAC} 192.0.2.7\n`, 2]);
  assertEquals(warnings, [
    "1 entry left out: ethers cannot express it",
    "fe80::7 on eth0 is IPv6, ethers is for IPv4",
  ]);
  const many = Array.from({ length: 30 }, (_, i) => row(`fe80::${i + 1}`));
  const bounded = await exported(many, "--to", "ethers", "--keep-going");
  assertEquals(bounded.warnings.length, 21);
  const { 0: first, 20: last } = bounded.warnings;
  assertEquals([first, last], [
    "30 entries left out: ethers cannot express them",
    "and 11 more warnings",
  ]);
});

Deno.test("export refuses link-layer addresses that a format has no form for", async () => {
  const cases = [
    ["ip-batch", 21, "has 21 octets, of which ip reads 20"],
    ["ethers", 20, "has 20 octets, ethers takes 6"],
    ["networkd", 8, "has 8 octets, networkd takes 4, 6, 16 or 20"],
  ] as const;
  for (const [format, count, reason] of cases) {
    const linkLayerAddress = new Array(count).fill("02").join(":");
    const one = row("192.0.2.7", { linkLayerAddress });
    const { before } = await assertRejects(
      () => exported([one], "--to", format),
      Refusal,
    );
    assertEquals(before, [`192.0.2.7 on eth0 ${reason}`]);
  }
  const zero = row("192.0.2.7", { linkLayerAddress: "00:00:00:00:00:00" });
  for (const format of ["netsh", "powershell"]) {
    await assertRejects(() => exported([zero], "--to", format), Refusal);
  }
  const tunnel = row("192.0.2.7", { linkLayerAddress: "c0:00:02:01" });
  const { text } = await exported([tunnel], "--to", "networkd");
  assert(text.includes("\nLinkLayerAddress=192.0.2.1\n"), text);
});

Deno.test("export to netsh sets the code page where a name is not ASCII", async () => {
  const one = row("192.0.2.7", { interfaceAlias: "以太网" });
  const { text } = await exported([one], "--to", "netsh");
  assert(text.startsWith("@chcp 65001 >nul\r\nnetsh interface ipv4 "), text);
  assert(text.includes(' "以太网" '), text);
});

Deno.test("export of a large table is written in pieces", async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, i) => row(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`),
  );
  for (const format of ["pins", "ip-batch"]) {
    const command = parseCommand(["export", "--to", format]) as RunCommand;
    const { pieces } = await exportEntries(tableOf(rows), command);
    let [count, longest] = [0, 0];
    for (const piece of pieces) {
      count++;
      longest = Math.max(longest, piece.length);
    }
    assert(count > 300 && longest < 100_000, `${format} ${count} ${longest}`);
  }
});

Deno.test("export keeps the protocol in pins and ip-batch", async () => {
  const rows = [row("192.0.2.7", { protocol: 44 }), row("192.0.2.8")];
  const { text } = await exported(rows);
  const { neighbors } = JSON.parse(text);
  assertEquals([neighbors[0].protocol, "protocol" in neighbors[1]], [
    44,
    false,
  ]);
  const batch = await exported(rows, "--to", "ip-batch");
  assertEquals(
    batch.text.split("\n").map((line) => line.split("nud ")[1]),
    ["permanent protocol 44", "permanent", undefined],
  );
});

Deno.test("export --to csv prints a header and RFC 4180, which import reads back", async () => {
  const pins = [
    { address: "192.0.2.1", comment: 'the "gate", way;\nof all' },
    { address: "fe80::1", interfaceAlias: 'a,b"c' },
    { address: "192.0.2.2", comment: "=1+1 \u202e" },
    { address: "192.0.2.3", comment: { rack: 7 } },
  ].map((one) => ({ linkLayerAddress: MAC, interfaceAlias: "eth0", ...one }));
  const { text, warnings, code } = await fromFile(
    JSON.stringify(pins),
    ...["--to", "csv"],
  );
  assertEquals([warnings, code], [[], 0]);
  assertEquals(text.split("\r\n"), [
    "address,linkLayerAddress,interface,state,comment",
    `192.0.2.1,${MAC},eth0,permanent,"the ""gate"", way;\nof all"`,
    `fe80::1,${MAC},"a,b""c",permanent,`,
    `192.0.2.2,${MAC},eth0,permanent,=1+1 \\u202e`,
    `192.0.2.3,${MAC},eth0,permanent,"{""rack"":7}"`,
    "",
  ]);
  const imported = await importText(text);
  assertEquals(imported.thrown, undefined);
  assertEquals(pinsOf(imported).map((pin) => [pin.address, pin.comment]), [
    ["192.0.2.1", 'the "gate", way;\nof all'],
    ["fe80::1", undefined],
    ["192.0.2.2", "=1+1 \\u202e"],
    ["192.0.2.3", '{"rack":7}'],
  ]);
  assertEquals(pinsOf(imported)[1]!.interfaceAlias, 'a,b"c');
});

Deno.test("export --to csv keeps that an entry was learnt, and refuses names that it has no cell for", async () => {
  const rows = [row("192.0.2.1", { state: "stale" })];
  const { text } = await exported(rows, "--learnt", "--to", "csv");
  const { err } = await importText(text);
  assert(err.some((line) => line.includes("1 entry was learnt")), `${err}`);
  for (
    const [interfaceAlias, why] of [
      ["a\u202eb", "which is invisible here"],
      ["\u00a0a", "begins or ends with a blank"],
      [null, "an alias is needed"],
    ] as const
  ) {
    const error = await assertRejects(
      () => exported([row("192.0.2.1", { interfaceAlias })], "--to", "csv"),
      Refusal,
    );
    assert(`${error.before}`.includes(why), `${error.before}`);
  }
});
