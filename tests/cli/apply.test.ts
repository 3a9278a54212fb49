import { assert, assertEquals } from "@std/assert";
import { parseCommand } from "../../cli/args.ts";
import { applyText } from "../helpers/apply_text.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";

const VA = interfaceOf(2, "va");
const VB = interfaceOf(3, "vb");
const OURS = "02:fc:00:00:00:05";
const THEIRS = "02:ee:00:00:00:01";
const FILE = `{"neighbors": [
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.2", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.3", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"}
]}`;
const PLUS = `+ 10.0.0.1        ${OURS} va`;
const TILDE = `~ 10.0.0.2        ${OURS} va was ${THEIRS} reachable`;
const MINUS = `- 10.0.0.9        ${THEIRS} va`;

function tableOf(): FakeTable {
  return new FakeTable([VA, VB], [
    rowOf(VA, "10.0.0.2", THEIRS, "reachable"),
    rowOf(VA, "10.0.0.3", OURS),
    rowOf(VA, "10.0.0.9", THEIRS),
    rowOf(VB, "10.0.0.9", THEIRS),
  ]);
}

Deno.test("apply applies a file, prints its changes, and then has nothing to do", async () => {
  const table = tableOf();
  const { code, out, json } = await applyText(table, FILE, ["--prune"]);
  assertEquals([code, out], [0, [
    PLUS,
    TILDE,
    MINUS,
    "1 created, 1 changed, 1 removed; 1 unchanged",
  ]]);
  const [answer] = json as [Record<string, unknown>];
  assertEquals([json.length, answer.result], [1, "applied"]);
  assertEquals(answer.summary, {
    created: 1,
    changed: 1,
    unchanged: 1,
    removed: 1,
    refused: 0,
  });
  assertEquals(
    (answer.entries as { outcome: string }[]).map(({ outcome }) => outcome),
    ["created", "changed", "unchanged", "removed"],
  );
  assertEquals(table.all().length, 4);
  table.writes = 0;
  const again = await applyText(table, FILE, ["--prune"]);
  assertEquals([again.code, again.out, table.writes], [
    0,
    ["Nothing to do: 3 unchanged"],
    0,
  ]);
});

Deno.test("apply --dry-run and --check print the plan and write nothing", async () => {
  const table = tableOf();
  const dry = await applyText(table, FILE, ["--prune", "--dry-run"]);
  assertEquals([dry.code, dry.out], [0, [
    PLUS,
    TILDE,
    MINUS,
    "Would create 1, change 1, remove 1; 1 unchanged",
  ]]);
  const check = await applyText(table, FILE, ["--check"]);
  assertEquals([check.code, check.out], [5, [
    PLUS,
    TILDE,
    "It differs: 1 to create, 1 to change; 1 unchanged",
  ]]);
  const [answer] = check.json as [Record<string, unknown>];
  assertEquals([answer.result, answer.differs], ["check", true]);
  const { plan } = answer as { plan: Record<string, unknown[]> };
  assertEquals(
    Object.entries(plan).map(([name, list]) => `${name} ${list.length}`),
    ["create 1", "change 1", "unchanged 1", "remove 0"],
  );
  assertEquals(table.writes, 0);
  await applyText(table, FILE);
  const same = await applyText(table, FILE, ["--check"]);
  assertEquals([same.code, same.out], [
    0,
    ["Nothing to do: 3 unchanged"],
  ]);
  assertEquals((same.json[0] as { differs: boolean }).differs, false);
});

Deno.test("a file without a pin gives a warning", async () => {
  for (
    const text of ["[]", JSON.stringify([rowOf(VA, "10.0.0.2", OURS, "stale")])]
  ) {
    for (const words of [[], ["--check"], ["--dry-run"]]) {
      const { code, err, json } = await applyText(tableOf(), text, words);
      assertEquals(code, 0);
      assertEquals(
        err[0],
        "warning: FILE: it has no pin, so nothing is held",
      );
      const [{ warnings }] = json as [{ warnings: unknown }];
      const message = "it has no pin, so nothing is held";
      assertEquals(warnings, [{ message }]);
    }
  }
});

Deno.test("skipped rows are counted, and an index gives a warning", async () => {
  const table = tableOf();
  const rows = [...table.all(), rowOf(VA, "239.1.1.1", THEIRS)];
  const backup = await applyText(table, JSON.stringify(rows));
  assertEquals(backup.err, [
    "FILE: 2 rows skipped: 1 not permanent, 1 multicast",
  ]);
  assertEquals(backup.out, ["Nothing to do: 3 unchanged"]);
  const pin = `{"address": "10.0.0.3", "linkLayerAddress": "${OURS}", ` +
    '"interfaceIndex": 2}';
  const { err, json } = await applyText(table, `[${pin}]`, ["--check"]);
  assert(err[0]!.startsWith("warning: FILE:1:"), err[0]);
  const [{ warnings }] = json as [{ warnings: { line: number }[] }];
  assertEquals(warnings.map(({ line }) => line), [1]);
});

