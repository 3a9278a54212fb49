import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../../helpers/child.ts";
import { importText, pinsOf } from "../../helpers/import_text.ts";

const MAC = "02:fc:00:00:00:05";
const OTHER = "02:fc:00:00:00:06";
const row = (address: string, mac = MAC, dev = "eth0") =>
  `${address} dev ${dev} lladdr ${mac} PERMANENT\n`;

Deno.test("import keeps the order of the file, and writes addresses in one form", async () => {
  const printed = await importText(
    row("192.0.2.9", "2:fc:0:0:0:6") + row("2001:DB8:0::1") + row("192.0.2.1"),
  );
  assertEquals(printed.out, [
    '{ "neighbors": [',
    `  {"address":"192.0.2.9","linkLayerAddress":"${OTHER}","interfaceAlias":"eth0"},`,
    `  {"address":"2001:db8::1","linkLayerAddress":"${MAC}","interfaceAlias":"eth0"},`,
    `  {"address":"192.0.2.1","linkLayerAddress":"${MAC}","interfaceAlias":"eth0"}`,
    "] }",
  ]);
  assertEquals(printed.err, []);
});

Deno.test("import prints nothing where a line is malformed, and names every one", async () => {
  const text = row("192.0.2.1") + row("192.0.2.300") +
    row("192.0.2.2", "02:fc:00:00:0g:05") + "\n# note\nnonsense\n";
  const { out, thrown, before, details } = await importText(text, [
    "--from",
    "ip",
  ]);
  assertEquals(out, []);
  assertEquals(thrown, "FILE: 3 mistakes; nothing was converted");
  assertEquals(before.map((line) => line.slice(0, 7)), [
    "FILE:2:",
    "FILE:3:",
    "FILE:6:",
  ]);
  assertStringIncludes(before[1]!, "02:fc:00:00:0g:05");
  const problems = details.problems as { line: number }[];
  assertEquals(problems.map(({ line }) => line), [2, 3, 6]);
});

Deno.test("import tells twenty skipped lines as text and all as JSON", async () => {
  const text = Array.from(
    { length: 30 },
    (_, i) => `192.0.2.${i} dev eth0 FAILED\n`,
  ).join("");
  const { err, report, out } = await importText(text);
  const told = err.filter((line) => line.includes(": skipped: "));
  assertEquals(told.length, 20);
  assertEquals(
    told[3],
    "FILE:4: skipped: 192.0.2.3: incomplete or unreachable: it has no " +
      "link-layer address to pin",
  );
  assertEquals(err.slice(20), [
    "FILE: and 10 more lines skipped",
    "FILE: 0 entries taken, 30 lines skipped: 30 incomplete",
    "warning: FILE: no entry was taken",
  ]);
  const [all] = report as { skipped: { line: number }[] }[];
  assertEquals(all!.skipped.length, 30);
  assertEquals(JSON.parse(out.join("\n")), { neighbors: [] });
});

for (
  const [what, text, words, expected] of [
    ["no line", "\n# nothing\n", [], "no format takes a line"],
    ["empty", "", [], "it has no line"],
    [
      "two formats",
      "192.0.2.1   02-fc-00-00-00-05   Permanent\n",
      [],
      "arp-windows and netsh take every line: say which it is by --from",
    ],
    [
      "one line of another kind",
      row("192.0.2.1") + row("192.0.2.2") + "hello\n",
      [],
      "no format takes every line: ip 2 of 3; say which it is by --from. The " +
      'first line that is not ip is 3: "hello" is no address',
    ],
    ["prose", "hello world\n", [], "no format takes a line"],
    ["hosts", "192.0.2.1   gateway\n", [], "no format takes a line"],
    [
      "a pins file",
      `{"neighbors": [{"address": "192.0.2.1"}]}`,
      [],
      "it is a pins file already, which apply takes",
    ],
    [
      "a listing",
      `[\n  {\n    "address": "192.0.2.1"}]`,
      [],
      "it is a pins file already, which apply takes",
    ],
    [
      "an unknown format",
      "x",
      ["--from", "xml"],
      'The option "--from" takes ip, ip-json,',
    ],
    [
      "a misspelt format",
      "x",
      ["--from", "ethrs"],
      'not "ethrs", did you mean ethers?',
    ],
  ] as const
) {
  Deno.test(`import without --from refuses ${what}`, async () => {
    const { thrown, out } = await importText(text, words);
    assertStringIncludes(thrown ?? "", expected);
    assertEquals(out, []);
  });
}

