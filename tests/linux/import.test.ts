/**
 * The table of docs/import.md: each command, then `neighbor apply pins.json`, in
 * a shell, on a device called as in the samples.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ip, networkTest } from "../helpers/linux/network.ts";
import { CLI } from "../helpers/linux/command.ts";

const ROOT = new URL("../../", import.meta.url);
const SAMPLES = new URL("tests/cli/import/samples/", ROOT);
const PAGE = Deno.readTextFileSync(new URL("docs/import.md", ROOT));

/** The commands of the table, by the file that each reads. */
const COMMANDS: ReadonlyMap<string, string> = new Map(
  [...PAGE.matchAll(
    /^\| [^`]+`.*\| `(neighbor import (.*?) > pins\.json)` +\|$/gm,
  )]
    .map(([, command, words]): [string, string] => [
      /^- < (\S+)|^(\S+)/.exec(words!)!.slice(1).find(Boolean)!,
      command!,
    ]),
);

const IPV4 = ["1", "2", "3", "4", "5"].map((end) => `192.0.2.${end}`);
const TWO = IPV4.slice(0, 2);
const LINUX = [...IPV4, "2001:db8::1", "fe80::1"];
const NDP = ["2001:db8::1", "2001:db8::2", "fe80::1"];

/** The sample of each file, and the addresses that are pinned then. */
const FILES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "ip.txt": ["ip.txt", LINUX],
  "ip.json": ["ip_json.txt", LINUX],
  "batch.txt": ["ip_batch.txt", [...TWO, "fe80::1"]],
  "arp.txt": ["arp_an.txt", IPV4],
  "arp_table.txt": ["arp_n.txt", IPV4],
  "/proc/net/arp": ["proc.txt", IPV4],
  "/etc/ethers": ["ethers.txt", [...TWO, "fe80::1"]],
  "lan.network": ["networkd.txt", TWO],
  "arp_macos.txt": ["arp_macos.txt", IPV4.slice(0, 3)],
  "ndp_macos.txt": ["ndp_macos.txt", NDP],
  "arp_freebsd.txt": ["arp_freebsd.txt", IPV4.slice(0, 3)],
  "ndp_freebsd.txt": ["ndp_freebsd.txt", NDP],
  "arp_openbsd.txt": ["arp_openbsd.txt", IPV4.slice(0, 2)],
  "arp_windows.txt": ["arp_windows.txt", TWO],
  "netsh4.txt": ["netsh_ipv4.txt", TWO],
  "netsh6.txt": ["netsh_ipv6.txt", ["2001:db8::1", "fe80::1"]],
  "script.txt": ["netsh_script.txt", [...TWO, "2001:db8::1"]],
  "neighbors.json": ["powershell.txt", TWO],
  "neighbors.csv": ["powershell_csv.txt", [...TWO, "fe80::1"]],
  "hosts.csv": ["csv_semicolon.txt", TWO],
};

/** The device of the samples; its end here is called as in docs/import.md. */
const DEVICE = "eth0";

function pinned(): string[] {
  const rows = ip(`neigh show dev ${DEVICE} nud permanent`).split("\n");
  return rows.filter((row) => row.includes("lladdr"))
    .map((row) => row.split(" ")[0]!)
    // The kernel's own
    .filter((address) => !/^(ff|224\.)/.test(address)).sort();
}

async function shell(command: string, cwd: string): Promise<string> {
  const deno = `'${Deno.execPath()}' run --quiet --no-prompt`;
  const define =
    `neighbor() { ${deno} --allow-read --allow-ffi '${CLI}' "$@"; }`;
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-e", "-c", `${define}\n${command}`],
    cwd,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert(success, `${command}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

networkTest(
  "docs/import.md: every command brings its entries over",
  async () => {
    assertEquals([...COMMANDS.keys()], Object.keys(FILES));
    const folder = await Deno.makeTempDir();
    ip(`link add ${DEVICE} type veth peer name eth1`);
    try {
      ip(`link set ${DEVICE} up`);
      ip(`addr add 192.0.2.10/24 dev ${DEVICE}`);
      ip(`addr add 2001:db8::10/64 dev ${DEVICE} nodad`);
      for (const [file, [sample, addresses]] of Object.entries(FILES)) {
        const name = file.split("/").at(-1)!;
        await Deno.copyFile(new URL(sample, SAMPLES), `${folder}/${name}`);
        const command = COMMANDS.get(file)!.replace(file, name);
        await shell(command, folder);
        await shell("neighbor apply pins.json", folder);
        assertEquals(pinned(), addresses.toSorted(), command);
        // A second run has nothing to do
        const again = await shell("neighbor apply pins.json --check", folder);
        assert(again.includes(`${addresses.length} unchanged`), again);
        ip(`neigh flush dev ${DEVICE} nud permanent`);
      }
    } finally {
      ip(`link del ${DEVICE}`);
      await Deno.remove(folder, { recursive: true });
    }
  },
);

networkTest("what ip prints of this table is what import reads", async () => {
  ip(`link add ${DEVICE} type veth peer name eth1`);
  const folder = await Deno.makeTempDir();
  try {
    ip(`link set ${DEVICE} up`);
    ip(`neigh add 192.0.2.7 lladdr 02:fc:00:00:00:05 dev ${DEVICE}`);
    ip(
      `neigh add fe80::7 lladdr 02:fc:00:00:00:06 dev ${DEVICE} protocol static`,
    );
    const listed = () => ip(`-j neigh show dev ${DEVICE} nud permanent`);
    const before = listed();
    assert(before.includes('"protocol"'), before);
    const sources = [
      "ip neigh show nud permanent | neighbor import - --from ip",
      "ip -j neigh show nud permanent | neighbor import - --from ip-json",
      `ip neigh show dev ${DEVICE} nud permanent | neighbor import - -i ${DEVICE}`,
    ];
    for (const source of sources) {
      await shell(`${source} > pins.json`, folder);
      ip(`neigh flush dev ${DEVICE} nud permanent`);
      await shell("neighbor apply pins.json", folder);
      assertEquals(pinned(), ["192.0.2.7", "fe80::7"], source);
      assertEquals(listed(), before, source);
    }
  } finally {
    ip(`link del ${DEVICE}`);
    await Deno.remove(folder, { recursive: true });
  }
});
