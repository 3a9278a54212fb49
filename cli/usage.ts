/**
 * The verbs, options and exit codes of the command. The parser, the help, the
 * completions and the man page all use these tables.
 *
 * @module
 */

import type { NeighborState } from "../ffi/types/neighbor.ts";

/** An option of the command. */
export interface OptionSpec {
  /** Its letter. */
  readonly short?: string;
  /** The placeholder of its value; an option without one takes no value. */
  readonly value?: string;
  /** All values, where they can be listed. */
  readonly choices?: readonly string[];
  /** Letters that mean the option with a value, such as `-4`. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** A phrase without a full stop. */
  readonly help: string;
}

const STATES: readonly NeighborState[] = [
  ...["reachable", "stale", "delay", "probe", "incomplete"] as const,
  ...["permanent", "unreachable", "failed", "noarp", "none"] as const,
];

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
  permanent: { help: "remove permanent entries too" },
  all: { help: "every entry, in place of a filter" },
  proxy: { help: "the proxy entries instead of the neighbors (Linux)" },
  prune: {
    help: "also remove the permanent entries that FILE does not name, on the " +
      "interfaces it names; never multicast or broadcast ones",
  },
  check: { help: "change nothing; exit code 5 where anything differs" },
  watch: { help: "stay, and repair whatever drifts" },
  interval: {
    value: "MS",
    help: "milliseconds between two reads of the table (Windows) and between " +
      "two looks for a missing interface (apply); 1000 by default",
  },
  source: { value: "ADDRESS", help: "the address to ask from (Windows)" },
  timeout: {
    value: "SECONDS",
    help: "give up after so many seconds, 5 by default",
  },
  "keep-going": { help: "go on after a change that is refused" },
  "dry-run": {
    help: "check and read, write nothing, and say what would be called",
  },
  quiet: { short: "q", help: "print nothing on standard output" },
  json: { short: "j", help: "machine-readable output, errors too" },
  help: { short: "h", help: "print this help" },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** A documented exit code. */
export type ExitCode = keyof typeof EXIT_CODES;

export const EXIT_CODES = {
  0: "done",
  1: "the system refused, or the output could not be written",
  2: "refused before asking: a usage mistake, or an address that breaks a rule",
  3: "no such entry or interface",
  4: "not permitted, by the system or by Deno",
  5: "--check: something differs",
  129: "ended by SIGHUP, as by SIGINT",
  130: "ended by SIGINT: apply has put back what it had changed, unless told " +
    "to --keep-going; batch has stopped between two changes",
  143: "ended by SIGTERM, as by SIGINT",
} as const;

