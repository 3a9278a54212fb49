import { assert, assertEquals } from "@std/assert";
import { Refusal } from "../../cli/output/refusal.ts";
import { invalid, NeighborError, withEntry } from "../../ffi/types/error.ts";
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
const TILDE = `~ 10.0.0.2        ${OURS} va was ${THEIRS} reachable`;

function tableOf(): FakeTable {
  return new FakeTable([VA, VB], [
    rowOf(VA, "10.0.0.2", THEIRS, "reachable"),
    rowOf(VA, "10.0.0.3", OURS),
    rowOf(VA, "10.0.0.9", THEIRS),
    rowOf(VB, "10.0.0.9", THEIRS),
  ]);
}

Deno.test("a refused apply rolls back, names the place in the file, and lists each outcome", async () => {
  const table = tableOf();
  table.refuse = (_, address) => address === "10.0.0.2" ? denied() : undefined;
  const { code, out, thrown } = await applyText(table, FILE, ["--prune"]);
  assertEquals(code, undefined);
  assertEquals(out, [`= 10.0.0.1        ${OURS} va removed again`]);
  const error = thrown as Refusal;
  assertEquals(
    error.message,
    "FILE:3:3: Not you; 1 of 4 entries refused, " +
      "everything was put back as it was",
  );
  assertEquals(error.code, 4);
  const { line, column, entries } = error.details;
  assertEquals([line, column], [3, 3]);
  assertEquals(
    (entries as { outcome: string }[]).map(({ outcome }) => outcome),
    ["restored", "refused", "unchanged", "untouched"],
  );
  assertEquals(table.all(), tableOf().all());
});

Deno.test("apply --keep-going reports refused entries and applies the others", async () => {
  const table = tableOf();
  table.refuse = (_, address) => address === "10.0.0.1" ? denied() : undefined;
  const { code, out, err } = await applyText(table, FILE, ["--keep-going"]);
  assertEquals([code, out, err], [
    4,
    [TILDE, "1 changed, 1 refused; 1 unchanged"],
    ["FILE:2:3: Not you"],
  ]);
});

Deno.test("an interrupted apply rolls back and ends with 130", async () => {
  const pins = Array.from({ length: 1000 }, (_, i) => ({
    address: `10.1.${i >> 8}.${i & 255}`,
    linkLayerAddress: OURS,
    interfaceAlias: "va",
  }));
  const table = new FakeTable([VA]);
  // So slow that there is progress to see
  table.before = () => {
    const end = performance.now() + 0.1;
    while (performance.now() < end);
  };
  const stop = () => table.rows.size > 0;
  const text = JSON.stringify(pins);
  const { thrown } = await applyText(table, text, [], stop);
  assert(thrown instanceof Refusal, String(thrown));
  assertEquals(thrown.code, 130);
  assert(thrown.message.includes("everything was put back"), thrown.message);
  assertEquals(table.rows.size, 0);
});

Deno.test("two pins of one entry are refused at the place of the later one", async () => {
  const text = `[
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "fe80::1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceIndex": 2},
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "vb"},
  {"address": "FE80:0::1%va", "linkLayerAddress": "${THEIRS}"}
]`;
  const table = tableOf();
  const { thrown, before } = await applyText(table, text);
  const error = thrown as Refusal;
  assertEquals(error.message, "FILE: 2 mistakes; nothing was changed");
  assertEquals(before.length, 2);
  assertEquals(
    before[0],
    "FILE:4:3: 10.0.0.1 on interface 2 is given twice: it is the same entry " +
      "again (first at 2:3)",
  );
  const { problems } = error.details as { problems: { message: string }[] };
  assert(
    problems[1]!.message.includes(`once as ${OURS}, once as ${THEIRS}`),
  );
  assertEquals([error.code, table.writes], [2, 0]);
});

