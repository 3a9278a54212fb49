import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs() takes a value after an equals sign or from the next argument", () => {
  const options = { string: ["name"] } as const;
  assertEquals(parseArgs(["--name=value"], options), { name: "value", _: [] });
  assertEquals(parseArgs(["--name", "value"], options), {
    name: "value",
    _: [],
  });
  assertEquals(parseArgs(["--name=a=b"], options).name, "a=b");
  assertEquals(parseArgs(["--name=-5"], options).name, "-5");
  assertEquals(parseArgs(["--name=a\nb"], options).name, "a\nb");
});

Deno.test("parseArgs() gives an empty text for a string option without a value", () => {
  const options = { string: ["name"], boolean: ["json"] } as const;
  assertEquals(parseArgs(["--name"], options).name, "");
  assertEquals(parseArgs(["--name="], options).name, "");
  assertEquals(parseArgs(["--name=", "a"], options), {
    name: "",
    json: false,
    _: ["a"],
  });
  assertEquals(parseArgs(["--name", "--json"], options), {
    name: "",
    json: true,
    _: [],
  });
});

Deno.test("parseArgs() leaves an empty next argument among the positionals", () => {
  assertEquals(
    parseArgs(["--name", ""], { string: ["name", "_"] })._.length,
    1,
  );
  assertEquals(parseArgs(["--name", ""], { string: ["name"] }).name, "");
});

Deno.test("parseArgs() does not take a next argument that starts with a hyphen", () => {
  assertEquals(parseArgs(["--name", "-x"], { string: "name" }), {
    name: "",
    x: true,
    _: [],
  });
  assertEquals(parseArgs(["--name", "-"], { string: "name" }), {
    name: "",
    _: ["-"],
  });
  assertEquals(parseArgs(["-n", "-5"], { string: "n" }).n, "");
});

Deno.test("parseArgs() takes a lone hyphen as the value of a short option", () => {
  assertEquals(parseArgs(["-n", "-"], { string: "n" }), { n: "-", _: [] });
  assertEquals(parseArgs(["-n", "-"], { boolean: "n" }), { n: true, _: ["-"] });
});

Deno.test("parseArgs() takes a lone hyphen as a positional", () => {
  assertEquals(parseArgs(["-"]), { _: ["-"] });
  assertEquals(parseArgs(["batch", "-", "--json"], { boolean: ["json"] }), {
    json: true,
    _: ["batch", "-"],
  });
});

Deno.test("parseArgs() takes clusters of short options apart", () => {
  const options = { boolean: ["h", "V"], string: ["i"] } as const;
  assertEquals(parseArgs(["-hV"], options), { h: true, V: true, _: [] });
  assertEquals(parseArgs(["-h"], options), { h: true, V: false, _: [] });
  assertEquals(parseArgs(["-hi", "5"], options), {
    h: true,
    V: false,
    i: "5",
    _: [],
  });
  assertEquals(parseArgs(["-i5"], options).i, "5");
  assertEquals(parseArgs(["-i=5"], options).i, "5");
  assertEquals(parseArgs(["-i="], options).i, "");
  assertEquals(parseArgs(["-ih"], options).i, "");
  assertEquals(parseArgs(["-I/a/b"]).I, "/a/b");
  assertEquals(parseArgs(["-f-"]).f, "-");
});

Deno.test("parseArgs() gives false for a boolean option that is absent", () => {
  assertEquals(parseArgs([], { boolean: ["json"] }), { json: false, _: [] });
});

Deno.test("parseArgs() lets a boolean option take nothing but true and false", () => {
  const options = { boolean: ["json"] } as const;
  assertEquals(parseArgs(["--json", "a"], options), { json: true, _: ["a"] });
  assertEquals(parseArgs(["--json", "false", "a"], options), {
    json: false,
    _: ["a"],
  });
  assertEquals(parseArgs(["--json", "true"], options), { json: true, _: [] });
  assertEquals(parseArgs(["--json=false"], options).json, false);
  assertEquals(parseArgs(["--json=true"], options).json, true);
  assertEquals(parseArgs(["--json=no"], options).json, true);
  assertEquals(parseArgs(["--json="], options).json, true);
});

Deno.test("parseArgs() keeps --no-json for an option of its own", () => {
  assertEquals(parseArgs(["--no-json"], { boolean: ["json"] }), {
    json: false,
    "no-json": true,
    _: [],
  });
});

Deno.test("parseArgs() makes numbers of number-like text", () => {
  assertEquals(
    parseArgs(["02e000000005", "020000000005", "0x10", ".5", "5a", " "]),
    { _: [200000, 20000000005, 16, 0.5, "5a", " "] },
  );
  assertEquals(parseArgs(["--index", "12"]).index, 12);
  assertEquals(parseArgs(["--index=1e3"]).index, 1000);
});

Deno.test("parseArgs() leaves declared strings alone", () => {
  const args = parseArgs(
    ["02e000000005", "020000000005", "--index", "012", "5", "--", "6"],
    { string: ["_", "index"] },
  );
  assertEquals(args.index, "012");
  assertEquals(args._.map(String), ["02e000000005", "020000000005", "5", "6"]);
  assertEquals([...args._], ["02e000000005", "020000000005", "5", "6"]);
});

Deno.test("parseArgs() takes the last value of a repeated option", () => {
  assertEquals(
    parseArgs(["--name=a", "--name", "b"], { string: ["name"] }).name,
    "b",
  );
  assertEquals(
    parseArgs(["--json", "--json=false"], { boolean: ["json"] }).json,
    false,
  );
});

