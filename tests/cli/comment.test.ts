import { assert, assertEquals } from "@std/assert";
import { commentWords } from "../../cli/output/comment.ts";

Deno.test("commentWords() does not cut a character beyond U+FFFF in two", () => {
  assertEquals(commentWords({ comment: "a".repeat(80) }), [
    `# ${"a".repeat(80)}`,
  ]);
  assertEquals(commentWords({ comment: "a".repeat(81) }), [
    `# ${"a".repeat(79)}…`,
  ]);
  for (const before of [77, 78, 79]) {
    const comment = "a".repeat(before) + "\u{1f600}".repeat(9);
    const [words] = commentWords({ comment });
    assert(words!.isWellFormed(), words);
  }
});