Deno.test("mistakes of the text and duplicate pins are reported in one list, by place", async () => {
  const text = `[
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.300", "linkLayerAddress": "0g", "interfaceAlias": "va"},
  {"address": "10.0.0.1", "linkLayerAddress": "${OURS}", "interfaceIndex": 2},
  {"adress": "10.0.0.2", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"}
]`;
  const table = tableOf();
  const { thrown, before } = await applyText(table, text);
  const error = thrown as Refusal;
  assertEquals(error.message, "FILE: 5 mistakes; nothing was changed");
  assertEquals(
    before.map((line) => line.slice(0, line.indexOf(" "))),
    ["FILE:3:15:", "FILE:3:49:", "FILE:4:3:", "FILE:5:3:", "FILE:5:4:"],
  );
  assert(before[2]!.includes("is given twice"), before[2]);
  assertEquals(
    (error.details.problems as unknown[]).length,
    before.length,
  );
  assertEquals([error.code, table.writes], [2, 0]);
});

Deno.test("beside its mistakes a file's error lists entries that break a rule of their interface", async () => {
  const text = `[
  {"address": "10.0.0.1", "linkLayerAddress": "02", "interfaceAlias": "va"},
  {"address": "10.0.0.300", "linkLayerAddress": "${OURS}", "interfaceAlias": "va"},
  {"address": "10.0.0.2", "linkLayerAddress": "${OURS}", "interfaceAlias": "vc"}
]`;
  const table = tableOf();
  const { thrown, before } = await applyText(table, text);
  const error = thrown as Refusal;
  assertEquals(error.message, "FILE: 3 mistakes; nothing was changed");
  assertEquals(before.map((line) => line.replace(/FILE:\d+:\d+: /, "")), [
    'The link-layer address "02" has 1 octet, interface "va" takes 6',
    'Cannot parse IP address "10.0.0.300": an octet is over 255',
    'Cannot find interface "vc": there is no such interface',
  ]);
  assertEquals(
    before.map((line) => line.slice(0, line.indexOf(" "))),
    ["FILE:2:47:", "FILE:3:15:", "FILE:4:3:"],
  );
  assertEquals([error.code, table.writes], [2, 0]);
});

Deno.test("apply reports the same mistakes with every option", async () => {
  const text = '[{"address": "10.0.0.1"}]';
  for (const words of [["--check"], ["--dry-run"], ["--keep-going"]]) {
    const { thrown } = await applyText(tableOf(), text, words);
    assertEquals(
      (thrown as Refusal).message,
      "FILE: 2 mistakes; nothing was changed",
    );
  }
});

Deno.test("an error of an entry has the place of the member it is about", async () => {
  const table = tableOf();
  table.refuse = (_, address) =>
    address === "10.0.0.2"
      ? withEntry(invalid("Too short"), undefined, "linkLayerAddress")
      : undefined;
  const { thrown } = await applyText(table, FILE);
  const { message, details } = thrown as Refusal;
  assert(message.startsWith("FILE:3:47: Too short"), message);
  assertEquals([details.line, details.column], [3, 47]);
});

Deno.test("rows of a listing that cannot be written are skipped and reported", async () => {
  const table = tableOf();
  const rows = [
    rowOf(VA, "10.0.0.3", OURS),
    rowOf(VA, "127.0.0.2", OURS),
    rowOf(VA, "0.0.0.0", OURS),
  ];
  const { code, out, err } = await applyText(table, JSON.stringify(rows));
  assertEquals([code, out], [0, ["Nothing to do: 1 unchanged"]]);
  assertEquals(err, [
    "FILE: 2 rows skipped: 2 of an address that cannot be written",
  ]);
});

Deno.test("refusals are reported with their places in the order of the file", async () => {
  const table = tableOf();
  // It seems absent, so it is added first and replaced when all else is done
  table.loses = (row) => row.address === "10.0.0.3";
  table.put(rowOf(VA, "10.0.0.3", THEIRS));
  table.refuse = (_, address) => address === "10.0.0.1" ? undefined : denied();
  const { thrown, before } = await applyText(table, FILE);
  const error = thrown as Refusal;
  const { entries, line } = error.details as {
    entries: { outcome: string; error: { line: number } | null }[];
    line: number;
  };
  assertEquals(line, 3);
  assertEquals(entries.map(({ outcome }) => outcome), [
    ...["restored", "refused", "refused"],
  ]);
  assertEquals(before, ["FILE:3:3: Not you", "FILE:4:3: Not you"]);
  assertEquals(
    error.ending,
    "FILE: 2 of 3 entries refused, everything was put back as it was",
  );
  assertEquals(entries.map(({ error }) => error?.line), [undefined, 3, 4]);
});

