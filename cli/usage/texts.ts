/**
 * The help texts of the verbs, and what the exit codes mean. Only the help and
 * the man page load them.
 *
 * @module
 */

import type { Verb } from "./verbs.ts";

/** A documented exit code. */
export type ExitCode = keyof typeof EXIT_CODES;

export const EXIT_CODES = {
  0: "done",
  1: "the system refused, or the output could not be written",
  2: "refused before asking: a usage mistake, an address that breaks a rule, " +
    "something this system does not have, or an entry that a format of " +
    "export cannot express",
  3: "no such entry or interface",
  4: "not permitted, by the system or by Deno",
  5: "--check: something differs",
  129: "ended by SIGHUP, as by SIGINT",
  130: "ended by SIGINT: apply has put back what it had changed, unless told " +
    "to --keep-going; batch has stopped between two changes",
  143: "ended by SIGTERM, as by SIGINT",
} as const;

/** The help of a verb. Its texts are wrapped where they are printed. */
export interface VerbText {
  /** Paragraphs. */
  readonly detail: readonly string[];
  /** Example lines of FILE. */
  readonly sample?: readonly string[];
  /** The meaning of the first character of an output line. */
  readonly signs?: Readonly<Record<string, string>>;
  /** Command lines, without the program's name. */
  readonly examples: readonly string[];
  readonly exits: readonly ExitCode[];
}

const LINK_LAYER =
  "LINK-LAYER-ADDRESS, of Ethernet the MAC address, is hexadecimal, with -, :, " +
  ". or nothing between its octets: 02-fc-00-00-00-05, 02:fc:00:00:00:05, " +
  "2:fc:0:0:0:5, 02fc.0000.0005, 02fc00000005.";
const WHERE =
  "The interface is never guessed: name it by --interface or by a " +
  "zone, as in fe80::1%eth0. Where it is missing, the error names those that " +
  "have an entry for ADDRESS.";
const OWN =
  "A link-layer address that is the interface's own, zero or broadcast is " +
  "written with a warning; the interface's IP addresses are not compared.";
const PROTOCOL =
  "--protocol names the program that the entry belongs to. Without it a new " +
  "entry has none and a present one keeps its own.";
const PRIVILEGE =
  "Needs an elevated administrator (Windows) or CAP_NET_ADMIN (Linux).";
const FILE =
  "FILE is a file, which needs --allow-read=FILE, or - for standard " +
  "input";
const SUBNETS =
  "ADDRESS is one address, CIDR a subnet without host bits, such as " +
  "192.0.2.0/24; of several any may match, and --subnet has to match too.";
const WRITES = [0, 1, 2, 3, 4] as const;