Deno.test("import with --from takes an empty file, and says that it has no entry", async () => {
  const { out, err, thrown } = await importText("", ["--from", "IP"]);
  assertEquals(thrown, undefined);
  assertEquals(JSON.parse(out.join("\n")), { neighbors: [] });
  assertEquals(err, ["warning: FILE: no entry was taken"]);
});

Deno.test("import names the lines that have no interface", async () => {
  const text = `${MAC} 192.0.2.1\n${MAC} gateway\n${MAC} 192.0.2.2\n`;
  const { thrown, before } = await importText(text);
  assertEquals(before, [
    "FILE:1: It names no interface for 192.0.2.1: give it by --interface",
    "FILE:3: It names no interface for 192.0.2.2: give it by --interface",
  ]);
  assertEquals(thrown, "FILE: 2 mistakes; nothing was converted");
});

Deno.test("import takes --interface as every verb does, and says where it is not needed", async () => {
  for (
    const [word, member] of [
      ["eth0", { interfaceAlias: "eth0" }],
      ["12", { interfaceIndex: 12 }],
      ["alias:12", { interfaceAlias: "12" }],
      ["0x6008000000000", { interfaceLuid: "0x6008000000000" }],
    ] as const
  ) {
    const printed = await importText(`${MAC} 192.0.2.1\n`, ["-i", word]);
    assertEquals(pinsOf(printed), [
      { address: "192.0.2.1", linkLayerAddress: MAC, ...member },
    ]);
  }
  const { err } = await importText(row("192.0.2.1"), ["-i", "eth1"]);
  assertEquals(err, [
    "warning: FILE: --interface was not needed: every line names its interface",
  ]);
});

Deno.test("import --map renames interfaces by name and by index, also swapped", async () => {
  const swapped = await importText(
    row("192.0.2.1") + row("192.0.2.2", MAC, "eth1"),
    ["--map", "eth0=eth1", "--map=eth1=eth0"],
  );
  assertEquals(
    pinsOf(swapped).map(({ interfaceAlias }) => interfaceAlias),
    ["eth1", "eth0"],
  );
  // netsh tells both the name and the index
  const netsh = "Interface 12: Ethernet 2\n" +
    `192.0.2.1   02-fc-00-00-00-05  Permanent\n`;
  for (const map of ["Ethernet 2=eth0", "12=eth0"]) {
    const printed = await importText(netsh, ["--map", map]);
    assertEquals(pinsOf(printed)[0]!.interfaceAlias, "eth0");
  }
});

Deno.test("import --map refuses an OLD that the file does not have", async () => {
  const { thrown, out } = await importText(row("192.0.2.1"), [
    "--map",
    "eth1=x",
  ]);
  assertStringIncludes(
    thrown!,
    'has "eth1=x", but FILE names no interface "eth1"',
  );
  assertStringIncludes(thrown!, "eth0");
  assertEquals(out, []);
});

