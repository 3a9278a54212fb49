import { assert, assertEquals, assertMatch } from "@std/assert";
import { columns, escapeText, toJson } from "../../cli/output/text.ts";

/** Every character that moves the cursor or turns the line around. */
function isDangerous(character: string): boolean {
  return /^[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]$/u.test(character);
}

Deno.test("escapeText() escapes every control and bidi character, nothing else", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const text = String.fromCodePoint(code);
    const escaped = isDangerous(text)
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : text;
    if (escapeText(text) !== escaped) assertEquals(escapeText(text), escaped);
  }
});

for (
  const [text, escaped] of [
    ["Ethernet", "Ethernet"],
    ["以太网 2 – é 😀", "以太网 2 – é 😀"],
    ["\x1b[2J\x1b]0;title\x07", "\\u001b[2J\\u001b]0;title\\u0007"],
    ["a\r\nb\tc\0", "a\\u000d\\u000ab\\u0009c\\u0000"],
    ["\x7f\x80\x9b", "\\u007f\\u0080\\u009b"],
    ["\u202eevil\u202c", "\\u202eevil\\u202c"],
    ["\u2066\u2069\u200e\u200f\u061c", "\\u2066\\u2069\\u200e\\u200f\\u061c"],
    ["\u2028\u2029\ufeff", "\\u2028\\u2029\\ufeff"],
    ["\ud800x\udc00", "\\ud800x\\udc00"],
  ] as const
) {
  Deno.test(`escapeText() writes ${escaped}`, () => {
    assertEquals(escapeText(text), escaped);
  });
}

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
      assert(!isDangerous(character), character.codePointAt(0)?.toString(16));
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

/** The columns a terminal gives a text, known for the characters used here. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    width += /[\p{Script=Han}\u30a0-\u30ff\uff01-\uff60😀]/u.test(character)
      ? 2
      : 1;
  }
  return width;
}

for (
  const alias of [
    ...["Ethernet", "以太网", "以太网 2", "e\u0301the\u0301", "😀", ""],
    ...["ＷｉＦｉ", "\x1b[31m", "\u202eabc", "カード"],
  ]
) {
  Deno.test(`columns() stay aligned when an alias is ${escapeText(alias)}`, async () => {
    const text = await columns([
      ["ADDRESS", "INTERFACE", "STATE"],
      ["192.0.2.7", alias, "#"],
      ["2001:db8::7", "Local Area Connection", "#"],
      ["::2", "x", "#"],
    ]);
    const lines = text.split("\n");
    assertEquals(lines.length, 5);
    assertEquals(lines[4], "");
    const first = lines[0]!.indexOf("INTERFACE");
    const second = lines[0]!.indexOf("STATE");
    assertEquals(first, "2001:db8::7  ".length);
    assertEquals(second, first + "Local Area Connection  ".length);
    for (const line of lines.slice(1, 4)) {
      const before = line.slice(0, line.indexOf("#"));
      assertEquals(widthOf(before), second);
    }
    assert(text.includes(escapeText(alias)));
  });
}

Deno.test("columns() leaves no space at the end of a line", async () => {
  const text = await columns([["A", "B", ""], ["1", "", ""], ["1", "2", "3"]]);
  assertEquals(text, "A  B\n1\n1  2  3\n");
  // A column that is empty throughout takes no room but its gap
  assertEquals(await columns([["A", "", "B"]]), "A    B\n");
});

Deno.test("columns() keeps one row on one line when a cell has line breaks", async () => {
  const text = await columns([["A", "B"], ["a\nb", "c\u2028d"]]);
  assertMatch(text, /^A +B\na\\u000ab {2}c\\u2028d\n$/);
});

Deno.test("columns() of no rows is nothing", async () => {
  assertEquals(await columns([]), "");
});