/** A verb of the command. Its texts are wrapped where they are printed. */
export interface VerbSpec {
  /** A phrase without a full stop. */
  readonly summary: string;
  /** Other words for the verb. */
  readonly synonyms: readonly string[];
  readonly operands: readonly string[];
  /** Besides `--json` and `--help`. */
  readonly options: readonly OptionName[];
  /** Whether an interface must be named, can be found by the address, or neither. */
  readonly interface: "needed" | "found" | "optional";
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
  "LINK-LAYER-ADDRESS is hexadecimal, with -, :, . or nothing " +
  "between its octets: 02-fc-00-00-00-05, 02:fc:00:00:00:05, 2:fc:0:0:0:5, " +
  "02fc.0000.0005, 02fc00000005.";
const WHERE =
  "The interface is never guessed: name it by --interface or by a " +
  "zone, as in fe80::1%eth0. Where it is missing, the error names those that " +
  "have an entry for ADDRESS.";
const OWN =
  "A link-layer address that is the interface's own is written with " +
  "a warning; the interface's IP addresses are not compared.";
const PRIVILEGE =
  "Needs an elevated administrator (Windows) or CAP_NET_ADMIN (Linux).";
const FILE =
  "FILE is a file, which needs --allow-read=FILE, or - for standard " +
  "input";
const WRITES = [0, 1, 2, 3, 4] as const;

export const VERBS = {
  set: {
    summary: "change the link-layer address of an entry that exists",
    synonyms: ["change"],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run", "quiet"],
    interface: "needed",
    detail: [
      LINK_LAYER,
      "On Linux a dynamic entry becomes permanent; on Windows that is not " +
      "documented. The row shown was read back.",
      WHERE,
      OWN,
      PRIVILEGE,
    ],
    examples: ["set 192.0.2.7 02-fc-00-00-00-05 --interface Ethernet"],
    exits: WRITES,
  },
  add: {
    summary: "create a permanent entry; fails where there is one",
    synonyms: ["create"],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run", "quiet"],
    interface: "needed",
    detail: [LINK_LAYER, WHERE, OWN, PRIVILEGE],
    examples: [
      "add 192.0.2.7 02-fc-00-00-00-05 --interface eth0",
      "add fe80::1%eth0 2:fc:0:0:0:5",
    ],
    exits: WRITES,
  },
  replace: {
    summary: "create an entry or change it, so that it is permanent",
    synonyms: [],
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run", "quiet"],
    interface: "needed",
    detail: [
      LINK_LAYER,
      "It says whether the entry was created, changed or unchanged.",
      WHERE,
      OWN,
      PRIVILEGE,
    ],
    examples: ["replace 192.0.2.7 02-fc-00-00-00-05 -i eth0"],
    exits: WRITES,
  },
  delete: {
    summary: "remove an entry",
    synonyms: ["rm", "del"],
    operands: ["ADDRESS"],
    options: ["interface", "dry-run", "quiet"],
    interface: "needed",
    detail: [WHERE, PRIVILEGE],
    examples: ["delete 192.0.2.7 --interface eth0"],
    exits: WRITES,
  },
  get: {
    summary: "show one entry",
    synonyms: [],
    operands: ["ADDRESS"],
    options: ["interface"],
    interface: "found",
    detail: [
      "Without --interface it shows the one entry there is for ADDRESS. Where " +
      "several interfaces have one, it ends with 2 and names them.",
    ],
    examples: ["get 192.0.2.7", "get 192.0.2.7 --interface eth0 --json"],
    exits: [0, 1, 2, 3, 4],
  },
  list: {
    summary: "show the table",
    synonyms: ["ls", "show"],
    operands: [],
    options: ["interface", "family", "state", "subnet", "proxy"],
    interface: "optional",
    detail: ["A row is shown where all options agree."],
    examples: ["list --state permanent --json", "list -4 -i eth0"],
    exits: [0, 1, 2, 3, 4],
  },
  flush: {
    summary: "remove the entries that the options name",
    synonyms: [],
    operands: [],
    options: [
      ...["interface", "family", "state", "subnet", "all"] as const,
      ...["permanent", "dry-run", "quiet"] as const,
    ],
    interface: "optional",
    detail: [
      "Needs one of --interface, --family, --state and --subnet, or --all. " +
      "Permanent entries are removed only with --permanent, those of multicast " +
      "and broadcast addresses never.",
      PRIVILEGE,
    ],
    examples: ["flush --interface eth0 --state stale --dry-run"],
    exits: WRITES,
  },
  resolve: {
    summary: "ask the network who has an address",
    synonyms: [],
    operands: ["ADDRESS"],
    options: ["interface", "source", "timeout"],
    interface: "needed",
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
    summary: "make many changes, one JSON object a line",
    synonyms: [],
    operands: ["FILE"],
    options: ["keep-going", "quiet"],
    interface: "optional",
    detail: [
      FILE + ". The verbs are set, create, replace and delete.",
      "All lines are parsed before the first change is made; whether an " +
      "interface exists is not checked by then. It stops at the first change " +
      "that is refused, unless --keep-going.",
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
    summary: "show the table, then every change, until interrupted",
    synonyms: [],
    operands: [],
    options: ["interface", "family", "state", "subnet", "interval"],
    interface: "optional",
    detail: [
      "Prints a line for each event, with its time; with --json an object. A " +
      "row that begins to match the options is added, one that no longer " +
      "matches is removed.",
      "Windows: the table is read and compared, so an entry that comes and " +
      "goes between two reads is not seen.",
    ],
    signs: {
      "+": "added, or there from the start (initial)",
      "~": "changed",
      "-": "removed",
      "!": "events were lost; the differences follow",
    },
    examples: ["watch --interface eth0 --subnet 192.0.2.0/24"],
    exits: [0, 1, 2, 3, 4],
  },
  apply: {
    summary: "make the table agree with a file, all or nothing",
    synonyms: [],
    operands: ["FILE"],
    options: [
      ...["dry-run", "check", "prune", "keep-going", "watch"] as const,
      ...["interval", "quiet"] as const,
    ],
    interface: "optional",
    detail: [
      FILE + ". It has entries as below, or is the output of neighbor list " +
      "--json, of which the permanent entries are used.",
      "Where the system refuses an entry, or at an interrupt, what was changed " +
      "is put back; with --keep-going every accepted change stays. --watch " +
      "reports each repair with the row it found, and waits for missing " +
      "interfaces.",
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
    ],
    exits: [0, 1, 2, 3, 4, 5, 129, 130, 143],
  },
  interfaces: {
    summary: "show the network interfaces",
    synonyms: [],
    operands: [],
    options: [],
    interface: "optional",
    detail: ["--interface takes their aliases, indexes and LUIDs."],
    examples: ["interfaces"],
    exits: [0, 1, 2, 4],
  },
  completions: {
    summary: "print a completion script for a shell",
    synonyms: [],
    operands: ["SHELL"],
    options: [],
    interface: "optional",
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
} as const satisfies Record<string, VerbSpec>;

export type Verb = keyof typeof VERBS;

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export type Shell = typeof SHELLS[number];

/** Words that ask for help or the version, as the options do. */
export const ASKING: readonly string[] = ["help", "version"];

/** The option that is no verb's own. */
export const VERSION: OptionSpec = { short: "V", help: "print the version" };

const BY_SYNONYM: ReadonlyMap<string, Verb> = new Map(
  (Object.keys(VERBS) as Verb[]).flatMap((verb) =>
    [verb, ...VERBS[verb].synonyms].map((word) => [word, verb])
  ),
);

/** The verb that a word names, by its name or a synonym. */
export function verbOf(word: string): Verb | undefined {
  return BY_SYNONYM.get(word);
}

/** Every word that names a verb, the verbs themselves first. */
export function verbWords(): readonly string[] {
  const verbs = Object.keys(VERBS);
  return [...verbs, ...BY_SYNONYM.keys().filter((one) => !verbs.includes(one))];
}

/** The options of a verb, including those of every verb. */
export function optionsOf(verb: Verb): readonly OptionName[] {
  if (verb === "completions") return ["help"];
  return [...VERBS[verb].options, "json", "help"];
}
