import { assert, assertEquals } from "@std/assert";
import { isLong, jsonPieces, toJson } from "../../cli/output/json.ts";
import { isInvisible } from "../helpers/invisible.ts";

for (const indent of [undefined, 2]) {
  Deno.test(`toJson() parses back to the same value, indent ${indent}`, () => {
    const everything = Array.from({ length: 0x3000 }, (_, i) => i)
      .map((code) => String.fromCodePoint(code)).join("");
    const value = {
      alias: everything + "\ufeff\ud800\udc00\ud800以太网\\u0007",
      "\u202ekey\n": ["\x9b", "\u2028", null, 1, true, "", { a: "\x1b" }],
    };
    const json = toJson(value, indent);
    assertEquals(JSON.parse(json), value);
    for (const character of json.replaceAll("\n", "")) {
      assert(!isInvisible(character), character.codePointAt(0)?.toString(16));
    }
    assertEquals(json.includes("\n"), indent !== undefined);
  });
}

Deno.test("toJson() writes a LUID as text and bytes as numbers", () => {
  const entry = {
    interfaceLuid: 0x0006008000000000n,
    linkLayerAddress: Uint8Array.of(2, 252, 0),
  };
  assertEquals(JSON.parse(toJson(entry)), {
    interfaceLuid: "0x6008000000000",
    linkLayerAddress: [2, 252, 0],
  });
});

const ROWS = Array.from({ length: 1000 }, (_, i) => ({
  address: `10.0.0.${i}`,
  interfaceLuid: null,
  "a\nkey": ["\u202e", { deep: [] }],
  absent: undefined,
}));

for (
  const [name, value] of [
    ["an array", ROWS],
    ["an array of as many as a piece has", ROWS.slice(0, 256)],
    ["an array of one more", ROWS.slice(0, 257)],
    ["a member", { result: "flushed", absent: undefined, neighbors: ROWS }],
    ["members below members", { error: { code: 1, entries: ROWS, plan: {} } }],
    ["two of them", { "k\ney": ROWS, other: { create: ROWS, change: [] } }],
  ] as const
) {
  for (const indent of [undefined, 2]) {
    Deno.test(`jsonPieces() are what JSON.stringify writes: ${name}, indent ${indent}`, () => {
      const wanted = JSON.stringify(value, null, indent)
        .replaceAll("\u202e", "\\u202e");
      assertEquals(toJson(value, indent), wanted);
      for (const piece of jsonPieces(value, indent)) {
        assert(piece.length <= 64 * 1024, `${piece.length}`);
      }
    });
  }
}

Deno.test("isLong() is true for a value in more than one piece", () => {
  const values = [ROWS, { a: { b: ROWS } }, ROWS.slice(0, 3), null, 1, "", {}];
  for (const value of values) {
    assertEquals(isLong(value), [...jsonPieces(value)].length > 1);
  }
});
