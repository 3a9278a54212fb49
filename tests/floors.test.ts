import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { denoIn } from "../.ci/publish.ts";

const ROOT = new URL("..", import.meta.url);
const MAX_LINES = 400;

/**
 * What each file imports. Imports of types count as well: they cost nothing at
 * run time, but whoever reads a file has to read what its types are made of.
 */
type Graph = Map<string, Set<string>>;

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

async function importGraph(): Promise<Graph> {
  const graph: Graph = new Map();
  for (const root of ["cli.ts", "mod.ts"]) {
    const { success, stdout } = await denoIn(
      fileURLToPath(ROOT),
      "info",
      "--json",
      root,
    ).output();
    assert(success);
    const info: Info = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, dependencies = [] } of info.modules) {
      const file = pathOf(specifier);
      if (file === undefined) continue;
      const imports = dependencies
        .flatMap(({ code, type }) => [code?.specifier, type?.specifier])
        .flatMap((one) => pathOf(one) ?? []);
      graph.set(file, new Set(imports));
    }
  }
  return graph;
}

/** The path inside the repository; `undefined` for what is none of its floors. */
function pathOf(specifier: string | undefined): string | undefined {
  if (!specifier?.startsWith(ROOT.href)) return undefined;
  const path = specifier.slice(ROOT.href.length);
  return /^(cli|reconcile|ffi)\/|^(cli|mod)\.ts$/.test(path) ? path : undefined;
}

/** Which files may not import which. */
const FORBIDDEN: readonly (readonly [importer: RegExp, imported: RegExp])[] = [
  [/^ffi\//, /^(reconcile|cli)\/|^(cli|mod)\.ts$/],
  [/^reconcile\//, /^cli\/|^(cli|mod)\.ts$/],
  [/^cli\//, /^(cli|mod)\.ts$/],
  [/^ffi\/linux\//, /^ffi\/windows\//],
  [/^ffi\/windows\//, /^ffi\/linux\//],
  // The netlink codec knows messages, but neither entries nor verbs
  [
    /^ffi\/linux\/netlink\//,
    /^(?!ffi\/(linux\/netlink|types)\/|ffi\/parse\/(address|link_layer_address|octets)\.ts|ffi\/permission\.ts)/,
  ],
];

function forbiddenImports(graph: Graph): string[] {
  return [...graph].flatMap(([file, imports]) =>
    [...imports].filter((one) =>
      FORBIDDEN.some(([importer, imported]) =>
        importer.test(file) && imported.test(one)
      )
    ).map((one) => `${file} imports ${one}`)
  );
}

/** The files that import themselves by way of others. */
function circles(graph: Graph): string[] {
  return [...graph.keys()].filter((file) => {
    const reached = new Set(graph.get(file));
    for (const one of reached) {
      for (const next of graph.get(one) ?? []) reached.add(next);
    }
    return reached.has(file);
  });
}

/** A file that only passes on what others export. */
function onlyForwards(text: string): boolean {
  return /^export (type )?[{*]/m.test(text) &&
    !/^export (?!(type )?[{*])/m.test(text);
}

function isTooLong(text: string): boolean {
  return text.trimEnd().split("\n").length > MAX_LINES;
}

async function sourceFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    const path = `${folder}${name}`;
    if (isDirectory) files.push(...await sourceFiles(`${path}/`));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files;
}

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

Deno.test("imports go down: cli to reconcile to ffi, never between systems", async () => {
  const graph = await importGraph();
  assert(graph.get("mod.ts")!.has("ffi/open.ts"));
  assertEquals(forbiddenImports(graph), []);
  for (
    const [file, imported] of [
      ["ffi/bind.ts", "reconcile/apply.ts"],
      ["reconcile/apply.ts", "cli/run.ts"],
      ["cli/run.ts", "mod.ts"],
      ["ffi/linux/row.ts", "ffi/windows/row.ts"],
      ["ffi/windows/row.ts", "ffi/linux/netlink/layout.ts"],
      ["ffi/linux/netlink/message.ts", "ffi/linux/request.ts"],
      ["ffi/linux/netlink/message.ts", "ffi/entry_list.ts"],
      ["ffi/linux/netlink/message.ts", "ffi/parse/change.ts"],
    ] as const
  ) {
    const planted = new Map(graph).set(file, new Set([imported]));
    assertEquals(forbiddenImports(planted), [`${file} imports ${imported}`]);
  }
});

Deno.test("no import cycles, not even of types", async () => {
  const graph = await importGraph();
  assertEquals(circles(graph), []);
  const imports = new Set(graph.get("ffi/types/error.ts")).add("ffi/bind.ts");
  const planted = new Map(graph).set("ffi/types/error.ts", imports);
  assert(circles(planted).includes("ffi/bind.ts"));
});

Deno.test("every source file is imported, is short, and does not only re-export", async () => {
  const graph = await importGraph();
  const folders = ["cli/", "reconcile/", "ffi/"];
  const files = (await Promise.all(folders.map(sourceFiles))).flat();
  assertEquals(files.filter((one) => !graph.has(one)), []);
  const texts = await Promise.all(
    files.map(async (path) => ({ path, text: await read(path) })),
  );
  const paths = (rule: (text: string) => boolean) =>
    texts.filter(({ text }) => rule(text)).map(({ path }) => path);
  assertEquals(paths(isTooLong), []);
  for (const path of await sourceFiles("tests/")) {
    assert(!isTooLong(await read(path)), path);
  }
  assertEquals(paths(onlyForwards), []);
  assert(isTooLong("line\n".repeat(MAX_LINES + 1)));
  assert(!isTooLong("line\n".repeat(MAX_LINES)));
  assert(onlyForwards(await read("mod.ts")));
  assert(onlyForwards('export type { A } from "./a.ts";\n'));
  assert(!onlyForwards('export * from "./a.ts";\nexport const B = 1;\n'));
});
