import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseCommand, type RunCommand, UsageError } from "../../cli/args.ts";
import { escapeText } from "../../cli/output/text.ts";
import { filterOf, interfaceWord } from "../../cli/values.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import type { NeighborFilter } from "../../ffi/types/neighbor.ts";

function list(...words: string[]): RunCommand {
  const command = parseCommand(["list", ...words]);
  if (command.kind !== "run") throw new Error(words.join(" "));
  return command;
}

for (
  const [word, names] of [
    ["12", { interfaceIndex: 12 }],
    ["0x6008000000000", { interfaceLuid: "0x6008000000000" }],
    ["Ethernet 2", { interfaceAlias: "Ethernet 2" }],
    ["alias:5", { interfaceAlias: "5" }],
    ["alias:0x5", { interfaceAlias: "0x5" }],
    ["wifi:0", { interfaceAlias: "wifi:0" }],
    // As interfaces prints a byte that is not UTF-8, and what else it escapes
    ["a\\udc80b", { interfaceAlias: "a\udc80b" }],
    ["a\\uDCFF", { interfaceAlias: "a\udcff" }],
    ["\\u001b[31m\\u202e", { interfaceAlias: "\x1b[31m\u202e" }],
    // What it does not escape is a name that looks like an escape
    ["\\ud83d\\ude00", { interfaceAlias: "\\ud83d\\ude00" }],
    ["alias:\\u0035", { interfaceAlias: "\\u0035" }],
    ["\\u0035", { interfaceAlias: "\\u0035" }],
    // A backslash before anything else is itself
    ["a\\b", { interfaceAlias: "a\\b" }],
    ["a\\udc8", { interfaceAlias: "a\\udc8" }],
    ["a\\Udc80", { interfaceAlias: "a\\Udc80" }],
    ["a\\\\n", { interfaceAlias: "a\\\\n" }],
    // And before an escape it is written as one
    ["a\\u005cudc80", { interfaceAlias: "a\\udc80" }],
  ] as const
) {
  Deno.test(`--interface ${word} names ${JSON.stringify(names)}`, () => {
    assertEquals<unknown>(filterOf(list("--interface", word)), names);
  });
}

for (
  const alias of [
    ...["eth0", "Ethernet 2", "5", "0x5", "0X5", "alias:x", "ALIAS:x"],
    ...["a\udc80b", "\x1b[31m", "\u202e", "a\\b", "a\\udc80", "\\\\u005c"],
    ...["以太网", "😀", "\\", "\\u", "a\\\udc80"],
  ]
) {
  Deno.test(`interfaceWord() of ${JSON.stringify(alias)} names it, printed or not`, () => {
    const word = interfaceWord(alias);
    assertEquals<unknown>(filterOf(list(`--interface=${word}`)), {
      interfaceAlias: alias,
    });
    assertEquals(escapeText(word), word);
  });
}

Deno.test("--interface accepts the names that interfaces prints", () => {
  for (const alias of ["a\udc80b", "\x1b[31m\u202e\x7f", "eth0", "a\\b"]) {
    const filter = filterOf(list(`--interface=${escapeText(alias)}`));
    assertEquals<unknown>(filter, { interfaceAlias: alias });
  }
});

Deno.test("--state and --family are taken in any case", () => {
  const command = list("--state", "PERMANENT,Stale,noARP", "--family", "IPv6");
  assertEquals<unknown>(filterOf(command), {
    state: ["permanent", "stale", "noarp"],
    family: "ipv6",
  });
});

Deno.test("an unknown state is refused as it was typed", () => {
  const filter = filterOf(list("--state", "stale,DEAD"));
  assertThrows(() => parseFilter(filter), NeighborError, '"DEAD"');
  assertThrows(
    () => parseFilter(filterOf(list("--family", "INET"))),
    NeighborError,
    '"INET"',
  );
  assertThrows(
    () => parseFilter(filterOf(list("--state", "stale,"))),
    NeighborError,
    '""',
  );
});

function filter(...words: string[]): NeighborFilter {
  const command = parseCommand(words);
  if (command.kind !== "run") throw new Error(words.join(" "));
  return filterOf(command);
}

