import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { batch } from "../../cli/batch.ts";
import { parseCommand, type RunCommand, UsageError } from "../../cli/args.ts";
import { Refusal } from "../../cli/output/refusal.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(2, "va");
const MAC = "02:fc:00:00:00:05";
const MEMBERS = `"address": "10.0.0.1", "interfaceAlias": "va"`;
const CREATE = `{"verb": "create", ${MEMBERS}, "linkLayerAddress": "${MAC}"}`;

/** Runs lines; answers what is printed for people. */
async function run(table: FakeTable, text: string): Promise<string[]> {
  return (await runWith(table, text)).out;
}

/** The same with options; also answers the exit code and what JSON has. */
async function runWith(
  table: FakeTable,
  text: string,
  ...options: string[]
): Promise<{ out: string[]; json: unknown[]; code: number }> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    const command = parseCommand(["batch", path, ...options]) as RunCommand;
    const out: string[] = [];
    const json: unknown[] = [];
    const { lines } = await batch(table, command);
    for (;;) {
      const { done, value } = await lines.next();
      if (done) return { out, json, code: value };
      const line = value.text ?? value.complaint;
      if (line !== undefined) out.push(line);
      if (value.json !== undefined) json.push(value.json);
    }
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("batch takes create, comments and blank lines, with either line end", async () => {
  const table = new FakeTable([ON]);
  const other = CREATE.replace("10.0.0.1", "10.0.0.2")
    .replace("{", '{"comment": ["printer"], ');
  const text = `\n \t\r\n${CREATE}\r\n${other}`;
  assertEquals(await run(table, text), ["2 done, 0 refused"]);
  assertEquals(table.all().map((row) => row.address), ["10.0.0.1", "10.0.0.2"]);
});

/** The change with a comment. */
const commented = (change: string) =>
  change.replace("{", '{"comment": "printer", ');