for (
  const [words, message] of [
    [["--check", "--dry-run"], "--dry-run or --check, not both"],
    [["--watch", "--check"], "--check or --watch, not both"],
    [["--interval", "20"], '"--interval" goes with --watch'],
    [["--watch", "--interval", "1s"], 'The interval "1s" is not'],
  ] as const
) {
  Deno.test(`apply refuses ${words.join(" ")} before it reads`, async () => {
    const { thrown } = await applyText(tableOf(), "not even JSON", words);
    assert((thrown as Error).message.includes(message), String(thrown));
  });
}

Deno.test("apply takes one FILE", () => {
  for (
    const words of [["apply"], ["apply", "a", "b"], ["apply", "a", "--all"]]
  ) {
    try {
      parseCommand(words);
    } catch (error) {
      assertEquals((error as Error).name, "UsageError");
      continue;
    }
    throw new Error(`${words} were taken`);
  }
});

Deno.test("apply warns of pins with their interface's own link-layer address", async () => {
  const pin = (address: string, linkLayerAddress: string) => ({
    address,
    linkLayerAddress,
    interfaceAlias: "va",
  });
  const file = JSON.stringify(
    [
      pin("10.0.0.1", OURS),
      pin("10.0.0.2", VA.linkLayerAddress!),
    ],
    null,
    1,
  );
  const message =
    `${VA.linkLayerAddress} is the link-layer address of va itself`;
  for (const options of [["--check"], ["--dry-run"], []]) {
    const { err, json } = await applyText(tableOf(), file, options);
    assertEquals(err.length, 1);
    assert(err[0]!.startsWith("warning: "), err[0]);
    assert(err[0]!.endsWith(`:9:23: ${message}`), err[0]);
    const [{ warnings }] = json as [{ warnings: unknown }];
    assertEquals(warnings, [{ line: 9, column: 23, message }]);
  }
});

/** The same file with comments, which could mislead a terminal or are long. */
const COMMENTED = `{"comment": "the file's own", "neighbors": [
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va",
   "comment": "gate\\u001b[31mway\\n"},
  {"comment": {"floor": 2}, "address": "10.0.0.2", "linkLayerAddress": "${OURS}",
   "interfaceAlias": "va"},
  {"address": "10.0.0.4", "linkLayerAddress": "${OURS}", "interfaceAlias": "va",
   "comment": "${"x".repeat(200)}"},
  {"address": "10.0.0.3", "linkLayerAddress": "${OURS}", "interfaceAlias": "va",
   "comment": "unchanged"},
  {"address": "10.0.0.5", "linkLayerAddress": "${OURS}", "interfaceAlias": "va",
   "comment": null},
  {"address": "10.0.0.6", "linkLayerAddress": "${OURS}", "interfaceAlias": "va",
   "comment": ""}
]}`;

Deno.test("the comment of a pin stands wherever its entry does, and whole in JSON", async () => {
  const changes = [
    `${PLUS} # gate\x1b[31mway\n`,
    `${TILDE} # {"floor":2}`,
    `+ 10.0.0.4        ${OURS} va # ${"x".repeat(79)}…`,
    `+ 10.0.0.5        ${OURS} va`,
    `+ 10.0.0.6        ${OURS} va`,
  ];
  const check = await applyText(tableOf(), COMMENTED, ["--check"]);
  assertEquals(check.out.slice(0, -1), changes);
  const [{ plan }] = check.json as [{ plan: { create: Pin[] } }];
  assertEquals(plan.create.map(({ comment }) => comment), [
    ...["gate\x1b[31mway\n", "x".repeat(200), null, ""],
  ]);
  const { out, json } = await applyText(tableOf(), COMMENTED);
  assertEquals(out.slice(0, -1), changes);
  const [{ entries }] = json as [{ entries: { entry: Pin }[] }];
  assertEquals(entries.map(({ entry }) => entry.comment), [
    ...["gate\x1b[31mway\n", { floor: 2 }, "x".repeat(200)],
    ...["unchanged", null, ""],
  ]);
});

interface Pin {
  readonly comment?: unknown;
}

Deno.test("the comment of a row of a listing stands beside it too", async () => {
  const row = { ...rowOf(VA, "10.0.0.1", OURS), comment: "router" };
  const { out } = await applyText(tableOf(), JSON.stringify([row]));
  assertEquals(out[0], `${PLUS} # router`);
});

Deno.test("warnings of a pin have its comment", async () => {
  const pin =
    `[{"address": "10.0.0.1", "linkLayerAddress": "${VA.linkLayerAddress}", "interfaceAlias": "va", "comment": "mine"}]`;
  const { err } = await applyText(tableOf(), pin);
  assertEquals(err.length, 1);
  assert(err[0]!.endsWith(" # mine"), err[0]);
});
