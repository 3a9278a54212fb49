import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../cli/args.ts";
import { InterfaceMap } from "../../../cli/interface_map.ts";
import { importText, pinsOf } from "../../helpers/import_text.ts";

const MAC = "02:fc:00:00:00:05";

// apply refuses these names, so a pins file with one is of no use
for (
  const [name, words, text, message] of [
    [
      "an index of 0",
      [],
      `ip,mac,ifindex\n192.0.2.1,${MAC},0\n`,
      "interface 0",
    ],
    [
      "an index beyond 32 bits",
      [],
      `ip,mac,ifindex\n192.0.2.1,${MAC},9999999999\n`,
      "9999999999",
    ],
    [
      "an alias with a NUL",
      [],
      `192.0.2.1 dev e\0h0 lladdr ${MAC} PERMANENT\n`,
      "NUL",
    ],
    ["--interface 0", ["-i", "0"], `${MAC} 192.0.2.1\n`, "interface 0"],
    ["--interface 0x0", ["-i", "0x0"], `${MAC} 192.0.2.1\n`, "interface 0"],
    ["--interface 0xzz", ["-i", "0xzz"], `${MAC} 192.0.2.1\n`, '"0xzz"'],
    [
      "--interface 99999999999",
      ["-i", "99999999999"],
      `${MAC} 192.0.2.1\n`,
      "99999999999",
    ],
    [
      "--map eth0=0",
      ["--map", "eth0=0"],
      `192.0.2.1 dev eth0 lladdr ${MAC} PERMANENT\n`,
      '"eth0=0": there is no interface 0',
    ],
  ] as const
) {
  Deno.test(`import refuses ${name}`, async () => {
    const { thrown, out } = await importText(text, words);
    assertStringIncludes(thrown ?? "", message);
    assertEquals(out, []);
  });
}

for (const to of ["0", "0x0", "0xzz", "99999999999", "\\u0000"]) {
  Deno.test(`--map eth0=${to} is refused`, () => {
    const { message } = assertThrows(
      () => new InterfaceMap([`eth0=${to}`]),
      UsageError,
    );
    assertStringIncludes(message, `${to}"`);
  });
}

// A comment would end at the line feed, and take the lines before it along
for (
  const [format, text] of [
    ["csv", `ip,mac,dev\r192.0.2.1,${MAC},eth0\r`],
    ["csv", `# note\rip,mac,dev\r192.0.2.1,${MAC},eth0\r`],
    ["csv", `ip,mac,dev\n"192.0.2.1",${MAC},"eth0"\r192.0.2.2,${MAC},eth0\n`],
    ["ethers", `${MAC} 192.0.2.1 # note\r${MAC} 192.0.2.2\r`],
    ["ethers", `# note\r${MAC} 192.0.2.2\r`],
    ["ip-batch", `neigh add 192.0.2.1 lladdr ${MAC} dev eth0 # note\rneigh\r`],
    ["networkd", `[Match]\n# note\r[Neighbor]\rAddress=192.0.2.1\r`],
  ] as const
) {
  Deno.test(`import of ${format} refuses lines that end with CR alone: ${JSON.stringify(text)}`, async () => {
    const { thrown, before, out } = await importText(text, [
      ...["--from", format, "-i", "eth0"],
    ]);
    assertStringIncludes([thrown, ...before].join("\n"), "arriage return");
    assertEquals(out, []);
  });
}

Deno.test("import takes CR LF, also at the end of a file and doubled", async () => {
  for (const end of ["\r\n", "\r\r\n", "\r"]) {
    const lines = `${MAC} 192.0.2.1${end}`;
    const words = ["--from", "ethers", "-i", "eth0"];
    assertEquals(pinsOf(await importText(lines, words)).length, 1);
  }
  for (const cell of ["eth0", '"eth0"']) {
    for (const end of ["\r\n", "\r"]) {
      const text = `ip,mac,dev\r\n192.0.2.1,${MAC},${cell}${end}`;
      const [pin] = pinsOf(await importText(text));
      assertEquals(pin!.interfaceAlias, "eth0");
    }
  }
});

Deno.test("import passes over empty rows of a spreadsheet", async () => {
  const text = `ip,mac,dev\n192.0.2.1,${MAC},eth0\n,,\n   \n , ,\t\n` +
    `192.0.2.2,${MAC},eth0\n`;
  const { err, ...printed } = await importText(text);
  assertEquals(pinsOf({ err, ...printed }).length, 2);
  assertEquals(err, ["FILE: 2 entries taken, 1 line skipped: 1 heading"]);
});

Deno.test("import reads the value of -f and -family as ip does", async () => {
  for (const option of ["-f inet", "-family inet", "-4", "-force -4"]) {
    const text = `ip ${option} neigh add 192.0.2.1 lladdr ${MAC} dev eth0\n`;
    const [pin] = pinsOf(await importText(text));
    assertEquals(pin!.address, "192.0.2.1", option);
  }
});

// The kernel allows them in a name, and eth0 may be another interface
for (
  const [format, text] of [
    ["ip", (dev: string) => `192.0.2.1 dev ${dev} lladdr ${MAC} PERMANENT`],
    ["arp", (dev: string) => `? (192.0.2.1) at ${MAC} [ether] PERM on ${dev}`],
    ["proc", (dev: string) => `192.0.2.1 0x1 0x6 ${MAC} * ${dev}`],
    [
      "ip-batch",
      (dev: string) => `neigh add 192.0.2.1 lladdr ${MAC} dev ${dev}`,
    ],
  ] as const
) {
  Deno.test(`import of ${format} keeps blanks beyond ASCII in the name of an interface`, async () => {
    for (const dev of ["eth\u20030", "eth0\u2003", "\u3000eth0"]) {
      const printed = await importText(text(dev) + "\n", ["--from", format]);
      assertEquals(pinsOf(printed)[0]!.interfaceAlias, dev);
    }
  });
}

Deno.test("import of networkd takes every form of an IPv6 address of a tunnel", async () => {
  for (
    const [text, octets] of [
      [
        "2001:db8:1122:3344:5566:7788:99aa:bbcc",
        "20:01:0d:b8:11:22:33:44:55:66:77:88:99:aa:bb:cc",
      ],
      ["1:2:3:4:5:6:7:8", "00:01:00:02:00:03:00:04:00:05:00:06:00:07:00:08"],
      ["0:0:0:0:0:0:0:1", "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01"],
      ["::1", "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01"],
      ["1.2.3.4", "01:02:03:04"],
      ["02:fc:00:00:00:05", "02:fc:00:00:00:05"],
    ]
  ) {
    const section = "[Neighbor]\nAddress=192.0.2.1\n" +
      `LinkLayerAddress=${text}\n`;
    const printed = await importText(section, ["-i", "tun0"]);
    assertEquals(pinsOf(printed)[0]!.linkLayerAddress, octets, text);
  }
});