Deno.test("batch prints the comment of a line beside its refusal, its mistake and its preview", async () => {
  const table = new FakeTable([ON], [rowOf(ON, "10.0.0.1", MAC)]);
  const refused = commented(CREATE);
  assertMatch((await run(table, refused))[0]!, /:1: [^#]* # printer$/);
  const replaced = commented(CREATE.replace("create", "replace"));
  const preview = await runWith(table, `${replaced}\n${refused}`, "--dry-run");
  assertMatch(preview.out[0]!, /^1: Nothing to do: [^#]* # printer$/);
  assertMatch(preview.out[1]!, /:2: [^#]* # printer$/);
  const bad = commented(CREATE.replace("10.0.0.1", "10.0.0"));
  const error = await assertRejects(() => run(table, bad), Refusal);
  assertMatch(error.message, / # printer; nothing was changed$/);
});

Deno.test("batch --json has the comment of a line in its object", async () => {
  const table = new FakeTable([ON]);
  const text = `${commented(CREATE)}\n${commented(CREATE)}`;
  const objects = async (...words: string[]) => {
    const { json } = await runWith(table, text, ...words);
    return json.slice(0, 2).map((one) => (one as { comment: string }).comment);
  };
  assertEquals(await objects("--dry-run"), ["printer", "printer"]);
  assertEquals(await objects(), ["printer", "printer"]);
});

Deno.test("batch accepts a delete with the row's link-layer address, or without", async () => {
  for (const value of [`"${MAC}"`, "null"]) {
    const table = new FakeTable([ON], [rowOf(ON, "10.0.0.1", MAC)]);
    const line = `{"verb": "delete", ${MEMBERS}, "linkLayerAddress": ${value}}`;
    assertEquals(await run(table, line), ["1 done, 0 refused"]);
  }
});

for (
  const [line, words] of [
    [
      CREATE.replace("create", "add"),
      'The verb "add" is none of set, create, replace, delete: "add" is ' +
      "called create here",
    ],
    [
      CREATE.replace("{", '{"verb": "delete", '),
      ':2:20: The member "verb" stands twice',
    ],
    [
      CREATE.replace("}", ', "address": "10.0.0.9"}'),
      ':2:108: The member "address" stands twice',
    ],
    [
      CREATE.replace("}", ', "interfceIndex": 3}'),
      ':2:108: A change has no member "interfceIndex" (did you mean ' +
      '"interfaceIndex"?), it takes verb, ',
    ],
    [
      `{"verb": "delete", ${MEMBERS}, "linkLayerAddress": "nonsense"}`,
      'Cannot parse link-layer address "nonsense"',
    ],
    [
      `{"verb": "delete", ${MEMBERS}, "linkLayerAddress": 7}`,
      "The member linkLayerAddress takes text",
    ],
    [
      CREATE.replace("}", ', "protocol": 0}'),
      "The protocol 0 is that of an entry without one: omit it",
    ],
    [
      CREATE.replace("}", ', "protocol": "zebra"}'),
      'The protocol takes a number from 1 to 255, not "zebra"',
    ],
    [
      `{"verb": "delete", ${MEMBERS}, "protocol": 42}`,
      "A delete takes no protocol: it removes the entry whosever it is",
    ],
    ["not json", ':2:1: This is no JSON: "not" is no JSON value'],
    ["# comment", ":2:1: This is no JSON: it has a comment"],
    [CREATE + "}", "more behind its end"],
    ["[]", ":2:1: A change is an object, not an array"],
    ["null", ":2:1: A change is an object, not null"],
    ["{}", "The verb undefined is none of"],
    [`{"verb": ${"[".repeat(3000)}`, "deeper than the limit of 64"],
    [`{"comment": "${"x".repeat(2 ** 20)}"}`, "longer than the limit of 1 MiB"],
  ] as const
) {
  Deno.test(`batch changes nothing for ${line.slice(0, 120)}`, async () => {
    const table = new FakeTable([ON], [rowOf(ON, "10.0.0.1", MAC)]);
    const error = await assertRejects(
      () => run(table, `${CREATE}\n${line}\n`),
      Refusal,
    );
    assertMatch(error.message, /^\S.*:2:\d+: /);
    assert(error.message.includes(words), error.message);
    assert(error.message.endsWith("; nothing was changed"), error.message);
    assert(error.message.length < 400);
    assertEquals(table.writes, 0);
  });
}

Deno.test("batch tells every mistake, in order, with line and column", async () => {
  const table = new FakeTable([ON]);
  const text = `x\n${CREATE}\n{"verb": "set", "mac": "${MAC}"}\n\n[]\n`;
  const error = await assertRejects(() => run(table, text), Refusal);
  assertMatch(error.message, /: 3 mistakes; nothing was changed$/);
  assertEquals(error.details.problems, [
    { line: 1, column: 1, message: 'This is no JSON: "x" is no JSON value' },
    {
      line: 3,
      column: 17,
      message:
        'A change has no member "mac" (did you mean "linkLayerAddress"?), it ' +
        "takes verb, address, linkLayerAddress, interfaceAlias, " +
        "interfaceIndex, interfaceLuid, protocol, comment",
    },
    { line: 5, column: 1, message: "A change is an object, not an array" },
  ]);
  assertEquals(error.code, 2);
  assertEquals(table.writes, 0);
});

Deno.test("batch --dry-run says for each line what would be called, and writes nothing", async () => {
  const table = new FakeTable([ON], [rowOf(ON, "10.0.0.2", MAC)]);
  const line = (verb: string, address: string, alias = "va") =>
    JSON.stringify({
      ...{ verb, address, interfaceAlias: alias },
      ...(verb !== "delete" && { linkLayerAddress: MAC }),
    });
  const text = [
    line("create", "10.0.0.1"),
    line("replace", "10.0.0.2"),
    "",
    line("delete", "10.0.0.2"),
    line("set", "10.0.0.9"),
    line("create", "10.0.0.3", "gone"),
  ].join("\n");
  const { out, code } = await runWith(table, text, "--dry-run");
  const [create, replace, remove, set, missing, sum] = out;
  assertMatch(create!, /^1: Would call \S+: 10.0.0.1 .*-> 02:fc:00:00:00:05$/);
  assertMatch(replace!, /^2: Nothing to do: 10.0.0.2 on va, /);
  assertMatch(remove!, /^4: Would call \S+: 10.0.0.2 on va, [^>]*$/);
  assertMatch(set!, /:5: .*10.0.0.9/);
  assertMatch(missing!, /:6: .*gone/);
  assertEquals(
    sum,
    "2 would be called, 1 nothing to do, 2 would be refused; nothing was changed",
  );
  assertEquals([code, table.writes], [3, 0]);
});

Deno.test("batch reads a line as long as the limit allows", async () => {
  const table = new FakeTable([ON]);
  const line = CREATE + " ".repeat(2 ** 20 - CREATE.length);
  assertEquals(await run(table, line), ["1 done, 0 refused"]);
});

Deno.test("batch says that it was given a pins file, or one for ip -batch", async () => {
  const table = new FakeTable([ON]);
  const pins = `{"neighbors": [{${MEMBERS}, "linkLayerAddress": "${MAC}"}]}`;
  for (
    const [text, words] of [
      [pins, "it looks like a pins file, which neighbor apply takes"],
      [
        JSON.stringify([rowOf(ON, "10.0.0.1", MAC)], null, 2),
        "it looks like a pins file, which neighbor apply takes",
      ],
      [`neigh add 10.0.0.1 lladdr ${MAC} dev va`, "a file for ip -batch"],
    ] as const
  ) {
    await assertRejects(() => run(table, text), Refusal, words);
  }
});

Deno.test("batch refuses a file without a line", async () => {
  for (const text of ["", " \n\n"]) {
    await assertRejects(
      () => run(new FakeTable([ON]), text),
      UsageError,
      ":1:1: The file is empty; nothing was changed",
    );
  }
});
