import { assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "../../cli/args.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";
const ON = ["--interface", "Ethernet"] as const;
const VERBS =
  "set, add, replace, delete, get, list, flush, resolve, batch, watch, apply, interfaces";

function value(name: string, what: string): string {
  return `The option "--${name}" needs a value: ${what}`;
}

const INTERFACE = value("interface", "ALIAS|INDEX|LUID");

for (
  const [words, message] of [
    // The verb
    [[], "No verb given, neighbor --help lists them"],
    [["--json"], "No verb given, neighbor --help lists them"],
    [["--"], "No verb given, neighbor --help lists them"],
    [[""], `Unknown verb "", it is one of ${VERBS}`],
    [["ls"], `Unknown verb "ls", it is one of ${VERBS}`],
    [["List"], `Unknown verb "List", it is one of ${VERBS}`],
    [["constructor"], `Unknown verb "constructor", it is one of ${VERBS}`],
    [["__proto__"], `Unknown verb "__proto__", it is one of ${VERBS}`],
    [["0"], `Unknown verb "0", it is one of ${VERBS}`],
    [["ls", "--help"], `Unknown verb "ls", it is one of ${VERBS}`],
    [["help", "ls"], `Unknown verb "ls", it is one of ${VERBS}`],
    [["--", "--version"], `Unknown verb "--version", it is one of ${VERBS}`],
    // Options nobody takes
    [["list", "--bogus"], 'Unknown option "--bogus"'],
    [["list", "--bogus=1"], 'Unknown option "--bogus=1"'],
    [["list", "-x"], 'Unknown option "-x"'],
    [["list", "-hV"], 'Unknown option "-hV"'],
    [["list", "-j"], 'Unknown option "-j"'],
    [["list", "--h"], 'Unknown option "--h"'],
    [["list", "--Json"], 'Unknown option "--Json"'],
    [["list", "-json"], 'Unknown option "-json"'],
    [["list", "---json"], 'Unknown option "---json"'],
    [["list", "--no-json"], 'Unknown option "--no-json"'],
    [["list", "--interfac", "a"], 'Unknown option "--interfac"'],
    [["list", "--_"], 'Unknown option "--_"'],
    [["list", "--constructor"], 'Unknown option "--constructor"'],
    [["list", "-constructor"], 'Unknown option "-constructor"'],
    [["list", "--__proto__"], 'Unknown option "--__proto__"'],
    [["list", "--__proto__.json"], 'Unknown option "--__proto__.json"'],
    [["list", "--interface.a", "b"], 'Unknown option "--interface.a"'],
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
    [["list", IP], `list takes no operands, "${IP}" is one word too many`],
    [["list", ""], 'list takes no operands, "" is one word too many'],
    [
      ["interfaces", "0"],
      'interfaces takes no operands, "0" is one word too many',
    ],
    [
      ["list", "--json", "false"],
      'list takes no operands, "false" is one word too many',
    ],
    [
      ["help", "set", "get"],
      'help takes VERB, "get" is one word too many',
    ],
    // The interface
    [
      ["set", IP, MAC],
      `set needs --interface ALIAS|INDEX|LUID for "${IP}"`,
    ],
    [
      ["add", "fe80::1", MAC],
      'add needs --interface ALIAS|INDEX|LUID for "fe80::1"',
    ],
    [
      ["delete", IP],
      `delete needs --interface ALIAS|INDEX|LUID for "${IP}"`,
    ],
    [
      ["get", IP],
      `get needs --interface ALIAS|INDEX|LUID for "${IP}"`,
    ],
  ] as const
) {
  Deno.test(`parseCommand() refuses ${JSON.stringify(words)}`, () => {
    const error = assertThrows(() => parseCommand(words), UsageError);
    assertEquals(error.message, message);
  });
}

Deno.test("parseCommand() refuses each verb's own surplus word", () => {
  for (const verb of ["set", "add", "delete", "get", "list", "interfaces"]) {
    assertThrows(
      () => parseCommand([verb, "a", "b", "c"]),
      UsageError,
      "is one word too many",
    );
  }
});
