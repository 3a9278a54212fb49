/**
 * Every format that `neighbor import` reads, on odd lines: each line is taken,
 * skipped or refused, nothing else is thrown, and an entry is one that apply
 * takes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatOf } from "../../cli/import/formats.ts";
import { isNamed, type Item, SKIP_REASONS } from "../../cli/import/item.ts";
import { parsePins } from "../../cli/pins/file.ts";
import { OPTIONS } from "../../cli/usage/options.ts";
import { fuzz } from "./fuzz.ts";

const SAMPLES = new URL("../cli/import/samples/", import.meta.url);
const LINES = [...Deno.readDirSync(SAMPLES)]
  .filter(({ name }) => name.endsWith(".txt"))
  .flatMap(({ name }) =>
    Deno.readTextFileSync(new URL(name, SAMPLES)).split("\n")
  );
const WORDS = [...new Set(LINES.flatMap((line) => line.split(/[\s,;=]+/)))];

/** A line of a sample, whole, cut, doubled, or put together from their words. */
const LINE = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...LINES), fc.nat(80), fc.nat(80))
      .map(([line, from, to]) => line.slice(0, from) + line.slice(to)),
  },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })),
      { maxLength: 8 },
    ).chain((words) =>
      fc.constantFrom(" ", "  ", "\t", ",", ";", "=").map((one) =>
        words.join(one)
      )
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

const TEXT = fc.tuple(
  fc.array(LINE, { maxLength: 12 }),
  fc.constantFrom("\n", "\r\n"),
).map(([lines, end]) => lines.join(end));

const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    ...["192.0.2.1", "fe80::1%eth0", "02:fc:00:00:00:05", "", "eth0", "x"],
    ...["PERMANENT", ["PERMANENT"], ["FAILED"], [], 6, 0, 12, -1, 1.5, null],
  ),
  fc.constantFrom(...WORDS),
  fc.jsonValue({ maxDepth: 1 }),
);

/** Rows of JSON, whole or cut. */
const JSON_TEXT = fc.tuple(
  fc.array(
    fc.dictionary(
      fc.constantFrom(
        ...["dst", "dev", "lladdr", "state", "proxy", "IPAddress", "State"],
        ...["LinkLayerAddress", "InterfaceAlias", "ifIndex", "__proto__"],
      ),
      VALUE,
    ).chain((row) =>
      fc.constantFrom<unknown>(
        {
          dst: "192.0.2.1",
          dev: "eth0",
          lladdr: "2:0:0:0:0:1",
          state: ["STALE"],
        },
        {
          IPAddress: "fe80::1",
          ifIndex: 7,
          LinkLayerAddress: "02-00",
          State: 4,
        },
        row,
      )
    ),
    { minLength: 1, maxLength: 3 },
  ),
  fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(40)),
).map(([rows, cut]) => {
  const text = JSON.stringify(rows, null, 1);
  return text.slice(0, text.length - cut);
});

const CSV_TEXT = fc.tuple(
  fc.constantFrom(",", ";", "\t"),
  fc.array(
    fc.array(
      fc.oneof(fc.constantFrom(...WORDS, '"a\nb"', '"'), fc.string()),
      { minLength: 3, maxLength: 3 },
    ),
    { maxLength: 4 },
  ),
).map(([delimiter, rows]) =>
  [["ip", "mac", "dev"], ...rows].map((row) => row.join(delimiter)).join("\n")
);

/** Texts of which some are of a format: ethers takes one text of 1,000 others. */
function textsOf(name: string): fc.Arbitrary<string> {
  const lines = LINES.filter((line) => {
    const items = [...formatOf(name).read(line)];
    return items.length > 0 && items.every(({ kind }) => kind !== "refused");
  });
  const own = name === "csv"
    ? CSV_TEXT
    : /json|powershell/.test(name)
    ? JSON_TEXT
    : undefined;
  const ofLines = fc.array(fc.constantFrom(...lines), { maxLength: 3 })
    .map((some) => some.join("\n"));
  const taken = own ?? (lines.length === 0 ? undefined : ofLines);
  return taken === undefined
    ? TEXT
    : fc.oneof({ weight: own === undefined ? 1 : 9, arbitrary: taken }, {
      weight: 9,
      arbitrary: TEXT,
    });
}

function check(item: Item, lines: number): void {
  assert(item.line >= 1 && item.line <= lines, `line ${item.line}`);
  if (item.kind === "refused") assert(item.message !== "");
  else if (item.kind === "skipped") assert(item.reason in SKIP_REASONS);
  else {
    const { address, linkLayerAddress, names, protocol } = item;
    // Import itself refuses an index of 0, which is not of a line alone
    if (names.interfaceIndex === 0) return;
    const named = isNamed(names) ? names : { interfaceAlias: "eth0" };
    // One name of an interface is printed
    const [name, value] = Object.entries(named)[0]!;
    const pin = { address, linkLayerAddress, [name]: value, protocol };
    const { problems } = parsePins(JSON.stringify([pin]), "pins.json");
    assertEquals(problems, [], JSON.stringify(item));
  }
}

for (const name of OPTIONS.from.choices) {
  fuzz(
    `import --from ${name} takes, skips or refuses every line`,
    ["taken", "refused", "without a line"],
    textsOf(name),
    (text) => {
      const items = [...formatOf(name).read(text)];
      const lines = text.split("\n").length;
      for (const item of items) check(item, lines);
      if (items.length === 0) return "without a line";
      return items.some(({ kind }) => kind === "refused") ? "refused" : "taken";
    },
  );

  Deno.test(`import --from ${name} reads 100,000 lines and long ones in linear time`, () => {
    const line = LINES.find((one) => {
      const items = [...formatOf(name).read(one)];
      return items.some(({ kind }) => kind === "entry");
    }) ?? "x";
    const texts = [
      `${line}\n`.repeat(100_000),
      " ".repeat(2_000_000),
      `${line} `.repeat(20_000),
      "a:".repeat(500_000),
      '"'.repeat(500_000) + "\n" + '"x\n'.repeat(100_000),
      "1.".repeat(500_000) + "\n" + "- ".repeat(500_000),
      "[".repeat(500_000) + "[x]\n".repeat(100_000),
      `${"a".repeat(500_000)} 12${" ".repeat(500_000)}: x`,
      `New-NetNeighbor -a (${"'".repeat(500_000)}\n`,
      `New-NetNeighbor -a ${"'".repeat(500_001)} + ${"-b : ".repeat(90_000)}\n`,
    ];
    for (const [at, text] of texts.entries()) {
      const start = performance.now();
      for (const _ of formatOf(name).read(text));
      const took = performance.now() - start;
      // The slowest takes a second; what is quadratic would take hours
      assert(took < 30_000, `text ${at}: ${took} ms`);
    }
  });
}
