import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { completionScript } from "../../cli/completions/script.ts";
import { OPTIONS } from "../../cli/usage/options.ts";
import { optionsOf, SHELLS, VERBS } from "../../cli/usage/verbs.ts";
import type { Verb, VerbSpec } from "../../cli/usage/verbs.ts";
import { runCli } from "../helpers/child.ts";
import { type Bench, DEVICES, shellTest } from "../helpers/shell.ts";

/**
 * What is typed, with a tab where one is pressed, and the words that the
 * command is then called with.
 */
const TYPED: readonly [string, ...string[]][] = [
  ["neighbor interf\t", "interfaces"],
  ["neighbor flu\t--al\t", "flush", "--all"],
  // A synonym is completed, and has the options of its verb
  ["neighbor sho\t--prox\t", "show", "--proxy"],
  ["neighbor completions fi\t", "completions", "fish"],
  ["neighbor help resol\t", "help", "resolve"],
  // Values of options
  ["neighbor list --fam\t ipv4", "list", "--family", "ipv4"],
  ["neighbor list --state perm\t", "list", "--state", "permanent"],
  ["neighbor list --state=perm\t", "list", "--state=permanent"],
  ["neighbor list --state stale,prob\t", "list", "--state", "stale,probe"],
  ["neighbor list --state=stale,prob\t", "list", "--state=stale,probe"],
  ["neighbor export --to ip\t", "export", "--to", "ip-batch"],
  ["neighbor export --store=per\t", "export", "--store=persistent"],
  ["neighbor import --from pow\t", "import", "--from", "powershell"],
  ["neighbor import --from csv pi\t", "import", "--from", "csv", "pins.json"],
  ["neighbor list --mul\t --no-h\t", "list", "--multicast", "--no-header"],
  ["neighbor export --lea\t -i wl\t", "export", "--learnt", "-i", "wlan0"],
  ["neighbor watch --chan\t", "watch", "--changes"],
  // Interfaces, which no shell evaluates
  ["neighbor get -i wl\t", "get", "-i", "wlan0"],
  ["neighbor get --interface=wl\t", "get", "--interface=wlan0"],
  ["neighbor set --interface a\t", "set", "--interface", "a;b"],
  ["neighbor set -i \\$\t", "set", "-i", "$(touch>p)"],
  // A value is no verb
  ["neighbor -i list wat\t", "-i", "list", "watch"],
  // Files where there is a FILE, and nowhere else
  ["neighbor apply pi\t", "apply", "pins.json"],
  ["neighbor batch pi\t", "batch", "pins.json"],
  ["neighbor export pi\t", "export", "pins.json"],
  ["neighbor import pi\t", "import", "pins.json"],
  ["neighbor stats --pins pi\t", "stats", "--pins", "pins.json"],
  ["neighbor stats --pins=pi\t", "stats", "--pins=pins.json"],
  ["neighbor stats pi\t", "stats", "pi"],
  ["neighbor watch --known pi\t", "watch", "--known", "pins.json"],
  ["neighbor watch --known=pi\t", "watch", "--known=pins.json"],
  ["neighbor get pi\t", "get", "pi"],
  ["neighbor flush pi\t", "flush", "pi"],
  // Options of other verbs are not offered
  ["neighbor get --perm\t", "get", "--perm"],
  ["neighbor list --subnet pi\t", "list", "--subnet", "pi"],
  // Behind -- nothing is
  ["neighbor get -- --js\t", "get", "--", "--js"],
];

/** Defines the command in a POSIX shell. */
const DEFINE =
  'neighbor() { printf "<<"; printf "<%s>" "$@"; printf ">>\\n"; }';

/** What the function above was called with, call by call. */
function callsIn(output: string): string[][] {
  return [...output.matchAll(/^<<<(.*)>>>\r?$/gm)]
    .map(([, words]) => words!.split("><"));
}

function checkCalls(output: string): void {
  const calls = callsIn(output);
  assertEquals(calls.length, TYPED.length, output);
  for (const [i, [typed, ...words]] of TYPED.entries()) {
    assertEquals(calls[i], words, typed);
  }
}

shellTest(
  "bash",
  "the completions work in an interactive bash",
  async (bench) => {
    const lines = [
      `source ${bench.script}`,
      DEFINE,
      ...TYPED.map(([one]) => one),
    ];
    const stdin = lines.join("\n") + "\nexit\n";
    checkCalls(
      await bench.run("bash", ["--norc", "--noprofile", "-i"], stdin),
    );
  },
);

