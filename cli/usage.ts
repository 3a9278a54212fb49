/**
 * What the command takes: one table that the parser obeys and the help prints,
 * so that neither can say what the other does not do.
 *
 * @module
 */

/** An option; those with a `value` demand one. */
export interface OptionSpec {
  readonly value?: string;
  readonly help: string;
}

export const OPTIONS = {
  interface: {
    value: "ALIAS|INDEX|LUID",
    help: "an alias, a decimal index, or a LUID as 0x…; alias:5 where an\n" +
      "alias looks like a number. A zone in ADDRESS names it too",
  },
  family: { value: "ipv4|ipv6", help: "only this address family" },
  state: {
    value: "STATE[,STATE]",
    help: "only these: reachable, stale, delay, probe, incomplete,\n" +
      "permanent, unreachable, failed, noarp, none",
  },
  subnet: {
    value: "CIDR",
    help: "only addresses in it, such as 192.0.2.0/24",
  },
  permanent: { help: "remove permanent entries too" },
  all: { help: "every entry: instead of a filter" },
  proxy: { help: "the proxy entries instead of the neighbors (Linux)" },
  prune: {
    help: "remove the permanent entries that FILE does not name, on\n" +
      "the interfaces it names; never multicast or broadcast ones",
  },
  check: { help: "change nothing; exit code 5 where anything differs" },
  watch: { help: "stay, and put back whatever drifts" },
  interval: {
    value: "MS",
    help: "milliseconds from one look to the next, 1000 without: at\n" +
      "the table (Windows), for a missing interface (apply)",
  },
  source: { value: "ADDRESS", help: "the address to ask from (Windows)" },
  "keep-going": { help: "go on after a change that is refused" },
  json: { help: "machine-readable output, errors too" },
  "dry-run": {
    help: "check and read, write nothing, say what would be called",
  },
  help: { help: "this text (-h)" },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** A verb: its operands in order, its options beside `--json` and `--help`. */
export interface VerbSpec {
  readonly summary: string;
  readonly operands: readonly string[];
  readonly options: readonly OptionName[];
  /** The interface must be named, by option or zone. */
  readonly needsInterface: boolean;
  readonly detail: string;
}

const LINK_LAYER = "LINK-LAYER-ADDRESS takes -, :, . or nothing between its " +
  "octets:\n02-fc-00-00-00-05, 02:fc:00:00:00:05, 02fc.0000.0005, 02fc00000005.";
const PRIVILEGE =
  "Needs an elevated administrator (Windows) or CAP_NET_ADMIN (Linux).";

export const VERBS = {
  set: {
    summary: "change the link-layer address of an entry that exists",
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run"],
    needsInterface: true,
    detail:
      `${LINK_LAYER}\nOn Linux a dynamic entry becomes permanent by it; ` +
      `on Windows that is not\ndocumented: what is shown was read back.\n${PRIVILEGE}`,
  },
  add: {
    summary: "add a permanent entry; there must be none yet",
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run"],
    needsInterface: true,
    detail: `${LINK_LAYER}\n${PRIVILEGE}`,
  },
  replace: {
    summary: "make an entry so, permanent, whatever is there",
    operands: ["ADDRESS", "LINK-LAYER-ADDRESS"],
    options: ["interface", "dry-run"],
    needsInterface: true,
    detail: `${LINK_LAYER}\n${PRIVILEGE}\n` +
      "Says whether the entry was created, changed or unchanged.",
  },
  delete: {
    summary: "remove an entry",
    operands: ["ADDRESS"],
    options: ["interface", "dry-run"],
    needsInterface: true,
    detail: PRIVILEGE,
  },
  get: {
    summary: "show one entry",
    operands: ["ADDRESS"],
    options: ["interface"],
    needsInterface: true,
    detail: "Exit code 3 where there is no such entry.",
  },
  list: {
    summary: "show the table",
    operands: [],
    options: ["interface", "family", "state", "subnet", "proxy"],
    needsInterface: false,
    detail: "Filters narrow: a row is shown where all of them agree.",
  },
  flush: {
    summary: "remove the entries that a filter names",
    operands: [],
    options: [
      "interface",
      "family",
      "state",
      "subnet",
      "all",
      "permanent",
      "dry-run",
    ],
    needsInterface: false,
    detail: "Needs a filter or --all. Permanent entries only go with " +
      "--permanent,\nthose of multicast and broadcast addresses never.\n" +
      PRIVILEGE,
  },
  resolve: {
    summary: "ask the wire who has an address",
    operands: ["ADDRESS"],
    options: ["interface", "source"],
    needsInterface: true,
    detail: "A permanent entry is the answer: nothing is asked then. Where " +
      "nobody\nanswers it takes some seconds to say so. On Linux asking needs " +
      "CAP_NET_ADMIN.",
  },
  batch: {
    summary: "make many changes, one JSON object a line",
    operands: ["FILE"],
    options: ["keep-going"],
    needsInterface: false,
    detail:
      "FILE is a file, which needs --allow-read=FILE, or - for standard " +
      'input:\n{"verb": "set", "address": "192.0.2.7", "linkLayerAddress": ' +
      '"02-fc-00-00-00-05",\n"interfaceAlias": "Ethernet"}; the verbs are ' +
      "set, create, replace and delete.\nAll lines are checked before the first " +
      "is made: their words, not what\nonly the system knows, such as an interface. It stops " +
      "at the first that is refused, and with\n" +
      "--keep-going at none.\n" + PRIVILEGE,
  },
  watch: {
    summary: "show the table, then every change, until interrupted",
    operands: [],
    options: ["interface", "family", "state", "subnet", "interval"],
    needsInterface: false,
    detail: "A line for each row: + added, ~ changed, - removed, with the " +
      "time; ! where\nevents were lost: the differences follow. With --json " +
      "an object a line.\nA row that comes to match the filter is added, one " +
      "that no longer does removed.\nWindows: the table is read and compared, " +
      "what is gone by then is not seen.",
  },
  apply: {
    summary: "make the entries of a file so, all or nothing",
    operands: ["FILE"],
    options: [
      "dry-run",
      "check",
      "prune",
      "keep-going",
      "watch",
      "interval",
    ],
    needsInterface: false,
    detail:
      "FILE is a file, which needs --allow-read=FILE, or - for standard " +
      'input:\n{"neighbors": [{"address": "192.0.2.7", "linkLayerAddress": ' +
      '"02-fc-00-00-00-05",\n"interfaceAlias": "Ethernet"}]}, or what ' +
      "neighbor list --json prints, of which the\npermanent entries count. " +
      "A line for each entry: + created, ~ changed, - removed.\n" +
      "Where the system refuses one, or at an interrupt, what was changed is " +
      "put back,\nand = says how each stands; --keep-going applies what can " +
      "be applied instead.\n--watch tells each repair with what it found, and " +
      "waits for interfaces to come.\n" + PRIVILEGE,
  },
  interfaces: {
    summary: "show the network interfaces",
    operands: [],
    options: [],
    needsInterface: false,
    detail: "Their aliases, indexes and LUIDs are what --interface takes.",
  },
} as const satisfies Record<string, VerbSpec>;

export type Verb = keyof typeof VERBS;

/** Whether a word is one of the verbs. */
export function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

/** The options a verb takes, with those that every verb takes. */
export function optionsOf(verb: Verb): readonly OptionName[] {
  return [...VERBS[verb].options, "json", "help"];
}

/** What `--help` prints: the whole command, or one verb of it. */
export function helpText(verb?: Verb): string {
  return verb === undefined ? commandHelp() : verbHelp(verb);
}

function commandHelp(): string {
  const verbs = Object.entries<VerbSpec>(VERBS).map(([name, spec]) =>
    `  ${name.padEnd(12)}${spec.summary}`
  );
  return `The IP neighbor table: ARP and NDP cache

Usage: neighbor VERB [OPERANDS] [OPTIONS]

Verbs:
${verbs.join("\n")}

  neighbor VERB --help says what a verb takes, neighbor --version which this is.

Examples:
  neighbor set 192.0.2.7 02-fc-00-00-00-05 --interface Ethernet
  neighbor list --state permanent --json

${EXIT_CODES}${CHECK_CODE}${SIGNAL_CODES}`;
}

const EXIT_CODES = `Exit codes:
    0  done
    1  the system refused
    2  refused before asking: usage, or an address that breaks a rule
    3  no such entry or interface
    4  not permitted, by the system or by Deno
`;
const CHECK_CODE = `    5  apply --check: something differs
`;
const SIGNAL_CODES =
  `  130  interrupted by SIGINT: apply has put back what it had changed, unless
       told to --keep-going; batch has stopped between two changes
  143  the same by SIGTERM
  129  the same by SIGHUP
`;

function verbHelp(verb: Verb): string {
  const spec: VerbSpec = VERBS[verb];
  const words = [verb, ...spec.operands];
  if (spec.needsInterface) words.push("[--interface ALIAS|INDEX|LUID]");
  const options = optionsOf(verb).map((name) => {
    const { value, help }: OptionSpec = OPTIONS[name];
    const left = value === undefined ? `--${name}` : `--${name} ${value}`;
    const lines = help.split("\n").join("\n" + " ".repeat(32));
    return `  ${left.padEnd(30)}${lines}`;
  });
  return `neighbor ${verb}: ${spec.summary}

Usage: neighbor ${words.join(" ")} [OPTIONS]

${spec.detail}

Options:
${options.join("\n")}

${EXIT_CODES}${verb === "apply" ? CHECK_CODE : ""}${
    verb === "apply" || verb === "batch" ? SIGNAL_CODES : ""
  }`;
}
