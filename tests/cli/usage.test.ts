import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseCommand } from "../../cli/args.ts";
import { parsePins } from "../../cli/pins/file.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseChange } from "../../ffi/parse/change.ts";
import { parseEntry } from "../../ffi/parse/entry.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import type { NeighborEntry } from "../../ffi/types/neighbor.ts";
import { helpText } from "../../cli/help.ts";
import { filterOf } from "../../cli/values.ts";
import { OPTIONS } from "../../cli/usage/options.ts";
import {
  operandCount,
  optionsOf,
  SUBNETS,
  verbOf,
  VERBS,
} from "../../cli/usage/verbs.ts";

const DOCUMENTED = {
  set: ["interface", "protocol", "dry-run", "quiet"],
  add: ["interface", "protocol", "dry-run", "quiet"],
  replace: ["interface", "protocol", "dry-run", "quiet"],
  delete: ["interface", "dry-run", "quiet"],
  get: ["interface"],
  list: [
    ...["interface", "family", "state", "subnet", "link-layer-address"],
    ...["protocol", "proxy", "multicast", "no-header"],
  ],
  flush: [
    ...["interface", "family", "state", "subnet", "link-layer-address"],
    ...["protocol", "all", "permanent", "dry-run", "quiet"],
  ],
  resolve: ["interface", "source", "timeout"],
  batch: ["keep-going", "dry-run", "quiet"],
  watch: [
    ...["interface", "family", "state", "subnet", "link-layer-address"],
    ...["protocol", "interval", "changes", "known"],
  ],
  apply: [
    ...["dry-run", "check", "prune", "keep-going", "watch", "interval"],
    ...["protocol", "map", "quiet"],
  ],
  import: ["from", "interface", "map"],
  export: [
    ...["to", "store", "learnt", "keep-going", "link-layer-address"],
    "protocol",
    ...["interface", "family", "state", "subnet"],
  ],
  stats: ["pins"],
  interfaces: [],
  completions: [],
} as const;

const VERB_NAMES = Object.keys(DOCUMENTED) as (keyof typeof DOCUMENTED)[];

Deno.test("VERBS are the documented verbs", () => {
  assertEquals(Object.keys(VERBS), VERB_NAMES);
});

Deno.test("operandCount() reads brackets and an ellipsis", () => {
  const counts: readonly [readonly string[], readonly [number, number]][] = [
    [[], [0, 0]],
    [["ADDRESS", "LINK-LAYER-ADDRESS"], [2, 2]],
    [["[FILE|-]"], [0, 1]],
    [["FILE", "[NAME]"], [1, 2]],
    [["[ADDRESS|CIDR…]"], [0, Infinity]],
    [["ADDRESS…"], [1, Infinity]],
  ];
  for (const [operands, count] of counts) {
    assertEquals(operandCount({ operands }), count);
  }
});

Deno.test("verbOf() knows the verbs and synonyms, and no member of Object.prototype", () => {
  for (const verb of VERB_NAMES) assertEquals(verbOf(verb), verb);
  const synonyms = {
    ls: "list",
    show: "list",
    rm: "delete",
    del: "delete",
    create: "add",
    change: "set",
  };
  for (const [word, verb] of Object.entries(synonyms)) {
    assertEquals(verbOf(word), verb);
  }
  for (const word of ["", "toString", "__proto__", "SET", "help", "purge"]) {
    assertEquals(verbOf(word), undefined);
  }
});

