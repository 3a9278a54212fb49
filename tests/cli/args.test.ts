import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError, wantsJson } from "../../cli/args.ts";

const IP = "192.0.2.7";
const MAC = "02-fc-00-00-00-05";

for (
  const [words, verb, operands, values, dryRun] of [
    [
      ["set", IP, MAC, "--interface", "Ethernet"],
      "set",
      [IP, MAC],
      { interface: "Ethernet" },
      false,
    ],
    [
      ["add", "--interface=12", IP, MAC, "--dry-run"],
      "add",
      [IP, MAC],
      { interface: "12" },
      true,
    ],
    [
      ["delete", IP, "--interface", "0x6008000000000"],
      "delete",
      [IP],
      { interface: "0x6008000000000" },
      false,
    ],
    [["get", "fe80::1%Ethernet"], "get", ["fe80::1%Ethernet"], {}, false],
    [["get", "fe80::1%12", "--json"], "get", ["fe80::1%12"], {}, false],
    [["list"], "list", [], {}, false],
    [["--json", "list"], "list", [], {}, false],
    [
      [
        ...["list", "--interface", "以太网", "--family", "ipv6"],
        ...["--state=stale,probe", "--subnet", "fe80::/10", "--json"],
      ],
      "list",
      [],
      {
        interface: "以太网",
        family: "ipv6",
        state: "stale,probe",
        subnet: "fe80::/10",
      },
      false,
    ],
    [["interfaces"], "interfaces", [], {}, false],
    [["stats"], "stats", [], {}, false],
    [["stats", "--pins", "a.json"], "stats", [], { pins: "a.json" }, false],
    // Other words for a verb
    [["ls"], "list", [], {}, false],
    [["show"], "list", [], {}, false],
    [["rm", IP], "delete", [IP], {}, false],
    [["del", IP, "--dry-run"], "delete", [IP], {}, true],
    [["create", IP, MAC], "add", [IP, MAC], {}, false],
    [["change", IP, MAC], "set", [IP, MAC], {}, false],
    // Options of one letter
    [
      ["get", IP, "-i", "eth0"],
      "get",
      [IP],
      { interface: "eth0" },
      false,
    ],
    [["-i=-a", "get", IP], "get", [IP], { interface: "-a" }, false],
    [["list", "-4"], "list", [], { family: "ipv4" }, false],
    [["-6", "ls"], "list", [], { family: "ipv6" }, false],
    [["list", "-j"], "list", [], {}, false],
    [["list", "-4j"], "list", [], { family: "ipv4" }, false],
    [["list", "-j6"], "list", [], { family: "ipv6" }, false],
    [["list", "-j", "-i", "eth0"], "list", [], { interface: "eth0" }, false],
    // Without an interface: what to say of it is not the parser's to know
    [["set", IP, MAC], "set", [IP, MAC], {}, false],
    [["get", IP], "get", [IP], {}, false],
    // The verb may stand behind its options
    [
      ["--interface", "Ethernet", "get", IP],
      "get",
      [IP],
      { interface: "Ethernet" },
      false,
    ],
    // A flag takes no word away from the operands
    [
      ["delete", "--dry-run", IP, "--interface", "1"],
      "delete",
      [IP],
      { interface: "1" },
      true,
    ],
    [
      ["--json", "get", "--interface=a=b", IP],
      "get",
      [IP],
      { interface: "a=b" },
      false,
    ],
    // A value that begins with a dash, by the one way there is
    [
      ["get", IP, "--interface=-a"],
      "get",
      [IP],
      { interface: "-a" },
      false,
    ],
    [
      ["get", IP, "--interface=alias:5"],
      "get",
      [IP],
      { interface: "alias:5" },
      false,
    ],
    // Text that looks like a number or a truth stays text
    [
      ["set", IP, "02e000000005", "--interface", "007"],
      "set",
      [IP, "02e000000005"],
      { interface: "007" },
      false,
    ],
    [
      ["set", IP, "020000000005", "--interface", "1e3"],
      "set",
      [IP, "020000000005"],
      { interface: "1e3" },
      false,
    ],
    [
      ["add", "1.5", "0x10", "--interface", "true"],
      "add",
      ["1.5", "0x10"],
      { interface: "true" },
      false,
    ],
    // Behind "--" nothing is an option
    [
      ["get", "--interface", "1", "--", "--help"],
      "get",
      ["--help"],
      { interface: "1" },
      false,
    ],
    [
      ["set", "--interface", "1", "--", IP, "020000000005"],
      "set",
      [IP, "020000000005"],
      { interface: "1" },
      false,
    ],
    [
      ["--interface", "1", "--", "get", "-"],
      "get",
      ["-"],
      { interface: "1" },
      false,
    ],
    [
      ["get", "-", "--interface", "1"],
      "get",
      ["-"],
      { interface: "1" },
      false,
    ],
  ] as const
) {
  Deno.test(`parseCommand() reads ${JSON.stringify(words)}`, () => {
    const isJson = wantsJson(words);
    const flags = new Set([
      ...(dryRun ? ["dry-run"] : []),
      ...(isJson ? ["json"] : []),
    ]);
    assertEquals<unknown>(
      parseCommand(words),
      { kind: "run", verb, operands, values, flags },
    );
  });
}