Deno.test("an interrupt with --keep-going is about no entry, and lists the refused ones", async () => {
  const pins = Array.from({ length: 1000 }, (_, i) => ({
    address: `10.1.${i >> 8}.${i & 255}`,
    linkLayerAddress: OURS,
    interfaceAlias: "va",
  }));
  const table = new FakeTable([VA]);
  table.before = () => {
    const end = performance.now() + 0.1;
    while (performance.now() < end);
  };
  table.refuse = (write) => write === 3 ? denied() : undefined;
  const { thrown, before } = await applyText(
    table,
    JSON.stringify(pins),
    ["--keep-going"],
    () => table.rows.size > 0,
  );
  const error = thrown as Refusal;
  assert(error.message.startsWith("FILE: Stopped before all of 1000 entries"));
  assertEquals([error.code, error.details.line], [130, undefined]);
  assertEquals(before.length, 1);
  assert(before[0]!.endsWith("Not you"), before[0]);
});

Deno.test("a missing interface ends with 3, and is reported with --keep-going", async () => {
  const table = new FakeTable([VB]);
  for (const words of [[], ["--dry-run"], ["--check"]]) {
    const { thrown, before } = await applyText(table, FILE, words);
    const error = thrown as Refusal;
    assertEquals(
      error.ending,
      "FILE: 3 of 3 entries refused, nothing was changed",
    );
    const missing = 'Cannot find interface "va": there is no such interface';
    assertEquals(
      before,
      [2, 3, 4].map((line) => `FILE:${line}:3: ${missing}`),
    );
    assertEquals([error.details.line, error.details.column], [2, 3]);
    assertEquals(error.code, 3);
  }
  const keep = ["--keep-going"];
  for (
    const [words, code, last] of [
      [keep, 3, "3 refused; 0 unchanged"],
      [
        [...keep, "--dry-run"],
        3,
        "Would do nothing; 3 refused; 0 unchanged",
      ],
      [
        [...keep, "--check"],
        5,
        "It differs: 3 refused; 0 unchanged",
      ],
    ] as const
  ) {
    const { code: ended, out, err } = await applyText(table, FILE, words);
    assertEquals([ended, out], [code, [last]]);
    assertEquals(err.map((line) => line.slice(0, 9)), [
      ...["FILE:2:3:", "FILE:3:3:", "FILE:4:3:"],
    ]);
  }
});

function denied(): NeighborError {
  return new NeighborError("ACCESS_DENIED", "Not you");
}

/** Three pins, each with a comment. */
const COMMENTED = FILE.replaceAll('"va"}', '"va", "comment": "rack\\u202e 7"}');

Deno.test("a refusal has the comment of its pin, one or several", async () => {
  const table = tableOf();
  table.refuse = (_, address) => address === "10.0.0.2" ? denied() : undefined;
  const one = await applyText(table, COMMENTED);
  assertEquals(one.out, [
    `= 10.0.0.1        ${OURS} va removed again # rack\u202e 7`,
  ]);
  const refusal = one.thrown as Refusal;
  assert(refusal.message.endsWith(" # rack\u202e 7"), refusal.message);
  assertEquals(
    (refusal.details.entry as { comment: string }).comment,
    "rack\u202e 7",
  );
  const both = await applyText(table, COMMENTED, ["--keep-going"]);
  assertEquals(both.err, ["FILE:3:3: Not you # rack\u202e 7"]);
});

Deno.test("mistakes of a pin have its comment, wherever the member stands", async () => {
  const mistakes = FILE.replace(OURS, "02-fc-")
    .replaceAll('"va"}', '"va", "comment": "rack 7"}');
  const one = await applyText(tableOf(), mistakes);
  assertEquals(
    (one.thrown as Refusal).message,
    'FILE:2:47: Cannot parse link-layer address "02-fc-": octet 3 is "", ' +
      "not two hexadecimal digits # rack 7; nothing was changed",
  );
  const doubled = COMMENTED.replace("10.0.0.2", "10.0.0.1");
  const two = await applyText(tableOf(), doubled);
  assert(
    (two.thrown as Refusal).message.includes("(first at 2:3) # rack\u202e 7;"),
    String(two.thrown),
  );
});