export const TEXTS = {
  set: {
    detail: [
      LINK_LAYER,
      "On Linux a dynamic entry becomes permanent; on Windows that is not " +
      "documented. The row shown was read back.",
      PROTOCOL,
      WHERE,
      OWN,
      PRIVILEGE,
    ],
    examples: ["set 192.0.2.7 02-fc-00-00-00-05 --interface Ethernet"],
    exits: WRITES,
  },
  add: {
    detail: [LINK_LAYER, PROTOCOL, WHERE, OWN, PRIVILEGE],
    examples: [
      "add 192.0.2.7 02-fc-00-00-00-05 --interface eth0",
      "add fe80::1%eth0 2:fc:0:0:0:5",
    ],
    exits: WRITES,
  },
  replace: {
    detail: [
      LINK_LAYER,
      "It says whether the entry was created, changed or unchanged.",
      PROTOCOL,
      WHERE,
      OWN,
      PRIVILEGE,
    ],
    examples: ["replace 192.0.2.7 02-fc-00-00-00-05 -i eth0"],
    exits: WRITES,
  },
  delete: {
    detail: [WHERE, PRIVILEGE],
    examples: ["delete 192.0.2.7 --interface eth0"],
    exits: WRITES,
  },
  get: {
    detail: [
      "Without --interface it shows the one entry there is for ADDRESS. Where " +
      "several interfaces have one, it ends with 2 and names them.",
    ],
    examples: ["get 192.0.2.7", "get 192.0.2.7 --interface eth0 --json"],
    exits: [0, 1, 2, 3, 4],
  },
  list: {
    detail: [
      "A row is shown where all options agree. The table is sorted by " +
      "interface and address; --json has the order of the system. Rows of " +
      "multicast and broadcast addresses are counted on standard error.",
      "AGE, on Linux, is how long ago the neighbor was last confirmed, or " +
      "failed. The first four columns are always the same.",
      SUBNETS,
    ],
    examples: [
      "list --state permanent --json",
      "list 192.0.2.7 198.51.100.0/24",
      "list -i eth0 --link-layer-address 02:fc:",
    ],
    exits: [0, 1, 2, 3, 4],
  },
  flush: {
    detail: [
      "Needs an operand, one of --interface, --family, --state, --subnet, " +
      "--link-layer-address and --protocol, or --all. Permanent entries are removed only with " +
      "--permanent, those of multicast and broadcast addresses never.",
      SUBNETS,
      PRIVILEGE,
    ],
    examples: [
      "flush --interface eth0 --state stale --dry-run",
      "flush 192.0.2.0/24 --state stale,failed",
    ],
    exits: WRITES,
  },
  resolve: {
    detail: [
      "A permanent entry is shown without asking. Where nobody answers, that " +
      "takes about three seconds, and never longer than --timeout.",
      WHERE,
      "On Linux asking needs CAP_NET_ADMIN.",
    ],
    examples: ["resolve 192.0.2.7 --interface eth0"],
    exits: [0, 1, 2, 3, 4],
  },
  batch: {
    detail: [
      FILE + ". The verbs are set, create, replace and delete.",
      "All lines are parsed before the first change is made; whether an " +
      "interface exists is not checked by then. It stops at the first change " +
      "that is refused, unless --keep-going. --dry-run compares each line with the " +
      "table as it is, not as the lines before it would leave it.",
      PRIVILEGE,
    ],
    sample: [
      '{"verb":"set","address":"fe80::7%eth0","linkLayerAddress":"02fc00000005"}',
      '{"verb":"delete","address":"192.0.2.7","interfaceAlias":"eth0"}',
    ],
    examples: ["batch changes.jsonl --keep-going"],
    exits: [...WRITES, 129, 130, 143],
  },
  watch: {
    detail: [
      "Prints a line for each event, with its time; with --json an object. A " +
      "row that begins to match the options is added, one that no longer " +
      "matches is removed.",
      SUBNETS,
      "With --changes it prints only what was not known: a new station (an " +
      "address with its link-layer address), another link-layer address, one " +
      "that is back at an earlier one (flip flop), a link-layer address that " +
      "comes to many addresses (shared), and another default gateway. " +
      "The table at the start is known, or the rows of --known.",
      "Windows: the table is read and compared, so an entry that comes and " +
      "goes between two reads is not seen.",
    ],
    signs: {
      "+": "added, or there from the start (initial)",
      "~": "changed",
      "-": "removed",
      "!": "events were lost; the differences follow",
      "=": "--changes: a link-layer address is now that of many addresses",
      ">": "--changes: another default gateway",
    },
    examples: [
      "watch 192.0.2.0/24 --interface eth0",
      "watch --changes --known stations.json",
    ],
    exits: [0, 1, 2, 3, 4],
  },
  apply: {
    detail: [
      FILE + ". It has entries as below, or is the output of neighbor list " +
      "--json, of which the permanent entries are used.",
      "Where the system refuses an entry, or at an interrupt, what was changed " +
      "is put back; with --keep-going every accepted change stays. --watch " +
      "reports each repair with the row it found, and waits for missing " +
      "interfaces.",
      "--protocol, or the member protocol of FILE, is the owner: entries " +
      "without a protocol of their own are written with it, and --prune " +
      "removes only entries that have it.",
      OWN,
      PRIVILEGE,
    ],
    sample: [
      '{"neighbors": [',
      '  {"address": "192.0.2.7", "linkLayerAddress": "02-fc-00-00-00-05",',
      '   "interfaceAlias": "Ethernet"}',
      "]}",
    ],
    signs: {
      "+": "created, or to be created",
      "~": "changed, or to be changed",
      "-": "removed, or to be removed",
      "=": "after a failure: what became of an entry that had been changed",
      ".": "--watch: it began, it ended, or an interface appeared or moved",
      "?": "--watch: entries wait for an interface that is missing",
      "!": "--watch: events or lines of output were lost",
    },
    examples: [
      "apply pins.json",
      "apply pins.json --check --quiet",
      "apply pins.json --watch",
      "apply pins.json --prune --protocol 44",
    ],
    exits: [0, 1, 2, 3, 4, 5, 129, 130, 143],
  },
  import: {
    detail: [
      FILE +
      ". It prints the pins file that apply takes; it neither reads nor " +
      "changes the table, and needs no permission but to read FILE.",
      "A line that can never be a pin is skipped and told on standard error. " +
      "Where a line is malformed, or its interface is not known, nothing is " +
      "printed, and the exit code is 2.",
      "--interface is for the lines that name no interface.",
    ],
    sample: [
      "? (192.0.2.1) at 02:fc:00:00:00:05 [ether] PERM on eth0",
    ],
    examples: [
      "import arp.txt > pins.json",
      "import /etc/ethers --interface eth0 > pins.json",
      "import netsh.txt --map Ethernet=eth0 > pins.json",
    ],
    exits: [0, 1, 2, 4],
  },
  export: {
    detail: [
      "Without FILE it exports the table. " + FILE +
      ". It is a pins file, or " +
      "the output of neighbor list --json, and needs no --allow-ffi.",
      "pins is for neighbor apply, ip-batch for ip -batch, netsh is a batch " +
      "file of cmd, networkd has [Neighbor] sections, ethers is for arp -f, " +
      "csv for a spreadsheet and for neighbor import. " +
      "networkd and ethers do not name the interface, so they are for one; " +
      "the other options choose entries as those of list do.",
      "An entry that the format cannot express is refused, and nothing is " +
      "printed; with --keep-going the other entries are, and it ends with 2.",
      "--learnt makes what was learnt permanent where it is applied, poisoned " +
      "or not. The warning names each link-layer address that several " +
      "addresses of one family have on one interface.",
    ],
    examples: [
      "export > pins.json",
      "export --to ip-batch --interface eth0",
      "export --to netsh --store persistent pins.json",
    ],
    exits: [0, 1, 2, 3, 4],
  },
  stats: {
    detail: [
      "Prints metrics in the text format of Prometheus, for the textfile " +
      "collector of node_exporter: the rows by family, interface and state, on " +
      "Linux how many entries the kernel counts and its thresholds, and with " +
      "--pins how the table agrees with a pins file. With --json the same " +
      "numbers. It only reads; pins that differ do not change the exit code.",
      "in_sync: permanent, with the address of the pin and its protocol. " +
      "dynamic: that address, but not permanent. conflicting: another address. " +
      "other_protocol: permanent, with that address, but not its protocol. " +
      "missing: no address, or no such interface.",
    ],
    examples: ["stats", "stats --pins pins.json > neighbor.prom.tmp"],
    exits: [0, 1, 2, 4],
  },
  interfaces: {
    detail: ["--interface takes their aliases, indexes and LUIDs."],
    examples: ["interfaces"],
    exits: [0, 1, 2, 4],
  },
  completions: {
    detail: [
      "SHELL is bash, zsh, fish or powershell. The script for PowerShell has " +
      "not been tested. Interface names come from /sys/class/net on Linux; in " +
      "PowerShell from .NET.",
    ],
    examples: [
      "completions bash > /etc/bash_completion.d/neighbor",
      "completions zsh > /usr/local/share/zsh/site-functions/_neighbor",
      "completions fish > ~/.config/fish/completions/neighbor.fish",
    ],
    exits: [0, 1, 2],
  },
} as const satisfies Record<Verb, VerbText>;
