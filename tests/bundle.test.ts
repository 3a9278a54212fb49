import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  answers,
  bundleFrom,
  EX_UNAVAILABLE,
  explainBundle,
  type Program,
  runBundle,
} from "../.ci/bundle.ts";
import { denoIn, stage } from "../.ci/publish.ts";
import { bundleTest } from "./helpers/bundled.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly { readonly specifier: string }[];
  }[];
}

/** What Deno would load to run `module`. */
async function graphOf(root: string, module: string): Promise<Graph> {
  const { success, stdout, stderr } = await denoIn(
    root,
    "info",
    "--json",
    module,
  ).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

Deno.test("neither the command nor the library needs an npm package", async () => {
  for (const module of ["cli.ts", "mod.ts"]) {
    const { modules } = await graphOf(ROOT, module);
    assert(modules.length > 50, `${module}: ${modules.length} modules`);
    const own = modules.filter(({ specifier }) =>
      // The stand-ins are not published, and @std has no such dependency
      specifier.startsWith("file:") && !/\/std\/[a-z]+\//.test(specifier)
    );
    const npm = own.flatMap(({ specifier, dependencies = [] }) =>
      dependencies.filter((one) => one.specifier.startsWith("npm:"))
        .map((one) => `${specifier} imports ${one.specifier}`)
    );
    assertEquals(npm, []);
    // As deno.json's imports would make npm packages of bare names
    const bare = own.flatMap(({ dependencies = [] }) =>
      dependencies.map((one) => one.specifier)
        .filter((one) => !/^(\.|@std\/|node:)/.test(one))
    );
    assertEquals(bare, []);
  }
});

bundleTest(
  "the bundle works, and loads only its own files",
  async ({ folder }) => {
    const { code, message } = await answers(runBundle(folder), "the bundle");
    assertEquals([code, message], [
      0,
      "the bundle answers --version, apply - --check, list",
    ]);
    const { modules } = await graphOf(folder, "cli.js");
    assert(modules.length > 10, "It is not split");
    for (const { specifier, error } of modules) {
      assertEquals(error, undefined);
      assert(/^(file:|node:)/.test(specifier), specifier);
      assert(!specifier.endsWith(".ts"), specifier);
    }
  },
);

bundleTest(
  "a module or a package that is missing fails the bundle",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "neighbor-bundle-" });
    try {
      const root = await stage(folder, true);
      const path = `${root}/cli.ts`;
      const text = await Deno.readTextFile(path);
      for (const name of ["./cli/missing.ts", "npm:ajv@0.0.0-missing"]) {
        const line = `if (Deno.args.length > 99) await import("${name}");\n`;
        await Deno.writeTextFile(path, text + line);
        const { code, message } = await bundleFrom(root, `${folder}/out`);
        assertEquals(code, 1);
        assertStringIncludes(message, "deno bundle failed: ");
        assertStringIncludes(message, name.replace(/^.*[/:]/, ""));
        assert(!message.includes("\n"));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("answers() fails where a program prints something else, or fails", async () => {
  const says = (text: string): Program => [Deno.execPath(), "eval", text];
  for (const text of ["console.log('neighbor 0')", "Deno.exit(1)", ""]) {
    const { code, message } = await answers(says(text), "it");
    assertEquals(code, 1);
    assertStringIncludes(message, 'it does not answer "--version"');
  }
});

Deno.test("answers() runs every trial", async () => {
  const { default: config } = await import("../deno.json", {
    with: { type: "json" },
  });
  // Behind `--`, so that Deno leaves the words alone
  const program: Program = [
    Deno.execPath(),
    "eval",
    `console.log("neighbor ${config.version}")`,
    "--",
  ];
  const { code, message } = await answers(program, "it");
  assertEquals(code, 1);
  assertStringIncludes(message, 'it does not answer "apply - --check"');
});

Deno.test("explainBundle() skips where the bundler cannot be had", () => {
  // What Deno 2.9.6 prints without a network, the host replaced
  const { code, message } = explainBundle(
    `error: Failed loading https://example.com/@esbuild%2flinux-x64 for package "@esbuild/linux-x64"

Caused by:
    error sending request for url (https://example.com/@esbuild%2flinux-x64): client error (Connect)

Stack backtrace:
   0: <unknown>
`,
  );
  assertEquals(code, EX_UNAVAILABLE);
  assertStringIncludes(message, "SKIPPED: Deno's bundler cannot be had");
  assert(!/\n|backtrace/.test(message), message);
  assertEquals(
    explainBundle('error: Module not found "file:///a.ts".\n').code,
    1,
  );
});
