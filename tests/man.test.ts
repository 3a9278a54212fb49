import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { manPage, PAGE } from "../.ci/man.ts";
import { notInstalled, skip } from "./helpers/skipped.ts";
import { OPTIONS } from "../cli/usage/options.ts";
import { VERBS, type VerbSpec } from "../cli/usage/verbs.ts";

Deno.test("docs/neighbor.1 is what deno task man writes", async () => {
  // Git may have given its lines other ends
  const page = (await Deno.readTextFile(PAGE)).replaceAll("\r\n", "\n");
  assertEquals(page, manPage());
});

Deno.test("the man page is ASCII, has short lines, and contains every verb and option", () => {
  const page = manPage();
  assertMatch(page, /^[ -~\n]*$/);
  for (const [verb, { synonyms }] of Object.entries<VerbSpec>(VERBS)) {
    for (const word of [verb, ...synonyms]) {
      assertMatch(page, new RegExp(`^\\.(It )?Cm ${word}\\b`, "m"));
    }
  }
  for (const name of Object.keys(OPTIONS)) {
    assertStringIncludes(page, `Fl Fl ${name}`);
  }
});

function mandoc(...args: string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command("mandoc", { args, stdin: "null" }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const name = "mandoc has nothing to complain of in the man page";
const path = fileURLToPath(PAGE);
// Whether other pages are installed here is not the page's fault
const output = mandoc("-T", "lint", "-W", "warning", path);
if (output === undefined) {
  skip(name, notInstalled("mandoc"));
}

Deno.test({
  name,
  ignore: output === undefined,
  fn() {
    const { code, stdout, stderr } = output!;
    const decoder = new TextDecoder();
    const text = decoder.decode(stdout) + decoder.decode(stderr);
    assertEquals([code, text], [0, ""]);
    const shown = decoder.decode(mandoc("-T", "ascii", path)!.stdout)
      // deno-lint-ignore no-control-regex -- how it prints bold and underlined
      .replace(/.\x08/g, "");
    assertStringIncludes(shown, "neighbor set ADDRESS LINK-LAYER-ADDRESS");
    assertStringIncludes(shown, "\\uXXXX");
  },
});