for (const verb of VERB_NAMES) {
  const wanted: readonly string[] = [
    ...DOCUMENTED[verb],
    ...verb === "completions" ? [] : ["json"],
    "help",
  ];

  Deno.test(`optionsOf() has the documented options of ${verb}`, () => {
    assertEquals([...optionsOf(verb)].sort(), [...wanted].sort());
  });

  Deno.test(`helpText() has every option of ${verb} and no other`, () => {
    const text = helpText(verb);
    for (const name of Object.keys(OPTIONS)) {
      const isListed = new RegExp(`^  (-[a-z], |    )--${name}(?= )`, "m")
        .test(text);
      assertEquals(isListed, wanted.includes(name), name);
    }
  });

  Deno.test(`helpText() says how ${verb} is used and how it ends`, () => {
    const text = helpText(verb);
    assert(text.startsWith(`neighbor ${verb}: ${VERBS[verb].summary}\n`));
    const operands = {
      set: " ADDRESS LINK-LAYER-ADDRESS [-i INTERFACE]",
      add: " ADDRESS LINK-LAYER-ADDRESS [-i INTERFACE]",
      replace: " ADDRESS LINK-LAYER-ADDRESS [-i INTERFACE]",
      delete: " ADDRESS [-i INTERFACE]",
      flush: " [ADDRESS|CIDR…]",
      resolve: " ADDRESS [-i INTERFACE]",
      batch: " FILE",
      get: " ADDRESS [-i INTERFACE]",
      list: " [ADDRESS|CIDR…]",
      watch: " [ADDRESS|CIDR…]",
      apply: " FILE",
      import: " FILE",
      export: " [FILE]",
      stats: "",
      interfaces: "",
      completions: " SHELL",
    }[verb];
    assert(text.includes(`\nUsage: neighbor ${verb}${operands} [OPTIONS]\n`));
    const codes = {
      apply: [0, 1, 2, 3, 4, 5, 129, 130, 143],
      batch: [0, 1, 2, 3, 4, 129, 130, 143],
      import: [0, 1, 2, 4],
      stats: [0, 1, 2, 4],
      interfaces: [0, 1, 2, 4],
      completions: [0, 1, 2],
    }[verb as string] ?? [0, 1, 2, 3, 4];
    checkExitCodes(text, codes);
    checkLines(text);
  });
}

const VALUES: Readonly<Record<string, string>> = {
  interface: "ALIAS|INDEX|LUID",
  family: "ipv4|ipv6",
  state: "STATE[,STATE]",
  subnet: "CIDR",
  "link-layer-address": "OCTETS",
  protocol: "NUMBER|NAME",
  source: "ADDRESS",
  interval: "MS",
  known: "FILE",
  pins: "FILE",
  timeout: "SECONDS",
  from: "FORMAT",
  map: "OLD=NEW",
  to: "FORMAT",
  store: "active|persistent",
};

Deno.test("helpText() shows the value of each option, all texts aligned", () => {
  for (const verb of VERB_NAMES) {
    const [, list] = /\nOptions:\n(.*?)\n\n/s.exec(helpText(verb))!;
    const starts = new Set<number>();
    for (const line of list!.split("\n")) {
      const [, name, value, gap] =
        /^ {2}(?:-[a-z], | {4})--(\S+)( \S+)?( {2,})\S/.exec(line) ?? [];
      if (name === undefined) starts.add(/\S/.exec(line)!.index);
      else {
        assertEquals(value?.slice(1), VALUES[name]);
        starts.add(8 + name.length + (value ?? "").length + gap!.length);
      }
    }
    assertEquals(starts.size, 1, verb);
  }
});

Deno.test("helpText() shows examples that work, of every verb", () => {
  for (const verb of [undefined, ...VERB_NAMES]) {
    const [, list] = /\nExamples:\n(.*?)\n\n/s.exec(helpText(verb))!;
    for (const line of list!.split("\n")) {
      const [, words] = /^ {2}neighbor (.*?)(?: > \S+)?$/.exec(line)!;
      const command = parseCommand(words!.split(" "));
      if (command.kind === "completions") continue;
      assert(command.kind === "run", line);
      assertEquals(command.verb, verb ?? command.verb);
      const [address, linkLayerAddress] = command.operands;
      if (VERBS[command.verb].operands[0] === SUBNETS) {
        parseFilter(filterOf(command));
        continue;
      }
      if (VERBS[command.verb].interface === "needed") {
        assert(command.values.interface ?? address!.includes("%"), line);
      }
      if (linkLayerAddress === undefined) continue;
      parseEntry(new EntryList(), {
        address: address!,
        linkLayerAddress,
        interfaceAlias: command.values.interface ?? null,
      } as NeighborEntry);
    }
  }
});

