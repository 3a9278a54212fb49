import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseCommand } from "../../cli/args.ts";
import { parsedEntry } from "../helpers/parsed.ts";
import { helpText, isVerb, optionsOf, VERBS } from "../../cli/usage.ts";

// design.md
const DOCUMENTED = {
  set: ["interface", "dry-run"],
  add: ["interface", "dry-run"],
  replace: ["interface", "dry-run"],
  delete: ["interface", "dry-run"],
  get: ["interface"],
  list: ["interface", "family", "state", "subnet", "proxy"],
  flush: [
    ...["interface", "family", "state", "subnet"],
    ...["all", "permanent", "dry-run"],
  ],
  resolve: ["interface", "source"],
  batch: ["keep-going"],
  watch: ["interface", "family", "state", "subnet", "interval"],
  apply: ["dry-run", "check", "prune", "keep-going", "watch", "interval"],
  interfaces: [],
} as const;

const VERB_NAMES = Object.keys(DOCUMENTED) as (keyof typeof DOCUMENTED)[];
const EVERY_OPTION = [
  ...["interface", "family", "state", "subnet", "json", "dry-run", "help"],
  ...["all", "permanent", "source", "keep-going", "interval", "proxy"],
  ...["check", "prune", "watch"],
];

Deno.test("VERBS are the documented verbs", () => {
  assertEquals(Object.keys(VERBS), VERB_NAMES);
});

Deno.test("isVerb() knows the verbs and no member of every object", () => {
  for (const verb of VERB_NAMES) assert(isVerb(verb));
  for (const word of ["", "toString", "__proto__", "SET", "help", "purge"]) {
    assert(!isVerb(word));
  }
});

for (const verb of VERB_NAMES) {
  const wanted: readonly string[] = [...DOCUMENTED[verb], "json", "help"];

  Deno.test(`optionsOf() has the documented options of ${verb}`, () => {
    assertEquals([...optionsOf(verb)].sort(), [...wanted].sort());
  });

  Deno.test(`helpText() has every option of ${verb} and no other`, () => {
    const text = helpText(verb);
    for (const name of EVERY_OPTION) {
      const isListed = new RegExp(`^  --${name}(?= )`, "m").test(text);
      assertEquals(isListed, wanted.includes(name), name);
    }
  });

  Deno.test(`helpText() says how ${verb} is used and how it ends`, () => {
    const text = helpText(verb);
    assert(text.startsWith(`neighbor ${verb}: ${VERBS[verb].summary}\n`));
    const operands = {
      set: " ADDRESS LINK-LAYER-ADDRESS [--interface ALIAS|INDEX|LUID]",
      add: " ADDRESS LINK-LAYER-ADDRESS [--interface ALIAS|INDEX|LUID]",
      replace: " ADDRESS LINK-LAYER-ADDRESS [--interface ALIAS|INDEX|LUID]",
      delete: " ADDRESS [--interface ALIAS|INDEX|LUID]",
      flush: "",
      resolve: " ADDRESS [--interface ALIAS|INDEX|LUID]",
      batch: " FILE",
      get: " ADDRESS [--interface ALIAS|INDEX|LUID]",
      list: "",
      watch: "",
      apply: " FILE",
      interfaces: "",
    }[verb];
    assert(text.includes(`\nUsage: neighbor ${verb}${operands} [OPTIONS]\n`));
    checkExitCodes(text, verb === "apply");
    checkLines(text);
  });
}

const VALUES: Readonly<Record<string, string>> = {
  interface: "ALIAS|INDEX|LUID",
  family: "ipv4|ipv6",
  state: "STATE[,STATE]",
  subnet: "CIDR",
  source: "ADDRESS",
  interval: "MS",
};

Deno.test("helpText() says what value an option takes, all texts aligned", () => {
  for (const verb of VERB_NAMES) {
    const [, list] = /\nOptions:\n(.*?)\n\n/s.exec(helpText(verb))!;
    const starts = new Set<number>();
    for (const line of list!.split("\n")) {
      const [, name, value, gap] = /^ {2}--(\S+)( \S+)?( {2,})\S/.exec(line) ??
        [];
      if (name === undefined) starts.add(/\S/.exec(line)!.index);
      else {
        assertEquals(value?.slice(1), VALUES[name]);
        starts.add(4 + name.length + (value ?? "").length + gap!.length);
      }
    }
    assertEquals(starts.size, 1, verb);
  }
});

Deno.test("helpText() shows examples that work", () => {
  const examples = [...helpText().matchAll(/^ {2}neighbor (.* .*)$/gm)]
    .map(([, words]) => words!)
    .filter((words) => isVerb(words.split(" ")[0]!));
  assert(examples.length >= 2);
  for (const words of examples) {
    const command = parseCommand(words.split(" "));
    assert(command.kind === "run");
    const [address, linkLayerAddress] = command.operands;
    if (address === undefined) continue;
    parsedEntry({
      address,
      linkLayerAddress: linkLayerAddress!,
      interfaceAlias: command.values.interface!,
    });
  }
});

Deno.test("helpText() says that get ends with 3 where there is no entry", () => {
  assert(helpText("get").includes("Exit code 3 where there is no such entry"));
});

Deno.test("helpText() lists every verb with its summary", () => {
  const text = helpText();
  for (const verb of VERB_NAMES) {
    const line = text.split("\n").find((line) => line.startsWith(`  ${verb} `));
    assert(line?.trimEnd().endsWith(`  ${VERBS[verb].summary}`), verb);
  }
  assert(text.includes("--help"));
  assert(text.includes("--version"));
  checkExitCodes(text, true);
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

Deno.test("helpText() shows the four ways to write a link-layer address", () => {
  for (const verb of ["set", "add"] as const) {
    for (
      const text of [
        ...["02-fc-00-00-00-05", "02:fc:00:00:00:05"],
        ...["02fc.0000.0005", "02fc00000005"],
      ]
    ) assert(helpText(verb).includes(text), text);
  }
});

function checkExitCodes(text: string, withApply: boolean): void {
  for (const code of [0, 1, 2, 3, 4, 5, 130]) {
    const isThere = new RegExp(`^ *${code}  [a-z]`, "m").test(text);
    assertEquals(isThere, code < 5 || withApply, `${code}`);
  }
}

/** Fits a terminal, and is nothing but printable text. */
function checkLines(text: string): void {
  assert(text.endsWith("\n") && !text.endsWith("\n\n"));
  for (const line of text.split("\n")) {
    assert(line.length <= 100, line);
    assertEquals(line, line.trimEnd());
    assertMatch(line, /^[ -~…]*$/);
  }
}
