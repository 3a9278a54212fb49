import { assertEquals } from "@std/assert";
import { warningLines } from "../../cli/output/warning.ts";

Deno.test("warningLines() has the place in the file, the file, or neither", () => {
  const warnings = [{ line: 3, column: 5, message: "mind" }, { message: "so" }];
  assertEquals(warningLines(warnings, "pins.json"), [
    "warning: pins.json:3:5: mind",
    "warning: pins.json: so",
  ]);
  assertEquals(warningLines([{ message: "so" }]), ["warning: so"]);
  assertEquals(warningLines([], "pins.json"), []);
});

Deno.test("warningLines() counts warnings of the same words, and hides no other", () => {
  const warnings = [
    { line: 1, column: 1, message: "an index" },
    { message: "others may write it" },
    { line: 7, column: 1, message: "an index" },
    { line: 9, column: 1, message: "an index" },
  ];
  assertEquals(warningLines(warnings, "FILE"), [
    "warning: FILE:1:1: an index (and 2 more)",
    "warning: FILE: others may write it",
  ]);
});

Deno.test("warningLines() has at most 20 warnings, and the number of the others", () => {
  const warnings = Array.from({ length: 25 }, (_, i) => ({ message: `${i}` }));
  const lines = warningLines(warnings);
  assertEquals(lines.length, 21);
  assertEquals(lines.slice(-2), ["warning: 19", "and 5 more warnings"]);
  assertEquals(warningLines(warnings.slice(0, 20)).length, 20);
  const one = warningLines(warnings.slice(0, 21)).at(-1);
  assertEquals(one, "and 1 more warning");
  // Also those of the same words
  const twice = warningLines([...warnings, ...warnings]).at(-1);
  assertEquals(twice, "and 10 more warnings");
});