for (
  const [words, subnet] of [
    [["192.0.2.7"], ["192.0.2.7"]],
    [["192.0.2.0/24", "fe80::1"], ["192.0.2.0/24", "fe80::1"]],
    [["--subnet", "192.0.2.0/24"], "192.0.2.0/24"],
    [["192.0.2.7", "--subnet", "192.0.2.0/24"], ["192.0.2.7/32"]],
    [["192.0.0.0/16", "--subnet", "192.0.2.0/24"], ["192.0.2.0/24"]],
    [
      ["192.0.2.128/25", "10.0.0.1", "::/0", "--subnet", "192.0.2.0/24"],
      ["192.0.2.128/25"],
    ],
    [["FE80::7", "192.0.2.7", "--subnet", "fe80::/10"], ["fe80::7/128"]],
    [["0.0.0.0/0", "--subnet", "0.0.0.0/0"], ["0.0.0.0/0"]],
  ] as const
) {
  Deno.test(`the operands and options ${words.join(" ")} are the subnets ${subnet}`, () => {
    for (const verb of ["list", "flush", "watch"]) {
      assertEquals<unknown>(filter(verb, ...words), { subnet });
    }
  });
}

for (
  const [words, message] of [
    [["10.0.0.1", "--subnet", "192.0.2.0/24"], [
      'No operand is in the --subnet "192.0.2.0/24"',
    ]],
    [["fe80::1", "--subnet", "192.0.2.0/24"], ["No operand is in"]],
    [["192.0.2.7", "--subnet", "192.0.2.1/24"], [
      "the subnet is 192.0.2.0/24, the address alone 192.0.2.1",
    ]],
    [["192.0.2.1/24", "--subnet", "192.0.2.0/24"], ["the subnet is"]],
    [["--subnet", "192.0.2.0"], ['the "/" and the prefix length are missing']],
    [["192.0.2.0", "--subnet", ""], ['"--subnet" needs a value']],
  ] as const
) {
  Deno.test(`the operands and options ${words.join(" ")} are refused`, () => {
    for (const verb of ["list", "flush", "watch"]) {
      const error = assertThrows(() => filter(verb, ...words), Error);
      assertStringIncludes(error.message, message[0]);
    }
  });
}

Deno.test("an operand is refused by the API as it was typed", () => {
  for (
    const word of ["192.0.2", "192.0.2.7/24", "fe80::1%eth0", "02:fc:0:0:0:5"]
  ) {
    assertThrows(
      () => parseFilter(filter("list", "10.0.0.1", word)),
      NeighborError,
      `"${word}"`,
    );
  }
});

Deno.test("--protocol is a number in the filter, which the API checks", () => {
  for (const verb of ["list", "flush", "watch"]) {
    assertEquals<unknown>(filter(verb, "--protocol", "42"), { protocol: 42 });
    assertThrows(
      () => parseFilter(filter(verb, "--protocol", "256")),
      NeighborError,
      "The protocol 256 is not a whole number",
    );
  }
});

Deno.test("--link-layer-address is handed over as it was typed", () => {
  for (const verb of ["list", "flush", "watch"]) {
    assertEquals<unknown>(filter(verb, "--link-layer-address", "02-fc-"), {
      linkLayerAddress: "02-fc-",
    });
  }
});

const NAMED = "; an interface is named by --interface";

for (
  const [operands, word, hint] of [
    [[""], "", NAMED],
    [[" "], " ", NAMED],
    [["eth0"], "eth0", NAMED],
    [["192.0.2.7", "eth0"], "eth0", NAMED],
    [["--json", "false"], "false", NAMED],
    [
      ["dev", "eth0", "nud", "stale"],
      "dev",
      "; for dev use --interface; for nud use --state",
    ],
    [["to", "192.0.2.0/24"], "to", "; to is left out"],
    [
      ["--state", "stale", "Reachable"],
      "Reachable",
      "; states are joined by commas: --state stale,reachable",
    ],
    [
      ["192.0.2.0/24", "stale"],
      "stale",
      "; a state is named by --state stale",
    ],
    [
      ["02-fc-00-00-00-05"],
      "02-fc-00-00-00-05",
      "; a link-layer address is named by --link-layer-address",
    ],
    [
      ["02fc00000005"],
      "02fc00000005",
      "; a link-layer address is named by --link-layer-address",
    ],
    [["add0be"], "add0be", NAMED],
  ] as const
) {
  Deno.test(`the operands ${JSON.stringify(operands)} are refused as words out of place`, () => {
    for (const verb of ["list", "flush", "watch"]) {
      const error = assertThrows(() => filter(verb, ...operands), UsageError);
      assertEquals(
        error.message,
        `${verb} takes [ADDRESS|CIDR…], "${word}" is neither${hint}`,
      );
    }
  });
}