/** Runs an interactive zsh on a terminal of its own. */
async function inZsh({ run }: Bench, load: string): Promise<string> {
  const start = "PS1= PS2= LISTMAX=0; unsetopt prompt_cr prompt_sp; " +
    `${load}; ${DEFINE}`;
  const driver = `
    zmodload zsh/zpty
    zpty inner zsh -f -i
    while IFS= read -r line; do zpty -w inner "$line"; done
    zpty -r inner out '*ALL''DONE*'
    print -r -- "$out"`;
  const lines = [start, ...TYPED.map(([one]) => one), "print ALL''DONE"];
  const output = await run(
    "zsh",
    ["-f", "-c", driver],
    lines.join("\n") + "\n",
  );
  // deno-lint-ignore no-control-regex -- what an editor of lines writes
  return output.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
}

shellTest(
  "zsh",
  "the completions work in an interactive zsh",
  async (bench) => {
    const load =
      `autoload -Uz compinit; compinit -u -D; source ${bench.script}`;
    checkCalls(await inZsh(bench, load));
  },
);

shellTest(
  "zsh",
  "the completions work from the fpath of zsh",
  async (bench) => {
    const folder = `${bench.script}.fpath`;
    await Deno.mkdir(folder);
    await Deno.copyFile(bench.script, `${folder}/_neighbor`);
    const load =
      `fpath=(${folder} $fpath); autoload -Uz compinit; compinit -u -D`;
    checkCalls(await inZsh(bench, load));
  },
);

/** What fish offers behind a line: the words, without what they are about. */
async function offered(
  { script, run }: Bench,
  line: string,
): Promise<string[]> {
  const code = `source ${script}; complete -C (cat)`;
  const output = await run("fish", ["--no-config", "-c", code], line);
  return output.split("\n").filter((one) => one !== "")
    .map((one) => one.split("\t")[0]!);
}

/** A line, and every word that fish offers for its end. */
const OFFERED: readonly [string, ...string[]][] = [
  ["neighbor interf", "interfaces"],
  ["neighbor flush --al", "--all"],
  ["neighbor del", "del", "delete"],
  ["neighbor show --prox", "--proxy"],
  ["neighbor completions ", "bash", "fish", "powershell", "zsh"],
  ["neighbor help resol", "resolve"],
  ["neighbor list --fam", "--family"],
  ["neighbor list --family ", "ipv4", "ipv6"],
  ["neighbor list --state p", "permanent", "probe"],
  ["neighbor list --state=perm", "--state=permanent"],
  ["neighbor list --state stale,prob", "stale,probe"],
  ["neighbor list --state=stale,prob", "--state=stale,probe"],
  ["neighbor get -i ", ...DEVICES],
  ["neighbor get --interface=wl", "--interface=wlan0"],
  ["neighbor apply pi", "pins.json"],
  ["neighbor batch pi", "pins.json"],
  ["neighbor get pi"],
  ["neighbor flush pi"],
  ["neighbor get --perm"],
  ["neighbor list --subnet pi"],
];

shellTest("fish", "the completions work in fish", async (bench) => {
  for (const [line, ...words] of OFFERED) {
    assertEquals(
      (await offered(bench, line)).toSorted(),
      words.toSorted(),
      line,
    );
  }
});

for (const shell of SHELLS) {
  Deno.test(`cli.ts prints the completions for ${shell}, without permission`, async () => {
    assertEquals(await runCli("completions", shell), {
      code: 0,
      stdout: completionScript(shell),
      stderr: "",
    });
  });

  Deno.test(`the completions for ${shell} have every verb, synonym and option`, () => {
    const script = completionScript(shell);
    for (const [verb, spec] of Object.entries<VerbSpec>(VERBS)) {
      for (const word of [verb, ...spec.synonyms]) {
        assert(new RegExp(`\\b${word}\\b`).test(script), word);
      }
      for (const name of optionsOf(verb as Verb)) {
        const option = shell === "fish" ? `-l ${name}` : `--${name}`;
        assertStringIncludes(script, option);
      }
    }
    for (const word of [...OPTIONS.state.choices, ...OPTIONS.family.choices]) {
      assertStringIncludes(script, word);
    }
  });
}

Deno.test("the completions for PowerShell say that they were not tested", () => {
  assertStringIncludes(completionScript("powershell"), "not been tested");
});
