/**
 * Every sample of samples/: the format that takes it, and what becomes of its
 * lines. samples/README.md says who made each.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type FormatName, formatOf } from "../../../cli/import/formats.ts";
import type { SkipReason } from "../../../cli/import/item.ts";
import { parsePins } from "../../../cli/pins/file.ts";
import { OPTIONS } from "../../../cli/usage/options.ts";
import { importText, pinsOf } from "../../helpers/import_text.ts";

const FOLDER = new URL("./samples/", import.meta.url);

/** The entries of every sample, by the end of their addresses. */
const MACS = {
  "1": "02:fc:00:00:00:05",
  "2": "02:fc:00:00:00:06",
  "3": "02:fc:00:00:00:07",
  "4": "02:fc:00:00:00:08",
  "5": "02:fc:00:00:00:09",
} as const;

interface Sample {
  readonly format: FormatName;
  /** The addresses of the pins, in order. */
  readonly taken: string;
  readonly skipped: Partial<Record<SkipReason, number>>;
  /** The interface of the pins; given by the test where the sample names none. */
  readonly on: string | number;
  readonly isUnnamed?: true;
}

const IPV4 = "192.0.2.2 192.0.2.4 192.0.2.1 192.0.2.3 192.0.2.5";
const LINUX = `${IPV4} 2001:db8::1 fe80::1`;
const [on, isUnnamed] = ["eth0", true] as const;
const ARP = {
  format: "arp",
  taken: IPV4,
  skipped: { incomplete: 2, broadcast: 1, proxy: 1 },
  on,
} as const;
const ip = { incomplete: 2, broadcast: 1 };
const TWO = "192.0.2.1 192.0.2.2";
const THREE = `${TWO} 192.0.2.3`;
const NDP = "2001:db8::1 2001:db8::2 fe80::1";

