import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Command,
  parseCommand,
  UsageError,
  wantsJson,
} from "../../cli/args.ts";
import { OPTIONS } from "../../cli/usage/options.ts";
import {
  ASKING,
  operandCount,
  optionsOf,
  SHELLS,
  verbOf,
  VERBS,
  verbWords,
} from "../../cli/usage/verbs.ts";
import {
  entryOf,
  filterOf,
  interfaceWord,
  keyOf,
  milliseconds,
  seconds,
} from "../../cli/values.ts";
import { EntryList } from "../../ffi/entry_list.ts";
import { parseEntry, parseInterface, parseKey } from "../../ffi/parse/entry.ts";
import { parseFilter } from "../../ffi/parse/filter.ts";
import { parseFlush } from "../../ffi/parse/flush.ts";
import { NeighborError } from "../../ffi/types/error.ts";
import { fuzz } from "./fuzz.ts";

const NAMES = [...Object.keys(OPTIONS), "version"];
const LETTERS = [..."i46qjhV"];

/** Values of options and operands, good ones and others. */
const VALUE = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        "192.0.2.7",
        "fe80::1",
        "fe80::1%va",
        "02-fc-00-00-00-05",
        "va",
        "12",
      ],
      ...["0x6008000000000", "alias:5", "ipv4", "IPv6", "stale,probe", "-"],
      ...["192.0.2.0/24", "02:fc:", "1000", "0.5", "bash", "pins.json"],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["", " ", "0", "-1", "4294967296", "0x", "0xg", "alias:", "\\u0041"],
      ...[
        "\\ud800",
        "1e3",
        "+5",
        "Infinity",
        "NaN",
        "__proto__",
        "constructor",
      ],
      ...["\0", "fe80::1%", "10.0.0.1/24", "::/129", "true", "false", "=", "%"],
      ...["2147483.648", "0.0004", "9".repeat(400), "toString", "ipv4,", "*"],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);