Deno.test("parseArgs() collects values into an array", () => {
  const options = {
    string: ["state"],
    boolean: ["v"],
    collect: ["state", "v"],
  } as const;
  assertEquals(parseArgs(["--state=a", "--state", "5", "-vv"], options), {
    state: ["a", "5"],
    v: [true, true],
    _: [],
  });
  assertEquals(parseArgs(["--state"], options).state, [""]);
  assertEquals(parseArgs([], options), { state: [], v: [], _: [] });
});

Deno.test("parseArgs() gives nothing for an absent option that is only collected", () => {
  assertEquals(Object.keys(parseArgs([], { collect: ["x"] })), ["_"]);
  assertEquals(parseArgs(["--x", "5"], { collect: ["x"] }).x, [5]);
});

Deno.test("parseArgs() sets an option under all its names", () => {
  const parse = (args: string[]): Record<string, unknown> =>
    parseArgs(args, {
      boolean: ["help"],
      string: ["name"],
      collect: ["state"],
      alias: { help: "h", name: ["n", "alias"], state: "s" },
    });
  assertEquals(parse(["-h", "--alias", "05", "-s", "a", "--state=b"]), {
    help: true,
    h: true,
    name: "05",
    n: "05",
    alias: "05",
    state: ["a", "b"],
    s: ["a", "b"],
    _: [],
  });
  assertEquals(parse([]), { help: false, h: false, _: [] });
});

Deno.test("parseArgs() gives the default of an absent option", () => {
  const parse = (args: string[]): Record<string, unknown> =>
    parseArgs(args, {
      string: ["name", "state"],
      boolean: ["json"],
      collect: ["state"],
      alias: { name: "n" },
      default: { name: "a", json: true, state: ["b"] },
    });
  assertEquals(parse([]), {
    name: "a",
    n: "a",
    json: true,
    state: ["b"],
    _: [],
  });
  assertEquals(parse(["--name=", "--json=false", "--state=c"]), {
    name: "",
    n: "",
    json: false,
    state: ["c"],
    _: [],
  });
});

Deno.test("parseArgs() does not parse what follows --", () => {
  assertEquals(parseArgs(["a", "--", "--b", "5", "--"]), {
    _: ["a", "--b", "5", "--"],
  });
  assertEquals(parseArgs(["a", "--", "--b", "5"], { "--": true }), {
    _: ["a"],
    "--": ["--b", "5"],
  });
  assertEquals(parseArgs(["--name", "--", "a"], { string: "name" }), {
    name: "",
    _: ["a"],
  });
  assertEquals(parseArgs(["a"], { "--": true })["--"], []);
});

Deno.test("parseArgs() leaves all from the first positional alone when told to stop early", () => {
  const options = { boolean: ["json"], stopEarly: true } as const;
  assertEquals(parseArgs(["--json", "list", "--json", "5"], options), {
    json: true,
    _: ["list", "--json", "5"],
  });
  assertEquals(parseArgs(["--name", "a", "list", "-x"], { stopEarly: true }), {
    name: "a",
    _: ["list", "-x"],
  });
});

Deno.test("parseArgs() calls unknown with what was not declared, and drops what it refuses", () => {
  const calls: unknown[][] = [];
  const args = parseArgs(
    [
      "verb",
      "5",
      "--name=a",
      "-h",
      "--help",
      "--json",
      "--list=1",
      "--bad",
      "value",
      "--worse=5",
      "-xh",
      "--last",
      "--",
      "--tail",
    ],
    {
      string: ["_", "name"],
      boolean: ["json"],
      collect: ["list"],
      alias: { help: "h" },
      unknown: (arg: string, key?: string, value?: unknown) => {
        calls.push(key === undefined ? [arg] : [arg, key, value]);
        return arg === "verb";
      },
    },
  );
  assertEquals(calls, [
    ["verb"],
    ["5"],
    ["--bad", "bad", "value"],
    ["--worse=5", "worse", "5"],
    ["-xh", "x", true],
    ["--last", "last", true],
  ]);
  assertEquals(args._.map(String), ["verb", "--tail"]);
  assertEquals(Object.keys(args).sort(), [
    "_",
    "h",
    "help",
    "json",
    "list",
    "name",
  ]);
});

Deno.test("parseArgs() keeps what unknown does not refuse", () => {
  for (const answer of [undefined, true, 0]) {
    assertEquals(parseArgs(["a", "--b"], { unknown: () => answer }), {
      b: true,
      _: ["a"],
    });
  }
});

Deno.test("parseArgs() touches no prototype", () => {
  const args = parseArgs(["--__proto__=x", "--constructor=y", "--toString"]);
  assertEquals(Object.getPrototypeOf(args), Object.prototype);
  assertEquals(Object.keys(args).sort(), ["_", "toString"]);
});

Deno.test("parseArgs() takes a readonly array and leaves it alone", () => {
  const args: readonly string[] = Object.freeze(["--name", "a", "--", "b"]);
  parseArgs(args);
  assertEquals(args.length, 4);
});

Deno.test("parseArgs() types its result by the options", () => {
  const args = parseArgs(["--state=a"], {
    string: ["_", "name", "state", "with"],
    boolean: ["json"],
    collect: ["state"],
    default: { with: "default" },
    "--": true,
  });
  const name: string | undefined = args.name;
  const json: boolean = args.json;
  const state: string[] = args.state;
  const withDefault: string = args.with;
  const other: unknown = args.other;
  const tail: string[] = args["--"];
  for (const word of args._) word.startsWith("-");
  // @ts-expect-error: an option without a default may be absent
  const always: string = args.name;
  assertEquals(
    [name, json, state, withDefault, other, tail, always],
    [undefined, false, ["a"], "default", undefined, [], undefined],
  );
});