Deno.test("import tells entries that stand twice, also by --map", async () => {
  const text = row("192.0.2.1") + row("192.0.2.1", MAC, "eth1");
  const agreeing = await importText(text, [
    "--map",
    "eth1=eth0",
    "--map",
    "eth0=eth0",
  ]);
  assertEquals(agreeing.err, [
    "FILE:2: skipped: 192.0.2.1, line 1: the same entry as on a line before",
    "FILE: 1 entry taken, 1 line skipped: 1 repeated",
  ]);
  assertEquals(pinsOf(agreeing).length, 1);
  const conflicting = await importText(
    row("192.0.2.1") + row("192.0.2.1", OTHER, "eth1"),
    ["--map", "eth1=eth0", "--map", "eth0=eth0"],
  );
  assertEquals(
    conflicting.thrown,
    `FILE:2: 192.0.2.1 stands twice on one interface, with ${OTHER} and on ` +
      `line 1 with ${MAC}; nothing was converted`,
  );
});

Deno.test("import keeps comments of ethers, CSV and ip -batch", async () => {
  const ethers = await importText(
    `${MAC} 192.0.2.1 # the "gateway"\u202e\n`,
    ["-i", "eth0"],
  );
  assertEquals(pinsOf(ethers)[0]!.comment, 'the "gateway"\u202e');
  const csv = await importText(
    `ip,mac,dev,Comment\n192.0.2.1,${MAC},eth0,"one, two\nthree"\n`,
  );
  assertEquals(pinsOf(csv)[0]!.comment, "one, two\nthree");
  const batch = await importText(
    `neigh add 192.0.2.1 lladdr ${MAC} dev eth0 # old\n`,
  );
  assertEquals(pinsOf(batch)[0]!.comment, "old");
});

Deno.test("import says how many entries were learnt, or may have been", async () => {
  const learnt = await importText(
    row("192.0.2.1").replace("PERMANENT", "STALE") + row("192.0.2.2"),
  );
  assertEquals(learnt.err, [
    "warning: FILE: 1 entry was learnt from the network, right or forged: " +
    "a pin keeps what was learnt",
  ]);
  const unknown = await importText(
    "Schnittstelle: 192.0.2.10 --- 0xb\n  Internetadresse\n" +
      "  192.0.2.1  02-fc-00-00-00-05  dynamisch\n",
    ["--map", "11=eth0"],
  );
  assertStringIncludes(unknown.err.join("\n"), "not known whether learnt");
});

Deno.test("import skips what no pin may have", async () => {
  const text = row("127.0.0.2") + row("0.0.0.0") + row("::ffff:192.0.2.1") +
    row("192.0.2.1", "00:00:00:00:00:00") + row("255.255.255.255") +
    row("192.0.2.255", "ff:ff:ff:ff:ff:ff") + row("239.1.2.3") + row("ff02::1");
  const { report, out } = await importText(text);
  const [{ skipped }] = report as [{ skipped: { reason: string }[] }];
  assertEquals(skipped.map(({ reason }) => reason), [
    ...["notWritable", "notWritable", "notWritable", "incomplete"],
    ...["broadcast", "broadcast", "multicast", "multicast"],
  ]);
  assertEquals(JSON.parse(out.join("\n")), { neighbors: [] });
});

Deno.test("import reads UTF-16 as PowerShell redirects it, and a byte order mark", async () => {
  const text = '\ufeff[{"IPAddress":"192.0.2.1","InterfaceAlias":"Café",' +
    '"LinkLayerAddress":"02-FC-00-00-00-05","State":6}]';
  const units = Uint16Array.from(text, (one) => one.charCodeAt(0));
  const utf16 = await importText(new Uint8Array(units.buffer));
  const utf8 = await importText(text);
  for (const printed of [utf16, utf8]) {
    assertEquals(pinsOf(printed), [{
      ...{ address: "192.0.2.1", linkLayerAddress: MAC },
      interfaceAlias: "Café",
    }]);
  }
});

Deno.test("import names the line that is not UTF-8", async () => {
  // é in code page 850
  const bytes = new TextEncoder().encode(row("192.0.2.1") + "x\n");
  bytes[bytes.length - 2] = 0x82;
  const { thrown } = await importText(bytes);
  assertStringIncludes(thrown!, "it is not UTF-8 text, from line 2 on");
});

