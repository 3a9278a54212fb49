import { assert, assertEquals, assertMatch } from "@std/assert";
import { escapes, isInvisible } from "../helpers/invisible.ts";
import { columns, escapeText } from "../../cli/output/text.ts";

Deno.test("escapeText() escapes invisible characters, and nothing else", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const text = String.fromCodePoint(code);
    const escaped = isInvisible(text) ? escapes(text) : text;
    if (escapeText(text) !== escaped) assertEquals(escapeText(text), escaped);
  }
});

Deno.test("escapeText() escapes every default-ignorable character of Unicode", () => {
  // DerivedCoreProperties.txt, Default_Ignorable_Code_Point
  const ranges = [
    ...[[0xad], [0x34f], [0x61c], [0x115f, 0x1160], [0x17b4, 0x17b5]],
    ...[[0x180b, 0x180f], [0x200b, 0x200f], [0x202a, 0x202e]],
    ...[[0x2060, 0x206f], [0x3164], [0xfe00, 0xfe0f], [0xfeff], [0xffa0]],
    ...[[0xfff0, 0xfff8], [0x1bca0, 0x1bca3], [0x1d173, 0x1d17a]],
    [0xe0000, 0xe0fff],
  ];
  for (const [first, last = first] of ranges as [number, number?][]) {
    for (let code = first; code <= last; code++) {
      const text = String.fromCodePoint(code);
      if (escapeText(text) !== escapes(text)) {
        assertEquals(escapeText(text), escapes(text));
      }
    }
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
    ["eth\u200b0", "eth\\u200b0"],
    ["\u3164\u115f\u1160\uffa0", "\\u3164\\u115f\\u1160\\uffa0"],
    ["a\ufe0f\u034f\u180e\u00ad", "a\\ufe0f\\u034f\\u180e\\u00ad"],
    ["\u{e0041}\u{e0100}", "\\udb40\\udc41\\udb40\\udd00"],
    ["\u2800", "\\u2800"],
    ["\ud800x\udc00", "\\ud800x\\udc00"],
  ] as const
) {
  Deno.test(`escapeText() writes ${escaped}`, () => {
    assertEquals(escapeText(text), escaped);
  });
}

/** All pieces of the columns. */
async function laidOut(rows: readonly string[][]): Promise<string> {
  return (await Array.fromAsync(columns(() => rows))).join("");
}

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
    const text = await laidOut([
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
  const text = await laidOut([["A", "B", ""], ["1", "", ""], ["1", "2", "3"]]);
  assertEquals(text, "A  B\n1\n1  2  3\n");
  // A column that is empty throughout takes no room but its gap
  assertEquals(await laidOut([["A", "", "B"]]), "A    B\n");
});

Deno.test("columns() keeps one row on one line when a cell has line breaks", async () => {
  const text = await laidOut([["A", "B"], ["a\nb", "c\u2028d"]]);
  assertMatch(text, /^A +B\na\\u000ab {2}c\\u2028d\n$/);
});

Deno.test("columns() of no rows yields nothing", async () => {
  assertEquals(await laidOut([]), "");
});

Deno.test("columns() come in pieces of bounded size", async () => {
  function* rows() {
    for (let i = 0; i < 10_000; i++) yield [`${i}`, "x"];
  }
  let size = 0;
  let whole = "";
  for await (const piece of columns(rows)) {
    size = Math.max(size, piece.length);
    whole += piece;
  }
  assert(size <= 64 * 1024, `${size}`);
  assertEquals(whole.split("\n").length, 10_001);
  assert(whole.startsWith("0     x\n") && whole.endsWith("9999  x\n"));
});

const TABLE = [
  ["ADDRESS", "STATE", ""],
  ["10.0.0.1", "reachable", ""],
  ["10.0.0.2", "stale", "router"],
  ["10.0.0.3", "failed", ""],
  ["10.0.0.4", "noarp", "permanent"],
];

Deno.test("columns() leaves the heading out where asked, of the widths too", async () => {
  const text = await Array.fromAsync(columns(() => TABLE, { noHeader: true }));
  assertEquals(
    text.join(""),
    "10.0.0.1  reachable\n10.0.0.2  stale      router\n" +
      "10.0.0.3  failed\n10.0.0.4  noarp      permanent\n",
  );
  const wide = [["LONG-HEADING", "B"], ["a", "b"]];
  const short = await Array.fromAsync(columns(() => wide, { noHeader: true }));
  assertEquals(short.join(""), "a  b\n");
  const none = columns(() => wide.slice(0, 1), { noHeader: true });
  assertEquals(await Array.fromAsync(none), []);
});

Deno.test("columns() in colour differ from plain ones by colour only", async () => {
  const plain = await laidOut(TABLE);
  for (const noHeader of [false, true]) {
    const options = { noHeader, isColored: true };
    const text = (await Array.fromAsync(columns(() => TABLE, options))).join(
      "",
    );
    // deno-lint-ignore no-control-regex
    const bare = text.replace(/\x1b\[[0-9]+m/g, "");
    assertEquals(bare, noHeader ? plain.replace(/^.*\n/, "") : plain);
    assertEquals(text.includes("\x1b[1m"), !noHeader);
    assertEquals(
      text.split("\n").filter((line) => line.includes("10.0.0.")),
      [
        "10.0.0.1  \x1b[32mreachable\x1b[39m",
        "10.0.0.2  \x1b[33mstale\x1b[39m      router",
        "10.0.0.3  \x1b[31mfailed\x1b[39m",
        // Only the column of states has colours
        "10.0.0.4  noarp      permanent",
      ],
    );
  }
});
