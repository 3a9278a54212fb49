import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseLines } from "../../cli/batch.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import type { Problem } from "../../cli/pins/lines.ts";
import { parsePins } from "../../cli/pins/file.ts";
import { JsonError, JsonReader } from "../../cli/pins/json_reader.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseChange } from "../../ffi/parse/change.ts";
import { parseLinkLayerAddress } from "../../ffi/parse/link_layer_address.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { fuzz } from "./fuzz.ts";

/** Members of pins, of rows and of changes, right and nearly right. */
const MEMBER = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom<[string, unknown]>(
      ["address", "192.0.2.7"],
      ["address", "fe80::1%va"],
      ["linkLayerAddress", "02-fc-00-00-00-05"],
      ["interfaceAlias", "va"],
      ["verb", "replace"],
      ["verb", "delete"],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<[string, unknown]>(
      ["address", "192.0.2.07"],
      ["address", "127.0.0.1"],
      ["address", 7],
      ["linkLayerAddress", null],
      ["linkLayerAddress", ["02"]],
      ["interfaceIndex", 2],
      ["interfaceIndex", -1],
      ["interfaceIndex", 1e300],
      ["interfaceLuid", "0x6008000000000"],
      ["interfaceLuid", 6],
      ["state", "permanent"],
      ["state", "gone"],
      ["family", "ipv6"],
      ["verb", "add"],
      ["verb", {}],
      ["comment", [{ "": [] }]],
      ["__proto__", { address: "192.0.2.9" }],
      ["constructor", "x"],
      ["adress", "192.0.2.7"],
    ),
  },
);

/** An object as text, in which a member may stand twice. */
const OBJECT = fc.array(MEMBER, { maxLength: 5 }).map((members) =>
  `{${
    members.map(([name, value]) =>
      `${JSON.stringify(name)}:${JSON.stringify(value)}`
    ).join(",")
  }}`
);

/** What a text is spoilt with. */
const PIECE = fc.oneof(
  fc.constantFrom(
    ...["", ",", "]", "}", "[", "{", '"', ":", "\\", "\\u12", "\\ud800", "\n"],
    ...[
      "\0",
      "\u2028",
      "\ufeff",
      "//",
      "/*",
      "#",
      "'",
      "1e",
      "-",
      "01",
      "1.",
      "nul",
    ],
    ...["true", "NaN", "[".repeat(70), '{"a":'.repeat(70), " ".repeat(600)],
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);

/** A text with pieces put in, cut out or written over. */
function spoilt(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(1_000_000), fc.nat(4), PIECE);
  const changes = fc.oneof(
    fc.constant([]),
    fc.array(change, { minLength: 1, maxLength: 3 }),
  );
  return fc.tuple(text, changes).map(([whole, all]) =>
    all.reduce((now, [place, length, piece]) => {
      const at = place % (now.length + 1);
      return now.slice(0, at) + piece + now.slice(at + length);
    }, whole)
  );
}

const FILE = fc.oneof(
  fc.array(OBJECT, { maxLength: 4 }).map((items) => `[${items.join(",\n")}]`),
  fc.array(OBJECT, { maxLength: 4 }).map((items) =>
    `{"neighbors": [\n${items.join(",\n")}\n], "comment": null}`
  ),
  fc.json(),
);

/** Whether the standard library takes it, and what it makes of it. */
function standard(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** How deep the brackets of a JSON text stand in each other. */
function depthOf(text: string): number {
  let deepest = 0;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth);
    else if (token === "]" || token === "}") depth--;
  }
  return deepest;
}

fuzz(
  "a JSON text is read as JSON.parse reads it, or refused at a place",
  ["read", "refused", "too deep"],
  spoilt(FILE),
  (text) => {
    const expected = standard(text);
    const json = new JsonReader(text);
    try {
      const value = json.value();
      json.end();
      assertEquals({ value }, expected);
      return "read";
    } catch (error) {
      assert(error instanceof JsonError, String(error));
      assert(error.at >= 0 && error.at <= text.length);
      assert(error.message.length < 1000, error.message);
      if (!error.message.includes("nested deeper")) {
        assertEquals(expected, undefined, error.message);
        return "refused";
      }
      // What is deeper and broken behind that is refused for either
      assert(expected === undefined || depthOf(text) > 64);
      return "too deep";
    }
  },
);