Deno.test("helpText() shows files that batch and apply take", () => {
  const sampleOf = (verb: "batch" | "apply") =>
    /\nFILE:\n(.*?)\n\n/s.exec(helpText(verb))![1]!;
  const lines = sampleOf("batch").split("\n");
  assert(lines.length > 1);
  for (const line of lines) parseChange(new EntryList(), JSON.parse(line));
  const { pins } = parsePins(sampleOf("apply"), "pins.json");
  assertEquals(pins.length, 1);
});

/** Every character that begins a line of `watch` or `apply`. */
const PRINTED = { watch: "+~-!=>", apply: "+~-=.?!" } as const;

Deno.test("helpText() explains every sign that watch and apply print", () => {
  for (const [verb, signs] of Object.entries(PRINTED)) {
    const text = helpText(verb as keyof typeof PRINTED);
    const [, list] = /\nSigns:\n(.*?)\n\n/s.exec(text)!;
    const explained = list!.split("\n").filter((line) => /^ {2}\S/.test(line))
      .map((line) => line[2]);
    assertEquals(explained.join(""), signs);
  }
});

Deno.test("helpText() lists every verb with its summary", () => {
  const text = helpText();
  for (const verb of VERB_NAMES) {
    const line = text.split("\n").find((line) => line.startsWith(`  ${verb} `));
    assert(line?.trimEnd().endsWith(`  ${VERBS[verb].summary}`), verb);
  }
  assert(text.includes("--help"));
  assert(text.includes("--version"));
  checkExitCodes(text, [0, 1, 2, 3, 4, 5, 129, 130, 143]);
  checkLines(text);
});

Deno.test("helpText() names every state that a filter takes", () => {
  for (
    const state of [
      ...["unreachable", "incomplete", "probe", "delay", "stale"],
      ...["reachable", "permanent", "none", "noarp", "failed"],
    ]
  ) {
    assertMatch(helpText("list"), new RegExp(`[ ,]${state}[,\n]`));
  }
});

Deno.test("helpText() shows the five ways to write a link-layer address", () => {
  for (const verb of ["set", "add"] as const) {
    for (
      const text of [
        ...["02-fc-00-00-00-05", "02:fc:00:00:00:05"],
        ...["2:fc:0:0:0:5", "02fc.0000.0005", "02fc00000005"],
      ]
    ) assert(helpText(verb).includes(text), text);
  }
});

function checkExitCodes(text: string, codes: readonly number[]): void {
  for (const code of [0, 1, 2, 3, 4, 5, 129, 130, 143]) {
    const isThere = new RegExp(`^ *${code}  [a-z-]`, "m").test(text);
    assertEquals(isThere, codes.includes(code), `${code}`);
  }
}

/** Fits a terminal, and is nothing but printable text. */
function checkLines(text: string): void {
  assert(text.endsWith("\n") && !text.endsWith("\n\n"));
  for (const line of text.split("\n")) {
    assert(line.length <= 80, line);
    assertEquals(line, line.trimEnd());
    assertMatch(line, /^[ -~…]*$/);
  }
}

Deno.test("the front pages of the command name every verb", async () => {
  const [head] = /^\/\*\*.*?\*\//s.exec(
    await Deno.readTextFile(new URL("../../cli.ts", import.meta.url)),
  )!;
  const page = await Deno.readTextFile(
    new URL("../../docs/commands.md", import.meta.url),
  );
  const table = page.slice(0, page.indexOf("\n\n", page.indexOf("| Verb")));
  for (const verb of Object.keys(VERBS)) {
    assertMatch(head, new RegExp(`\`(neighbor )?${verb}\``));
    assertMatch(table, new RegExp(`\`${verb}[ \`]`));
  }
});