const SAMPLES: Readonly<Record<string, Sample>> = {
  "arp_a.txt": ARP,
  "arp_an.txt": ARP,
  "arp_busybox.txt": ARP,
  "arp_n.txt": { ...ARP, skipped: { ...ARP.skipped, heading: 1 } },
  "arp_ev.txt": { ...ARP, skipped: { ...ARP.skipped, heading: 2 } },
  "proc.txt": {
    ...ARP,
    format: "proc",
    skipped: { ...ARP.skipped, heading: 1 },
  },
  "ip.txt": {
    ...{ format: "ip", taken: LINUX, on },
    skipped: { ...ip, multicast: 4 },
  },
  "ip_busybox.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_statistics.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_dev.txt": { format: "ip", taken: LINUX, skipped: ip, on, isUnnamed },
  "ip_color.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_options.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_brief.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_brief_color.txt": { format: "ip", taken: LINUX, skipped: ip, on },
  "ip_brief_dev.txt": {
    format: "ip",
    taken: LINUX,
    skipped: ip,
    on,
    isUnnamed,
  },
  "ip_json_brief.txt": { format: "ip-json", taken: LINUX, skipped: ip, on },
  "ip_proxy.txt": { format: "ip", taken: "", skipped: { proxy: 1 }, on },
  "ip_json.txt": { format: "ip-json", taken: LINUX, skipped: ip, on },
  "ip_json_pretty.txt": { format: "ip-json", taken: LINUX, skipped: ip, on },
  "ip_json_dev.txt": {
    ...{ format: "ip-json", taken: LINUX, skipped: ip, on, isUnnamed },
  },
  "ip_batch.txt": {
    ...{ format: "ip-batch", taken: `${TWO} fe80::1`, on },
    skipped: { otherCommand: 2, proxy: 1 },
  },
  "arp_macos.txt": {
    ...{ format: "arp-bsd", taken: THREE, on: "en0" },
    skipped: { incomplete: 1, broadcast: 1, multicast: 1 },
  },
  "arp_freebsd.txt": {
    ...{ format: "arp-bsd", taken: THREE, on: "em0" },
    skipped: { incomplete: 1, proxy: 1 },
  },
  "arp_netbsd.txt": {
    ...{ format: "arp-bsd", taken: THREE, on: "wm0" },
    skipped: { incomplete: 1, proxy: 1 },
  },
  "arp_openbsd.txt": {
    ...{ format: "arp-bsd", taken: TWO, on: "vio0" },
    skipped: { heading: 1, hostName: 1, incomplete: 1, own: 1, proxy: 1 },
  },
  "ndp_macos.txt": {
    ...{ format: "ndp", taken: NDP, on: "en0" },
    skipped: { heading: 1, incomplete: 2, multicast: 1 },
  },
  "ndp_freebsd.txt": {
    ...{ format: "ndp", taken: NDP, on: "em0" },
    skipped: { heading: 1, incomplete: 1 },
  },
  "arp_windows.txt": {
    ...{ format: "arp-windows", taken: TWO, on: 11 },
    skipped: { heading: 2, broadcast: 2, multicast: 1 },
  },
  "arp_windows_german.txt": {
    ...{ format: "arp-windows", taken: TWO, on: 11 },
    skipped: { heading: 2, multicast: 1 },
  },
  "arp_windows_french.txt": {
    ...{ format: "arp-windows", taken: TWO, on: 11 },
    skipped: { heading: 2, multicast: 1 },
  },
  "netsh_ipv4.txt": {
    ...{ format: "netsh", taken: TWO, on: "Ethernet" },
    skipped: { heading: 6, multicast: 3, incomplete: 1, broadcast: 2 },
  },
  "netsh_ipv6.txt": {
    ...{ format: "netsh", taken: "2001:db8::1 fe80::1", on: "Ethernet" },
    skipped: { heading: 3, multicast: 1, incomplete: 1 },
  },
  "netsh_german.txt": {
    ...{ format: "netsh", taken: TWO, on: "LAN-Verbindung" },
    skipped: { heading: 3, multicast: 1, incomplete: 1 },
  },
  "netsh_french.txt": {
    ...{ format: "netsh", taken: TWO, on: "Connexion au réseau local" },
    skipped: { heading: 3, multicast: 1, incomplete: 1 },
  },
  "netsh_script.txt": {
    ...{ format: "netsh", taken: `${TWO} 2001:db8::1`, on: "Ethernet" },
    skipped: { otherCommand: 4 },
  },
  "powershell.txt": {
    ...{ format: "powershell", taken: TWO, on: "Ethernet" },
    skipped: { incomplete: 1, multicast: 1 },
  },
  "powershell_script.txt": {
    ...{ format: "powershell", taken: TWO, on: "Ethernet" },
    skipped: { otherCommand: 2 },
  },
  "powershell_csv.txt": {
    ...{ format: "csv", taken: `${TWO} fe80::1`, on: "Ethernet" },
    skipped: { heading: 1, incomplete: 1, multicast: 1 },
  },
  "csv_semicolon.txt": {
    ...{ format: "csv", taken: TWO, on },
    skipped: { heading: 2 },
  },
  "ethers.txt": {
    ...{ format: "ethers", taken: `${TWO} fe80::1`, on, isUnnamed },
    skipped: { hostName: 1 },
  },
  "networkd.txt": {
    ...{ format: "networkd", taken: TWO, on },
    skipped: { heading: 1, otherSection: 1 },
  },
};

function read(name: string): string {
  return Deno.readTextFileSync(new URL(name, FOLDER));
}

Deno.test("every sample has a test, and README says who made it", () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".txt")).sort();
  assertEquals(files, Object.keys(SAMPLES).sort());
  const rows = read("README.md").matchAll(/^\| `(\w+\.txt)` /gm);
  assertEquals([...rows].map(([, name]) => name!).sort(), files);
});

Deno.test("every format has a sample", () => {
  const formats = new Set(Object.values(SAMPLES).map(({ format }) => format));
  assertEquals([...formats].sort(), [...OPTIONS.from.choices].sort());
});