fuzz(
  "a pins file is pins and mistakes, each at its place and in order",
  ["pins", "mistakes", "no JSON"],
  spoilt(FILE),
  (text) => {
    const file = parsePins(text, "-");
    const { problems, pins, entries, warnings } = file;
    assertEquals(pins.length, entries.length);
    const lines = text.split("\n");
    let last = 0;
    // A place is missing only where the whole file is meant
    for (
      const { line = 0, column = 0, message } of [...problems, ...warnings]
    ) {
      assert(line >= 1 && line <= lines.length);
      assert(column >= 1 && column <= lines[line - 1]!.length + 1);
      assert(message !== "" && message.length < 4000, message);
    }
    for (const { line, column } of problems) {
      const place = line * 1e7 + column;
      assert(place >= last, "the mistakes are not in order");
      last = place;
    }
    for (let position = 0; position < entries.length; position++) {
      const { line } = file.placeOf(position);
      assert(lines[line - 1]!.includes("{"));
      assert([4, 16].includes(entries.addressLengths[position]!));
      assert(entries.linkLayerLengths[position]! > 0);
    }
    const isBroken = standard(text) === undefined;
    if (isBroken) {
      // Broken syntax is the only mistake that hides others
      assertEquals([problems.length, entries.length], [1, 0]);
      return "no JSON";
    }
    return problems.length > 0 ? "mistakes" : "pins";
  },
);

/** What one line of a batch is by a model of its own. */
function isChange(line: string): boolean {
  const parsed = standard(line);
  if (parsed === undefined) return false;
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  // As many names as the text has: none stands twice
  const names = Object.keys(value);
  let depth = 0;
  let count = 0;
  for (
    const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[[{]|[\]}]/gs)
  ) {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    else if (depth === 1 && token.endsWith(":")) count++;
  }
  if (count !== names.length) return false;
  const known = [
    ...["verb", "address", "linkLayerAddress", "interfaceAlias"],
    ...["interfaceIndex", "interfaceLuid", "comment"],
  ];
  if (!names.every((name) => known.includes(name))) return false;
  const { comment: _, ...change } = value as Record<string, unknown>;
  const isDelete = change.verb === "delete";
  try {
    // A delete does not use its link-layer address, but refuses a wrong one
    const given = change.linkLayerAddress ?? undefined;
    if (isDelete && given !== undefined) {
      if (typeof given !== "string") return false;
      parseLinkLayerAddress(given);
    }
    parseChange(new EntryList(), change as never);
    return true;
  } catch (error) {
    assert(error instanceof NeighborError, String(error));
    return false;
  }
}

fuzz(
  "a batch is its changes, or every bad line",
  ["changes", "refused"],
  fc.oneof(
    fc.array(OBJECT, { maxLength: 6 }).map((lines) => lines.join("\n")),
    spoilt(fc.array(OBJECT, { maxLength: 4 }).map((all) => all.join("\n"))),
    fc.array(
      fc.constantFrom(
        '{"verb":"delete","address":"192.0.2.7","interfaceAlias":"va"}',
        '{"verb":"set","address":"fe80::1%2","linkLayerAddress":"02"}\r',
        ...["", "  ", "\r", "\t\u00a0"],
      ),
      { maxLength: 8 },
    ).map((lines) => lines.join("\n")),
  ).filter((text) => depthOf(text) < 60),
  (text) => {
    const lines = text.split("\n");
    const bad = lines.flatMap((line, i) =>
      line.trim() === "" || isChange(line) ? [] : [i + 1]
    );
    const full = lines.flatMap((line, i) => line.trim() === "" ? [] : [i + 1]);
    try {
      const changes = parseLines(text, "p");
      assertEquals(bad, []);
      assertEquals(changes.lines, full);
      assertEquals(changes.entries.length, full.length);
      return "changes";
    } catch (error) {
      assert(error instanceof Refusal, String(error));
      const problems = error.details.problems as readonly Problem[];
      const told = problems.map(({ line }) => line);
      // Of a file for another verb only the first line is told
      const isOther = error.message.includes("it looks like a pins file");
      assertEquals(told, isOther ? bad.slice(0, 1) : bad);
      assert(error.message.startsWith(`p:${told.length > 1 ? " " : told[0]}`));
      assert(error.message.endsWith("; nothing was changed"));
      return "refused";
    }
  },
);