Deno.test("import reads names as ip -batch, netsh and PowerShell quote them", async () => {
  const netshMac = MAC.replaceAll(":", "-");
  for (
    const [text, name] of [
      [
        `neigh replace 192.0.2.1 lladdr ${MAC} dev "eth 0" nud permanent`,
        "eth 0",
      ],
      [`neigh replace 192.0.2.1 lladdr ${MAC} dev 'e"0' nud permanent`, 'e"0'],
      [
        '@chcp 65001 >nul\r\nnetsh interface ipv4 set neighbors "Café 1" ' +
        `"192.0.2.1" "${netshMac}" store=persistent`,
        "Café 1",
      ],
      [
        "New-NetNeighbor -InterfaceAlias ('it''s ' + [char]0x00e9 + ' 1') " +
        `-IPAddress '192.0.2.1' -LinkLayerAddress '${netshMac}'`,
        "it's é 1",
      ],
      [
        `New-NetNeighbor -InterfaceAlias "a b" -IPAddress 192.0.2.1 ` +
        `-LinkLayerAddress ${netshMac} -Confirm:$false`,
        "a b",
      ],
    ] as const
  ) {
    const { address, linkLayerAddress, interfaceAlias } = pinsOf(
      await importText(text + "\n"),
    )[0]!;
    assertEquals([address, linkLayerAddress, interfaceAlias], [
      ...["192.0.2.1", MAC, name],
    ]);
  }
  for (const computed of ['"$name"', "(Get-Name)", "'open"]) {
    const text = `New-NetNeighbor -InterfaceAlias ${computed} ` +
      `-IPAddress 192.0.2.1 -LinkLayerAddress ${netshMac}\n`;
    const { thrown, out } = await importText(text, ["--from", "powershell"]);
    assertStringIncludes(thrown ?? "", "is no parameter of New-NetNeighbor");
    assertEquals(out, []);
  }
});

Deno.test("import reads the IP address of a tunnel's other end from networkd", async () => {
  const text = "[Match]\nName=tun0\n[Neighbor]\nAddress=192.0.2.1\n" +
    "LinkLayerAddress=198.51.100.7\n";
  const [pin] = pinsOf(await importText(text));
  assertEquals(pin!.linkLayerAddress, "c6:33:64:07");
});

Deno.test("import needs no permission but to read, and says how it went by its exit code", async () => {
  const path = "tests/cli/import/samples/ethers.txt";
  const denied = await runCli("import", path, "-i", "eth0");
  assertEquals([denied.code, denied.stdout], [4, ""]);
  assertStringIncludes(denied.stderr, `--allow-read=${path}`);
  const closed = await runCli("import", "-");
  assertEquals([closed.code, closed.stdout], [2, ""]);
  const json = await runCli("import", "-", "--json", "--from", "nonsense");
  assertEquals(JSON.parse(json.stderr).error.code, "INVALID_PARAMETER");
});

Deno.test("import takes 100,000 lines in linear time", async () => {
  const count = 100_000;
  const addresses = Array.from(
    { length: count },
    (_, i) => `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`,
  );
  // The first two are no host's address here
  const text = addresses.slice(2).map((one) => row(one)).join("");
  const start = performance.now();
  const printed = await importText(text);
  const took = performance.now() - start;
  assertEquals(printed.out.length, count);
  // A second here; a quadratic one would take minutes
  assert(took < 30_000, `${took} ms`);
});

Deno.test("import takes no heading of netsh with the index 0", async () => {
  const text = "; 00:00:00:00:00:00\n" +
    "192.0.2.1          02-fc-00-00-00-05   Permanent\n";
  const { out, before } = await importText(text, ["--from", "netsh"]);
  assertEquals(out, []);
  assertStringIncludes(before[0]!, 'FILE:1: ";" is no address');
});
