import { assertEquals, assertStringIncludes } from "@std/assert";
import { found } from "../helpers/clone.ts";
import { neighbor } from "../helpers/linux/command.ts";
import { DEVICE, networkTest, THERE } from "../helpers/linux/network.ts";

/** The words of a call of each verb that works, and what it reads on stdin. */
const PIN = `{ "address": "10.0.0.8", "linkLayerAddress": "02:fc:00:00:00:08",
  "interfaceAlias": "${DEVICE}" }`.replaceAll("\n", "");
const PINS = `{ "neighbors": [${PIN}] }`;
const CHANGE = PIN.replace("{", '{ "verb": "replace",');
const COMMAND = `neigh replace 10.0.0.8 lladdr 02:fc:00:00:00:08 dev ${DEVICE}`;
const ON = ["--interface", DEVICE];
const ENTRY = ["10.0.0.7", "02:fc:00:00:00:05", ...ON];

/** In an order in which each finds what it needs. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  "help": ["help"],
  "version": ["version"],
  "completions": ["completions", "bash"],
  "interfaces": ["interfaces"],
  "add": ["add", ...ENTRY],
  "set": ["set", ...ENTRY],
  "replace": ["replace", ...ENTRY],
  "get": ["get", "10.0.0.7", ...ON],
  "list": ["list", ...ON],
  "export": ["export", ...ON],
  "resolve": ["resolve", THERE.ipv4, ...ON],
  "delete": ["delete", "10.0.0.7", ...ON],
  "flush": ["flush", ...ON],
  "import -": ["import", "-", "--from", "ip-batch"],
  "import FILE": ["import", "FILE", "--from", "ip-batch"],
  "stats": ["stats"],
  "stats --pins FILE": ["stats", "--pins", "FILE"],
  "apply -": ["apply", "-"],
  "batch -": ["batch", "-"],
  "export -": ["export", "-"],
  "export FILE": ["export", "FILE"],
  "apply FILE": ["apply", "FILE"],
  "batch FILE": ["batch", "FILE"],
};

/** What docs/install.md says a verb needs. */
async function needs(): Promise<Map<string, string[]>> {
  const table = await found(
    "docs/install.md",
    /^\| Verb +\| Needs +\|\n\|.*?\|\n(.*?)^$/ms,
  );
  const map = new Map<string, string[]>();
  for (const line of table.trimEnd().split("\n")) {
    const [, verbs, grants] = line.split("|");
    for (const verb of ticked(verbs!)) map.set(verb, ticked(grants!));
  }
  return map;
}

function ticked(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
}

networkTest(
  "each verb works with what docs/install.md says it needs, and no less",
  async () => {
    const table = await needs();
    // A watch has no end: tests/linux/permission.test.ts has it
    assertEquals(
      [...table.keys()].filter((verb) => verb !== "watch").sort(),
      Object.keys(CALLS).sort(),
    );
    const folder = await Deno.makeTempDir();
    try {
      for (const [verb, call] of Object.entries(CALLS)) {
        const text = /^(apply|export|stats)/.test(verb)
          ? PINS
          : verb.startsWith("import")
          ? COMMAND
          : CHANGE;
        const path = `${folder}/${call[0]}.json`;
        await Deno.writeTextFile(path, text);
        const named = (word: string) => word.replace("FILE", path);
        const words = call.map(named);
        const grants = table.get(verb)!.map(named);
        const ran = await neighbor(words, text, grants);
        assertEquals(ran.code, 0, `${verb}: ${ran.stderr}`);
        for (const [i, grant] of grants.entries()) {
          const { code, stderr } = await neighbor(
            words,
            text,
            grants.toSpliced(i, 1),
          );
          assertEquals(code, 4, `${verb} without ${grant}: ${stderr}`);
          assertStringIncludes(stderr, grant);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