for (
  const [words, expected] of [
    [["--version"], { kind: "version" }],
    [["-V"], { kind: "version" }],
    [["--help"], { kind: "help" }],
    [["-h"], { kind: "help" }],
    [["help"], { kind: "help" }],
    [["help", "set"], { kind: "help", verb: "set" }],
    [["help", "ls"], { kind: "help", verb: "list" }],
    [["ls", "--help"], { kind: "help", verb: "list" }],
    [["help", "help"], { kind: "help" }],
    [["help", "version"], { kind: "help" }],
    [["version"], { kind: "version" }],
    [["version", "-h"], { kind: "help" }],
    [["list", "-hV"], { kind: "version" }],
    [["list", "-jh"], { kind: "help", verb: "list" }],
    [[], { kind: "bare" }],
    [["completions", "bash"], { kind: "completions", shell: "bash" }],
    [["completions", "zsh"], { kind: "completions", shell: "zsh" }],
    [["completions", "fish"], { kind: "completions", shell: "fish" }],
    [
      ["completions", "powershell"],
      { kind: "completions", shell: "powershell" },
    ],
    [["completions", "-h"], { kind: "help", verb: "completions" }],
    [["set", "--help"], { kind: "help", verb: "set" }],
    [["set", "-h"], { kind: "help", verb: "set" }],
    [["-h", "list"], { kind: "help", verb: "list" }],
    [["add", IP, "--help"], { kind: "help", verb: "add" }],
    [["delete", "--help"], { kind: "help", verb: "delete" }],
    [["get", "--help"], { kind: "help", verb: "get" }],
    [["list", "--json", "-h"], { kind: "help", verb: "list" }],
    [["interfaces", "--help"], { kind: "help", verb: "interfaces" }],
  ] as const
) {
  Deno.test(`parseCommand() reads ${JSON.stringify(words)}`, () => {
    assertEquals<unknown>(parseCommand(words), expected);
  });
}

for (
  const [words, wanted] of [
    [[], false],
    [["list"], false],
    [["list", "--json"], true],
    [["--json"], true],
    [["nonsense", "--json", "--bogus"], true],
    [["list", "--", "--json"], false],
    [["list", "json"], false],
    [["list", "--jsonx"], false],
    [["list", "-j"], true],
    [["list", "-4j"], true],
    [["nonsense", "-jq", "-z"], true],
    [["list", "-json"], false],
    [["list", "-ji"], false],
    [["list", "-i=j"], false],
    [["list", "-j=1"], false],
    [["list", "--", "-j"], false],
    [["list", "-"], false],
  ] as const
) {
  Deno.test(`wantsJson() is ${wanted} for ${JSON.stringify(words)}`, () => {
    assertEquals(wantsJson(words), wanted);
  });
}

Deno.test("parseCommand() does not change its argument", () => {
  const words = ["set", IP, MAC, "--interface", "Ethernet"];
  parseCommand(words);
  assertEquals(words, ["set", IP, MAC, "--interface", "Ethernet"]);
});

Deno.test("parseCommand() throws a UsageError with its own name", () => {
  const error = assertThrows(() => parseCommand(["--json"]), UsageError);
  assertEquals(error.name, "UsageError");
});

Deno.test("parseCommand() takes a dash alone as the value of an option", () => {
  for (
    const [words, values, operands] of [
      [["stats", "--pins", "-"], { pins: "-" }, []],
      [["watch", "--changes", "--known", "-"], { known: "-" }, []],
      [["get", "192.0.2.1", "-i", "-"], { interface: "-" }, ["192.0.2.1"]],
      [["apply", "-", "--check"], {}, ["-"]],
      [["apply", "--check", "-"], {}, ["-"]],
      [["batch", "-q", "-"], {}, ["-"]],
    ] as const
  ) {
    const command = parseCommand(words);
    assert(command.kind === "run");
    assertEquals<unknown>(command.values, values);
    assertEquals<unknown>(command.operands, operands);
  }
});