for (const [name, sample] of Object.entries(SAMPLES)) {
  Deno.test(`neighbor import takes ${name}`, async () => {
    const { format, skipped, on } = sample;
    const given = sample.isUnnamed ? ["--interface", String(on)] : [];
    const text = read(name);
    const printed = await importText(text, given);
    assertEquals(printed.thrown, undefined);
    const taken = inOrder(
      text,
      sample.taken.split(" ").filter((one) => one !== ""),
    );
    assertEquals(
      pinsOf(printed),
      taken.map((address) => ({
        address,
        linkLayerAddress: macOf(address),
        ...(typeof on === "number"
          ? { interfaceIndex: on }
          : { interfaceAlias: on }),
        // samples.sh gave it to this row alone
        ...(address === "192.0.2.4" && /static|proto 4/.test(text) &&
          { protocol: 4 }),
      })),
    );
    const counts: Record<string, number> = {};
    const [report] = printed.report as { skipped: { reason: string }[] }[];
    for (const { reason } of report!.skipped) {
      counts[reason] = (counts[reason] ?? 0) + 1;
    }
    assertEquals(counts, { ...skipped });
    // The same where the format is named, in both outputs
    const named = await importText(text, [...given, "--from", format]);
    assertEquals(named, printed);
    assertEquals(printed.json, [{ neighbors: pinsOf(printed) }]);
    // What apply makes of it
    const file = parsePins(printed.out.join("\n"), "pins.json");
    assertEquals(file.problems, []);
    assertEquals(file.pins.length, taken.length);
  });

  Deno.test(`no other format takes ${name}`, () => {
    const text = read(name);
    for (const other of OPTIONS.from.choices) {
      if (other === sample.format) continue;
      const items = [...formatOf(other).read(text)];
      const isRefused = items.some(({ kind }) => kind === "refused");
      assertEquals(isRefused, true, other);
    }
  });
}

/** Addresses in the order of a text: the kernel lists rows in an order of its own. */
function inOrder(text: string, addresses: readonly string[]): string[] {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/\x1b\[[0-9;]*m/g, "");
  const placeOf = (address: string) =>
    plain.search(new RegExp(`(?<![\\w:.])${address}(?![\\w:.])`));
  return addresses.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** The samples of one address differ in nothing but their format. */
function macOf(address: string): string {
  const end = /[1-5]$/.exec(address)![0] as keyof typeof MACS;
  return MACS[end];
}

Deno.test("import takes the colours of ip on a light background too, and no brief row without one that has a link-layer address", async () => {
  const bold = "\x1b[1;35m192.0.2.1 \x1b[0mdev \x1b[1;36meth0 \x1b[0mlladdr " +
    "\x1b[1;33m02:fc:00:00:00:05 \x1b[0mPERMANENT \n";
  assertEquals(pinsOf(await importText(bold)).length, 1);
  // A list of addresses is no output of ip
  for (const text of ["192.0.2.1\n192.0.2.2\n", "192.0.2.1 eth0\n"]) {
    const { thrown } = await importText(text, ["--from", "ip", "-i", "eth0"]);
    assertEquals(thrown?.includes("nothing was converted"), true, thrown);
  }
});

Deno.test("import takes rows of arp on BSD without a type, and no other words behind the interface", async () => {
  const rows = [
    "? (192.0.2.1) at 02:fc:00:00:00:05 on wg0 permanent",
    "? (192.0.2.2) at 2:fc:0:0:0:6 on bridge101 ifscope permanent [bridge]",
    "? (192.0.2.3) at 02:fc:00:00:00:07 on wm0 permanent(weird)",
  ];
  const printed = await importText(rows.join("\n"));
  assertEquals(pinsOf(printed).map(({ interfaceAlias }) => interfaceAlias), [
    ...["wg0", "bridge101", "wm0"],
  ]);
  const { thrown } = await importText(`${rows[0]} or so`, [
    ...["--from", "arp-bsd"],
  ]);
  assertEquals(thrown?.includes("no row of arp -a on BSD"), true, thrown);
});