/** A word of a command line. */
const WORD = fc.oneof(
  { weight: 4, arbitrary: VALUE },
  { weight: 4, arbitrary: fc.constantFrom(...verbWords(), ...ASKING) },
  { weight: 4, arbitrary: fc.constantFrom(...NAMES).map((one) => `--${one}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES), VALUE)
      .map(([name, value]) => `--${name}=${value}`),
  },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...LETTERS), {
      minLength: 1,
      maxLength: 3,
    }).map((letters) => `-${letters.join("")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["--", "---", "--=", "-=", "--no-json", "--json=false", "-i=", "-4=x"],
      ...["--__proto__", "--toString", "--_", "-é", "--jso", "-\u{1f600}"],
    ),
  },
);

/** The steps of a command before any system call. */
function useValues(command: Extract<Command, { kind: "run" }>): void {
  const { verb, values, flags } = command;
  const entries = new EntryList();
  const uses: (() => void)[] = [
    () => void (values.timeout !== undefined && seconds(values.timeout)),
    () => void milliseconds(values.interval),
    () => void parseFilter(filterOf(command)),
    () => {
      const permanent = flags.has("permanent") ? { permanent: true } : {};
      parseFlush({ ...filterOf(command), ...permanent });
    },
    () => {
      const { operands } = VERBS[verb];
      if (operands.length === 2) parseEntry(entries, entryOf(command));
      else if (operands[0] === "ADDRESS") parseKey(entries, keyOf(command));
    },
  ];
  for (const use of uses) {
    try {
      use();
    } catch (error) {
      if (error instanceof UsageError) continue;
      assert(error instanceof NeighborError, String(error));
      assertEquals(error.code, "INVALID_PARAMETER");
      assertEquals(error.status, null);
      assert(error.message.length < 4000, error.message);
    }
  }
}

fuzz(
  "any words are a command or one refusal",
  ["a command", "asking", "refused"],
  fc.tuple(
    fc.option(fc.constantFrom(...verbWords()), { freq: 4 }),
    fc.array(WORD, { maxLength: 6 }),
  ).map(([verb, words]) => verb === null ? words : [verb, ...words]),
  (words) => {
    wantsJson(words);
    let command: Command;
    try {
      command = parseCommand(words);
    } catch (error) {
      assert(error instanceof UsageError, String(error));
      assert(error.message !== "");
      return "refused";
    }
    if (command.kind !== "run") return "asking";
    const { verb, operands, values, lists, flags } = command;
    for (const value of lists?.map ?? []) {
      assert(value !== "" && words.some((word) => word.endsWith(value)), value);
    }
    const [least, most] = operandCount(VERBS[verb]);
    assert(operands.length >= least && operands.length <= most);
    const allowed: readonly string[] = optionsOf(verb);
    for (const [name, value] of Object.entries(values)) {
      assert(allowed.includes(name) && value !== "", name);
      // Nothing is made up: the value stands in the words, or -4 or -6 does
      const isFixed = (word: string) => /^-[^-]*[46]/.test(word);
      assert(
        words.some((word) =>
          word.endsWith(value) || name === "family" && isFixed(word)
        ),
        value,
      );
    }
    for (const flag of flags) assert(allowed.includes(flag), flag);
    assertEquals(flags.has("json"), wantsJson(words));
    useValues(command);
    return "a command";
  },
);

// Made once: to make an arbitrary of a pattern takes longer than to draw from it
const OPERAND = fc.stringMatching(/^[^-\0][^\0]{0,8}$/);
const OPTION_VALUE = fc.stringMatching(/^[^-\0=][^\0]{0,8}$/);

/** A command by one of its words, and one of the ways to write it down. */
function spelled(word: string) {
  const verb = verbOf(word)!;
  const names = optionsOf(verb).filter((one) =>
    // They end before the rest is looked at, or exclude others
    !["help", "quiet", "dry-run", "json"].includes(one)
  );
  const operands = VERBS[verb].operands.map(() =>
    verb === "completions" ? fc.constantFrom<string>(...SHELLS) : OPERAND
  );
  const options = names.map((name) =>
    fc.option(
      fc.tuple(
        fc.constant(name),
        "value" in OPTIONS[name] ? OPTION_VALUE : fc.constant(null),
        fc.nat(2),
      ),
      { freq: 1 },
    )
  );
  return fc.record({
    word: fc.constant(word),
    operands: fc.tuple(...operands),
    options: fc.tuple(...options)
      .map((all) => all.filter((one) => one !== null)),
    places: fc.array(fc.nat(100), { minLength: 20, maxLength: 20 }),
  });
}

const SPELLED = fc.oneof(...verbWords().map(spelled));

fuzz(
  "a command is read the same however it is written",
  ["read"],
  SPELLED,
  ({ word, operands, options, places }) => {
    const groups = options.map(([name, value, way]): string[] => {
      const { short } = OPTIONS[name] as { short?: string };
      if (value === null) return [`--${name}`];
      if (short !== undefined && way === 1) return [`-${short}`, value];
      return way === 2 ? [`--${name}=${value}`] : [`--${name}`, value];
    });
    // Operands keep their order, options stand anywhere
    const words = [[word], ...operands.map((one) => [one])];
    for (const [i, group] of groups.entries()) {
      words.splice(places[i]! % (words.length + 1), 0, group);
    }
    const command = parseCommand(words.flat());
    if (word === "completions") {
      assertEquals(command, {
        kind: "completions",
        shell: operands[0] as "bash",
      });
      return "read";
    }
    const valued = options.filter(([, value]) => value !== null);
    const given = valued.filter(([name]) => name !== "map");
    const map = valued.flatMap(([name, value]) =>
      name === "map" ? [value] : []
    );
    assertEquals(command, {
      kind: "run",
      verb: verbOf(word) as "list",
      operands,
      values: Object.fromEntries(given.map(([name, value]) => [name, value])),
      flags: new Set(
        options.filter(([, value]) => value === null).map(([name]) => name),
      ),
      ...(map.length > 0 && { lists: { map: map as string[] } }),
    });
    return "read";
  },
);

fuzz(
  "what interfaces prints is what --interface takes, whatever the name",
  ["plain", "escaped"],
  fc.oneof(
    fc.constantFrom("5", "0x10", "alias:5", "ALIAS:x", "0X1", "\\u0041", "a\\"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.array(
      fc.constantFrom(
        ...["\\", "u", "005c", "202e", "\\u005c", "\\u202e", "\u202e", "a"],
        ...["\\ud83d", "\\ude00", "\u{1f600}", "\udcff", "\u200b", "\u005C"],
      ),
      { minLength: 1, maxLength: 6 },
    ).map((parts) => parts.join("")),
    fc.array(fc.integer({ min: 0xdc80, max: 0xdcff }), { minLength: 1 })
      .map((units) => String.fromCharCode(...units)),
  ).filter((name) => !name.includes("\0")),
  (name) => {
    const word = interfaceWord(name);
    const command = parseCommand(["list", `--interface=${word}`]);
    assert(command.kind === "run");
    assertEquals(parseInterface(filterOf(command)), {
      luid: 0n,
      index: 0,
      alias: name,
    });
    return word === name ? "plain" : "escaped";
  },
);
