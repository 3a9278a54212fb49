/**
 * `export` by deno.exe: the names of interfaces of Windows, and what cmd makes of
 * a batch file. The cmd is Wine's, so this does not prove what Microsoft's does.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { FORMATS } from "../../cli/export/formats.ts";
import { neighbor } from "../helpers/windows/command.ts";
import { ETHERNET, OTHER, wineTest } from "../helpers/windows/under_wine.ts";
import { ip } from "../helpers/wine/witness.ts";

/** Names with the characters that cmd takes outside quotation marks. */
const NAMES = [
  ...["Ethernet", "vEthernet (Default Switch)", "a & b", "a^b", "a|b>c<d"],
  ...["a'b", "a;b", "a,b", "$(x)", "`x`", "a\\b", "a  b"],
];

wineTest(
  "cmd and its rules for arguments read back each name that is exported to netsh",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const script = `${folder}\\argv.ts`;
      await Deno.writeTextFile(
        script,
        "console.log(JSON.stringify(Deno.args));",
      );
      const lines = NAMES.map((interfaceAlias) =>
        FORMATS.netsh.lines({
          address: "192.0.2.7",
          family: "ipv4",
          linkLayerAddress: "02:fc:00:00:00:05",
          interfaceAlias,
          interfaceIndex: 3,
          interfaceLuid: null,
          state: "permanent",
        }, "persistent")
      );
      // Another program in the place of netsh tells what it got
      const netsh = `@"${Deno.execPath()}" run --quiet --no-config "${script}"`;
      const batch = lines.join("").replaceAll(/^netsh/gm, () => netsh);
      const path = `${folder}\\pins.cmd`;
      await Deno.writeTextFile(path, batch);
      const { stdout, stderr } = await new Deno.Command("cmd.exe", {
        args: ["/d", "/c", path],
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      const got = decoder.decode(stdout).trim().split(/\r?\n/);
      assertEquals(
        got,
        NAMES.map((name) =>
          JSON.stringify(
            ["interface", "ipv4", "set", "neighbors", name, "192.0.2.7"]
              .concat("02-fc-00-00-00-05", "store=persistent"),
          )
        ),
        decoder.decode(stderr),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

wineTest(
  "export of the table names the interfaces of Windows by their aliases",
  async () => {
    for (const device of [ETHERNET, OTHER]) {
      const entry = [
        "192.0.2.7",
        "lladdr",
        "02:fc:00:00:00:05",
        "nud",
        "permanent",
      ];
      await ip("neigh", "replace", ...entry, "dev", device);
    }
    const pins = await neighbor(["export"]);
    assertEquals([pins.code, pins.stderr], [0, ""]);
    assertEquals(
      JSON.parse(pins.stdout).neighbors,
      [ETHERNET, OTHER].map((name) => ({
        address: "192.0.2.7",
        linkLayerAddress: "02:fc:00:00:00:05",
        interfaceAlias: name,
      })),
    );
    const netsh = await neighbor(["export", "--to", "netsh"]);
    assertEquals([netsh.code, netsh.stderr], [0, ""]);
    assertEquals(netsh.stdout.split("\r\n").slice(0, 2), [
      "@chcp 65001 >nul",
      `netsh interface ipv4 set neighbors "${ETHERNET}" "192.0.2.7" "02-fc-00-00-00-05" store=active`,
    ]);
  },
);
