import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { VERBS, type VerbSpec } from "../cli/usage/verbs.ts";
import { EXIT_CODES } from "../cli/usage/texts.ts";

const ROOT = new URL("..", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT)).replaceAll("\r\n", "\n");
}

const DOCS = [...Deno.readDirSync(new URL("docs", ROOT))]
  .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `docs/${name}`);

Deno.test("README has at most 150 lines", () => {
  assert(read("README.md").trimEnd().split("\n").length <= 150);
});

Deno.test("every link of README, CONTRIBUTING and docs exists, and every page is linked", () => {
  const linked = new Set<string>();
  for (const page of ["README.md", "CONTRIBUTING.md", ...DOCS]) {
    for (const [, to] of read(page).matchAll(/\]\((\.{1,2}\/[^)#]+)/g)) {
      const url = new URL(to!, new URL(page, ROOT));
      assert(Deno.statSync(url).isFile, `${page}: ${to}`);
      linked.add(url.href.slice(ROOT.href.length));
    }
  }
  assertEquals(DOCS.filter((page) => !linked.has(page)), []);
});

Deno.test("docs/commands.md has every verb, with its options, and every exit code", () => {
  const text = read("docs/commands.md");
  for (const [verb, spec] of Object.entries<VerbSpec>(VERBS)) {
    const row = text.split("\n").find((line) =>
      line.startsWith("|") && new RegExp(`\`${verb}\\b`).test(line)
    ) ?? text.split("\n").find((line) =>
      line.startsWith("|") && line.includes(`\`${verb}`)
    );
    assert(row !== undefined, verb);
    for (const option of spec.options) {
      // What every verb of a kind takes stands below the table
      const where = ["json", "help", "quiet", "dry-run"].includes(option)
        ? text
        : row;
      assert(where.includes(`--${option}`), `${verb} --${option}`);
    }
  }
  const codes = text.slice(text.indexOf("| Exit code"));
  for (const code of Object.keys(EXIT_CODES)) {
    assert(new RegExp(`^\\|[^|]*\\b${code}\\b`, "m").test(codes), code);
  }
});

Deno.test("CHANGELOG begins with the version of deno.json", () => {
  const [, version] = /^## ([0-9.]+)/m.exec(read("CHANGELOG.md")) ?? [];
  assertEquals(version, config.version);
});
