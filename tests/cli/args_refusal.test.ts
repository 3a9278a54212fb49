import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "../../cli/args.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";
const ON = ["--interface", "Ethernet"] as const;
const VERBS =
  "set, add, replace, delete, get, list, flush, resolve, batch, watch, apply, import, export, stats, interfaces, completions";

function value(name: string, what: string): string {
  return `The option "--${name}" needs a value: ${what}`;
}

function meant(word: string, near: string): string {
  return `Unknown verb "${word}", did you mean ${near}? The verbs are ${VERBS}`;
}

const INTERFACE = value("interface", "ALIAS|INDEX|LUID");

for (
  const [words, message] of [
    // The verb
    [["--json"], "No verb given, neighbor --help lists them"],
    [["--"], "No verb given, neighbor --help lists them"],
    [[""], `Unknown verb "", it is one of ${VERBS}`],
    [["purge"], `Unknown verb "purge", it is one of ${VERBS}`],
    [["LIST"], meant("LIST", "list")],
    [["lst"], meant("lst", "list")],
    [["delte"], meant("delte", "delete")],
    [["interf"], meant("interf", "interfaces")],
    [["shwo"], meant("shwo", "show")],
    [["hlep"], meant("hlep", "help")],
    [["constructor"], `Unknown verb "constructor", it is one of ${VERBS}`],
    [["__proto__"], `Unknown verb "__proto__", it is one of ${VERBS}`],
    [["0"], `Unknown verb "0", it is one of ${VERBS}`],
    [["lst", "--help"], meant("lst", "list")],
    [["help", "lst"], meant("lst", "list")],
    [["--", "--version"], meant("--version", "version")],
    [["version", "1"], 'version takes no operands, "1" is one word too many'],
    // Unknown options
    [["list", "--bogus"], 'Unknown option "--bogus"'],
    [["list", "--bogus=1"], 'Unknown option "--bogus=1"'],
    [["list", "-x"], 'Unknown option "-x"'],
    [["list", "--h"], 'Unknown option "--h"'],
    [
      ["list", "--Json"],
      'Unknown option "--Json", did you mean --json?',
    ],
    [["list", "-json"], 'Unknown option "-json", did you mean --json?'],
    [["list", "---json"], 'Unknown option "---json", did you mean --json?'],
    [["list", "--no-json"], 'Unknown option "--no-json"'],
    [
      ["list", "--interfac", "a"],
      'Unknown option "--interfac", did you mean --interface?',
    ],
    [
      ["list", "--iface=a"],
      'Unknown option "--iface=a", did you mean --interface?',
    ],
    // Words of ip, arp and other tools
    [
      ["list", "--dev", "a"],
      'Unknown option "--dev", did you mean --interface?',
    ],
    [
      ["list", "--nud=stale"],
      'Unknown option "--nud=stale", did you mean --state?',
    ],
    [
      ["list", "--mac", "02:fc:"],
      'Unknown option "--mac", did you mean --link-layer-address?',
    ],
    [
      ["add", "192.0.2.7", "--lladdr", "02:fc:00:00:00:05"],
      'Unknown option "--lladdr": add takes the link-layer address as its second operand',
    ],
    [["get", "192.0.2.7", "--mac", "a"], 'Unknown option "--mac"'],
    [["--mac"], 'Unknown option "--mac", did you mean --link-layer-address?'],
    [["stats", "--dev=a"], 'Unknown option "--dev=a"'],
    // No option that the verb does not take
    [["stats", "--interfac=a"], 'Unknown option "--interfac=a"'],
    [["list", "--mpa"], 'Unknown option "--mpa"'],
    [
      ["list", "--stat=stale"],
      'Unknown option "--stat=stale", did you mean --state?',
    ],
    // Letters
    [["list", "-4z"], 'Unknown option "-4z"'],
    [["list", "-ij"], 'Unknown option "-ij"'],
    [["list", "-ieth0"], 'Unknown option "-ieth0"'],
    [["list", "-4j=1"], 'Unknown option "-4j=1"'],
    [["list", "-4=1"], 'The option "-4" takes no value: "-4=1"'],
    [["list", "-j=1"], 'The option "--json" takes no value: "-j=1"'],
    [["list", "-="], 'Unknown option "-="'],
    [["list", "-4", "-6"], 'The option "--family" is given twice'],
    [["list", "-46"], 'The option "--family" is given twice'],
    [["list", "-4", "--family=ipv4"], 'The option "--family" is given twice'],
    [["list", "-jj"], 'The option "--json" is given twice'],
    [["list", "-i"], INTERFACE],
    [["list", "-i", "-j"], INTERFACE],
    [["list", "-i="], INTERFACE],
    [["list", "-i", ""], INTERFACE],
    [["list", "-q"], 'list takes no option "--quiet"'],
    [["set", IP, MAC, "-4"], 'set takes no option "--family"'],
    // Output that is asked for and forbidden
    [
      ["set", IP, MAC, ...ON, "-qj"],
      "set takes --quiet or --json, not both",
    ],
    [
      ["flush", "--all", "-q", "--dry-run"],
      "flush takes --quiet or --dry-run, not both",
    ],
    // Completions
    [["completions"], "completions needs SHELL"],
    [
      ["completions", "tcsh"],
      'Unknown shell "tcsh", it is one of bash, zsh, fish, powershell',
    ],
    [
      ["completions", "bash", "-j"],
      'completions takes no option "--json"',
    ],
    [["list", "--_"], 'Unknown option "--_"'],
    [["list", "--constructor"], 'Unknown option "--constructor"'],
    [["list", "-constructor"], 'Unknown option "-constructor"'],
    [["list", "--__proto__"], 'Unknown option "--__proto__"'],
    [["list", "--__proto__.json"], 'Unknown option "--__proto__.json"'],
    [
      ["list", "--interface.a", "b"],
      'Unknown option "--interface.a", did you mean --interface?',
    ],
    [["list", "--=a"], 'Unknown option "--=a"'],
    [["get", IP, "-1"], 'Unknown option "-1"'],
    [["--help", "--bogus"], 'Unknown option "--bogus"'],
    [["--version", "--bogus"], 'Unknown option "--bogus"'],
    // Options of other verbs
    [["get", IP, ...ON, "--state", "stale"], 'get takes no option "--state"'],
    [["get", IP, ...ON, "--dry-run"], 'get takes no option "--dry-run"'],
    [["list", "--dry-run"], 'list takes no option "--dry-run"'],
    [["interfaces", ...ON], 'interfaces takes no option "--interface"'],
    [["set", IP, MAC, "--family", "ipv4"], 'set takes no option "--family"'],
    [["set", IP, MAC, "--subnet", "::/0"], 'set takes no option "--subnet"'],
    // Twice
    [
      ["list", ...ON, "--interface", "other"],
      'The option "--interface" is given twice',
    ],
    [
      ["list", ...ON, "--interface=Ethernet"],
      'The option "--interface" is given twice',
    ],
    [["list", "--json", "--json"], 'The option "--json" is given twice'],
    [
      ["list", "--state", "stale", "--state", "probe"],
      'The option "--state" is given twice',
    ],
    [["-h", "--help"], 'The option "--help" is given twice'],
    [["-V", "--version"], 'The option "--version" is given twice'],
    [
      ["delete", IP, ...ON, "--dry-run", "--dry-run"],
      'The option "--dry-run" is given twice',
    ],
    // No value where one belongs
    [["list", "--interface="], INTERFACE],
    [["list", "--interface", ""], INTERFACE],
    [["list", "--interface"], INTERFACE],
    [["list", "--interface", "--json"], INTERFACE],
    [["list", "--interface", "--"], INTERFACE],
    [["list", "--interface", "--", "a"], INTERFACE],
    [["set", IP, MAC, "--interface="], INTERFACE],
    [["set", IP, MAC, "--interface", ""], INTERFACE],
    [["set", IP, MAC, "--interface"], INTERFACE],
    [["get", "fe80::1%12", "--interface="], INTERFACE],
    [["list", "--family="], value("family", "ipv4|ipv6")],
    [["list", "--family", ""], value("family", "ipv4|ipv6")],
    [["list", "--state="], value("state", "STATE[,STATE]")],
    [["list", "--state"], value("state", "STATE[,STATE]")],
    [["list", "--subnet", ""], value("subnet", "CIDR")],
    [["list", "--subnet"], value("subnet", "CIDR")],
    // A value where none belongs
    [
      ["list", "--json=true"],
      'The option "--json" takes no value: "--json=true"',
    ],
    [["list", "--json="], 'The option "--json" takes no value: "--json="'],
    [
      ["delete", IP, ...ON, "--dry-run=false"],
      'The option "--dry-run" takes no value: "--dry-run=false"',
    ],
    [["-h=1"], 'The option "--help" takes no value: "-h=1"'],
    // Operands
    [["set"], "set needs ADDRESS"],
    [["set", ...ON], "set needs ADDRESS"],
    [["set", IP, ...ON], "set needs LINK-LAYER-ADDRESS"],
    [["add", IP, ...ON], "add needs LINK-LAYER-ADDRESS"],
    [["delete", ...ON], "delete needs ADDRESS"],
    [["get", ...ON], "get needs ADDRESS"],
    [
      ["set", IP, MAC, "Ethernet", ...ON],
      'set takes ADDRESS LINK-LAYER-ADDRESS, "Ethernet" is one word too many',
    ],
    [
      ["delete", IP, MAC, ...ON],
      `delete takes ADDRESS, "${MAC}" is one word too many`,
    ],
    [
      ["interfaces", "--json", "false"],
      'interfaces takes no operands, "false" is one word too many',
    ],
    [
      ["interfaces", "0"],
      'interfaces takes no operands, "0" is one word too many',
    ],
    [
      ["add", IP, "lladdr", MAC, "dev", "eth0"],
      `add takes ADDRESS LINK-LAYER-ADDRESS, "${MAC}" is one word too many; ` +
      "lladdr is left out: the second operand is the link-layer address; " +
      "for dev use --interface",
    ],
    [
      ["add", IP, MAC, "dev", "eth0", "proto", "zebra"],
      'add takes ADDRESS LINK-LAYER-ADDRESS, "dev" is one word too many; ' +
      "for dev use --interface; for proto use --protocol",
    ],
    [
      ["help", "set", "get"],
      'help takes VERB, "get" is one word too many',
    ],
  ] as const
) {
  Deno.test(`parseCommand() refuses ${JSON.stringify(words)}`, () => {
    const error = assertThrows(() => parseCommand(words), UsageError);
    assertEquals(error.message, message);
  });
}

Deno.test("parseCommand() refuses an operand too many, for each verb", () => {
  for (const verb of ["set", "add", "delete", "get", "interfaces"]) {
    assertThrows(
      () => parseCommand([verb, "a", "b", "c"]),
      UsageError,
      "is one word too many",
    );
  }
});

Deno.test("parseCommand() quotes the start of a word when it is very long", () => {
  const long = "x".repeat(100_000);
  for (
    const words of [
      [long],
      [long, "--help"],
      ["list", `--${long}`],
      ["list", `--json=${long}`],
      ["list", `-4=${long}`],
      ["get", "192.0.2.1", long],
      ["version", long],
      ["completions", long],
      ["set", "192.0.2.1", `--mac=${long}`],
    ]
  ) {
    const { message } = assertThrows(() => parseCommand(words), UsageError);
    assert(message.length < 500, `${message.length}`);
  }
});
