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

Deno.test("parseArgs() sets an option under all its names", () => {
  const parse = (args: string[]): Record<string, unknown> =>
    parseArgs(args, {
      boolean: ["help"],
      string: ["name"],
      alias: { help: "h", name: ["n", "alias"] },
    });
  assertEquals(parse(["-h", "--alias", "05"]), {
    help: true,
    h: true,
    name: "05",
    n: "05",
    alias: "05",
    _: [],
  });
  assertEquals(parse([]), { help: false, h: false, _: [] });
});

Deno.test("parseArgs() does not parse what follows --", () => {
  assertEquals(parseArgs(["a", "--", "--b", "5", "--"]), {
    _: ["a", "--b", "5", "--"],
  });
  assertEquals(parseArgs(["--name", "--", "a"], { string: "name" }), {
    name: "",
    _: ["a"],
  });
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
  const args = parseArgs(["--name=a"], {
    string: ["_", "name"],
    boolean: ["json"],
  });
  const name: string | undefined = args.name;
  const json: boolean = args.json;
  const other: unknown = args.other;
  for (const word of args._) word.startsWith("-");
  // @ts-expect-error: an option may be absent
  const always: string = args.name;
  assertEquals([name, json, other, always], ["a", false, undefined, "a"]);
});

Deno.test("parseArgs() collects the values of an option in a list", () => {
  const options = { string: ["map"], collect: ["map"] } as const;
  assertEquals(parseArgs(["--map", "a", "x", "--map=b"], options), {
    map: ["a", "b"],
    _: ["x"],
  } as unknown);
  assertEquals(parseArgs(["--map"], options).map as unknown, [""]);
  assertEquals(parseArgs([], options).map as unknown, []);
});
