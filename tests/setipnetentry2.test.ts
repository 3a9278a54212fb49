import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("..", import.meta.url);
const PAGE = "docs/setipnetentry2.md";

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

/** A name that the page gives, in the file that stands before it. */
interface Reference {
  readonly file: string;
  /** A declaration of a file under ffi/, a test of a file under tests/. */
  readonly name: string;
}

/** The items of the lists, each on one line. */
function itemsOf(page: string): string[] {
  return page.split(/\n(?=- |\n|#)/)
    .filter((block) => block.trimStart().startsWith("- "))
    .map((block) => block.trim().replaceAll(/\s+/g, " "));
}

function filesOf(item: string): string[] {
  return [...item.matchAll(/`((?:ffi|tests)\/[^`]+\.ts)`/g)]
    .map(([, file]) => file!);
}

function referencesOf(item: string): Reference[] {
  const references: Reference[] = [];
  let file: string | undefined;
  for (const [, code] of item.matchAll(/`([^`]+)`/g)) {
    if (/^(ffi|tests)\/.+\.ts$/.test(code!)) file = code!;
    else if (file !== undefined) references.push({ file, name: code! });
  }
  return references;
}

/** Whether the text declares the name, as a function, type, constant or member. */
function declares(text: string, name: string): boolean {
  const declared = `(?:function|class|interface|type|const) ${name}\\b`;
  const member = `^  (?:async |readonly )?${name}[(<:]`;
  return new RegExp(`${declared}|${member}`, "m").test(text);
}

/** The names of a file's tests, `…` for what is put in. */
function testNames(text: string): string[] {
  const tests = /(?:(?:Deno\.test|wineTest)\(|name:)\s*(["`])(.*?)\1,/g;
  return [...text.matchAll(tests)]
    .map(([, , name]) => name!.replaceAll(/\$\{[^}]*\}/g, "…"));
}

async function exists({ file, name }: Reference): Promise<boolean> {
  const text = await read(file);
  return file.startsWith("tests/")
    ? testNames(text).includes(name)
    : declares(text, name);
}

Deno.test(`every file, name and test of ${PAGE} exists`, async () => {
  const items = itemsOf(await read(PAGE));
  for (const file of items.flatMap(filesOf)) {
    await Deno.stat(new URL(file, ROOT));
  }
  const references = items.flatMap(referencesOf);
  assert(references.length > 100);
  const found = await Promise.all(references.map(exists));
  assertEquals(references.filter((_, i) => !found[i]), []);
  for (
    const planted of [
      { file: "ffi/windows/calls.ts", name: "writes" },
      { file: "tests/windows/calls.test.ts", name: "a get is one call" },
    ]
  ) assertEquals(await exists(planted), false);
});

Deno.test(`every statement of ${PAGE} is kept and tested, or not promised`, async () => {
  const page = await read(PAGE);
  const items = itemsOf(page.slice(page.indexOf("## Every function")));
  assert(items.length > 50);
  const open = items.filter((item) => {
    const files = filesOf(item);
    const isKept = files.some((file) => file.startsWith("ffi/")) &&
      files.some((file) => file.startsWith("tests/"));
    return !isKept && !/not promised|does not concern/.test(item);
  });
  assertEquals(open, []);
});
