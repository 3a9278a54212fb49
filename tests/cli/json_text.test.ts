import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  JsonText,
  type JsonValue,
  type Problem,
} from "../../cli/pins/json_text.ts";

function parse(text: string): JsonValue | Problem {
  let problem: Problem | undefined;
  const value = new JsonText(text).parse((one) => problem = one);
  assertEquals(value === undefined, problem !== undefined);
  return value ?? problem!;
}

for (
  const [text, line, column, words] of [
    ["", 1, 1, "it is empty"],
    [" \n ", 2, 2, "it is empty"],
    ["{", 1, 2, "}"],
    ['{"a": 1', 1, 8, "}"],
    ["[1", 1, 3, "]"],
    ["[1,\n 2,\n]", 3, 1, "nothing behind the last comma"],
    ['{\n  "a": 1,\n}', 3, 1, "nothing behind the last comma"],
    ['{"a":}', 1, 6, "a value is missing"],
    ["{1: 2}", 1, 2, "a name in double quotes is missing"],
    ["[".repeat(50_000), 1, 1, "nested deeper"],
    ['{"a" 1}', 1, 6, "a colon is missing"],
    ["[1 2]", 1, 4, "a comma is missing"],
    ["[\n  yes\n]", 2, 3, "a word that is no JSON"],
    ["['a']", 1, 2, "a word that is no JSON"],
    ["[1] 2", 1, 5, "more behind its end"],
    ["[1, // one\n 2]", 1, 5, "a comment"],
    ["[/* one */ 1]", 1, 2, "a comment"],
    ['["a\nb"]', 1, 2, "a string has no end"],
    ['["a\tb"]', 1, 2, "a string has a control character"],
    ['["\\x"]', 1, 2, "a string has an escape that is none"],
    ['["\\u12"]', 1, 2, "four hexadecimal digits"],
    ["[01]", 1, 3, "a comma is missing"],
    ["[1.]", 1, 2, "a number has no end"],
    ["[\ufeff1]", 1, 2, "a word that is no JSON"],
  ] as const
) {
  Deno.test(`JsonText refuses ${JSON.stringify(text.slice(0, 40))} at ${line}:${column}`, () => {
    const problem = parse(text) as Problem;
    assertEquals([problem.line, problem.column], [line, column]);
    assert(problem.message.startsWith("This is "), problem.message);
    assert(problem.message.includes(words), problem.message);
  });
}

Deno.test("JsonValue knows where it stands, and its members as they stand", () => {
  const root = parse('{\r\n  "a": [1,\n\t{ "b": null, "b": "c" }]\n}');
  const [a] = (root as JsonValue).members()!;
  assertEquals(a?.name.place, { line: 2, column: 3 });
  assertEquals(a?.value.place, { line: 2, column: 8 });
  const [one, object] = a!.value.items()!;
  assertEquals([one?.value, one?.kind], [1, "a number"]);
  assertEquals(one?.items() ?? one?.members(), undefined);
  assertEquals(object?.place, { line: 3, column: 2 });
  assertEquals(
    object?.members()?.map(({ name, value }) => [name.value, value.value]),
    [["b", null], ["b", "c"]],
  );
  assertEquals(
    object?.members()?.map(({ name }) => name.place.column),
    [4, 15],
  );
});

Deno.test("JsonText takes what JSON.parse takes, as JSON.parse takes it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assertEquals(
        JSON.stringify((parse(text) as JsonValue).value),
        JSON.stringify(JSON.parse(text)),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("JsonText refuses what JSON.parse refuses, inside the text", () => {
  const broken = fc.tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom(...'{}[]",:\\/0.-eE\u00a0\ufeff\n'),
  ).map(([text, at, character]) => {
    const where = at % (text.length + 1);
    return text.slice(0, where) + character + text.slice(where);
  });
  fc.assert(
    fc.property(fc.oneof(broken, fc.string()), (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const found = parse(text);
      assertEquals("message" in found, !isJson, JSON.stringify(found));
      if (!("message" in found)) return;
      const lines = text.split("\n");
      assert(found.line >= 1 && found.line <= lines.length);
      assert(found.column >= 1);
      assert(found.column <= lines[found.line - 1]!.length + 1);
    }),
    { numRuns: 5000 },
  );
});
