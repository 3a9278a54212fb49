import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { eastAsianWidth } from "get-east-asian-width";

const cases: Record<string, [string, number]> = {
  "an empty text": ["", 0],
  "ASCII": ["02:fc:00:00:00:05", 17],
  "Latin letters with marks": ["Brücke", 6],
  "a combining mark": ["Bru\u0308cke", 6],
  "Cyrillic": ["Сеть", 4],
  "Han": ["以太网", 6],
  "Kana": ["イーサネット", 12],
  "halfwidth Kana": ["ｲｰｻﾈｯﾄ", 6],
  "Hangul": ["이더넷", 6],
  "fullwidth letters": ["ＬＡＮ", 6],
  "Han among ASCII": ["乙太網路 2", 10],
  "ambiguous characters, as narrow": ["§±α", 3],
  "an emoji": ["🦕", 2],
  "emoji with a joiner, each by itself": ["👩\u200d💻", 4],
  "control characters": ["a\t\n\0\x1b\x7f\x9fb", 2],
  "zero width and direction characters": [
    "a\u200b\u200e\u202e\u2066\ufeffb",
    2,
  ],
  "a soft hyphen": ["\u00ad", 1],
  "a no-break space": ["\u00a0", 1],
};

for (const [name, [text, width]] of Object.entries(cases)) {
  Deno.test(`unicodeWidth() is ${width} for ${name}`, () => {
    assertEquals(unicodeWidth(text), width);
  });
}

/** Wide, and younger than the Unicode of that version of the package. */
const YOUNGER = new Set([
  ...[0x31e4, 0x31e5, 0x18cff, 0x1fa89, 0x1fa8f],
  ...[0x1fabe, 0x1fac6, 0x1fadc, 0x1fadf, 0x1fae9],
]);

Deno.test("unicodeWidth() of each character is what get-east-asian-width says", () => {
  const others: string[] = [];
  let compared = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const width = unicodeWidth(character);
    // No columns at all is a rule of its own; what is unassigned has no width
    if (width === 0 || /[\p{Cn}\p{Cs}]/u.test(character)) continue;
    if (YOUNGER.has(code)) continue;
    compared++;
    if (width !== eastAsianWidth(code)) others.push(code.toString(16));
  }
  assertEquals(others, []);
  assert(compared > 200_000, `${compared}`);
});
