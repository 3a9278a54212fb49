import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoIn, stage } from "../.ci/publish.ts";

const DECODER = new TextDecoder();

/** What a user needs: the code, what it is called, what it may be used for. */
const WANTED = [
  /^(mod|cli)\.ts$/,
  /^(ffi|reconcile|cli)\/([a-z0-9_]+\/){0,2}[a-z0-9_]+\.ts$/,
  /^(README|CHANGELOG|SECURITY|docs\/[a-z0-9]+)\.md$/,
  // The docs refer to them
  /^examples\/neighbor(\.service|-task\.xml)$/,
  /^examples\/ansible\/[a-z0-9_./]+\.(yml|cfg|py)$/,
  /^examples\/ansible\/README\.md$/,
  /^docs\/(pins\.schema\.json|neighbor\.1|performance\.svg)$/,
  /^(LICENSE|deno\.json)$/,
];

async function staged<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "neighbor-publish-" });
  try {
    return await fn(await stage(folder, true));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Deno's own words where it did not get as far as the list. */
async function dryRun(folder: string): Promise<string[]> {
  const { success, stdout, stderr } = await denoIn(
    folder,
    "publish",
    "--dry-run",
  ).output();
  const text = DECODER.decode(stdout) + DECODER.decode(stderr);
  assert(success, text);
  const files = [
    ...text.matchAll(/^ +file:.*\/package\/(.*) \([0-9.]+ ?K?M?B\)$/gm),
  ]
    .map(([, name]) => name!);
  assert(files.length > 0, text);
  return files;
}

Deno.test("deno publish lists what a user needs, and nothing else", async () => {
  await staged(async (folder) => {
    const files = await dryRun(folder);
    const isWanted = (file: string) => WANTED.some((name) => name.test(file));
    assertEquals(files.filter((file) => !isWanted(file)), []);
    for (const file of ["mod.ts", "cli.ts", "ffi/open.ts", "cli/run.ts"]) {
      assert(files.includes(file), `${file} is missing`);
    }
    const others = [
      "LICENSE",
      "deno.json",
      "docs/pins.schema.json",
      "docs/neighbor.1",
      "examples/neighbor.service",
      "examples/ansible/roles/neighbor/library/neighbor_pins.py",
      "docs/performance.svg",
    ];
    for (const file of ["README.md", ...others]) {
      assert(files.includes(file), `${file} is missing`);
    }
  });
});

Deno.test("deno publish lists a stray file, which the test above would see", async () => {
  await staged(async (folder) => {
    await Deno.writeTextFile(`${folder}/stray.txt`, "");
    assert((await dryRun(folder)).includes("stray.txt"));
  });
});

Deno.test("deno publish refuses a symbol without a type of its own", async () => {
  await staged(async (folder) => {
    const path = `${folder}/mod.ts`;
    const slow = "\nexport const slow = [1].map((one) => `${one}`);\n";
    await Deno.writeTextFile(path, await Deno.readTextFile(path) + slow);
    const { success, stderr } = await denoIn(folder, "publish", "--dry-run")
      .output();
    assert(!success);
    assertStringIncludes(DECODER.decode(stderr), "missing-explicit-type");
  });
});
