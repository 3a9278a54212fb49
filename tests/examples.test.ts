import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { denoIn, stage } from "../.ci/publish.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DECODER = new TextDecoder();

/** As much of `deno doc --json` as is read here. */
interface Doc {
  readonly nodes: Readonly<Record<string, { readonly symbols: DocSymbol[] }>>;
}

interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: {
      readonly tags?: readonly {
        readonly kind: string;
        readonly doc?: string;
      }[];
    };
  }[];
}

async function deno(cwd: string, ...args: string[]) {
  const { success, stdout, stderr } = await denoIn(cwd, ...args).output();
  return {
    success,
    stdout: DECODER.decode(stdout),
    stderr: DECODER.decode(stderr),
  };
}

/** A public symbol, and the code of its examples. */
interface Documented {
  readonly name: string;
  /** A function or a class: what a program calls. */
  readonly isCallable: boolean;
  readonly codes: readonly string[];
}

async function documentation(): Promise<Documented[]> {
  const { success, stdout, stderr } = await deno(
    ROOT,
    "doc",
    "--json",
    "mod.ts",
    "cli.ts",
  );
  assert(success, stderr);
  return Object.values((JSON.parse(stdout) as Doc).nodes)
    .flatMap(({ symbols }) => symbols)
    .map(({ name, declarations }) => ({
      name,
      isCallable: declarations.some(({ kind }) =>
        kind === "function" || kind === "class"
      ),
      codes: declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? [])
        .filter(({ kind }) => kind === "example")
        .map(({ doc }) => doc ?? ""),
    }));
}

// A type is shown by the examples of the functions that take or answer it; an
// example of its own would repeat its members and prove nothing
Deno.test("every public function and class has an example that imports the package", async () => {
  const symbols = await documentation();
  const callable = symbols.filter(({ isCallable }) => isCallable);
  const names = callable.map(({ name }) => name);
  for (const one of ["setNeighbor", "NeighborError", "main"]) {
    assert(names.includes(one), one);
  }
  const without = callable.filter(({ codes }) => codes.length === 0);
  assertEquals(without.map(({ name }) => name), []);
  for (const { name, codes } of symbols) {
    for (const code of codes) {
      assert(
        /^```ts( no-eval)?$/m.test(code) &&
          /from "@ipnet\/neighbor(\/cli)?";/.test(code),
        `The example of ${name} is not code of a user's:\n${code}`,
      );
    }
  }
});

Deno.test("every example type-checks, those of the README and of docs too", async () => {
  const { success, stderr } = await deno(
    ROOT,
    "check",
    "--doc-only",
    "mod.ts",
    "cli.ts",
    "ffi",
    "README.md",
    "docs/api.md",
    "docs/apply.md",
    "docs/watch.md",
  );
  assert(success, stderr);
});

for (
  const { path, from, to } of [
    {
      path: "mod.ts",
      from: "replaceNeighbor({ ...key",
      to: "replaceNeighbor(12, { ...key",
    },
    { path: "ffi/open.ts", from: "table.list()", to: "table.lits()" },
    { path: "README.md", from: "```ts", to: "```ts\nsetNeigbor();" },
  ]
) {
  Deno.test(`a mistake in an example of ${path} is seen`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "neighbor-examples-" });
    try {
      const staged = await stage(folder, true);
      const text = await Deno.readTextFile(`${staged}/${path}`);
      assert(text.includes(from), `${path} has no "${from}"`);
      await Deno.writeTextFile(`${staged}/${path}`, text.replace(from, to));
      const { success, stderr } = await deno(
        staged,
        "check",
        "--doc-only",
        path,
      );
      assert(!success);
      assert(/TS\d+/.test(stderr), stderr);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
