/**
 * The options of the command. The parser, the help, the completions and the man
 * page all use this table.
 *
 * @module
 */

import type { NeighborState } from "../../ffi/types/neighbor.ts";

/** An option of the command. */
export interface OptionSpec {
  /** Its letter. */
  readonly short?: string;
  /** The placeholder of its value; an option without one takes no value. */
  readonly value?: string;
  /** All values, where they can be listed. */
  readonly choices?: readonly string[];
  /** Whether it may be given more than once, each time with a value. */
  readonly isRepeatable?: boolean;
  /** Letters that mean the option with a value, such as `-4`. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** A phrase without a full stop. */
  readonly help: string;
}

const STATES: readonly NeighborState[] = [
  ...["reachable", "stale", "delay", "probe", "incomplete"] as const,
  ...["permanent", "unreachable", "failed", "noarp", "none"] as const,
];

const FORMATS = [
  ...["ip", "ip-json", "ip-batch", "arp", "arp-bsd", "arp-windows"] as const,
  ...["ndp", "proc", "ethers", "netsh", "powershell", "csv"] as const,
  "networkd",
] as const;

export const OPTIONS = {
  interface: {
    short: "i",
    value: "ALIAS|INDEX|LUID",
    help: "the interface: an alias, a decimal index, or a LUID as 0x…; " +
      "alias:5 where an alias looks like a number. \\uXXXX in an alias is " +
      "that character, as the verb interfaces prints it",
  },
  family: {
    value: "ipv4|ipv6",
    choices: ["ipv4", "ipv6"],
    fixed: { "4": "ipv4", "6": "ipv6" },
    help: "only this address family; -4 and -6 for short",
  },
  state: {
    value: "STATE[,STATE]",
    choices: STATES,
    help: `only these states: ${STATES.join(", ")}`,
  },
  subnet: {
    value: "CIDR",
    help: "only addresses in it, such as 192.0.2.0/24",
  },
  "link-layer-address": {
    value: "OCTETS",
    help: "only this link-layer address (MAC); with : or - at the end, as in " +
      "02:fc:, those that begin with these octets",
  },
  protocol: {
    value: "NUMBER|NAME",
    help:
      "the protocol, which says whose an entry is: of a new entry, or of those " +
      "to choose; a number from 1 to 255, or a name of " +
      "/etc/iproute2/rt_protos (Linux)",
  },
  from: {
    value: "FORMAT",
    choices: FORMATS,
    help: `the format of FILE: ${FORMATS.join(", ")}; may be left out where ` +
      "one alone takes every line",
  },
  map: {
    value: "OLD=NEW",
    isRepeatable: true,
    help:
      "the interface that FILE calls OLD is called NEW here; may be given " +
      "more than once. Both are written as for --interface",
  },
  permanent: { help: "remove permanent entries too" },
  all: { help: "every entry, in place of a filter" },
  proxy: { help: "the proxy entries instead of the neighbors (Linux)" },
  multicast: {
    help: "show multicast and broadcast rows too; --json always has them",
  },
  "no-header": { help: "leave out the heading of the table" },
  prune: {
    help: "also remove the permanent entries that FILE does not name, on the " +
      "interfaces it names; never multicast or broadcast ones. With a " +
      "protocol only those that have it",
  },
  check: { help: "change nothing; exit code 5 where anything differs" },
  watch: { help: "stay, and repair whatever drifts" },
  interval: {
    value: "MS",
    help: "milliseconds between two reads of the table (Windows) and between " +
      "two looks for a missing interface (apply); 1000 by default",
  },
  changes: {
    help: "only what is new or suspicious: new stations, changed addresses, " +
      "another default gateway",
  },
  known: {
    value: "FILE",
    help:
      "the rows that are known already, as list --json printed them, or a " +
      "pins file; without it those of the table at the start",
  },
  pins: {
    value: "FILE",
    help: "also count the pins of this pins file, by how the table agrees",
  },
  source: { value: "ADDRESS", help: "the address to ask from (Windows)" },
  timeout: {
    value: "SECONDS",
    help: "give up after so many seconds, 5 by default",
  },
  "keep-going": { help: "go on after a change or an entry that is refused" },
  "dry-run": {
    help: "check and read, write nothing, and say what would be called",
  },
  to: {
    value: "FORMAT",
    choices: [
      ...["pins", "ip-batch", "netsh", "powershell"] as const,
      ...["networkd", "ethers", "csv"] as const,
    ],
    help:
      "the format: pins (default), ip-batch, netsh, powershell, networkd, " +
      "ethers or csv",
  },
  store: {
    value: "active|persistent",
    choices: ["active", "persistent"],
    help: "netsh and powershell: whether the entries outlive a restart; " +
      "active by default, which does not",
  },
  learnt: {
    help: "also take entries that were learnt, with a warning",
  },
  quiet: { short: "q", help: "print nothing on standard output" },
  json: { short: "j", help: "machine-readable output, errors too" },
  help: { short: "h", help: "print this help" },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** The option that is no verb's own. */
export const VERSION: OptionSpec = { short: "V", help: "print the version" };
