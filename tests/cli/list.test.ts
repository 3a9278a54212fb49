import { assertEquals, assertRejects } from "@std/assert";
import { parseCommand, type RunCommand, UsageError } from "../../cli/args.ts";
import { list } from "../../cli/list.ts";
import { columns } from "../../cli/output/text.ts";
import type { Whole } from "../../cli/output/answer.ts";
import { FakeTable, interfaceOf, rowOf } from "../helpers/fake_table.ts";
import { type FakeWindows, runOnFake } from "../helpers/fake_windows.ts";
import { interfaceBytes } from "../helpers/golden/rows.ts";
import { rawRow } from "../helpers/windows/raw_row.ts";

const MAC = "02:fc:00:00:00:05";
const [ETH2, ETH10] = [interfaceOf(4, "eth2"), interfaceOf(3, "eth10")];
const ROWS = [
  rowOf(ETH10, "10.0.0.9", MAC),
  rowOf(ETH2, "10.0.0.255", "ff:ff:ff:ff:ff:ff", "stale"),
  rowOf(ETH2, "ff02::1", "33:33:00:00:00:01", "noarp"),
  rowOf(ETH2, "fe80::1", MAC),
  rowOf(ETH2, "10.0.0.10", MAC),
  rowOf(ETH2, "10.0.0.9", MAC, "stale"),
  rowOf(ETH2, "224.0.0.1", "01:00:5e:00:00:01", "noarp"),
];

async function run(rows: typeof ROWS, ...words: string[]): Promise<Whole> {
  const table = new FakeTable([ETH2, ETH10], rows);
  return await list(table, parseCommand(["list", ...words]) as RunCommand);
}

/** The table without its state column and heading, each row as one text. */
async function shown({ text, noHeader }: Whole): Promise<string[]> {
  if (typeof text === "string") return [text];
  const pieces = await Array.fromAsync(
    columns(text, { ...(noHeader !== undefined && { noHeader }) }),
  );
  return pieces.join("").split("\n").slice(0, -1)
    .map((line) => line.split(/  +/)).map(([address, , , on]) =>
      `${on} ${address}`
    );
}

const SHOWN = [
  ...["eth2 10.0.0.9", "eth2 10.0.0.10", "eth2 fe80::1", "eth10 10.0.0.9"],
];

Deno.test("list shows the rows of single neighbors, sorted, and counts the others", async () => {
  const answer = await run(ROWS);
  assertEquals(await shown(answer), ["INTERFACE ADDRESS", ...SHOWN]);
  assertEquals(
    answer.remark,
    "2 multicast and 1 broadcast rows not shown, --multicast shows them",
  );
  assertEquals(await shown(await run(ROWS, "--no-header")), SHOWN);
});

Deno.test("list tells how a prefix is written where a short link-layer address finds nothing", async () => {
  const remark = async (...words: string[]) =>
    (await run(ROWS.slice(3), "--link-layer-address", ...words)).remark;
  for (const typed of ["02:fc:00", "02-fc-00", "02fc00", "2:fc:0"]) {
    assertEquals(
      await remark(typed),
      `${typed} is a whole address of 3 octets, the prefix is 02:fc:00:`,
    );
  }
  for (const typed of [MAC, "02:fc:00:", "02:ee:", "02:ee:00:00:00:05"]) {
    assertEquals(await remark(typed, "--multicast"), undefined, typed);
  }
});

Deno.test("list says of one row, and of one kind, what is not shown", async () => {
  assertEquals(
    (await run(ROWS.slice(0, 2))).remark,
    "1 broadcast row not shown, --multicast shows it",
  );
  assertEquals(
    (await run(ROWS.slice(2))).remark,
    "2 multicast rows not shown, --multicast shows them",
  );
  assertEquals("remark" in await run(ROWS.slice(0, 1)), false);
  assertEquals("remark" in await run([]), false);
});

Deno.test("list --multicast shows every row, sorted among the others", async () => {
  const answer = await run(ROWS, "--multicast");
  assertEquals("remark" in answer, false);
  assertEquals(await shown(answer), [
    ...["INTERFACE ADDRESS", "eth2 10.0.0.9", "eth2 10.0.0.10"],
    ...["eth2 10.0.0.255", "eth2 224.0.0.1", "eth2 fe80::1", "eth2 ff02::1"],
    "eth10 10.0.0.9",
  ]);
});

Deno.test("list --json has every row in the order of the system, and no remark", async () => {
  for (const words of [["--json"], ["--json", "--multicast"]]) {
    const answer = await run(ROWS, ...words);
    assertEquals(answer.json, new FakeTable([ETH2, ETH10], ROWS).list());
    assertEquals((answer.json as unknown[]).length, ROWS.length);
    assertEquals("remark" in answer, false);
  }
});

Deno.test("list refuses --no-header beside --json", async () => {
  await assertRejects(
    () => run(ROWS, "--no-header", "--json"),
    UsageError,
    "list takes --json or --no-header, not both",
  );
});

const WINDOWS: FakeWindows = {
  neighbors: [
    rawRow({ index: 12, address: [192, 0, 2, 10], state: 6 }),
    rawRow({ index: 12, address: [239, 1, 2, 3], state: 6 }),
    rawRow({ index: 12, address: [192, 0, 2, 9], state: 4 }),
  ],
  interfaces: [interfaceBytes("ETHERNET")],
};

Deno.test("list prints the table on stdout, and what it leaves out on stderr", async () => {
  const { code, stdout, stderr } = await runOnFake(
    WINDOWS,
    ...["list", "--no-header"],
  );
  assertEquals(
    [code, stderr],
    [0, "neighbor: 1 multicast row not shown, --multicast shows it\n"],
  );
  assertEquals(
    stdout.split("\n").map((line) => line.split(" ")[0]),
    ["192.0.2.9", "192.0.2.10", ""],
  );
  const all = await runOnFake(WINDOWS, "list", "--multicast");
  assertEquals([all.stderr, all.stdout.split("\n").length], ["", 5]);
  const json = await runOnFake(WINDOWS, "list", "--json");
  assertEquals([json.stderr, JSON.parse(json.stdout).length], ["", 3]);
});

for (const verb of ["list", "flush", "watch", "export"]) {
  Deno.test(`${verb} --protocol on Windows is refused: no row there has one`, async () => {
    const { code, stdout, stderr } = await runOnFake(
      WINDOWS,
      ...[verb, "--protocol", "42"],
    );
    assertEquals([code, stdout], [2, ""]);
    assertEquals(
      stderr,
      "neighbor: There is no entry with the protocol 42: only Linux keeps one\n",
    );
  });
}

Deno.test("list --proxy on Windows is refused", async () => {
  const { code, stdout, stderr } = await runOnFake(
    WINDOWS,
    ...["list", "--proxy", "--json"],
  );
  assertEquals([code, stdout], [2, ""]);
  assertEquals(JSON.parse(stderr).error.code, "NOT_SUPPORTED");
});
