import { assert, assertEquals, assertMatch } from "@std/assert";
import { TARGETS } from "../.ci/compile.ts";
import { denoIn, stage } from "../.ci/publish.ts";
import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);
const FOLDER = new URL(".github/workflows/", ROOT);

const WORKFLOWS = [...Deno.readDirSync(FOLDER)].map(({ name }) => ({
  name,
  text: Deno.readTextFileSync(new URL(name, FOLDER)).replaceAll("\r\n", "\n"),
}));
const TEXTS = [...WORKFLOWS, {
  name: ".ci/run",
  text: Deno.readTextFileSync(new URL(".ci/run", ROOT)),
}];

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, one]) => one!);
}

function workflow(name: string): string {
  return WORKFLOWS.find((one) => one.name === name)!.text;
}

/** A job's lines, by the name it is given below `jobs:`. */
function job(text: string, name: string): string {
  const jobs = text.slice(text.indexOf("\njobs:\n")).split(/\n(?= {2}\w)/);
  return jobs.find((one) => one.startsWith(`  ${name}:`))!;
}

Deno.test("the workflows call existing tasks and files", () => {
  assertEquals(
    WORKFLOWS.map(({ name }) => name).sort(),
    ["ci.yml", "publish.yml"],
  );
  for (const { name, text } of TEXTS) {
    const tasks = found(text, /\bdeno task ([a-z][a-z:]*)/g);
    assert(tasks.length > 0, name);
    for (const task of tasks) {
      assert(Object.hasOwn(config.tasks, task), `${name}: ${task}`);
    }
    for (const file of found(text, /(?<![\w/])(\.ci\/[\w.]+)/g)) {
      assert(Deno.statSync(new URL(file, ROOT)).isFile, `${name}: ${file}`);
    }
  }
});

Deno.test("the workflows use each action by one commit, and one Deno", () => {
  const commits = new Map<string, string>();
  for (const { name, text } of WORKFLOWS) {
    const uses = found(text, /\buses: *(.*)/g);
    assert(uses.length > 0, name);
    for (const use of uses) {
      assertMatch(use, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      const [action, commit] = use.split("@") as [string, string];
      assertEquals(commits.get(action) ?? commit, commit, action);
      commits.set(action, commit);
    }
    assert(!text.includes("\t"), name);
  }
  const versions = TEXTS.flatMap(({ text }) =>
    found(text, /deno[-_]version(?:: |=)(\S+)/g)
  );
  assert(versions.length > 2);
  assertEquals(new Set(versions).size, 1, versions.join());
});

Deno.test("publish.yml needs a tag that equals the version, and runs after the gate", () => {
  const text = workflow("publish.yml");
  assertMatch(text, /\non:\n {2}push:\n {4}tags: \["v\*"\]\n\n/);
  const gate = job(text, "gate");
  assertMatch(
    gate,
    /"\$GITHUB_REF_NAME" = "v\$\(jq -r \.version deno\.json\)"/,
  );
  assertMatch(gate, /run: \.ci\/run\n/);
  const publish = job(text, "publish");
  assertMatch(publish, /\n {4}needs: \[gate, trial\]\n/);
  // Binaries, checksums and attestations first: JSR takes nothing back
  const steps = [
    "deno task compile:all --release",
    "sha256sum",
    "actions/attest@",
    ".ci/publish.ts",
    "gh release create",
  ].map((step) => publish.indexOf(step));
  assert(!steps.includes(-1), steps.join());
  assertEquals(steps, steps.toSorted((a, b) => a - b));
  // Only where it publishes may it write
  const writes = found(text, /^ +([a-z-]+): write\b/gm);
  assertEquals(writes, ["contents", "id-token", "attestations"]);
  assertEquals(found(publish, /^ +([a-z-]+): write\b/gm), writes);
});

Deno.test("publish.yml runs every target on its own system", () => {
  const [, systems] = /\n {8}os: \[(.*)\]\n/.exec(
    job(workflow("publish.yml"), "trial"),
  )!;
  const targets = systems!.split(", ").map((os) =>
    (/-arm$/.test(os) ? "aarch64-" : "x86_64-") +
    (os.startsWith("windows") ? "pc-windows-msvc" : "unknown-linux-gnu")
  );
  assertEquals(targets.sort(), [...TARGETS].sort());
});

Deno.test("real_std.ts takes the stand-ins out of its checkout", async () => {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-real-std-" });
  try {
    const root = await stage(folder, true);
    const { success, stderr } = await denoIn(
      root,
      "run",
      "-A",
      ".ci/real_std.ts",
    )
      .output();
    assert(success, new TextDecoder().decode(stderr));
    // Where it has been run on this checkout, there are none to take out
    const { links: _, ...others } = config as Record<string, unknown>;
    assertEquals(
      JSON.parse(await Deno.readTextFile(`${root}/deno.json`)),
      { ...others, lock: false },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
