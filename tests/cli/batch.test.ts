import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { batch } from "../../cli/batch.ts";
import { parseCommand, type RunCommand, UsageError } from "../../cli/args.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const ON = interfaceOf(2, "va");
const MAC = "02:fc:00:00:00:05";
const MEMBERS = `"address": "10.0.0.1", "interfaceAlias": "va"`;
const CREATE = `{"verb": "create", ${MEMBERS}, "linkLayerAddress": "${MAC}"}`;

/** Runs lines; answers what is printed for people. */
async function run(table: FakeTable, text: string): Promise<string[]> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    const command = parseCommand(["batch", path]) as RunCommand;
    const out: string[] = [];
    const { lines } = await batch(table, command);
    for await (const { text, complaint } of lines) {
      const line = text ?? complaint;
      if (line !== undefined) out.push(line);
    }
    return out;
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
      ':2:108: A change has no member "interfceIndex", it takes verb, ',
    ],
    [
      `{"verb": "delete", ${MEMBERS}, "linkLayerAddress": "nonsense"}`,
      'Cannot parse link-layer address "nonsense"',
    ],
    [
      `{"verb": "delete", ${MEMBERS}, "linkLayerAddress": 7}`,
      "The member linkLayerAddress takes text",
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
      UsageError,
    );
    assertMatch(error.message, /^\S.*:2:(\d+:)? /);
    assert(error.message.includes(words), error.message);
    assert(error.message.endsWith("; nothing was changed"), error.message);
    assert(error.message.length < 400);
    assertEquals(table.writes, 0);
  });
}

Deno.test("batch counts the bad lines after the first", async () => {
  const table = new FakeTable([ON]);
  for (
    const [count, words] of [[2, "1 more bad line"], [
      3,
      "2 more bad lines",
    ]] as const
  ) {
    const error = await assertRejects(
      () => run(table, "x\n".repeat(count)),
      UsageError,
    );
    assertMatch(error.message, /^\S.*:1:1: /);
    assert(error.message.includes(` (and ${words});`), error.message);
  }
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
    await assertRejects(() => run(table, text), UsageError, words);
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
